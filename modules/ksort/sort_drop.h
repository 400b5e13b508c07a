/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nearly sorted: the few elements out of place are taken out, sorted by themselves and
 * put back where they belong ("drop-merge sort", Ernerfelt 2016). Costs a comparison an
 * element and some log n for each that is out of place, where merging the runs between
 * them costs log2 of their number for every element.
 */

#define DROP_FREE	8	/* elements out of place, and more: */
#define DROP_SHARE	16	/* one in so many */
#define DROP_ROW	8	/* one after another */

/*
 * Does one element stand between the runs that meet at a[at]: the last of the left is
 * too large, or the first of the right too small?
 */
static __always_inline bool drops_one(struct sort_run *run, const KEY *a, size_t n, size_t at)
{
	return (at > 1 && !LESS(a[at], a[at - 2])) || (at + 1 < n && !LESS(a[at + 1], a[at - 1]));
}

/* Puts b[0..dropped-1] back between a[0..kept-1], both sorted. */
static __always_inline void drop_back(struct sort_run *run, KEY *a, size_t kept, const KEY *b,
				      size_t dropped)
{
	/* invariant: the elements behind kept + dropped are in place */
	while (dropped > 0) {
		KEY x = b[--dropped];
		size_t at = 0, n = kept;

		while (n > 0) {
			size_t half = n / 2;
			bool right = !LESS(x, a[at + half]);

			at = right ? at + half + 1 : at;
			n = right ? n - half - 1 : half;
		}
		memmove(a + at + dropped + 1, a + at, (kept - at) * sizeof(*a));
		a[at + dropped] = x;
		MOVED(kept - at + 1);
		if (breathe(run, kept - at))
			return;
		kept = at;
	}
}

/*
 * Takes what is out of place from a[*kept..n-1] to @b, returns how many; the others follow
 * a[0..*kept-1], which is sorted, and *kept grows. Of an element and the one before it
 * that of the two is taken which disturbs the others less. DROP_ROW in a row say that
 * too large ones were kept before: those go instead, and the row is looked at again.
 * More than n: too many are out of place; they are put back in some order.
 */
static __always_inline size_t drop_out(struct sort_run *run, KEY *a, KEY *b, size_t n,
				       size_t *kept_to)
{
	size_t kept = *kept_to, dropped = 0, row = 0, k = kept;

	while (k < n && !breathe(run, SORT_BREATH)) {
		size_t end = n - k > SORT_BREATH ? k + SORT_BREATH : n;

		/* invariant: a[0..kept-1] and b[0..dropped-1] are what a[0..k-1] was */
		for (; k < end; k++) {
			KEY x = a[k];

			if (likely(!LESS(x, a[kept - 1]))) {
				a[kept++] = x;
				row = 0;
				continue;
			}
			if (kept > 1 && !LESS(x, a[kept - 2])) {
				b[dropped++] = a[kept - 1];
				a[kept - 1] = x;
				row = 0;
			} else {
				b[dropped++] = x;
				row++;
			}
			if (row == DROP_ROW && kept > 1) {
				k -= row - 1;
				dropped -= row;
				for (; row > 0 && kept > 1 && LESS(a[k], a[kept - 1]); row--)
					b[dropped++] = a[--kept];
				row = 0;
				k--;
			}
			if (unlikely(dropped > DROP_FREE + k / DROP_SHARE)) {
				memcpy(a + kept, b, dropped * sizeof(*a));
				return n + 1;
			}
		}
	}
	*kept_to = kept;
	return dropped;
}

/*
 * Sorts a[0..n-1], of which a[0..kept-1] is sorted. false: too many are out of place;
 * no element is lost, but their order is another one.
 */
static noinline bool drop_sort(struct sort_run *run, KEY *a, KEY *b, size_t n, size_t kept)
{
	size_t dropped = drop_out(run, a, b, n, &kept);

	MOVED(n);
	if (dropped > n)
		return false;
	if (dropped <= DROP_FREE)
		insertion_sort(run, b, dropped);
	else
		quick_sort(run, b, dropped);
	if (!run->stopped)
		drop_back(run, a, kept, b, dropped);
	return true;
}
