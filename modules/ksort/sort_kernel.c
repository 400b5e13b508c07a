// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own sort() as a variant: heapsort through a comparator.
 *
 * sort() can neither be stopped nor made to reschedule, and 10^7 elements take it
 * seconds. So beyond UNWATCHED elements the comparator does both: it breathes, and
 * once its task is being killed it calls everything equal, which ends the sort
 * soon. Up to UNWATCHED elements it is the bare comparison.
 */
#include <linux/sort.h>

#include "sort_kernel.h"

#define UNWATCHED 1000000UL	/* some 0.3 s of sort() */
#define BREATH	  16384U	/* comparisons */

/**
 * struct watch - what the comparator of a long sort carries
 * @type: of the elements
 * @pause: how it breathes
 * @since: comparisons since the last breath
 * @stopped: the task is being killed
 */
struct watch {
	enum sort_type type;
	const struct core_pause *pause;
	unsigned int since;
	bool stopped;
};

static int compare_i32(const void *left, const void *right)
{
	s32 x = *(const s32 *)left, y = *(const s32 *)right;

	return (x > y) - (x < y);
}

static int compare_u32(const void *left, const void *right)
{
	u32 x = *(const u32 *)left, y = *(const u32 *)right;

	return (x > y) - (x < y);
}

static int compare_i64(const void *left, const void *right)
{
	s64 x = *(const s64 *)left, y = *(const s64 *)right;

	return (x > y) - (x < y);
}

static int compare_u64(const void *left, const void *right)
{
	u64 x = *(const u64 *)left, y = *(const u64 *)right;

	return (x > y) - (x < y);
}

static const cmp_func_t compare[SORT_TYPES] = {
	[SORT_I32] = compare_i32,
	[SORT_U32] = compare_u32,
	[SORT_I64] = compare_i64,
	[SORT_U64] = compare_u64,
};

static int compare_watched(const void *left, const void *right, const void *arg)
{
	struct watch *watch = (struct watch *)arg;

	if (unlikely(++watch->since == BREATH)) {
		watch->since = 0;
		watch->stopped = watch->stopped || core_stop(watch->pause);
	}
	if (unlikely(watch->stopped))
		return 0;
	switch (watch->type) {
	case SORT_I32:
		return compare_i32(left, right);
	case SORT_U32:
		return compare_u32(left, right);
	case SORT_I64:
		return compare_i64(left, right);
	default:
		return compare_u64(left, right);
	}
}

static int kernel_sort(const struct sort_job *job)
{
	struct watch watch = { .type = job->type, .pause = job->pause };
	int size = (int)sort_type_size(job->type);

	if (job->n <= UNWATCHED)
		sort(job->data, job->n, size, compare[job->type], NULL);
	else
		sort_r(job->data, job->n, size, compare_watched, NULL, &watch);
	return watch.stopped ? -EINTR : 0;
}

const struct sort_variant sort_kernel_variants[] = {
	{ "kernel_sort", SORT_IN_PLACE, SORT_ALL_TYPES, 0x7fffffff, NULL, 0,
	  kernel_sort },
};

const unsigned int sort_kernel_variant_count = ARRAY_SIZE(sort_kernel_variants);
