/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Heapsort, bottom up (Wegener 1993): the hole sinks to a leaf along the larger
 * children, then the element climbs, about n log2 n + 0.4 n comparisons. In place,
 * the same time for every input: the fallback of all that could go quadratic.
 */

/* Puts @x into the hole at @root of the heap a[0..n-1]. */
static __always_inline void heap_sift(KEY *a, size_t root, size_t n, KEY x)
{
	size_t hole = root;
	size_t child = 2 * hole + 1;

	while (child + 1 < n) {
		child += a[child] < a[child + 1];
		a[hole] = a[child];
		hole = child;
		child = 2 * hole + 1;
	}
	if (child < n) {
		a[hole] = a[child];
		hole = child;
	}
	while (hole > root && a[(hole - 1) / 2] < x) {
		a[hole] = a[(hole - 1) / 2];
		hole = (hole - 1) / 2;
	}
	a[hole] = x;
}

static noinline void heap_sort(struct sort_run *run, KEY *a, size_t n)
{
	size_t i;

	/* invariant: subtrees rooted at i and above are heaps */
	for (i = n / 2; i-- > 0;) {
		heap_sift(a, i, n, a[i]);
		if (breathe(run, 4))
			return;
	}
	/* invariant: a[i..] holds the largest elements, ascending */
	for (i = n; i-- > 1;) {
		KEY last = a[i];

		a[i] = a[0];
		heap_sift(a, 0, i, last);
		if (breathe(run, 16))
			return;
	}
}
