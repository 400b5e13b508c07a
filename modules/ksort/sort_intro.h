/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two quicksorts as textbooks and libraries have them, with branches on the data:
 * what they cost beside `quick` is mispredictions.
 */

#define INTRO_SMALL 16

/*
 * Introsort (Musser 1997): median of three, Hoare's partition, heapsort below a
 * depth of 2 log2 n, insertion for what is small.
 */
static void intro_loop(struct sort_run *run, KEY *a, size_t n, unsigned int depth)
{
	while (n > INTRO_SMALL) {
		KEY pivot = a[median3(run, a, 0, n / 2, n - 1)];
		size_t i = 0, j = n - 1;

		if (run->stopped)
			return;
		if (depth-- == 0) {
			heap_sort(run, a, n);
			return;
		}
		/* invariant: a[..i-1] <= pivot <= a[j+1..], so neither scan can leave */
		for (;;) {
			while (LESS(a[i], pivot))
				i++;
			while (LESS(pivot, a[j]))
				j--;
			if (i >= j)
				break;
			swap_keys(run, &a[i++], &a[j--]);
			breathe(run, 4);
		}
		/* a[0..i-1] and a[i..n-1] are the parts; the smaller is the call */
		if (i < n - i) {
			intro_loop(run, a, i, depth);
			a += i;
			n -= i;
		} else {
			intro_loop(run, a + i, n - i, depth);
			n = i;
		}
	}
	insertion_sort(run, a, n);
}

static noinline void intro_sort(struct sort_run *run, KEY *a, size_t n)
{
	intro_loop(run, a, n, 2 * log2_floor(n));
}

static __always_inline void swap_blocks(struct sort_run *run, KEY *x, KEY *y, size_t n)
{
	while (n-- > 0)
		swap_keys(run, x++, y++);
}

/*
 * "Engineering a sort function" (Bentley, McIlroy 1993): three parts, with equal
 * elements gathered at both ends and swapped into the middle; median of three
 * medians. Theirs can go quadratic; here heapsort takes over below 2 log2 n.
 */
static void bentley_loop(struct sort_run *run, KEY *a, size_t n, unsigned int depth)
{
	while (n > 7) {
		size_t eq_left = 0, i = 0, j = n, eq_right = n, k;
		KEY pivot;

		if (run->stopped)
			return;
		if (depth-- == 0) {
			heap_sort(run, a, n);
			return;
		}
		if (n > 40)
			pivot = a[median9(run, a, 0, (n - 1) / 8)];
		else
			pivot = a[median3(run, a, 0, n / 2, n - 1)];
		/* invariant: = [0, eq_left) < [.., i) ? [.., j) > [.., eq_right) = */
		for (;;) {
			for (; i < j && !LESS(pivot, a[i]); i++)
				if (!LESS(a[i], pivot))
					swap_keys(run, &a[eq_left++], &a[i]);
			for (; i < j && !LESS(a[j - 1], pivot); j--)
				if (!LESS(pivot, a[j - 1]))
					swap_keys(run, &a[--eq_right], &a[j - 1]);
			if (i >= j)
				break;
			swap_keys(run, &a[i++], &a[--j]);
			breathe(run, 4);
		}
		k = eq_left < i - eq_left ? eq_left : i - eq_left;
		swap_blocks(run, a, a + i - k, k);
		k = eq_right - j < n - eq_right ? eq_right - j : n - eq_right;
		swap_blocks(run, a + j, a + n - k, k);
		i -= eq_left;		/* below the pivot */
		j = eq_right - j;	/* above it */
		if (i < j) {
			bentley_loop(run, a, i, depth);
			a += n - j;
			n = j;
		} else {
			bentley_loop(run, a + n - j, j, depth);
			n = i;
		}
	}
	insertion_sort(run, a, n);
}

static noinline void bentley_sort(struct sort_run *run, KEY *a, size_t n)
{
	bentley_loop(run, a, n, 2 * log2_floor(n));
}
