/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs that wait to be merged, for timsort and powersort over any kind of element. */
#ifndef KMB_SORT_STACK_H
#define KMB_SORT_STACK_H

#include "core.h"

/* Lengths on it grow like Fibonacci's numbers, or powers fall, so few are enough. */
#define STACK_RUNS 64

struct run_stack {
	struct {
		size_t at;
		size_t length;
		unsigned int power;	/* powersort: of the border behind this run */
		bool raw;		/* not sorted yet */
	} run[STACK_RUNS];
	size_t count;
};

/* Run @i has been merged with the next one. */
static inline void stack_join(struct run_stack *s, size_t i)
{
	s->run[i].length += s->run[i + 1].length;
	s->run[i].power = s->run[i + 1].power;
	s->run[i].raw = s->run[i].raw && s->run[i + 1].raw;
	for (size_t k = i + 1; k + 1 < s->count; k++)
		s->run[k] = s->run[k + 1];
	s->count--;
}

static inline void stack_push(struct run_stack *s, size_t at, size_t length)
{
	s->run[s->count].at = at;
	s->run[s->count].length = length;
	s->run[s->count].raw = false;
	s->run[s->count++].power = 0;
}

/*
 * Power of the border between the runs [from, middle) and [middle, to): the depth
 * at which a balanced tree over 0..n-1 would part their midpoints, which is the
 * number of leading binary digits that (from + middle) / 2n and (middle + to) / 2n
 * share, plus one (Munro, Wild 2018).
 */
static inline unsigned int power_of(size_t from, size_t middle, size_t to, size_t n)
{
	size_t x = from + middle, y = middle + to;
	unsigned int power = 1;

	/* invariant: x and y are remainders of equal leading digits, below 2n */
	while ((x >= n) == (y >= n)) {
		x = 2 * (x >= n ? x - n : x);
		y = 2 * (y >= n ? y - n : y);
		power++;
	}
	return power;
}

#endif /* KMB_SORT_STACK_H */
