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
 * A merge must know one answer before it can ask the next question, while the questions
 * of a partition do not depend on each other, so the processor has many calls in
 * flight. So runs worth it are merged by powersort (Munro, Wild 2018), and stretches
 * without runs are joined as they are and sorted by the quicksort of
 * sort_opaque_quick.h, at the first merge with a run or at the end (lazy sorting:
 * driftsort, Bergdoll, Peters 2024). Powersort alone asks 15 % less, log2 n! and some
 * percent, and was slower all the same: 5 times so with plain calls, and a tenth with
 * calls through retpolines at 8 ns each. No jump depends on an answer, but in the
 * search for runs.
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
#define OPAQUE_RAW    16	/* elements left to quicksort beside those of no run */
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

/*
 * The same as 0 or 1 that the compiler takes for any number: it would make jumps of the
 * selections below, each of which is mispredicted every other time.
 */
static __always_inline size_t opaque_answer(struct opaque_run *run, const KEY *x, const KEY *y)
{
	size_t less = opaque_less(run, x, y);

	asm ("" : "+r" (less));
	return less;
}

static __always_inline const KEY *opaque_pick(size_t answer, const KEY *yes, const KEY *no)
{
	uintptr_t mask = -(uintptr_t)answer;

	return (const KEY *)(((uintptr_t)yes & mask) | ((uintptr_t)no & ~mask));
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

/* One step of a merge at each end. */
static __always_inline void opaque_take(struct opaque_run *run, const KEY **l, const KEY **r,
					const KEY **l_end, const KEY **r_end, KEY *front,
					KEY *back)
{
	size_t right = opaque_answer(run, *r, *l);
	size_t left = opaque_answer(run, *r_end - 1, *l_end - 1);

	*front = *opaque_pick(right, *r, *l);
	*r += right;
	*l += 1 - right;
	*back = *opaque_pick(left, *l_end - 1, *r_end - 1);
	*l_end -= left;
	*r_end -= 1 - left;
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
		for (size_t i = 0; i < steps; i++)
			opaque_take(run, &l, &r, &l_end, &r_end, front++, --back);
	}
	if (unlikely(l > l_end || r > r_end)) {
		memcpy(to, from, (left + right) * sizeof(*to));
		return;
	}
	memcpy(front, l, (size_t)(l_end - l) * sizeof(*to));
	memcpy(front + (l_end - l), r, (size_t)(r_end - r) * sizeof(*to));
}

static void opaque_power(struct opaque_run *run, KEY *a, KEY *b, size_t n, bool lazy,
			 size_t rising);

#include "sort_opaque_quick.h"

static void opaque_ripen(struct opaque_run *run, struct run_stack *s, size_t i, KEY *a, KEY *b)
{
	if (s->run[i].raw)
		opaque_quick(run, a + s->run[i].at, b, s->run[i].length);
	s->run[i].raw = false;
}

/* Merges the neighbours of @s at @i; what is in place at both ends stays there. */
static void opaque_merge_at(struct opaque_run *run, struct run_stack *s, size_t i, KEY *a, KEY *b)
{
	size_t left = s->run[i].length, right = s->run[i + 1].length;
	size_t skip;

	if (s->run[i].raw && s->run[i + 1].raw) {
		stack_join(s, i);
		return;
	}
	opaque_ripen(run, s, i, a, b);
	opaque_ripen(run, s, i + 1, a, b);
	if (run->stopped)
		return;
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

/* A natural run; a falling one is turned round. */
static size_t opaque_natural(struct opaque_run *run, KEY *a, size_t n)
{
	size_t length = n < 2 ? n : 2;

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
	opaque_breathe(run, length);
	return length;
}

/* Makes a run of @length elements OPAQUE_LEAST long by insertion. */
static size_t opaque_extend(struct opaque_run *run, KEY *a, size_t length, size_t n)
{
	size_t least = n < OPAQUE_LEAST ? n : OPAQUE_LEAST;

	opaque_breathe(run, 5 * least);
	for (; length < least; length++) {
		KEY x = a[length];
		size_t at = opaque_search(run, a, length, &x, true);

		memmove(a + at + 1, a + at, (length - at) * sizeof(*a));
		a[at] = x;
	}
	return length;
}

/*
 * Length of a run worth merging: half the root of @n. With a level of merges at about
 * twice the price of a level of partitions, log2 (n / length) of the one and log2 n of
 * the other break even at the root; small sorts move that down.
 */
static size_t opaque_worthy(size_t n)
{
	size_t root = 2 * OPAQUE_RAW;

	while (root * root < n)
		root += root / 4;
	return root / 2;
}

/*
 * Powersort of a[0..n-1]; with @lazy, what has no runs is left to quicksort. The run at the
 * start is known to be of @rising elements, or 0.
 */
static void opaque_power(struct opaque_run *run, KEY *a, KEY *b, size_t n, bool lazy,
			 size_t rising)
{
	struct run_stack s = { .count = 0 };
	size_t worthy = opaque_worthy(n);
	size_t at = 0;

	while (at < n && !run->stopped) {
		size_t length = at == 0 && rising ? rising : opaque_natural(run, a + at, n - at);
		bool raw = lazy && length < worthy && at + length < n;
		unsigned int power = 0;

		if (raw)
			length = n - at < worthy + OPAQUE_RAW ? n - at : worthy + OPAQUE_RAW;
		else
			length = opaque_extend(run, a + at, length, n - at);
		if (s.count > 0)
			power = power_of(s.run[s.count - 1].at, at, at + length, n);
		while (s.count > 1 && s.run[s.count - 2].power > power && !run->stopped)
			opaque_merge_at(run, &s, s.count - 2, a, b);
		if (s.count > 0)
			s.run[s.count - 1].power = power;
		stack_push(&s, at, length);
		s.run[s.count - 1].raw = raw;
		at += length;
	}
	while (s.count > 1 && !run->stopped)
		opaque_merge_at(run, &s, s.count - 2, a, b);
	if (n && !run->stopped)
		opaque_ripen(run, &s, 0, a, b);
}

#include "sort_opaque_drop.h"

/* @b: room for @n. -EINTR where the pause asked to stop: @a then is in any order. */
static noinline int OPAQUE(KEY *a, KEY *b, size_t n,
			   int (*compare)(const void *left, const void *right),
			   const struct core_pause *pause)
{
	struct opaque_run run = { .compare = compare, .pause = pause };
	size_t rising = n ? opaque_natural(&run, a, n) : 0;

	if (!opaque_mend(&run, a, b, n, rising) && !run.stopped)
		opaque_power(&run, a, b, n, true, rising);
	return run.stopped ? -EINTR : 0;
}
