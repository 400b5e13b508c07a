/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Heapsort, bottom up (Wegener 1993): the hole sinks to a leaf along the larger
 * children, then the element climbs, about n log2 n + 0.4 n comparisons. In place,
 * the same time for every input: the fallback of all that could go quadratic.
 */

/* Puts @x into the hole at @root of the heap a[0..n-1]. */
static __always_inline void heap_sift(struct sort_run *run, KEY *a, size_t root, size_t n, KEY x)
{
	size_t hole = root;
	size_t child = 2 * hole + 1;

	while (child + 1 < n) {
		child += LESS(a[child], a[child + 1]);
		a[hole] = a[child];
		MOVED(1);
		hole = child;
		child = 2 * hole + 1;
	}
	if (child < n) {
		a[hole] = a[child];
		MOVED(1);
		hole = child;
	}
	while (hole > root && LESS(a[(hole - 1) / 2], x)) {
		a[hole] = a[(hole - 1) / 2];
		MOVED(1);
		hole = (hole - 1) / 2;
	}
	a[hole] = x;
	MOVED(1);
}

static noinline void heap_sort(struct sort_run *run, KEY *a, size_t n)
{
	size_t i;

	/* invariant: subtrees rooted at i and above are heaps */
	for (i = n / 2; i-- > 0;) {
		heap_sift(run, a, i, n, a[i]);
		MOVED(1);
		if (breathe(run, 4))
			return;
	}
	/* invariant: a[i..] holds the largest elements, ascending */
	for (i = n; i-- > 1;) {
		KEY last = a[i];

		a[i] = a[0];
		MOVED(2);
		heap_sift(run, a, 0, i, last);
		if (breathe(run, 16))
			return;
	}
}
