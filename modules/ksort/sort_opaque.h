/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sorting through a comparator of which nothing is known but its address, as
 * callers of the kernel's sort() have it. Included once for a kind of element by a
 * file that defines
 *
 *   KEY	what is moved: an integer as wide as the element, or a pointer to it
 *   ELEMENT(p)	what the comparator is handed for the KEY at p
 *   OPAQUE	name of the function to define
 *
 * A call through retpolines costs ten times what a merge does, so calls are what to
 * save: powersort (Munro, Wild 2018) asks for the least that is known, log2 n! and
 * some percent, and less where there are runs. Where calls are cheap, mispredicted
 * branches are what to save: no branch depends on an answer of the comparator in
 * merging, and both ends are merged at once, so two calls are in flight.
 *
 * Stable. Whatever the comparator answers, no element is lost, every index stays
 * inside, and the number of calls is bounded.
 */

#include "sort_stack.h"

struct opaque_run {
	int (*compare)(const void *left, const void *right);
	const struct core_pause *pause;
	size_t since;
	bool stopped;
};

#define OPAQUE_LEAST  12	/* elements of the shortest run */
#define OPAQUE_BREATH 0x8000U	/* comparisons, some 0.1 to 0.5 ms */

static __always_inline bool opaque_breathe(struct opaque_run *run, size_t calls)
{
	run->since += calls;
	if (unlikely(run->since >= OPAQUE_BREATH)) {
		run->since = 0;
		run->stopped = run->stopped || core_stop(run->pause);
	}
	return run->stopped;
}

static __always_inline bool opaque_less(struct opaque_run *run, const KEY *x, const KEY *y)
{
	return run->compare(ELEMENT(x), ELEMENT(y)) < 0;
}

/* First place in a[0..n-1] whose element is not below *x, or, with @after, above it. */
static __always_inline size_t opaque_search(struct opaque_run *run, const KEY *a, size_t n,
					    const KEY *x, bool after)
{
	size_t low = 0;

	while (n > 0) {
		size_t half = n / 2;
		bool right = after ? !opaque_less(run, x, a + low + half) :
				     opaque_less(run, a + low + half, x);

		low = right ? low + half + 1 : low;
		n = right ? n - half - 1 : half;
	}
	return low;
}

/* How many of a[0..n-1] are not above *x: from the front in steps that double. */
static size_t opaque_skip_front(struct opaque_run *run, const KEY *a, size_t n, const KEY *x)
{
	size_t low = 0, step = 1;

	while (step < n && !opaque_less(run, x, a + step - 1)) {
		low = step;
		step *= 2;
	}
	if (step > n)
		step = n;
	return low + opaque_search(run, a + low, step - low, x, true);
}

/* How many of a[0..n-1] are below *x: the same from the back. */
static size_t opaque_skip_back(struct opaque_run *run, const KEY *a, size_t n, const KEY *x)
{
	size_t high = n, step = 1;

	while (step < n && !opaque_less(run, a + n - step, x)) {
		high = n - step;
		step *= 2;
	}
	if (step > n)
		step = n;
	return n - step + opaque_search(run, a + n - step, high - (n - step), x, false);
}

/*
 * Merges from[0..left-1] and from[left..left+right-1] into @to; see merge_runs().
 * Both ends meet where the answers agree with each other; where they do not, an
 * element was taken twice, and the runs are kept as they were.
 */
static void opaque_merge_to(struct opaque_run *run, const KEY *from, size_t left, size_t right,
			    KEY *to)
{
	const KEY *l = from, *r = from + left;
	const KEY *l_end = r, *r_end = r + right;
	KEY *front = to, *back = to + left + right;

	while (l < l_end && r < r_end) {
		size_t steps = (size_t)(l_end - l) < (size_t)(r_end - r) ?
			       (size_t)(l_end - l) : (size_t)(r_end - r);

		if (steps > OPAQUE_BREATH / 2)
			steps = OPAQUE_BREATH / 2;
		if (opaque_breathe(run, 2 * steps))
			break;
		for (size_t i = 0; i < steps; i++) {
			bool take = opaque_less(run, r, l);
			bool take_end = opaque_less(run, r_end - 1, l_end - 1);

			*front++ = *(take ? r : l);
			r += take;
			l += !take;
			*--back = *(take_end ? l_end - 1 : r_end - 1);
			l_end -= take_end;
			r_end -= !take_end;
		}
	}
	if (unlikely(l > l_end || r > r_end)) {
		memcpy(to, from, (left + right) * sizeof(*to));
		return;
	}
	memcpy(front, l, (size_t)(l_end - l) * sizeof(*to));
	memcpy(front + (l_end - l), r, (size_t)(r_end - r) * sizeof(*to));
}

/* Merges the neighbours of @s at @i; what is in place at both ends stays there. */
static void opaque_merge_at(struct opaque_run *run, struct run_stack *s, size_t i, KEY *a, KEY *b)
{
	size_t left = s->run[i].length, right = s->run[i + 1].length;
	size_t skip;

	a += s->run[i].at;
	stack_join(s, i);
	skip = opaque_skip_front(run, a, left, a + left);
	a += skip;
	left -= skip;
	if (left == 0)
		return;
	right = opaque_skip_back(run, a + left, right, a + left - 1);
	opaque_merge_to(run, a, left, right, b);
	memcpy(a, b, (left + right) * sizeof(*a));
}

/* A natural run, made OPAQUE_LEAST long by insertion; a falling one is turned round. */
static size_t opaque_take_run(struct opaque_run *run, KEY *a, size_t n)
{
	size_t length = n < 2 ? n : 2;
	size_t least = n < OPAQUE_LEAST ? n : OPAQUE_LEAST;

	if (n > 1 && opaque_less(run, a + 1, a)) {
		while (length < n && opaque_less(run, a + length, a + length - 1))
			length++;
		for (size_t i = 0, j = length; i + 1 < j--; i++) {
			KEY keep = a[i];

			a[i] = a[j];
			a[j] = keep;
		}
	} else {
		while (length < n && !opaque_less(run, a + length, a + length - 1))
			length++;
	}
	opaque_breathe(run, length + 5 * least);
	for (; length < least; length++) {
		KEY x = a[length];
		size_t at = opaque_search(run, a, length, &x, true);

		memmove(a + at + 1, a + at, (length - at) * sizeof(*a));
		a[at] = x;
	}
	return length;
}

/* @b: room for @n. -EINTR where the pause asked to stop: @a then is in any order. */
static noinline int OPAQUE(KEY *a, KEY *b, size_t n,
			   int (*compare)(const void *left, const void *right),
			   const struct core_pause *pause)
{
	struct opaque_run opaque = { .compare = compare, .pause = pause }, *run = &opaque;
	struct run_stack s = { .count = 0 };
	size_t at = 0;

	while (at < n && !run->stopped) {
		size_t length = opaque_take_run(run, a + at, n - at);
		unsigned int power = 0;

		if (s.count > 0)
			power = power_of(s.run[s.count - 1].at, at, at + length, n);
		while (s.count > 1 && s.run[s.count - 2].power > power && !run->stopped)
			opaque_merge_at(run, &s, s.count - 2, a, b);
		if (s.count > 0)
			s.run[s.count - 1].power = power;
		stack_push(&s, at, length);
		at += length;
	}
	while (s.count > 1 && !run->stopped)
		opaque_merge_at(run, &s, s.count - 2, a, b);
	return run->stopped ? -EINTR : 0;
}
