/* SPDX-License-Identifier: GPL-2.0-only */
/* Two radix sorts by bytes of the key; they never compare. */

static __always_inline size_t radix_digit(KEY x, unsigned int shift)
{
	return (size_t)((((UKEY)x ^ (UKEY)KEY_FLIP) >> shift) & 0xff);
}

/* Scratch of both behind the elements of lsd: counters and ends, one table a byte. */
#define RADIX_TABLE	256
#define RADIX_TABLES	(2 * sizeof(KEY))

static __always_inline void lsd_histogram(struct sort_run *run, const KEY *a, size_t n, u32 *counts)
{
	memset(counts, 0, sizeof(KEY) * RADIX_TABLE * sizeof(*counts));
	for (size_t i = 0, end; i < n; i = end) {
		end = n - i > SORT_BREATH ? i + SORT_BREATH : n;
		for (size_t k = i; k < end; k++)
			for (unsigned int d = 0; d < sizeof(KEY); d++)
				counts[d * RADIX_TABLE + radix_digit(a[k], 8 * d)]++;
		if (breathe(run, end - i))
			return;
	}
}

/* Counts become starts; returns false where all elements share one digit. */
static __always_inline bool lsd_starts(u32 *count, size_t n)
{
	u32 start = 0;

	for (size_t v = 0; v < RADIX_TABLE; v++) {
		u32 here = count[v];

		if (here == n)
			return false;
		count[v] = start;
		start += here;
	}
	return true;
}

static __always_inline void lsd_scatter(struct sort_run *run, const KEY *from, KEY *to, size_t n,
					u32 *count, unsigned int shift)
{
	MOVED(n);
	for (size_t i = 0, end; i < n; i = end) {
		end = n - i > SORT_BREATH ? i + SORT_BREATH : n;
		for (size_t k = i; k < end; k++)
			to[count[radix_digit(from[k], shift)]++] = from[k];
		if (breathe(run, end - i))
			return;
	}
}

/*
 * Least significant byte first, stable: one histogram of all bytes in one pass,
 * then a pass for each byte in which the keys differ. Without scratch memory the
 * work falls to quicksort.
 */
static noinline void lsd_radix_sort(struct sort_run *run, KEY *a, KEY *b, size_t n, u32 *counts)
{
	KEY *from = a, *to = b;

	if (n <= SMALL_MAX || !b) {
		quick_sort(run, a, n);
		return;
	}
	lsd_histogram(run, a, n, counts);
	for (unsigned int d = 0; d < sizeof(KEY) && !run->stopped; d++) {
		u32 *count = counts + d * RADIX_TABLE;
		KEY *keep = from;

		if (!lsd_starts(count, n))
			continue;
		lsd_scatter(run, from, to, n, count, 8 * d);
		from = to;
		to = keep;
	}
	if (from != a)
		copy_keys(run, a, from, n);
}

#define MSD_SMALL 128

/*
 * Most significant byte first, in place ("American flag", McIlroy, Bostic, McIlroy
 * 1993): every element is swapped to the bucket of its byte. @tables: two for each
 * byte of a key, where buckets end and where their next element goes; not on the
 * stack, which the kernel keeps small.
 */
static void msd_radix_loop(struct sort_run *run, KEY *a, size_t n, unsigned int shift, u32 *tables)
{
	u32 *ends = tables, *next = tables + RADIX_TABLE;
	u32 start = 0;

	memset(ends, 0, RADIX_TABLE * sizeof(*ends));
	for (size_t i = 0, end; i < n; i = end) {
		end = n - i > SORT_BREATH ? i + SORT_BREATH : n;
		for (size_t k = i; k < end; k++)
			ends[radix_digit(a[k], shift)]++;
		if (breathe(run, end - i))
			return;
	}
	for (size_t v = 0; v < RADIX_TABLE; v++) {
		next[v] = start;
		start += ends[v];
		ends[v] = start;
	}
	/* invariant: of bucket v, elements up to next[v] are home */
	for (size_t v = 0; v < RADIX_TABLE; v++) {
		while (next[v] < ends[v]) {
			KEY x = a[next[v]];
			size_t digit = radix_digit(x, shift);

			while (digit != v) {
				KEY keep = a[next[digit]];

				a[next[digit]++] = x;
				x = keep;
				MOVED(1);
				digit = radix_digit(x, shift);
			}
			a[next[v]++] = x;
			MOVED(1);
			if (breathe(run, 4))
				return;
		}
	}
	if (shift == 0)
		return;
	start = 0;
	for (size_t v = 0; v < RADIX_TABLE; v++) {
		size_t size = ends[v] - start;

		if (size > MSD_SMALL)
			msd_radix_loop(run, a + start, size, shift - 8, next + RADIX_TABLE);
		else if (size > 1)
			quick_sort(run, a + start, size);
		if (run->stopped)
			return;
		start = ends[v];
	}
}

static noinline void msd_radix_sort(struct sort_run *run, KEY *a, size_t n, u32 *tables)
{
	if (n <= MSD_SMALL || !tables)
		quick_sort(run, a, n);
	else
		msd_radix_loop(run, a, n, KEY_BITS - 8, tables);
}
