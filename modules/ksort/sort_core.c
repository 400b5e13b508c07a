// SPDX-License-Identifier: GPL-2.0-only
/* The table of variants and the way from a job to the code of its type. */
#include "sort_core.h"
#include "sort_algorithms.h"
#include "sort_callback.h"
#include "sort_record.h"

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

static const struct sort_algorithms *const counting[SORT_TYPES] = {
	[SORT_I32] = &sort_i32_counting,
	[SORT_U32] = &sort_u32_counting,
	[SORT_I64] = &sort_i64_counting,
	[SORT_U64] = &sort_u64_counting,
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
	/* 72: the least that a leaf of few elements clears */
	size_t counters = whole(n + 72, 2);

	if (counters < SORT_AUTO_FEW)
		counters = SORT_AUTO_FEW;
	return whole(n, size) + (n <= SORT_AUTO_SMALL ? counters : SORT_AUTO_COUNTERS);
}

static size_t scratch_parallel(size_t n, size_t size)
{
	if (n < SORT_PARALLEL_LEAST)
		return scratch_auto(n, size);
	return whole(n, size) + SORT_PARALLEL_MOST * SORT_AUTO_COUNTERS;
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
	{ .name = "callback", .flags = SORT_STABLE | SORT_LAYOUTS, .types = SORT_ALL_TYPES,
	  .max_n = ANY_N, .scratch = sort_callback_scratch, .sort = sort_by_callback,
	  .count = sort_count_callback },
	{ .name = "callback_known", .flags = SORT_STABLE | SORT_LAYOUTS, .types = SORT_ALL_TYPES,
	  .max_n = ANY_N, .scratch = sort_callback_scratch, .sort = sort_by_known_callback },
	ROW("heap", SORT_IN_PLACE, ANY_N, NULL, SORT_HEAP),
	ROW("insertion", SORT_IN_PLACE | SORT_STABLE, FEW_N, NULL, SORT_INSERTION),
	ROW("intro", SORT_IN_PLACE, ANY_N, NULL, SORT_INTRO),
	ROW("lsd_radix", 0, ANY_N, scratch_lsd, SORT_LSD_RADIX),
	ROW("msd_radix", 0, ANY_N, scratch_msd, SORT_MSD_RADIX),
	{ .name = "nop", .flags = SORT_IN_PLACE | SORT_IDLE, .types = SORT_ALL_TYPES,
	  .max_n = ANY_N, .sort = sort_nop },
	ROW("parallel", 0, ANY_N, scratch_parallel, SORT_PARALLEL),
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

size_t sort_layout_size(enum sort_type type, const struct sort_layout *layout)
{
	size_t key = sort_type_size(type);

	if (!layout->record)
		return layout->offset ? 0 : key;
	return layout->record >= key && layout->offset <= layout->record - key ? layout->record : 0;
}

size_t sort_layout_scratch(const struct sort_variant *variant, size_t n, enum sort_type type,
			   const struct sort_layout *layout)
{
	if (variant->flags & SORT_LAYOUTS)
		return variant->scratch ? variant->scratch(n, sort_layout_size(type, layout)) : 0;
	if (!layout->record)
		return sort_scratch(variant, n, type);
	return sort_record_scratch(n, layout->record, sort_scratch(variant, n, SORT_U64));
}

/* Of plain keys nobody can tell equal ones apart. */
static void reverse_order(const struct sort_job *job)
{
	if (sort_type_size(job->type) == 4) {
		u32 *a = job->data, keep;

		for (size_t i = 0, j = job->n; i + 1 < j--; i++) {
			keep = a[i];
			a[i] = a[j];
			a[j] = keep;
		}
	} else {
		u64 *a = job->data, keep;

		for (size_t i = 0, j = job->n; i + 1 < j--; i++) {
			keep = a[i];
			a[i] = a[j];
			a[j] = keep;
		}
	}
	if (job->counts)
		job->counts->moves += job->n / 2 * 3;
}

int sort_run(const struct sort_variant *variant, const struct sort_job *job)
{
	const struct sort_algorithms *typed;
	int ret;

	if ((unsigned int)job->type >= SORT_TYPES || !(variant->types & (1U << job->type)))
		return -EINVAL;
	if (!sort_layout_size(job->type, &job->layout))
		return -EINVAL;
	if (job->n > variant->max_n)
		return -E2BIG;
	if (variant->flags & (SORT_IDLE | SORT_LAYOUTS))
		return variant->sort(job);
	if (job->layout.record)
		return sort_records(job, variant);
	typed = job->counts ? counting[job->type] : algorithms[job->type];
	ret = variant->sort ? variant->sort(job) :
			      typed->sort(job, (enum sort_algorithm)variant->algorithm);
	if (!ret && job->layout.descending)
		reverse_order(job);
	return ret;
}

u64 sort_check(const void *data, size_t n, enum sort_type type)
{
	return algorithms[type]->check(data, n);
}
