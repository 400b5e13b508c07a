// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own sorts as variants: sort(), a heapsort through a comparator, and
 * list_sort(), a merge sort of linked lists, for which the array is made into a
 * list and back inside the measured work: that is what sorting an array by it costs.
 *
 * Neither can be stopped or made to reschedule, and 10^7 elements take them
 * seconds. So beyond UNWATCHED elements the comparator reschedules, and once its
 * task is being killed it claims an order that ends the sort soonest; that still
 * takes n log2 n calls, which is why MAX_N is lower than the device's limit. Up to
 * UNWATCHED elements it is the bare comparison.
 */
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/sort.h>

#include "kmb_config.h"
#include "sort_kernel.h"

#define UNWATCHED 1000000UL	/* some 0.3 s of sort() */
#define BREATH	  16384U	/* comparisons */
#define MAX_N	  0x400000	/* elements */

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

/* Counts a comparison; true: the task is being killed, be done soon. */
static bool watch_stops(struct watch *watch)
{
	if (unlikely(++watch->since == BREATH)) {
		watch->since = 0;
		/* also when stopped already: it is what reschedules */
		watch->stopped |= core_stop(watch->pause);
	}
	return unlikely(watch->stopped);
}

static int compare_watched(const void *left, const void *right, const void *arg)
{
	struct watch *watch = (struct watch *)arg;

	if (watch_stops(watch))
		return -1;
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

#ifdef KMB_EXPORTS_LIST_SORT

#ifdef KMB_HAVE_LIST_SORT_CONST
#define LIST_NODE const struct list_head
#else
#define LIST_NODE struct list_head
#endif

/* Keys are kept as 64 bits that order as s64 does, so one comparator serves all types. */
struct item {
	struct list_head list;
	s64 key;
};

static int compare_items(void *unused, LIST_NODE *left, LIST_NODE *right)
{
	return list_entry(left, struct item, list)->key > list_entry(right, struct item, list)->key;
}

static int compare_items_watched(void *watch, LIST_NODE *left, LIST_NODE *right)
{
	return watch_stops(watch) ? -1 : compare_items(NULL, left, right);
}

static s64 load_key(const struct sort_job *job, size_t i)
{
	switch (job->type) {
	case SORT_I32:
		return ((const s32 *)job->data)[i];
	case SORT_U32:
		return ((const u32 *)job->data)[i];
	case SORT_I64:
		return ((const s64 *)job->data)[i];
	default:
		return (s64)(((const u64 *)job->data)[i] ^ (1ULL << 63));
	}
}

static void store_key(const struct sort_job *job, size_t i, s64 key)
{
	switch (job->type) {
	case SORT_I32:
	case SORT_U32:
		((u32 *)job->data)[i] = (u32)key;
		break;
	case SORT_I64:
		((s64 *)job->data)[i] = key;
		break;
	default:
		((u64 *)job->data)[i] = (u64)key ^ (1ULL << 63);
		break;
	}
}

static int kernel_list_sort(const struct sort_job *job)
{
	struct watch watch = { .type = job->type, .pause = job->pause };
	struct item *items = job->scratch, *item;
	LIST_HEAD(head);
	size_t i;

	if (!items)
		return kernel_sort(job);
	for (i = 0; i < job->n; i++) {
		items[i].key = load_key(job, i);
		list_add_tail(&items[i].list, &head);
	}
	if (job->n <= UNWATCHED)
		list_sort(NULL, &head, compare_items);
	else
		list_sort(&watch, &head, compare_items_watched);
	i = 0;
	list_for_each_entry(item, &head, list)
		store_key(job, i++, item->key);
	return watch.stopped ? -EINTR : 0;
}

static size_t scratch_items(size_t n, size_t size)
{
	return n * sizeof(struct item);
}

#endif /* KMB_EXPORTS_LIST_SORT */

const struct sort_variant sort_kernel_variants[] = {
#ifdef KMB_EXPORTS_LIST_SORT
	{ "kernel_list_sort", SORT_STABLE, SORT_ALL_TYPES, MAX_N, scratch_items, 0,
	  kernel_list_sort },
#endif
	{ "kernel_sort", SORT_IN_PLACE, SORT_ALL_TYPES, MAX_N, NULL, 0,
	  kernel_sort },
};

const unsigned int sort_kernel_variant_count = ARRAY_SIZE(sort_kernel_variants);
