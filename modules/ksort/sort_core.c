// SPDX-License-Identifier: GPL-2.0-only
/* The table of variants and the way from a job to the code of its type. */
#include "sort_core.h"
#include "sort_algorithms.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#endif

const char *const sort_type_names[SORT_TYPES] = {
	[SORT_I32] = "i32",
	[SORT_U32] = "u32",
	[SORT_I64] = "i64",
	[SORT_U64] = "u64",
};

static const struct sort_algorithms *const algorithms[SORT_TYPES] = {
	[SORT_I32] = &sort_i32_algorithms,
	[SORT_U32] = &sort_u32_algorithms,
	[SORT_I64] = &sort_i64_algorithms,
	[SORT_U64] = &sort_u64_algorithms,
};

static int sort_nop(const struct sort_job *job)
{
	(void)job;
	return 0;
}

#define ANY_N 0x7fffffffULL	/* elements; the device's limit is lower */
#define FEW_N 20000ULL		/* where quadratic time stays below about 0.1 s */

static size_t whole(size_t n, size_t size)
{
	return (n * size + 7) & ~(size_t)7;
}

static size_t scratch_auto(size_t n, size_t size)
{
	return whole(n, size) + SORT_AUTO_COUNTERS;
}

static size_t scratch_half(size_t n, size_t size)
{
	return whole(n / 2 + 1, size);
}

static size_t scratch_lsd(size_t n, size_t size)
{
	return whole(n, size) + SORT_RADIX_TABLES;
}

static size_t scratch_msd(size_t n, size_t size)
{
	(void)n;
	(void)size;
	return SORT_RADIX_TABLES;
}

#define ROW(NAME, FLAGS, MAX_N, SCRATCH, ALGORITHM) {			\
	.name = (NAME), .flags = (FLAGS), .types = SORT_ALL_TYPES,	\
	.max_n = (MAX_N), .scratch = (SCRATCH), .algorithm = (ALGORITHM) }

const struct sort_variant sort_variants[] = {
	ROW("auto", 0, ANY_N, scratch_auto, SORT_AUTO),
	ROW("bentley_mcilroy", SORT_IN_PLACE, ANY_N, NULL, SORT_BENTLEY_MCILROY),
	ROW("heap", SORT_IN_PLACE, ANY_N, NULL, SORT_HEAP),
	ROW("insertion", SORT_IN_PLACE | SORT_STABLE, FEW_N, NULL, SORT_INSERTION),
	ROW("intro", SORT_IN_PLACE, ANY_N, NULL, SORT_INTRO),
	ROW("lsd_radix", 0, ANY_N, scratch_lsd, SORT_LSD_RADIX),
	ROW("msd_radix", 0, ANY_N, scratch_msd, SORT_MSD_RADIX),
	{ .name = "nop", .flags = SORT_IN_PLACE | SORT_IDLE, .types = SORT_ALL_TYPES,
	  .max_n = ANY_N, .sort = sort_nop },
	ROW("pdq", SORT_IN_PLACE, ANY_N, NULL, SORT_PDQ),
	ROW("powersort", SORT_STABLE, ANY_N, whole, SORT_POWER),
	ROW("quick", SORT_IN_PLACE, ANY_N, NULL, SORT_QUICK),
	ROW("shell", SORT_IN_PLACE, ANY_N, NULL, SORT_SHELL),
	ROW("tim", SORT_STABLE, ANY_N, scratch_half, SORT_TIM),
};

const unsigned int sort_variant_count = ARRAY_SIZE(sort_variants);

const struct sort_variant *sort_find(const char *name)
{
	for (unsigned int i = 0; i < sort_variant_count; i++)
		if (!strcmp(sort_variants[i].name, name))
			return &sort_variants[i];
	return NULL;
}

size_t sort_type_size(enum sort_type type)
{
	switch (type) {
	case SORT_I32:
	case SORT_U32:
		return 4;
	case SORT_I64:
	case SORT_U64:
		return 8;
	default:
		return 0;
	}
}

size_t sort_scratch(const struct sort_variant *variant, size_t n, enum sort_type type)
{
	return variant->scratch ? variant->scratch(n, sort_type_size(type)) : 0;
}

int sort_run(const struct sort_variant *variant, const struct sort_job *job)
{
	if ((unsigned int)job->type >= SORT_TYPES || !(variant->types & (1U << job->type)))
		return -EINVAL;
	if (job->n > variant->max_n)
		return -E2BIG;
	if (variant->sort)
		return variant->sort(job);
	return algorithms[job->type]->sort(job, (enum sort_algorithm)variant->algorithm);
}

u64 sort_check(const void *data, size_t n, enum sort_type type)
{
	return algorithms[type]->check(data, n);
}
