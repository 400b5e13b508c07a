/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stable quicksort through an opaque comparator, for elements without runs: part of
 * sort_opaque.h. Partitions copy what is not below the pivot aside, so the order of
 * equal elements stays and no store waits for an answer of the comparator. Elements
 * equal to the pivot of the left neighbour are split off in one pass, so k different
 * values cost O(n log k). Up to OPAQUE_SMALL elements are merged from both ends, four
 * to begin with.
 *
 * What a comparator that contradicts itself can do: partitions and the sorts of three
 * and four permute whatever it says, merges notice (see opaque_meet()), and after
 * 2 log2 n partitions in a row the rest falls to powersort.
 */

#define OPAQUE_SMALL	32

static __always_inline void opaque_three(struct opaque_run *run, const KEY *v, KEY *to)
{
	size_t turn = opaque_answer(run, v + 1, v);
	const KEY *a = v + turn, *b = v + 1 - turn, *c = v + 2;
	size_t below_a = opaque_answer(run, c, a);
	size_t below_b = opaque_answer(run, c, b) | below_a;
	KEY least = *opaque_pick(below_a, c, a);
	KEY middle = *opaque_pick(below_a, a, opaque_pick(below_b, c, b));
	KEY most = *opaque_pick(below_b, b, c);

	to[0] = least;
	to[1] = middle;
	to[2] = most;
}

/* Two pairs, the least and the largest of four, and what remains: 5 comparisons. */
static __always_inline void opaque_four(struct opaque_run *run, const KEY *v, KEY *to)
{
	size_t first = opaque_answer(run, v + 1, v), second = opaque_answer(run, v + 3, v + 2);
	const KEY *a = v + first, *b = v + 1 - first;
	const KEY *c = v + 2 + second, *d = v + 3 - second;
	size_t low = opaque_answer(run, c, a), high = opaque_answer(run, d, b);
	const KEY *x = opaque_pick(low, a, opaque_pick(high, c, b));
	const KEY *y = opaque_pick(high, d, opaque_pick(low, b, c));
	size_t turn = opaque_answer(run, y, x);
	KEY least = *opaque_pick(low, c, a), most = *opaque_pick(high, b, d);
	KEY lower = *opaque_pick(turn, y, x), upper = *opaque_pick(turn, x, y);

	to[0] = least;
	to[1] = lower;
	to[2] = upper;
	to[3] = most;
}

/*
 * Merges from[0..half-1] and from[half..n-1] into @to, half <= n - half <= half + 1;
 * see merge_halves(). Both ends meet unless the answers contradict each other: the
 * halves are then kept as they were.
 */
static __always_inline void opaque_meet(struct opaque_run *run, const KEY *from, size_t half,
					size_t n, KEY *to)
{
	const KEY *l = from, *r = from + half;
	const KEY *l_end = r, *r_end = from + n;
	KEY *front = to, *back = to + n;

	for (size_t i = 0; i < half; i++)
		opaque_take(run, &l, &r, &l_end, &r_end, front++, --back);
	if (unlikely(l > l_end || r > r_end))
		memcpy(to, from, n * sizeof(*to));
	else if (n & 1)
		*front = *(l < l_end ? l : r);
}

/* Sorts up to OPAQUE_SMALL elements of @a, into @b or in place; uses both. */
static void opaque_small(struct opaque_run *run, KEY *a, KEY *b, size_t n, bool into_b)
{
	KEY *to = into_b ? b : a;
	size_t half = n / 2;

	if (n > 4) {
		opaque_small(run, a, b, half, !into_b);
		opaque_small(run, a + half, b + half, n - half, !into_b);
		opaque_meet(run, into_b ? a : b, half, n, to);
	} else if (n == 4) {
		opaque_four(run, a, to);
	} else if (n == 3) {
		opaque_three(run, a, to);
	} else if (n == 2) {
		size_t turn = opaque_answer(run, a + 1, a);
		KEY least = a[turn], most = a[1 - turn];

		to[0] = least;
		to[1] = most;
	} else if (n == 1) {
		to[0] = a[0];
	}
}

static __always_inline size_t opaque_median3(struct opaque_run *run, const KEY *a, size_t i,
					     size_t j, size_t k)
{
	bool ij = opaque_less(run, a + i, a + j);
	bool jk = opaque_less(run, a + j, a + k);
	bool ik = opaque_less(run, a + i, a + k);

	return ij == jk ? j : (ij == ik ? k : i);
}

static size_t opaque_pivot(struct opaque_run *run, const KEY *a, size_t n)
{
	size_t step = n / 9;

	if (n < 256)
		return opaque_median3(run, a, n / 4, n / 2, n / 4 * 3);
	return opaque_median3(run, a, opaque_median3(run, a, step / 2, step + step / 2, 2 * step),
			      opaque_median3(run, a, 3 * step, 4 * step, 5 * step),
			      opaque_median3(run, a, 6 * step, 7 * step, 8 * step + step / 2));
}

/*
 * Moves the elements below the pivot a[at], or with @equal_too those not above it, to
 * the front of @a, the others behind, and returns how many there are. The pivot itself
 * is not asked about, so some progress is certain.
 */
static __always_inline size_t opaque_partition(struct opaque_run *run, KEY *a, KEY *b, size_t n,
					       size_t at, bool equal_too)
{
	KEY pivot = a[at];
	size_t left = 0;

	for (size_t i = 0, end; i < n; i = end) {
		end = n - i > OPAQUE_BREATH ? i + OPAQUE_BREATH : n;
		for (size_t k = i; k < end; k++) {
			size_t below = equal_too;
			KEY x = a[k];

			if (likely(k != at))
				below = equal_too ? 1 - opaque_answer(run, &pivot, a + k) :
						    opaque_answer(run, a + k, &pivot);
			a[left] = x;
			b[k - left] = x;
			left += below;
		}
		if (opaque_breathe(run, end - i) && end < n) {
			/* all are kept: what was put aside goes to where it was taken from */
			memcpy(a + left, b, (end - left) * sizeof(*a));
			return left;
		}
	}
	memcpy(a + left, b, (n - left) * sizeof(*a));
	return left;
}

static noinline size_t opaque_below(struct opaque_run *run, KEY *a, KEY *b, size_t n, size_t at)
{
	return opaque_partition(run, a, b, n, at, false);
}

static noinline size_t opaque_not_above(struct opaque_run *run, KEY *a, KEY *b, size_t n,
					size_t at)
{
	return opaque_partition(run, a, b, n, at, true);
}

/*
 * @floor: NULL, or what no element of @a is below. @levels: partitions left.
 * The smaller side is a call, the larger the loop: depth is at most log2 n.
 */
static void opaque_quick_loop(struct opaque_run *run, KEY *a, KEY *b, size_t n, const KEY *floor,
			      unsigned int levels)
{
	KEY pivot;

	while (n > OPAQUE_SMALL && !run->stopped) {
		size_t at = opaque_pivot(run, a, n);
		size_t left = 0;
		KEY next = a[at];

		if (levels-- == 0) {
			opaque_power(run, a, b, n, false, 0);
			return;
		}
		if (!floor || opaque_less(run, floor, &next))
			left = opaque_below(run, a, b, n, at);
		if (left == 0) {
			/* the pivot is the least: all that equal it are in place */
			left = opaque_not_above(run, a, b, n, at);
			a += left;
			n -= left;
			floor = NULL;
			continue;
		}
		if (left < n - left) {
			opaque_quick_loop(run, a, b, left, floor, levels);
			a += left;
			n -= left;
			pivot = next;
			floor = &pivot;
		} else {
			opaque_quick_loop(run, a + left, b, n - left, &next, levels);
			n = left;
		}
	}
	if (n <= OPAQUE_SMALL && !opaque_breathe(run, 5 * n))
		opaque_small(run, a, b, n, false);
}

static void opaque_quick(struct opaque_run *run, KEY *a, KEY *b, size_t n)
{
	unsigned int levels = 2 * (unsigned int)(8 * sizeof(n) - (size_t)__builtin_clzl(n | 1));

	opaque_quick_loop(run, a, b, n, NULL, levels);
}
