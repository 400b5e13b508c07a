/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `parallel`: `auto`, whose first distribution several workers share, and the buckets
 * that it makes. What auto sorts without a distribution is found as auto finds it, once,
 * and done by one thread; only a merge of more than two runs is slower than to share it.
 *
 *	range	each worker finds the smallest and largest key of its share of the array
 *	count	each counts, of its share, what goes to which bucket
 *	scatter	each copies its share to the buckets, behind what those before it copy there
 *	sort	each sorts the buckets of two pieces of the array
 *
 * A bucket larger than such a share is distributed by all of them again.
 *
 * A worker does in each round what auto does, on a part of the elements, so nothing is
 * done twice. Sorting halves and merging them costs a third of auto's time for the merge;
 * parting the array by borders from a sample, so that each worker sorts a part of its own,
 * costs two more copies of it: 1.65 times as fast as one thread, where this is 1.9 times.
 */

#define MERGED_ALONE 2	/* runs that one thread merges sooner than several distribute */

/**
 * struct share - what the workers share; each writes what is its own
 * @pool: the workers
 * @workers: how many
 * @a: the array
 * @b: scratch memory of as many elements
 * @n: elements
 * @into_b: where they go
 * @counters: of each worker
 * @depth: of the distribution
 * @scale: of the buckets
 * @map: of the buckets
 * @buckets: how many
 * @low: by worker: its smallest key
 * @high: by worker: its largest key
 * @stopped: by worker: its pause asked to stop
 */
struct share {
	const struct sort_pool *pool;
	unsigned int workers;
	KEY *a;
	KEY *b;
	size_t n;
	bool into_b;
	struct auto_counters *counters;
	unsigned int depth;
	struct auto_scale scale;
	enum auto_map map;
	size_t buckets;
	KEY low[SORT_PARALLEL_MOST];
	KEY high[SORT_PARALLEL_MOST];
	bool stopped[SORT_PARALLEL_MOST];
};

/* First element of the share of worker @w; of the number of workers, the end. */
static __always_inline size_t share_start(const struct share *s, unsigned int w)
{
	return w == s->workers ? s->n : s->n / s->workers * w;
}

static void share_range(void *arg, unsigned int w, const struct core_pause *pause)
{
	struct share *s = arg;
	struct sort_run run = { .pause = pause };
	size_t start = share_start(s, w), n = share_start(s, w + 1) - start;

	s->stopped[w] = breathe(&run, n);
	find_range(&run, s->a + start, n, &s->low[w], &s->high[w]);
}

static void share_count(void *arg, unsigned int w, const struct core_pause *pause)
{
	struct share *s = arg;
	struct sort_run run = { .pause = pause };
	size_t start = share_start(s, w), n = share_start(s, w + 1) - start;
	u32 *count = s->counters[w].level[s->depth];

	if (s->map == MAP_LOG)
		level_count(&run, s->a + start, n, &s->scale, MAP_LOG, count, s->buckets);
	else
		level_count(&run, s->a + start, n, &s->scale, MAP_LINEAR, count, s->buckets);
	s->stopped[w] = run.stopped;
}

static void share_scatter(void *arg, unsigned int w, const struct core_pause *pause)
{
	struct share *s = arg;
	struct sort_run run = { .pause = pause };
	size_t start = share_start(s, w), n = share_start(s, w + 1) - start;
	u32 *count = s->counters[w].level[s->depth];

	if (s->map == MAP_LOG)
		level_scatter(&run, s->a + start, s->b, n, &s->scale, MAP_LOG, count);
	else
		level_scatter(&run, s->a + start, s->b, n, &s->scale, MAP_LINEAR, count);
	s->stopped[w] = run.stopped;
}

/* Is a bucket of @n elements one for all workers? */
static __always_inline bool share_again(const struct share *s, size_t n)
{
	return n > s->n / s->workers && n >= SORT_PARALLEL_LEAST && s->depth + 1 < LEVELS;
}

/*
 * Whose a bucket is that begins at @start: of twice as many pieces of the array as there are
 * workers, the first has the first and the last, the next the two beside them. Small keys may
 * be sorted in less time than large ones, and pieces rather than single buckets, since
 * two neighbours share cache lines where they meet.
 */
static __always_inline unsigned int share_owner(const struct share *s, size_t start)
{
	unsigned int piece = (unsigned int)(start / (s->n / (2 * s->workers) + 1));

	return piece < s->workers ? piece : 2 * s->workers - 1 - piece;
}

static void share_buckets(void *arg, unsigned int w, const struct core_pause *pause)
{
	struct share *s = arg;
	struct sort_run run = { .pause = pause };
	/* the last worker's elements of a bucket are its last */
	const u32 *ends = s->counters[s->workers - 1].level[s->depth];

	for (size_t k = 0, start = 0; k < s->buckets && !run.stopped; start = ends[k++]) {
		size_t n = ends[k] - start;

		if (n > 0 && share_owner(s, start) == w && !share_again(s, n))
			auto_level(&run, s->b + start, s->a + start, n, !s->into_b,
				   &s->counters[w], s->depth + 1);
	}
	s->stopped[w] = run.stopped;
}

/* A round of jobs, one a worker; false: one was stopped. */
static bool share_round(struct sort_run *run, struct share *s,
			void (*work)(void *arg, unsigned int w, const struct core_pause *pause))
{
	s->pool->run(s->pool, work, s, s->workers);
	for (unsigned int w = 0; w < s->workers; w++)
		run->stopped |= s->stopped[w];
	return !run->stopped;
}

/* Smallest key of all and their range, from those of the workers. */
static UKEY share_scale(struct share *s)
{
	KEY high = s->high[0];

	s->scale.low = s->low[0];
	for (unsigned int w = 1; w < s->workers; w++) {
		s->scale.low = s->low[w] < s->scale.low ? s->low[w] : s->scale.low;
		high = s->high[w] > high ? s->high[w] : high;
	}
	return (UKEY)high - (UKEY)s->scale.low;
}

/* What auto_level() does, by all workers. */
static void share_level(struct sort_run *run, struct share *s)
{
	const u32 *ends = s->counters[s->workers - 1].level[s->depth];
	UKEY range;

	if (!share_round(run, s, share_range))
		return;
	range = share_scale(s);
	if (range < COUNT_RANGE) {
		auto_count(run, s->a, s->into_b ? s->b : s->a, s->n, s->scale.low, range,
			   s->counters->values);
		return;
	}
	s->buckets = plan_level(s->a, s->n, range, &s->scale, &s->map);
	if (!share_round(run, s, share_count))
		return;
	level_starts(s->counters, s->workers, s->depth, s->buckets);
	if (!share_round(run, s, share_scatter) || !share_round(run, s, share_buckets))
		return;
	for (size_t k = 0, start = 0; k < s->buckets && !run->stopped; start = ends[k++]) {
		struct share next = *s;

		if (!share_again(s, ends[k] - start))
			continue;
		next.a = s->b + start;
		next.b = s->a + start;
		next.n = ends[k] - start;
		next.into_b = !s->into_b;
		next.depth++;
		share_level(run, &next);
	}
}

static void parallel_sort(struct sort_run *run, const struct sort_pool *pool, KEY *a, KEY *b,
			  size_t n, struct auto_counters *counters)
{
	struct share s = { .pool = pool, .a = a, .b = b, .n = n, .counters = counters };

	if (pool)
		s.workers = pool->workers < SORT_PARALLEL_MOST ? pool->workers : SORT_PARALLEL_MOST;
	if (s.workers < 2 || !b || n < SORT_PARALLEL_LEAST)
		auto_sort(run, a, b, n, counters);
	else if (!auto_finds(run, a, b, n, counters, MERGED_ALONE))
		share_level(run, &s);
}
