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

static __always_inline size_t median3(struct sort_run *run, const KEY *a, size_t i, size_t j,
				      size_t k)
{
	bool ij = LESS(a[i], a[j]);
	bool jk = LESS(a[j], a[k]);
	bool ik = LESS(a[i], a[k]);

	return ij == jk ? j : (ij == ik ? k : i);
}

static __always_inline size_t median9(struct sort_run *run, const KEY *a, size_t at, size_t step)
{
	return median3(run, a, median3(run, a, at, at + step, at + 2 * step),
		       median3(run, a, at + 3 * step, at + 4 * step, at + 5 * step),
		       median3(run, a, at + 6 * step, at + 7 * step, at + 8 * step));
}

static __always_inline size_t choose_pivot(struct sort_run *run, const KEY *a, size_t n)
{
	size_t step;

	if (n < 64)
		return median3(run, a, n / 4, n / 2, n / 4 * 3);
	if (n < 1024)
		return median9(run, a, n / 16, n / 10);
	step = n / 28;
	return median3(run, a, median9(run, a, step / 2, step),
		       median9(run, a, step / 2 + 9 * step, step),
		       median9(run, a, step / 2 + 18 * step, step));
}

/*
 * Moves the elements below the pivot, or those not above it, to the front, the
 * others behind, and returns how many there are. invariant: a[0..left-1] are, the
 * others up to the gap are not; the element that stood at a[0] is in hand.
 */
static __always_inline size_t partition(struct sort_run *run, KEY *a, size_t n, KEY pivot,
					bool equal_too)
{
	KEY hand = a[0];
	KEY *gap = a;
	size_t left = 0;

	for (size_t i = 1, end; i < n && !run->stopped; i = end) {
		end = n - i > SORT_BREATH ? i + SORT_BREATH : n;
		for (KEY *p = a + i; p < a + end; p++) {
			KEY x = *p;

			*gap = a[left];
			a[left] = x;
			gap = p;
			left += equal_too ? !LESS(pivot, x) : LESS(x, pivot);
		}
		breathe(run, end - i);
	}
	*gap = a[left];
	a[left] = hand;
	MOVED(2 * n);
	return left + (equal_too ? !LESS(pivot, hand) : LESS(hand, pivot));
}

static noinline size_t partition_below(struct sort_run *run, KEY *a, size_t n, KEY pivot)
{
	return partition(run, a, n, pivot, false);
}

static noinline size_t partition_not_above(struct sort_run *run, KEY *a, size_t n, KEY pivot)
{
	return partition(run, a, n, pivot, true);
}

static __always_inline void swap_keys(struct sort_run *run, KEY *x, KEY *y)
{
	KEY keep = *x;

	*x = *y;
	*y = keep;
	MOVED(3);
}

/* Breaks a pattern that defeated the pivot's choice. */
static __always_inline void stir(struct sort_run *run, KEY *a, size_t n)
{
	size_t quarter = n / 4;

	swap_keys(run, &a[0], &a[quarter]);
	swap_keys(run, &a[n - 1], &a[n - 1 - quarter]);
	swap_keys(run, &a[n / 2], &a[n / 2 - quarter / 2]);
	if (n > 128) {
		swap_keys(run, &a[1], &a[quarter + 1]);
		swap_keys(run, &a[2], &a[quarter + 2]);
		swap_keys(run, &a[n / 2 + 1], &a[n / 2 + 1 + quarter / 2]);
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
		size_t at = choose_pivot(run, a, n);
		KEY pivot = a[at];
		size_t left;

		if (run->stopped)
			return;
		if (floor && !LESS(*floor, pivot)) {
			left = partition_not_above(run, a, n, pivot);
			a += left;
			n -= left;
			continue;
		}
		swap_keys(run, &a[0], &a[at]);
		left = partition_below(run, a + 1, n - 1, pivot);
		swap_keys(run, &a[0], &a[left]);
		if (left < n / 8 || left > n - n / 8) {
			if (bad-- == 0) {
				heap_sort(run, a, n);
				return;
			}
			if (left > SMALL_MAX)
				stir(run, a, left);
			if (n - left - 1 > SMALL_MAX)
				stir(run, a + left + 1, n - left - 1);
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
	small_sort(run, a, n);
}

static noinline void quick_sort(struct sort_run *run, KEY *a, size_t n)
{
	quick_loop(run, a, n, NULL, log2_floor(n));
}
