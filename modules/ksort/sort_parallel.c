// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sorting by several workers: keys are parted by size into as many parts as there are
 * workers, and each sorts one part by auto, so nothing is left to be merged. Sorting
 * halves and merging them was the alternative; the merge costs a third of auto's whole
 * time and would have to be parted as well.
 *
 *	count	each worker counts, of its share of the array, what goes to which part
 *	part	each copies its share into the parts, in scratch memory
 *	sort	each copies a part back to where it belongs and sorts it there
 *
 * Of two workers neither has to count, and two ends of a place to write to stay in
 * registers, where places by part would go through memory:
 *
 *	part	each copies its share to scratch, small keys from its front, large from its end
 *	gather	each copies a part back to where it belongs
 *	sort	each sorts a part there
 *
 * The borders come from a sample, so the parts are of about one size whatever the
 * keys are, but for keys that many elements share: those make a large part that is
 * quickly sorted. Where the sample says that there are few runs, or few or near values,
 * auto is faster than parting, and one thread does it.
 */
#include "sort_parallel.h"
#include "sort_algorithms.h"

#define SAMPLE_LEAST 256U
#define SAMPLE_MOST  2048U	/* keys: parts are then within some 2 % of each other */
#define PLACES	     32U	/* that are looked at for runs, and turns of direction */
#define FEW_TURNS    6U		/* from place to place, where there are few; a swap makes two */
#define NARROW	     0x4000U	/* range of keys that auto counts */

/**
 * struct parting - what the workers share; each writes what is its own
 * @job: what is to be done
 * @parts: and workers
 * @border: smallest key of a part, as u64 that orders as the type does; of part 0 no border
 * @at: by worker and part: elements, then the place of the next in scratch
 * @piece: by worker and part: elements, of two parts
 * @start: of a part in the array; of @parts the number of all
 * @failed: by worker: what its sort returned
 */
struct parting {
	const struct sort_job *job;
	unsigned int parts;
	u64 border[SORT_PARALLEL_MOST];
	size_t at[SORT_PARALLEL_MOST][SORT_PARALLEL_MOST];
	size_t piece[2][2];
	size_t start[SORT_PARALLEL_MOST + 1];
	int failed[SORT_PARALLEL_MOST];
};

/* Bytes that a part has behind its elements, for auto; a multiple of 8. */
#define BEHIND (SORT_AUTO_COUNTERS + 64UL)

size_t sort_parallel_scratch(size_t n, size_t size)
{
	if (n < SORT_PARALLEL_LEAST)
		return sort_find("auto")->scratch(n, size);
	return n * size + SORT_PARALLEL_MOST * (BEHIND + 8);
}

/* Part @p begins there in scratch, aligned to 8. */
static char *part_in_scratch(const struct parting *q, size_t size, unsigned int p)
{
	return (char *)q->job->scratch + ((q->start[p] * size + 7) & ~(size_t)7) + p * (BEHIND + 8);
}

static u64 flip_of(enum sort_type type)
{
	switch (type) {
	case SORT_I32:
		return 0x80000000U;
	case SORT_I64:
		return 1ULL << 63;
	default:
		return 0;
	}
}

#define BREATH 0x10000UL	/* elements, some 0.1 ms */

/* Where the next breath is due, at element @i of those up to @end. */
static size_t breath(size_t i, size_t end)
{
	return end - i < BREATH ? end : i + BREATH;
}

/* True: unwind now. */
static bool breathe(struct parting *q, unsigned int w, const struct core_pause *pause)
{
	if (core_stop(pause))
		q->failed[w] = -EINTR;
	return q->failed[w];
}

/* First element of the share of worker @w. */
static size_t share(const struct parting *q, unsigned int w)
{
	return q->job->n / q->parts * w + (w == q->parts ? q->job->n % q->parts : 0);
}

/*
 * The same for both widths. A part is how many borders are not above the key: no
 * branch depends on the data.
 */
#define PARTING(NAME, KEY)							\
static __always_inline unsigned int NAME##_part(const KEY *border, unsigned int parts, KEY key) \
{										\
	unsigned int p = 0;							\
										\
	for (unsigned int i = 1; i < parts; i++)				\
		p += key >= border[i];						\
	return p;								\
}										\
										\
static void NAME##_borders(const struct parting *q, KEY *border)		\
{										\
	for (unsigned int i = 1; i < q->parts; i++)				\
		border[i] = (KEY)q->border[i];					\
}										\
										\
static __always_inline void NAME##_count_in(struct parting *q, unsigned int w,			\
					    unsigned int parts, const struct core_pause *pause)	\
{												\
	const KEY *a = q->job->data, flip = (KEY)flip_of(q->job->type);			\
	KEY border[SORT_PARALLEL_MOST];							\
	size_t above[SORT_PARALLEL_MOST] = { 0 };						\
	size_t i = share(q, w), end = share(q, w + 1);						\
												\
	NAME##_borders(q, border);								\
	above[0] = end - i;									\
	while (i < end && !breathe(q, w, pause))						\
		for (size_t next = breath(i, end); i < next; i++)				\
			for (unsigned int p = 1; p < parts; p++)				\
				above[p] += (KEY)(a[i] ^ flip) >= border[p];			\
	for (unsigned int p = 0; p < parts; p++)						\
		q->at[w][p] = above[p] - (p + 1 < parts ? above[p + 1] : 0);			\
}												\
												\
static __always_inline void NAME##_part_in(struct parting *q, unsigned int w,			\
					   unsigned int parts, const struct core_pause *pause)	\
{												\
	const KEY *a = q->job->data, flip = (KEY)flip_of(q->job->type);			\
	KEY border[SORT_PARALLEL_MOST], *to[SORT_PARALLEL_MOST];				\
	size_t i = share(q, w), end = share(q, w + 1);						\
												\
	NAME##_borders(q, border);								\
	for (unsigned int p = 0; p < parts; p++)						\
		to[p] = (KEY *)part_in_scratch(q, sizeof(KEY), p) + q->at[w][p];		\
	while (i < end && !breathe(q, w, pause))						\
		for (size_t next = breath(i, end); i < next; i++)				\
			*to[NAME##_part(border, parts, (KEY)(a[i] ^ flip))]++ = a[i];		\
}												\
												\
static void NAME##_count(void *arg, unsigned int w, const struct core_pause *pause) \
{										\
	struct parting *q = arg;						\
										\
	NAME##_count_in(q, w, q->parts, pause);					\
}										\
										\
static void NAME##_part_all(void *arg, unsigned int w, const struct core_pause *pause) \
{										\
	struct parting *q = arg;						\
										\
	NAME##_part_in(q, w, q->parts, pause);					\
}										\
										\
/* Both ends are written, one of them is kept. */				\
static void NAME##_part_two(void *arg, unsigned int w, const struct core_pause *pause) \
{										\
	struct parting *q = arg;						\
	const KEY *a = q->job->data, flip = (KEY)flip_of(q->job->type);		\
	const KEY border = (KEY)q->border[1];					\
	size_t i = share(q, w), end = share(q, w + 1);				\
	KEY *front = (KEY *)q->job->scratch + i, *back = (KEY *)q->job->scratch + end; \
	size_t small = 0, large = 0;						\
										\
	while (i < end && !breathe(q, w, pause))				\
		for (size_t next = breath(i, end); i < next; i++) {		\
			KEY x = a[i];						\
			size_t above = (KEY)(x ^ flip) >= border;		\
										\
			front[small] = x;					\
			back[-1 - (ptrdiff_t)large] = x;			\
			large += above;						\
			small += !above;					\
		}								\
	q->at[w][0] = small;							\
	q->at[w][1] = large;							\
}										\
										\
static u64 NAME##_key(const struct sort_job *job, size_t i)			\
{										\
	return (KEY)(((const KEY *)job->data)[i] ^ (KEY)flip_of(job->type));	\
}

PARTING(narrow, u32)
PARTING(wide, u64)

/* Of two parts: the pieces of one, from the shares of both workers. */
static void gather_part(void *arg, unsigned int p, const struct core_pause *pause)
{
	struct parting *q = arg;
	size_t size = sort_type_size(q->job->type);
	const char *from = q->job->scratch;
	char *to = (char *)q->job->data + q->start[p] * size;

	for (unsigned int w = 0; w < 2; w++) {
		size_t n = q->piece[w][p];

		memcpy(to, from + (p == 0 ? share(q, w) : share(q, w + 1) - n) * size, n * size);
		to += n * size;
	}
	breathe(q, p, pause);
}

static void sort_part(void *arg, unsigned int p, const struct core_pause *pause)
{
	struct parting *q = arg;
	size_t size = sort_type_size(q->job->type);
	size_t n = q->start[p + 1] - q->start[p];
	char *scratch = part_in_scratch(q, size, p);
	struct sort_job part = {
		.data = (char *)q->job->data + q->start[p] * size,
		.scratch = scratch,
		.n = n,
		.type = q->job->type,
		.pause = pause,
	};

	if (q->parts > 2)
		memcpy(part.data, scratch, n * size);
	q->failed[p] = sort_run(sort_find("auto"), &part);
}

/* Costs a microsecond, for auto may need no more than ten. */
static bool has_few_runs(const struct sort_job *job,
			 u64 (*key)(const struct sort_job *job, size_t i))
{
	u64 x = key(job, 0), y = key(job, job->n / PLACES);
	unsigned int turns = 0;

	for (size_t i = 2; i < PLACES; i++) {
		u64 z = key(job, job->n / PLACES * i);

		turns += (x > y) != (y > z);
		x = y;
		y = z;
	}
	return turns <= FEW_TURNS;
}

/*
 * Borders by a sample; false where auto needs no help: few different values, or values
 * so near each other that it counts them.
 */
static bool choose_borders(struct parting *q, u64 (*key)(const struct sort_job *job, size_t i))
{
	const struct sort_job *job = q->job;
	u64 *sample = job->scratch;
	struct sort_job sorting = { .data = sample, .type = SORT_U64 };
	unsigned int size = job->n / 512 > SAMPLE_MOST ? SAMPLE_MOST : (unsigned int)(job->n / 512);
	unsigned int different = 1;
	u64 x = job->n, low = ~0ULL, high = 0;

	size = size < SAMPLE_LEAST ? SAMPLE_LEAST : size;
	sorting.n = size;
	for (unsigned int i = 0; i < size; i++) {
		/* One place in each part of the array, by a linear congruence. */
		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		sample[i] = key(job, job->n / size * i + (size_t)((x >> 33) % (job->n / size)));
		low = sample[i] < low ? sample[i] : low;
		high = sample[i] > high ? sample[i] : high;
	}
	if (high - low < NARROW)
		return false;
	sort_run(sort_find("quick"), &sorting);
	for (unsigned int i = 1; i < size; i++)
		different += sample[i] != sample[i - 1];
	for (unsigned int p = 1; p < q->parts; p++)
		q->border[p] = sample[size / q->parts * p];
	return different > size / 8;
}

/* What was counted becomes places. */
static void place_parts(struct parting *q)
{
	size_t sum = 0;

	for (unsigned int p = 0; p < q->parts; p++) {
		q->start[p] = sum;
		for (unsigned int w = 0; w < q->parts; w++) {
			size_t n = q->at[w][p];

			q->at[w][p] = sum - q->start[p];
			sum += n;
		}
	}
	q->start[q->parts] = sum;
}

/* One round of jobs; 0, or what the first that failed returned. */
static int round_of(struct parting *q,
		    void (*work)(void *arg, unsigned int job, const struct core_pause *pause))
{
	q->job->pool->run(q->job->pool, work, q, q->parts);
	for (unsigned int p = 0; p < q->parts; p++)
		if (q->failed[p])
			return q->failed[p];
	return 0;
}

int sort_parallel(const struct sort_job *job)
{
	const struct sort_pool *pool = job->pool;
	bool narrow = sort_type_size(job->type) == 4;
	u64 (*key)(const struct sort_job *job, size_t i) = narrow ? narrow_key : wide_key;
	struct parting q = { .job = job };
	struct sort_job alone = *job;
	int ret;

	/* The caller of sort_run() turns it round where that is meant. */
	alone.layout.descending = false;
	if (pool)
		q.parts = pool->workers < SORT_PARALLEL_MOST ? pool->workers : SORT_PARALLEL_MOST;
	if (q.parts < 2 || !job->scratch || job->counts || job->n < SORT_PARALLEL_LEAST ||
	    has_few_runs(job, key) || !choose_borders(&q, key))
		return sort_run(sort_find("auto"), &alone);
	if (q.parts > 2) {
		ret = round_of(&q, narrow ? narrow_count : wide_count);
		if (ret)
			return ret;
		place_parts(&q);
		ret = round_of(&q, narrow ? narrow_part_all : wide_part_all);
	} else {
		ret = round_of(&q, narrow ? narrow_part_two : wide_part_two);
		if (ret)
			return ret;
		memcpy(q.piece[0], q.at[0], sizeof(q.piece[0]));
		memcpy(q.piece[1], q.at[1], sizeof(q.piece[1]));
		place_parts(&q);
		ret = round_of(&q, gather_part);
	}
	return ret ? ret : round_of(&q, sort_part);
}
