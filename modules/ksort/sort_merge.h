/* SPDX-License-Identifier: GPL-2.0-only */
/* Natural runs, and merging them without branches on the data. */

static __always_inline void copy_keys(struct sort_run *run, KEY *to, const KEY *from, size_t n)
{
	MOVED(n);
	memcpy(to, from, n * sizeof(*to));
}

static __always_inline void reverse_keys(struct sort_run *run, KEY *a, size_t n)
{
	for (size_t i = 0, j = n; i + 1 < j--; i++)
		swap_keys(run, &a[i], &a[j]);
}

/*
 * Length of the run at the start of @a, n > 0. A descending run is strictly
 * descending and is turned round, so that equal elements keep their order.
 */
static __always_inline size_t take_run(struct sort_run *run, KEY *a, size_t n)
{
	size_t i = 2;

	if (n < 2)
		return n;
	if (LESS(a[1], a[0])) {
		while (i < n && LESS(a[i], a[i - 1]))
			i++;
		reverse_keys(run, a, i);
	} else {
		/* two in a turn: a turn may take two cycles, depending on where it stands */
		while (i < n && !LESS(a[i], a[i - 1]) && ++i < n && !LESS(a[i], a[i - 1]))
			i++;
	}
	return i;
}

/*
 * Merges the neighbours from[0..left-1] and from[left..left+right-1] into @to,
 * stable. From both ends at once: two chains that do not wait for each other.
 * Within min(left, right) steps neither end can leave its run, so the inner loop
 * has no bounds to test.
 */
static noinline void merge_runs(struct sort_run *run, const KEY *from, size_t left, size_t right,
				KEY *to)
{
	const KEY *l = from, *r = from + left;
	const KEY *l_end = r, *r_end = r + right;
	KEY *back = to + left + right;

	MOVED(left + right);
	while (l < l_end && r < r_end) {
		size_t steps = (size_t)(l_end - l) < (size_t)(r_end - r) ?
			       (size_t)(l_end - l) : (size_t)(r_end - r);

		if (steps > SORT_BREATH / 2)
			steps = SORT_BREATH / 2;
		if (breathe(run, 2 * steps))
			return;
		for (size_t i = 0; i < steps; i++) {
			bool take = LESS(*r, *l);

			*to++ = take ? *r : *l;
			r += take;
			l += !take;
			take = LESS(r_end[-1], l_end[-1]);
			*--back = take ? l_end[-1] : r_end[-1];
			l_end -= take;
			r_end -= !take;
		}
	}
	if (l < l_end)
		memcpy(to, l, (size_t)(l_end - l) * sizeof(*to));
	else if (r < r_end)
		memcpy(to, r, (size_t)(r_end - r) * sizeof(*to));
}
