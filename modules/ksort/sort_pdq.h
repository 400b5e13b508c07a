/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pattern-defeating quicksort (Peters 2021) with the block partition of
 * BlockQuicksort (Edelkamp, Weiss 2016): comparisons fill buffers of offsets
 * without a branch, then the elements are swapped by offset. A partition that
 * needed no swap is tried by an insertion sort that gives up after a few moves,
 * which makes sorted input linear.
 */

#define PDQ_BLOCK	64	/* offsets fit a byte */
#define PDQ_SMALL	24
#define PDQ_NINTHER	128
#define PDQ_PATIENCE	8	/* moves before the attempt at insertion is given up */

/* Sorts by insertion if that takes few moves; else leaves a permutation. */
static bool pdq_try_insertion(struct sort_run *run, KEY *a, size_t n)
{
	size_t moves = 0;

	for (size_t i = 1; i < n; i++) {
		moves += insert_one(run, a, i);
		if (moves > PDQ_PATIENCE)
			return false;
	}
	return true;
}

/* Swaps pairs of misplaced elements named by two lists of offsets. */
static __always_inline void pdq_swap(struct sort_run *run, KEY *left, KEY *right,
				     const u8 *left_at, const u8 *right_at, size_t count)
{
	for (size_t k = 0; k < count; k++)
		swap_keys(run, &left[left_at[k]], right - right_at[k]);
}

/* Offsets of elements that belong to the other side, without a branch. */
static __always_inline size_t pdq_scan_left(struct sort_run *run, const KEY *from, size_t n,
					    KEY pivot, u8 *at)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		at[count] = (u8)i;
		count += !LESS(from[i], pivot);
	}
	return count;
}

static __always_inline size_t pdq_scan_right(struct sort_run *run, const KEY *from, size_t n,
					     KEY pivot, u8 *at)
{
	size_t count = 0;

	for (size_t i = 1; i <= n; i++) {
		at[count] = (u8)i;
		count += LESS(*(from - i), pivot);
	}
	return count;
}

/* a[0..result-1] < pivot <= a[result..n-1]. */
static size_t pdq_blocks(struct sort_run *run, KEY *a, size_t n, KEY pivot)
{
	u8 left_at[PDQ_BLOCK], right_at[PDQ_BLOCK];
	size_t left_count = 0, right_count = 0, left_from = 0, right_from = 0;
	KEY *left = a, *right = a + n;
	size_t i = 0, j;

	/* invariant: before left < pivot, from right on >= pivot, lists empty or one full */
	while (right - left > 2 * PDQ_BLOCK) {
		size_t pairs;

		if (breathe(run, PDQ_BLOCK))
			return (size_t)(left - a);
		if (left_count == 0) {
			left_from = 0;
			left_count = pdq_scan_left(run, left, PDQ_BLOCK, pivot, left_at);
		}
		if (right_count == 0) {
			right_from = 0;
			right_count = pdq_scan_right(run, right, PDQ_BLOCK, pivot, right_at);
		}
		pairs = left_count < right_count ? left_count : right_count;
		pdq_swap(run, left, right, left_at + left_from, right_at + right_from, pairs);
		left_count -= pairs;
		right_count -= pairs;
		left_from += pairs;
		right_from += pairs;
		if (left_count == 0)
			left += PDQ_BLOCK;
		if (right_count == 0)
			right -= PDQ_BLOCK;
	}
	/* at most two blocks are left: Hoare's scans */
	i = (size_t)(left - a);
	j = (size_t)(right - a);
	for (;;) {
		while (i < j && LESS(a[i], pivot))
			i++;
		while (i < j && !LESS(a[j - 1], pivot))
			j--;
		if (i >= j)
			return i;
		swap_keys(run, &a[i++], &a[--j]);
	}
}

/* The pivot stands at a[0]; returns its place. *clean: no element had to move. */
static size_t pdq_partition(struct sort_run *run, KEY *a, size_t n, bool *clean)
{
	KEY pivot = a[0];
	size_t i = 1, j = n;

	while (i < n && LESS(a[i], pivot))
		i++;
	while (j > i && !LESS(a[j - 1], pivot))
		j--;
	*clean = i == j;
	if (!*clean)
		i += pdq_blocks(run, a + i, j - i, pivot);
	a[0] = a[i - 1];
	a[i - 1] = pivot;
	MOVED(3);
	return i - 1;
}

static void pdq_loop(struct sort_run *run, KEY *a, size_t n, const KEY *floor, unsigned int bad)
{
	while (n > PDQ_SMALL) {
		size_t at = n > PDQ_NINTHER ? median9(run, a, 1, (n - 2) / 8) :
					      median3(run, a, 0, n / 2, n - 1);
		size_t left, right;
		bool clean;

		if (run->stopped)
			return;
		if (floor && !LESS(*floor, a[at])) {
			left = partition_not_above(run, a, n, a[at]);
			a += left;
			n -= left;
			continue;
		}
		swap_keys(run, &a[0], &a[at]);
		left = pdq_partition(run, a, n, &clean);
		right = n - left - 1;
		if (left < n / 8 || right < n / 8) {
			if (bad-- == 0) {
				heap_sort(run, a, n);
				return;
			}
			if (left > PDQ_SMALL)
				stir(run, a, left);
			if (right > PDQ_SMALL)
				stir(run, a + left + 1, right);
		} else if (clean && pdq_try_insertion(run, a, left) &&
			   pdq_try_insertion(run, a + left + 1, right)) {
			return;
		}
		if (left < right) {
			pdq_loop(run, a, left, floor, bad);
			floor = a + left;
			a += left + 1;
			n = right;
		} else {
			pdq_loop(run, a + left + 1, right, a + left, bad);
			n = left;
		}
	}
	insertion_sort(run, a, n);
}

static noinline void pdq_sort(struct sort_run *run, KEY *a, size_t n)
{
	pdq_loop(run, a, n, NULL, log2_floor(n));
}
