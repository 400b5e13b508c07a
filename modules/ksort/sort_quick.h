/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Quicksort without branches on the data.
 *
 * Partition: cyclic Lomuto, two moves an element and none of them conditional, so
 * that random data costs no mispredictions; Hoare's two scans mispredict once in
 * two elements, BlockQuicksort's buffers (Edelkamp, Weiss 2016) cost more
 * instructions. Pivot: median of three up to a pseudo-median of 27. Elements equal
 * to the pivot of the left neighbour are split off in one pass, so k different
 * values cost O(n log k). A bad partition is answered by swapping a few elements,
 * log2 n bad ones by heapsort: O(n log n) for every input.
 */

static __always_inline size_t median3(const KEY *a, size_t i, size_t j, size_t k)
{
	bool ij = a[i] < a[j];
	bool jk = a[j] < a[k];
	bool ik = a[i] < a[k];

	return ij == jk ? j : (ij == ik ? k : i);
}

static __always_inline size_t median9(const KEY *a, size_t at, size_t step)
{
	return median3(a, median3(a, at, at + step, at + 2 * step),
		       median3(a, at + 3 * step, at + 4 * step, at + 5 * step),
		       median3(a, at + 6 * step, at + 7 * step, at + 8 * step));
}

static __always_inline size_t choose_pivot(const KEY *a, size_t n)
{
	size_t step;

	if (n < 64)
		return median3(a, n / 4, n / 2, n / 4 * 3);
	if (n < 1024)
		return median9(a, n / 16, n / 10);
	step = n / 28;
	return median3(a, median9(a, step / 2, step), median9(a, step / 2 + 9 * step, step),
		       median9(a, step / 2 + 18 * step, step));
}

/*
 * Moves the elements below the pivot, or those not above it, to the front, the
 * others behind, and returns how many there are. invariant: a[0..left-1] are, the
 * others up to the gap are not; the element that stood at a[0] is in hand.
 */
static __always_inline size_t partition(KEY *a, size_t n, KEY pivot, bool equal_too)
{
	KEY hand = a[0];
	KEY *gap = a;
	size_t left = 0;

	for (KEY *p = a + 1; p < a + n; p++) {
		KEY x = *p;

		*gap = a[left];
		a[left] = x;
		gap = p;
		left += equal_too ? x <= pivot : x < pivot;
	}
	*gap = a[left];
	a[left] = hand;
	return left + (equal_too ? hand <= pivot : hand < pivot);
}

static noinline size_t partition_below(KEY *a, size_t n, KEY pivot)
{
	return partition(a, n, pivot, false);
}

static noinline size_t partition_not_above(KEY *a, size_t n, KEY pivot)
{
	return partition(a, n, pivot, true);
}

static __always_inline void swap_keys(KEY *x, KEY *y)
{
	KEY keep = *x;

	*x = *y;
	*y = keep;
}

/* Breaks a pattern that defeated the pivot's choice. */
static __always_inline void stir(KEY *a, size_t n)
{
	size_t quarter = n / 4;

	swap_keys(&a[0], &a[quarter]);
	swap_keys(&a[n - 1], &a[n - 1 - quarter]);
	swap_keys(&a[n / 2], &a[n / 2 - quarter / 2]);
	if (n > 128) {
		swap_keys(&a[1], &a[quarter + 1]);
		swap_keys(&a[2], &a[quarter + 2]);
		swap_keys(&a[n / 2 + 1], &a[n / 2 + 1 + quarter / 2]);
	}
}

/*
 * @floor: NULL, or an element in front of @a that no element of @a is below.
 * @bad: bad partitions that are still allowed.
 * The smaller side is a call, the larger the loop: depth is at most log2 n.
 */
static void quick_loop(struct sort_run *run, KEY *a, size_t n, const KEY *floor, unsigned int bad)
{
	while (n > SMALL_MAX) {
		size_t at = choose_pivot(a, n);
		KEY pivot = a[at];
		size_t left;

		if (breathe(run, n))
			return;
		if (floor && *floor >= pivot) {
			left = partition_not_above(a, n, pivot);
			a += left;
			n -= left;
			continue;
		}
		swap_keys(&a[0], &a[at]);
		left = partition_below(a + 1, n - 1, pivot);
		swap_keys(&a[0], &a[left]);
		if (left < n / 8 || left > n - n / 8) {
			if (bad-- == 0) {
				heap_sort(run, a, n);
				return;
			}
			if (left > SMALL_MAX)
				stir(a, left);
			if (n - left - 1 > SMALL_MAX)
				stir(a + left + 1, n - left - 1);
		}
		if (left < n - left - 1) {
			quick_loop(run, a, left, floor, bad);
			floor = a + left;
			a += left + 1;
			n -= left + 1;
		} else {
			quick_loop(run, a + left + 1, n - left - 1, a + left, bad);
			n = left;
		}
	}
	small_sort(a, n);
}

static noinline void quick_sort(struct sort_run *run, KEY *a, size_t n)
{
	quick_loop(run, a, n, NULL, log2_floor(n));
}
