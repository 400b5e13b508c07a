// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inputs of the sort cases, from one seed. A pattern is a function from a place
 * to a rank in 0..universe-1 or to random bits; ranks are then stretched over
 * the whole range of the type, so that its smallest and largest values occur.
 * Integers only: the kernel has no floating point, and user space must get the
 * same elements.
 */
#include "sort_core.h"

const char *const sort_pattern_names[SORT_PATTERNS] = {
	[SORT_RANDOM] = "random",
	[SORT_SORTED] = "sorted",
	[SORT_REVERSED] = "reversed",
	[SORT_FEW_UNIQUE] = "few_unique",
	[SORT_ALL_EQUAL] = "all_equal",
	[SORT_ORGAN_PIPE] = "organ_pipe",
	[SORT_SAWTOOTH] = "sawtooth",
	[SORT_RUNS8] = "runs8",
	[SORT_SWAPS] = "swaps",
	[SORT_ZIPF] = "zipf",
	[SORT_LOG_KEYS] = "log_keys",
	[SORT_SMALL_RANGE] = "small_range",
	[SORT_KILLER] = "killer",
	[SORT_STAGGER] = "stagger",
	[SORT_PLATEAU] = "plateau",
};

/**
 * struct source - state of one fill
 * @data: where elements go
 * @n: how many
 * @type: of what type
 * @state: of the generator, a Weyl sequence (splitmix64: Steele, Lea, Flood 2014)
 * @step: distance of two neighbouring ranks, in units of the 64-bit range
 */
struct source {
	void *data;
	size_t n;
	enum sort_type type;
	u64 state;
	u64 step;
};

static u64 scramble(u64 z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static u64 draw(struct source *s)
{
	s->state += 0x9e3779b97f4a7c15ULL;
	return scramble(s->state);
}

/* Uniform in 0..bound-1 for a bound below 2^32; the bias is below 2^-32. */
static u64 draw_below(struct source *s, u64 bound)
{
	return ((draw(s) >> 32) * bound) >> 32;
}

/* Stores a key of 64 unsigned bits: the upper bits for narrow types, and for
 * signed types 0 becomes the smallest value, so the order is kept.
 */
static void put(const struct source *s, size_t i, u64 key)
{
	switch (s->type) {
	case SORT_I32:
		((s32 *)s->data)[i] = (s32)((u32)(key >> 32) ^ 0x80000000U);
		break;
	case SORT_U32:
		((u32 *)s->data)[i] = (u32)(key >> 32);
		break;
	case SORT_I64:
		((s64 *)s->data)[i] = (s64)(key ^ (1ULL << 63));
		break;
	default:
		((u64 *)s->data)[i] = key;
		break;
	}
}

/* Stores a small number as itself, whatever the type. */
static void put_plain(const struct source *s, size_t i, u64 value)
{
	if (sort_type_size(s->type) == 4)
		((u32 *)s->data)[i] = (u32)value;
	else
		((u64 *)s->data)[i] = value;
}

/* Ranks 0..universe-1 are spread over the range; the last becomes the largest key. */
static void spread(struct source *s, u64 universe)
{
	s->step = universe > 1 ? ~0ULL / (universe - 1) : 0;
}

static void put_rank(const struct source *s, size_t i, u64 rank)
{
	put(s, i, rank * s->step);
}

static void swap_places(const struct source *s, size_t i, size_t j)
{
	if (sort_type_size(s->type) == 4) {
		u32 *a = s->data, keep = a[i];

		a[i] = a[j];
		a[j] = keep;
	} else {
		u64 *a = s->data, keep = a[i];

		a[i] = a[j];
		a[j] = keep;
	}
}

static size_t square_root(size_t n)
{
	size_t root = 1;

	while ((root + 1) * (root + 1) <= n)
		root += 1 + root / 64;
	return root;
}

static unsigned int bits_of(u64 x)
{
	unsigned int bits = 0;

	for (; x; x >>= 1)
		bits++;
	return bits;
}

static void fill_random(struct source *s)
{
	for (size_t i = 0; i < s->n; i++)
		put(s, i, draw(s));
}

static void fill_sorted(struct source *s)
{
	spread(s, s->n);
	for (size_t i = 0; i < s->n; i++)
		put_rank(s, i, i);
}

static void fill_reversed(struct source *s)
{
	spread(s, s->n);
	for (size_t i = 0; i < s->n; i++)
		put_rank(s, i, s->n - 1 - i);
}

static void fill_few_unique(struct source *s)
{
	u64 values[16];

	for (size_t i = 0; i < 16; i++)
		values[i] = draw(s);
	for (size_t i = 0; i < s->n; i++)
		put(s, i, values[draw(s) >> 60]);
}

static void fill_all_equal(struct source *s)
{
	u64 value = draw(s);

	for (size_t i = 0; i < s->n; i++)
		put(s, i, value);
}

static void fill_organ_pipe(struct source *s)
{
	spread(s, s->n / 2 + 1);
	for (size_t i = 0; i < s->n; i++)
		put_rank(s, i, i < s->n / 2 ? i : s->n - 1 - i);
}

static void fill_sawtooth(struct source *s)
{
	size_t period = square_root(s->n) + 1;

	spread(s, period);
	for (size_t i = 0; i < s->n; i++)
		put_rank(s, i, i % period);
}

/* A run climbs by random steps whose mean is 15/16 of what would reach the top. */
static void fill_runs8(struct source *s)
{
	size_t length = s->n / 8 + 1;
	u64 most = ~0ULL / length;
	u64 key = 0;

	most = most / 8 * 15;
	for (size_t i = 0; i < s->n; i++) {
		u64 bits = draw(s);
		u64 step = (bits >> 32) * (most >> 32) + (bits & 0xffffffffU);

		if (i % length == 0)
			key = 0;
		key = key + step < key ? ~0ULL : key + step;
		put(s, i, key);
	}
}

static void fill_swaps(struct source *s)
{
	fill_sorted(s);
	for (size_t k = 0; k < s->n / 100 + 1; k++) {
		size_t i = draw_below(s, s->n);

		swap_places(s, i, draw_below(s, s->n));
	}
}

/* Octaves of ranks are equally likely, which is a density of about 1/rank. */
static void fill_zipf(struct source *s)
{
	unsigned int octaves = bits_of(s->n);

	for (size_t i = 0; i < s->n; i++) {
		u64 octave = draw_below(s, octaves);
		u64 rank = (1ULL << octave) + draw_below(s, 1ULL << octave);

		put(s, i, scramble(rank * 0x9e3779b97f4a7c15ULL));
	}
}

static void fill_log_keys(struct source *s)
{
	unsigned int width = (unsigned int)sort_type_size(s->type) * 8 - 1;

	for (size_t i = 0; i < s->n; i++) {
		u64 bits = draw(s) >> (64 - width);

		put_plain(s, i, bits >> draw_below(s, width));
	}
}

static void fill_small_range(struct source *s)
{
	for (size_t i = 0; i < s->n; i++)
		put_plain(s, i, draw_below(s, 1000));
}

/* Musser, "Introspective sorting and selection algorithms" (1997), section 2. */
static void fill_killer(struct source *s)
{
	size_t half = s->n / 2;

	spread(s, s->n + 1);
	for (size_t i = 1; i <= half; i++) {
		put_rank(s, i - 1, i % 2 ? i : half + i - 1);
		put_rank(s, half + i - 1, 2 * i);
	}
	if (s->n % 2)
		put_rank(s, s->n - 1, s->n);
}

static void fill_stagger(struct source *s)
{
	u64 factor = draw_below(s, s->n) | 1;

	spread(s, s->n);
	for (size_t i = 0; i < s->n; i++)
		put_rank(s, i, i * factor % s->n);
}

static void fill_plateau(struct source *s)
{
	spread(s, s->n / 2 + 1);
	for (size_t i = 0; i < s->n; i++)
		put_rank(s, i, i < s->n / 2 ? i : s->n / 2);
}

static void (*const fills[SORT_PATTERNS])(struct source *s) = {
	[SORT_RANDOM] = fill_random,
	[SORT_SORTED] = fill_sorted,
	[SORT_REVERSED] = fill_reversed,
	[SORT_FEW_UNIQUE] = fill_few_unique,
	[SORT_ALL_EQUAL] = fill_all_equal,
	[SORT_ORGAN_PIPE] = fill_organ_pipe,
	[SORT_SAWTOOTH] = fill_sawtooth,
	[SORT_RUNS8] = fill_runs8,
	[SORT_SWAPS] = fill_swaps,
	[SORT_ZIPF] = fill_zipf,
	[SORT_LOG_KEYS] = fill_log_keys,
	[SORT_SMALL_RANGE] = fill_small_range,
	[SORT_KILLER] = fill_killer,
	[SORT_STAGGER] = fill_stagger,
	[SORT_PLATEAU] = fill_plateau,
};

void sort_fill(void *data, size_t n, enum sort_type type, enum sort_pattern pattern, u64 seed)
{
	struct source s = {
		.data = data,
		.n = n,
		.type = type,
		.state = seed * 0xd1342543de82ef95ULL + pattern * 0x2545f4914f6cdd1dULL + n,
	};

	if (n && (unsigned int)pattern < SORT_PATTERNS)
		fills[pattern](&s);
}
