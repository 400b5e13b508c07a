/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One pass of distribution into as many buckets as elements, laid over the range that
 * the keys have (not over the range of their type), then one pass mends the few
 * inversions inside buckets. The histogram counts the pairs that share a bucket, an
 * upper bound of that mending, so a skewed input is seen before anything has moved:
 * keys that crowd at the lower end are spread on a logarithmic scale, and what
 * still crowds is sorted bucket by bucket. The loops have a few instructions, of which a
 * third would count and jump, so they are unrolled.
 */

#define LEAF_MAX	65532	/* elements: a multiple of 4 that 16 bits can count */
#define LOG_LEAST	68	/* buckets: one a binary digit, in fours */
#define CROWDED		2	/* pairs an element that insertion still mends well */
#define LEAF_SAMPLE	16	/* elements that are looked at for crowding */

enum auto_map { MAP_EXACT, MAP_LINEAR, MAP_LOG };

/**
 * struct auto_scale - from a key to its bucket, never descending
 * @low: smallest key
 * @scale: LINEAR: buckets a key, as a binary fraction
 * @fine: LOG: bits of the mantissa
 */
struct auto_scale {
	KEY low;
	u64 scale;
	unsigned int fine;
};

static __always_inline size_t bucket_of(const struct auto_scale *s, enum auto_map map, KEY x)
{
	UKEY u = (UKEY)x - (UKEY)s->low;

	if (map == MAP_EXACT)
		return u;
	if (map == MAP_LOG) {
		unsigned int e = 63 - (unsigned int)__builtin_clzll((u64)u | 1ULL << s->fine);

		return ((size_t)(e - s->fine) << s->fine) + (size_t)(u >> (e - s->fine));
	}
#if KEY_BITS == 32
	return (size_t)((u * s->scale) >> 32);
#else
	return (size_t)(((__uint128_t)u * s->scale) >> 64);
#endif
}

/* Buckets a key for @range + 1 keys over @buckets, @range >= @buckets; rounds down. */
static __always_inline u64 linear_scale(UKEY range, size_t buckets)
{
#if KEY_BITS == 32
	return ((u64)buckets << 32) / ((u64)range + 1);
#else
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(range);
	unsigned int shift = bits > 32 ? bits - 32 : 0;

	return (((u64)buckets << 32) / ((range >> shift) + 1)) << (32 - shift);
#endif
}

/* Most mantissa bits whose buckets for keys up to @range number at most @buckets, or 0. */
static __always_inline unsigned int log_fine(UKEY range, size_t buckets)
{
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(range);
	unsigned int fine = 0;

	while (fine < bits - 1 && (size_t)(bits - fine) << (fine + 1) <= buckets)
		fine++;
	return fine;
}

static __always_inline void find_range(struct sort_run *run, const KEY *a, size_t n, KEY *low,
				       KEY *high)
{
	KEY low0 = a[0], low1 = a[n - 1], high0 = low0, high1 = low1;

#pragma GCC unroll 4
	for (size_t i = 0; i + 1 < n; i += 2) {
		low0 = LESS(a[i], low0) ? a[i] : low0;
		high0 = LESS(high0, a[i]) ? a[i] : high0;
		low1 = LESS(a[i + 1], low1) ? a[i + 1] : low1;
		high1 = LESS(high1, a[i + 1]) ? a[i + 1] : high1;
	}
	*low = LESS(low0, low1) ? low0 : low1;
	*high = LESS(high1, high0) ? high0 : high1;
}

/* Puts x behind what is sorted already, to[0..at-1]. */
static __always_inline void mend_one(struct sort_run *run, KEY *to, size_t at, KEY x)
{
	size_t j = at;

	do {
		to[j] = to[j - 1];
		j--;
	} while (j > 0 && LESS(x, to[j - 1]));
	to[j] = x;
	MOVED(at - j);
}

/*
 * Sorts a run of @from with few inversions while moving it to @to, which may be the
 * same. The two largest so far are held back and the least of three goes out: that
 * mends whatever stands at most two places too far behind without a branch, which
 * is nearly all in buckets of half an element; the rest is inserted.
 */
static __always_inline void mend_to(struct sort_run *run, const KEY *from, KEY *to, size_t n)
{
	bool swapped = LESS(from[1], from[0]);
	KEY second = swapped ? from[1] : from[0];
	KEY first = swapped ? from[0] : from[1];
	KEY last = second;
	size_t i;

	MOVED(n);
	/* invariant: to[0..i-1] is sorted, last its end or below all, second <= first */
#pragma GCC unroll 4
	for (i = 0; i + 2 < n; i++) {
		KEY x = from[i + 2];
		bool less = LESS(x, first);
		KEY y = less ? x : first;

		first = less ? first : x;
		less = LESS(y, second);
		x = less ? y : second;
		second = less ? second : y;
		if (likely(i == 0 || !LESS(x, last))) {
			to[i] = x;
			last = x;
		} else {
			mend_one(run, to, i, x);
		}
	}
	if (i > 0 && LESS(second, last))
		mend_one(run, to, i, second);
	else
		to[i] = second;
	to[i + 1] = first;
	if (LESS(first, to[i]))
		mend_one(run, to, i + 1, first);
}

/* Pairs of elements in one bucket: at least the inversions that remain. */
static __always_inline u64 leaf_histogram(const KEY *a, size_t n, const struct auto_scale *s,
					  enum auto_map map, u16 *count, size_t buckets)
{
	u64 pairs = 0;

	memset(count, 0, buckets * sizeof(*count));
#pragma GCC unroll 4
	for (size_t i = 0; i < n; i++)
		pairs += count[bucket_of(s, map, a[i])]++;
	return pairs;
}

/*
 * Counts become starts. Four 16-bit counters share a word, and a multiplication
 * adds each to all above it; no sum exceeds 65535, so no lane overflows.
 */
static __always_inline void leaf_starts(u16 *count, size_t buckets)
{
	const u64 ones = 0x0001000100010001ULL;
	u64 total = 0;

#pragma GCC unroll 4
	for (size_t i = 0; i < buckets; i += 4) {
		u64 four, sums;

		memcpy(&four, count + i, sizeof(four));
		sums = four * ones;
		four = sums - four + total * ones;
		memcpy(count + i, &four, sizeof(four));
		total += sums >> 48;
	}
}

static __always_inline void leaf_scatter(struct sort_run *run, const KEY *a, size_t n,
					 const struct auto_scale *s, enum auto_map map, u16 *count,
					 KEY *b)
{
	MOVED(n);
#pragma GCC unroll 4
	for (size_t i = 0; i < n; i++)
		b[count[bucket_of(s, map, a[i])]++] = a[i];
}

static __always_inline bool ascends(struct sort_run *run, const KEY *a, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (LESS(a[i], a[i - 1]))
			return false;
	return true;
}

/* After leaf_scatter(), when buckets are too full for insertion. */
static __always_inline void leaf_finish(struct sort_run *run, KEY *b, size_t n,
					const struct auto_scale *s, enum auto_map map,
					const u16 *end)
{
	for (size_t i = 0, next; i < n; i = next) {
		next = end[bucket_of(s, map, b[i])];
		if (next - i > 1 && !ascends(run, b + i, next - i))
			quick_sort(run, b + i, next - i);
	}
}

/* From the histogram on, for one kind of map. */
static __always_inline void leaf_distribute(struct sort_run *run, KEY *a, KEY *b, size_t n,
					    bool into_b, const struct auto_scale *s,
					    enum auto_map map, u16 *count, size_t buckets,
					    bool crowded)
{
	leaf_starts(count, buckets);
	leaf_scatter(run, a, n, s, map, count, b);
	if (crowded)
		leaf_finish(run, b, n, s, map, count);
	if (map == MAP_EXACT || crowded) {
		if (!into_b)
			copy_keys(run, a, b, n);
	} else if (into_b) {
		mend_to(run, b, b, n);
	} else {
		mend_to(run, b, a, n);
	}
}

/* Are most of a sample in the lowest sixteenth of the range? */
static __always_inline bool leaf_crowds_low(const KEY *a, size_t n, KEY low, UKEY range)
{
	unsigned int crowd = 0;

	for (size_t i = 0; i < LEAF_SAMPLE; i++)
		crowd += (UKEY)a[n / LEAF_SAMPLE * i] - (UKEY)low <= range / 16;
	return crowd > LEAF_SAMPLE / 2;
}

/* Sorts a[0..n-1], up to LEAF_MAX elements over @range > 0, into @b or back into @a. */
static noinline void auto_leaf(struct sort_run *run, KEY *a, KEY *b, size_t n, bool into_b,
			       KEY low, UKEY range, u16 *count)
{
	struct auto_scale s = { .low = low };
	size_t buckets = (n + 3) & ~(size_t)3;
	u64 pairs;

	if (range < buckets) {
		leaf_histogram(a, n, &s, MAP_EXACT, count, buckets);
		leaf_distribute(run, a, b, n, into_b, &s, MAP_EXACT, count, buckets, false);
		return;
	}
	if (!leaf_crowds_low(a, n, low, range)) {
		s.scale = linear_scale(range, buckets);
		pairs = leaf_histogram(a, n, &s, MAP_LINEAR, count, buckets);
		if (pairs <= CROWDED * n || count[0] < n / 8) {
			leaf_distribute(run, a, b, n, into_b, &s, MAP_LINEAR, count, buckets,
					pairs > CROWDED * n);
			return;
		}
	}
	if (buckets < LOG_LEAST)
		buckets = LOG_LEAST;
	s.fine = log_fine(range, buckets);
	pairs = leaf_histogram(a, n, &s, MAP_LOG, count, buckets);
	leaf_distribute(run, a, b, n, into_b, &s, MAP_LOG, count, buckets, pairs > CROWDED * n);
}
