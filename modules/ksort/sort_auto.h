/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `auto`: what the data shows decides.
 *
 * 1. Up to SMALL_MAX elements: insertion where three runs are seen at most, or networks.
 * 2. Up to four natural runs are merged, of large arrays eight. Longer ones that single
 *    elements interrupt: these are taken out and put back (sort_drop.h).
 * 3. Few different values are counted (sort_few.h).
 * 4. Up to LEAF_MAX: a distribution and a mending pass (sort_leaf.h).
 * 5. Above: distribution into few buckets of about LEAF_GOAL elements, each of which
 *    then fits the first-level cache; or plain counting where the range is small.
 *
 * General registers only. Without scratch memory: runs, else quicksort.
 */

#define LEAF_CROWDED	SORT_AUTO_SMALL	/* elements: beyond, crowding is looked for before */
#define LEAF_GOAL	2048
#define LEVEL_BUCKETS	512	/* more streams than this cost misses of the TLB */
#define LEVEL_AHEAD	(32 / sizeof(KEY))	/* elements, whose cache line is fetched */
#define LEVELS		3	/* nested distributions, then quicksort */
#define COUNT_RANGE	16384	/* different values that plain counting takes */
#define MERGED_RUNS	4	/* twice as many beyond LEAF_MAX */
#define LONG_RUNS	8	/* elements of a run in the mean that chance does not make */

/* Scratch behind the elements: counters of a leaf or of counting, of levels. */
struct auto_counters {
	union {
		u16 leaf[LEAF_MAX + 4];
		u32 values[COUNT_RANGE];
		struct few_values few;
	};
	u32 level[LEVELS][LEVEL_BUCKETS];
};

/* Few different values: count each, write them out. */
static void auto_count(struct sort_run *run, const KEY *a, KEY *to, size_t n, KEY low, UKEY range,
		       u32 *count)
{
	MOVED(n);
	memset(count, 0, ((size_t)range + 1) * sizeof(*count));
	for (size_t i = 0, end; i < n; i = end) {
		end = n - i > SORT_BREATH ? i + SORT_BREATH : n;
#pragma GCC unroll 4
		for (size_t k = i; k < end; k++)
			count[(UKEY)a[k] - (UKEY)low]++;
		if (breathe(run, end - i))
			return;
	}
	for (size_t v = 0; v <= range; v++) {
		KEY x = (KEY)((UKEY)low + (UKEY)v);
		u32 left = count[v];

		if (breathe(run, left))
			return;
		while (left--)
			*to++ = x;
	}
}

static __always_inline void level_count(struct sort_run *run, const KEY *a, size_t n,
					const struct auto_scale *scale, enum auto_map map,
					u32 *count, size_t buckets)
{
	/* a copy, which counters cannot alias, and in no line that another worker writes */
	const struct auto_scale own = *scale;

	memset(count, 0, buckets * sizeof(*count));
	for (size_t i = 0, end; i < n; i = end) {
		end = n - i > SORT_BREATH ? i + SORT_BREATH : n;
#pragma GCC unroll 4
		for (size_t k = i; k < end; k++)
			count[bucket_of(&own, map, a[k])]++;
		if (breathe(run, end - i))
			return;
	}
}

/* Counts become starts, of each bucket those of one worker behind those of another. */
static __always_inline void level_starts(struct auto_counters *counters, unsigned int workers,
					 unsigned int depth, size_t buckets)
{
	u32 start = 0;

	for (size_t k = 0; k < buckets; k++) {
		for (unsigned int w = 0; w < workers; w++) {
			u32 here = counters[w].level[depth][k];

			counters[w].level[depth][k] = start;
			start += here;
		}
	}
}

/* Starts become ends. */
static __always_inline void level_scatter(struct sort_run *run, const KEY *a, KEY *b, size_t n,
					  const struct auto_scale *scale, enum auto_map map,
					  u32 *count)
{
	const struct auto_scale own = *scale;

	MOVED(n);
	for (size_t i = 0, end; i < n; i = end) {
		end = n - i > SORT_BREATH ? i + SORT_BREATH : n;
#pragma GCC unroll 4
		for (size_t k = i; k < end; k++) {
			KEY *to = b + count[bucket_of(&own, map, a[k])]++;

			__builtin_prefetch(to + LEVEL_AHEAD, 1);
			*to = a[k];
		}
		if (breathe(run, end - i))
			return;
	}
}

/* Do most keys of a sample crowd in the lowest bucket? */
static __always_inline bool crowds_low(const KEY *a, size_t n, const struct auto_scale *s)
{
	unsigned int low = 0;

	for (size_t i = 0; i < 64; i++)
		low += bucket_of(s, MAP_LINEAR, a[i * (n / 64)]) == 0;
	return low > 16;
}

/* How a[0..n-1] with keys over @range is distributed; returns the number of buckets. */
static __always_inline size_t plan_level(const KEY *a, size_t n, UKEY range, struct auto_scale *s,
					 enum auto_map *map)
{
	size_t buckets = 16;

	while (buckets < LEVEL_BUCKETS && buckets * LEAF_GOAL < n)
		buckets *= 2;
	s->scale = linear_scale(range, buckets);
	*map = MAP_LINEAR;
	if (!crowds_low(a, n, s))
		return buckets;
	s->fine = log_fine(range, LEVEL_BUCKETS);
	*map = MAP_LOG;
	return LEVEL_BUCKETS;
}

static __always_inline void level_distribute(struct sort_run *run, const KEY *a, KEY *b, size_t n,
					     const struct auto_scale *s, enum auto_map map,
					     struct auto_counters *counters, unsigned int depth,
					     size_t buckets)
{
	level_count(run, a, n, s, map, counters->level[depth], buckets);
	if (run->stopped)
		return;
	level_starts(counters, 1, depth, buckets);
	level_scatter(run, a, b, n, s, map, counters->level[depth]);
}

static void auto_level(struct sort_run *run, KEY *a, KEY *b, size_t n, bool into_b,
		       struct auto_counters *counters, unsigned int depth);

/* Distribution of a[0..n-1] over buckets, each of which is then sorted by itself. */
static void auto_split(struct sort_run *run, KEY *a, KEY *b, size_t n, bool into_b,
		       struct auto_counters *counters, unsigned int depth,
		       const struct auto_scale *s, enum auto_map map, size_t buckets)
{
	const u32 *ends = counters->level[depth];
	size_t start = 0;

	if (map == MAP_LOG)
		level_distribute(run, a, b, n, s, MAP_LOG, counters, depth, buckets);
	else
		level_distribute(run, a, b, n, s, MAP_LINEAR, counters, depth, buckets);
	/* the data are in b, a is free */
	for (size_t k = 0; k < buckets && !run->stopped; k++) {
		size_t end = ends[k];

		if (end > start)
			auto_level(run, b + start, a + start, end - start, !into_b, counters,
				   depth + 1);
		start = end;
	}
}

static void auto_level(struct sort_run *run, KEY *a, KEY *b, size_t n, bool into_b,
		       struct auto_counters *counters, unsigned int depth)
{
	struct auto_scale s = { 0 };
	enum auto_map map = MAP_LINEAR;
	size_t buckets = 0;
	KEY high;
	UKEY range = 0;

	if (breathe(run, n <= LEAF_MAX ? 4 * n : n))
		return;
	if (n <= SMALL_MAX) {
		small_sort(run, a, n);
	} else {
		find_range(run, a, n, &s.low, &high);
		range = (UKEY)high - (UKEY)s.low;
	}
	if (range == 0) {
		if (into_b)
			copy_keys(run, b, a, n);
		return;
	}
	if (range < COUNT_RANGE && range < n / 4) {
		auto_count(run, a, into_b ? b : a, n, s.low, range, counters->values);
		return;
	}
	if (n > LEAF_CROWDED)
		buckets = plan_level(a, n, range, &s, &map);
	if (n <= LEAF_MAX && map == MAP_LINEAR) {
		auto_leaf(run, a, b, n, into_b, s.low, range, counters->leaf);
	} else if (depth < LEVELS) {
		auto_split(run, a, b, n, into_b, counters, depth, &s, map, buckets);
	} else {
		quick_sort(run, a, n);
		if (into_b)
			copy_keys(run, b, a, n);
	}
}

/* Merges neighbours, level by level, to and fro between @a and @b; ends in @a. */
static void auto_merge(struct sort_run *run, KEY *a, KEY *b, size_t n, size_t *end, size_t runs)
{
	KEY *from = a, *to = b;

	while (runs > 1 && !run->stopped) {
		size_t start = 0, left = 0;
		KEY *keep = from;

		for (size_t i = 0; i < runs; i += 2) {
			size_t last = end[i + 1 < runs ? i + 1 : i];

			merge_runs(run, from + start, end[i] - start, last - end[i], to + start);
			end[left++] = last;
			start = last;
		}
		runs = left;
		from = to;
		to = keep;
	}
	if (from != a)
		copy_keys(run, a, from, n);
}

/* Do single elements part most of the @runs of a[0..n-1], which end there? */
static bool auto_drops(struct sort_run *run, const KEY *a, size_t n, const size_t *end,
		       size_t runs)
{
	size_t others = 0;

	if (runs < 3 || end[runs - 1] < LONG_RUNS * runs)
		return false;
	for (size_t i = 0; i < runs; i++)
		others += end[i] < n && !drops_one(run, a, n, end[i]);
	return others <= runs / 4;
}

/*
 * Up to @merged natural runs, if they are few, or long ones with few elements between
 * them; false: it is neither.
 */
static bool auto_runs(struct sort_run *run, KEY *a, KEY *b, size_t n, size_t merged)
{
	size_t most = !b ? 1 : n <= LEAF_MAX ? MERGED_RUNS : 2 * MERGED_RUNS;
	size_t end[2 * MERGED_RUNS];
	size_t runs = 0, at = 0;

	while (at < n && runs < most) {
		at += take_run(run, a + at, n - at);
		end[runs++] = at;
	}
	if (auto_drops(run, a, n, end, runs))
		return drop_sort(run, a, b, n, end[0]);
	if (at < n || runs > merged)
		return false;
	if (!breathe(run, n))
		auto_merge(run, a, b, n, end, runs);
	return true;
}

/* End of the run that a[at] belongs to, at > 0. */
static __always_inline size_t rises_to(struct sort_run *run, const KEY *a, size_t n, size_t at)
{
	while (at < n && !LESS(a[at], a[at - 1]))
		at++;
	return at;
}

/* Up to SMALL_MAX elements; three runs, as a swap leaves them, are worth insertion. */
static noinline void auto_small(struct sort_run *run, KEY *a, size_t n)
{
	size_t first, second;
	bool rises, falls;

	if (n < 2)
		return;
	rises = !LESS(a[n / 2], a[0]);
	falls = LESS(a[n - 1], a[n / 2]);
	if (!rises && falls) {
		for (first = 1; first < n && LESS(a[first], a[first - 1]);)
			first++;
		if (first == n) {
			reverse_keys(run, a, n);
			return;
		}
	}
	first = !rises || falls ? 0 : rises_to(run, a, n, 1);
	second = first < 1 || first == n ? first : rises_to(run, a, n, first + 1);
	if (second < n / 3 || (second < n && rises_to(run, a, n, second + 1) < n)) {
		small_sort(run, a, n);
		return;
	}
	for (size_t i = first; i < n; i++)
		insert_one(run, a, i);
}

/* What needs no distribution: up to @merged runs, or few different values. */
static __always_inline bool auto_finds(struct sort_run *run, KEY *a, KEY *b, size_t n,
				       struct auto_counters *counters, size_t merged)
{
	if (auto_runs(run, a, b, n, merged))
		return true;
	return b && looks_few(a, n) && few_sort(run, a, n, &counters->few);
}

static void auto_sort(struct sort_run *run, KEY *a, KEY *b, size_t n,
		      struct auto_counters *counters)
{
	if (n <= SMALL_MAX)
		auto_small(run, a, n);
	else if (auto_finds(run, a, b, n, counters, 2 * MERGED_RUNS))
		return;
	else if (!b)
		quick_sort(run, a, n);
	else
		auto_level(run, a, b, n, false, counters, 0);
}
