/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sorting as callers of the kernel's sort() ask for it: elements of any size and a
 * comparator, of which two ways are known to the core. A comparator that stands in a
 * table of known ones is not called at all: the elements go to the code of their
 * type, as records where they are more than their key. Any other one is called about
 * 1.15 log2 n! times where the elements are in no order.
 */
#ifndef KMB_SORT_CALLBACK_H
#define KMB_SORT_CALLBACK_H

#include "sort_core.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int (*sort_compare)(const void *left, const void *right);

/**
 * struct sort_known - what a comparator is known to do
 * @compare: its address
 * @type: of the key that it compares
 * @offset: of the key inside what it is handed
 * @descending: it puts the largest key first
 */
struct sort_known {
	sort_compare compare;
	enum sort_type type;
	u32 offset;
	bool descending;
};

/**
 * struct sort_elements - elements to be sorted by a comparator, stable
 * @data: @n elements of @size bytes; 4 and 8 bytes must be aligned to it
 * @scratch: sort_callback_scratch() bytes, aligned to 8, or NULL: sorted in place,
 *           slower, in O(n log^2 n)
 * @n: elements
 * @size: bytes of an element, at least 1
 * @compare: below 0 where left stands before right. One that contradicts itself
 *           gives some order of the same elements
 * @known: comparators to recognise, @knowns rows
 * @knowns: 0: call whatever @compare is
 * @pause: see struct sort_job
 * @offset: what @compare is handed is the address of an element and this
 */
struct sort_elements {
	void *data;
	void *scratch;
	size_t n;
	size_t size;
	sort_compare compare;
	const struct sort_known *known;
	unsigned int knowns;
	const struct core_pause *pause;
	size_t offset;
};

/* Bytes of scratch for @n elements of @size bytes. */
size_t sort_callback_scratch(size_t n, size_t size);

/* 0; -EINTR where the pause asked to stop: elements are then in any order. */
int sort_callback(const struct sort_elements *e);

/* Comparators of keys at any alignment, by type and whether the largest comes first. */
extern const struct sort_known sort_comparators[SORT_TYPES][2];

/*
 * Any job through the comparator of its type: unknown, or known by its address. The
 * unknown one counts nothing (-EINVAL with job->counts).
 */
int sort_by_callback(const struct sort_job *job);
int sort_by_known_callback(const struct sort_job *job);

/* Of struct sort_counted; for sort_variant.count. */
int sort_compare_counted(const void *left, const void *right);
int sort_count_callback(const struct sort_job *job);

/* Inside of the core: by kind of element; @room for @n of them. */
int sort_opaque32(void *data, void *room, size_t n, sort_compare compare,
		  const struct core_pause *pause);
int sort_opaque64(void *data, void *room, size_t n, sort_compare compare,
		  const struct core_pause *pause);
int sort_opaque_pointer(void *data, void *room, size_t n, sort_compare compare,
			const struct core_pause *pause);

/* Where no memory is: compares as sort_r()'s comparators do. Stable. */
int sort_in_place(void *data, size_t n, size_t size,
		  int (*compare)(const void *left, const void *right, const void *arg),
		  const void *arg, const struct core_pause *pause);

#ifdef __cplusplus
}
#endif

#endif /* KMB_SORT_CALLBACK_H */
