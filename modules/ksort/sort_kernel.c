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
#include "sort_callback.h"
#include "sort_kernel.h"

#define UNWATCHED 1000000UL	/* some 0.3 s of sort() */
#define BREATH	  16384U	/* comparisons */
#define MAX_N	  0x400000	/* elements */

/**
 * struct watch - what the comparator of a long sort carries
 * @compare: of the keys
 * @offset: of the key inside an element
 * @pause: how it breathes
 * @since: comparisons since the last breath
 * @stopped: the task is being killed
 */
struct watch {
	sort_compare compare;
	size_t offset;
	const struct core_pause *pause;
	unsigned int since;
	bool stopped;
};

static struct watch watch_of(const struct sort_job *job)
{
	struct watch watch = {
		.compare = sort_comparators[job->type][job->layout.descending].compare,
		.offset = job->layout.offset,
		.pause = job->pause,
	};

	return watch;
}

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
	return watch->compare(left + watch->offset, right + watch->offset);
}

static int kernel_sort(const struct sort_job *job)
{
	struct watch watch = watch_of(job);
	int size = (int)sort_layout_size(job->type, &job->layout);

	if (job->n <= UNWATCHED && !watch.offset)
		sort(job->data, job->n, size, watch.compare, NULL);
	else
		sort_r(job->data, job->n, size, compare_watched, NULL, &watch);
	return watch.stopped ? -EINTR : 0;
}

static void swap_counted(void *left, void *right, int size)
{
	struct sort_counted *x = left, *y = right;

	swap(x->key, y->key);
	x->counts->moves += 3;
}

static int count_sort(const struct sort_job *job)
{
	if (job->n > UNWATCHED)
		return -E2BIG;
	sort(job->data, job->n, sizeof(struct sort_counted), sort_compare_counted, swap_counted);
	return 0;
}

#ifdef KMB_EXPORTS_LIST_SORT

#ifdef KMB_HAVE_LIST_SORT_CONST
#define LIST_NODE const struct list_head
#else
#define LIST_NODE struct list_head
#endif

/*
 * Keys are kept as 64 bits that order as s64 does, so one comparator serves all types
 * and orders. Item i is made of element i.
 */
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

/* ~key falls as key rises. */
static s64 load_key(const struct sort_job *job, size_t size, size_t i)
{
	const void *at = job->data + i * size + job->layout.offset;
	s64 key;
	u32 narrow;

	switch (job->type) {
	case SORT_I32:
	case SORT_U32:
		memcpy(&narrow, at, sizeof(narrow));
		key = job->type == SORT_I32 ? (s64)(s32)narrow : (s64)narrow;
		break;
	default:
		memcpy(&key, at, sizeof(key));
		if (job->type == SORT_U64)
			key ^= S64_MIN;
		break;
	}
	return job->layout.descending ? ~key : key;
}

static void store_key(const struct sort_job *job, size_t i, s64 key)
{
	if (job->layout.descending)
		key = ~key;
	switch (job->type) {
	case SORT_I32:
	case SORT_U32:
		((u32 *)job->data)[i] = (u32)key;
		break;
	case SORT_I64:
		((s64 *)job->data)[i] = key;
		break;
	default:
		((s64 *)job->data)[i] = key ^ S64_MIN;
		break;
	}
}

/* Records follow their items, by way of the memory behind the items. */
static void gather(const struct sort_job *job, const struct item *items, struct list_head *head)
{
	size_t record = job->layout.record;
	char *gathered = (char *)(items + job->n), *to = gathered;
	const struct item *item;

	list_for_each_entry(item, head, list) {
		memcpy(to, job->data + (item - items) * record, record);
		to += record;
	}
	memcpy(job->data, gathered, job->n * record);
}

static int kernel_list_sort(const struct sort_job *job)
{
	struct watch watch = watch_of(job);
	size_t size = sort_layout_size(job->type, &job->layout);
	struct item *items = job->scratch, *item;
	LIST_HEAD(head);
	size_t i;

	/* Without memory it is the work of others; equal keys alone can be told apart by nobody. */
	if (!items)
		return job->layout.record ? sort_by_callback(job) : kernel_sort(job);
	for (i = 0; i < job->n; i++) {
		items[i].key = load_key(job, size, i);
		list_add_tail(&items[i].list, &head);
	}
	if (job->n <= UNWATCHED)
		list_sort(NULL, &head, compare_items);
	else
		list_sort(&watch, &head, compare_items_watched);
	if (watch.stopped)
		return -EINTR;
	if (job->layout.record) {
		gather(job, items, &head);
		return 0;
	}
	i = 0;
	list_for_each_entry(item, &head, list)
		store_key(job, i++, item->key);
	return 0;
}

static int compare_items_counted(void *counts, LIST_NODE *left, LIST_NODE *right)
{
	((struct core_counts *)counts)->comparisons++;
	return compare_items(NULL, left, right);
}

/* Of elements there are two moves: into the list, and out of it. */
static int count_list_sort(const struct sort_job *job)
{
	const struct sort_counted *first = job->data;
	struct item *items = job->scratch;
	LIST_HEAD(head);
	size_t i;

	if (job->n > UNWATCHED)
		return -E2BIG;
	for (i = 0; i < job->n; i++) {
		items[i].key = load_key(job, sizeof(*first), i);
		list_add_tail(&items[i].list, &head);
	}
	if (job->n) {
		list_sort(first->counts, &head, compare_items_counted);
		first->counts->moves = 2 * job->n;
	}
	gather(job, items, &head);
	return 0;
}

static size_t scratch_items(size_t n, size_t size)
{
	return n * (sizeof(struct item) + size);
}

#endif /* KMB_EXPORTS_LIST_SORT */

const struct sort_variant sort_kernel_variants[] = {
#ifdef KMB_EXPORTS_LIST_SORT
	{ .name = "kernel_list_sort", .flags = SORT_STABLE | SORT_LAYOUTS,
	  .types = SORT_ALL_TYPES, .max_n = MAX_N, .scratch = scratch_items,
	  .sort = kernel_list_sort, .count = count_list_sort },
#endif
	{ .name = "kernel_sort", .flags = SORT_IN_PLACE | SORT_LAYOUTS,
	  .types = SORT_ALL_TYPES, .max_n = MAX_N,
	  .sort = kernel_sort, .count = count_sort },
};

const unsigned int sort_kernel_variant_count = ARRAY_SIZE(sort_kernel_variants);
