/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sorting cores of ksort: one table of named variants, one generator of inputs,
 * one check of results. No kernel calls, so user space builds the same files.
 */
#ifndef KMB_SORT_CORE_H
#define KMB_SORT_CORE_H

#include "core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Element types. Values are part of the device's interface: kmodbench_problem.type. */
enum sort_type {
	SORT_I32,
	SORT_U32,
	SORT_I64,
	SORT_U64,
	SORT_TYPES,
};

#define SORT_ALL_TYPES ((1U << SORT_TYPES) - 1)

/* Patterns of generated input. Values are kmodbench_problem.pattern. */
enum sort_pattern {
	SORT_RANDOM,		/* uniform over the whole range of the type */
	SORT_SORTED,		/* ascending, all different where the type allows */
	SORT_REVERSED,
	SORT_FEW_UNIQUE,	/* 16 different values */
	SORT_ALL_EQUAL,
	SORT_ORGAN_PIPE,	/* up, then down */
	SORT_SAWTOOTH,		/* i modulo about sqrt(n) */
	SORT_RUNS8,		/* 8 ascending runs of random values */
	SORT_SWAPS,		/* sorted, then 1 % of the elements swapped */
	SORT_ZIPF,		/* rank r with a probability of about 1/r */
	SORT_LOG_KEYS,		/* logarithm of the key is uniform */
	SORT_SMALL_RANGE,	/* random, 0 to 999 */
	SORT_KILLER,		/* worst case of a median-of-3 quicksort */
	SORT_STAGGER,		/* i * odd modulo n */
	SORT_PLATEAU,		/* ascending up to the middle, then constant */
	SORT_PATTERNS,
};

#define SORT_PARALLEL_MOST  8U		/* workers that the variant parallel has at most */
#define SORT_PARALLEL_LEAST 0x10000UL	/* elements below which it is auto */

struct sort_variant;

/**
 * struct sort_pool - others who work for the caller
 * @run: makes @jobs calls of @work, numbered from 0, some of them at the same time on
 *       other processors, and returns when all have returned. Each is handed the pause
 *       of the thread that it runs on
 * @workers: jobs that can run at the same time, the caller's included
 */
struct sort_pool {
	void (*run)(const struct sort_pool *pool,
		    void (*work)(void *arg, unsigned int job, const struct core_pause *pause),
		    void *arg, unsigned int jobs);
	unsigned int workers;
};

/**
 * struct sort_layout - where the key of an element is, and which order is meant
 * @record: bytes of an element, or 0: the element is the key, aligned for its type
 * @offset: of the key inside a record, at any alignment
 * @descending: largest first
 *
 * Records keep the order of equal keys, whatever the order; so do all variants of the
 * core's table.
 */
struct sort_layout {
	u32 record;
	u32 offset;
	bool descending;
};

/**
 * struct sort_job - one array to be sorted
 * @data: @n elements of @type, aligned for it, or records that hold one
 * @scratch: at least sort_layout_scratch() bytes, aligned to 8, or NULL: every variant
 *           then does without, some of them slower
 * @n: elements
 * @type: of the elements
 * @pause: asked at least once a millisecond of work, may be NULL
 * @layout: all zero: plain keys, ascending
 * @counts: NULL, or where comparisons and moves are added up; that takes longer
 * @pool: for the variant parallel; NULL, or without a second worker: it is auto
 */
struct sort_job {
	void *data;
	void *scratch;
	size_t n;
	enum sort_type type;
	const struct core_pause *pause;
	struct sort_layout layout;
	struct core_counts *counts;
	const struct sort_pool *pool;
};

#define SORT_STABLE	0x1	/* keeps the order of equal elements */
#define SORT_IN_PLACE	0x2	/* never uses scratch memory */
#define SORT_IDLE	0x4	/* does no work: result is not sorted */
#define SORT_LAYOUTS	0x8	/* its sort() does layouts, its scratch() wants whole elements */

/**
 * struct sort_variant - one way of sorting
 * @name: snake_case, unique
 * @flags: SORT_STABLE, SORT_IN_PLACE, SORT_IDLE, SORT_LAYOUTS
 * @types: bit set of element types
 * @max_n: largest number of elements taken; quadratic variants take few
 * @scratch: bytes for @n elements of @size bytes that it can use, or NULL for 0
 * @algorithm: of the core, used where @sort is NULL
 * @sort: sorts; 0, or -EINTR where the pause asked to stop: the array's content
 *        is then unspecified
 * @count: of a variant that cannot count in @sort: sorts records of struct
 *         sort_counted by their key, counting
 */
struct sort_variant {
	const char *name;
	unsigned int flags;
	unsigned int types;
	u64 max_n;
	size_t (*scratch)(size_t n, size_t size);
	unsigned int algorithm;
	int (*sort)(const struct sort_job *job);
	int (*count)(const struct sort_job *job);
};

/**
 * struct sort_counted - what a comparator without an argument can count by
 * @key: as u64 that orders as is meant
 * @counts: the same in all elements
 */
struct sort_counted {
	u64 key;
	struct core_counts *counts;
};

#define SORT_NOT_COUNTED (~0ULL)

/* Rows of the core, sorted by name. The module adds the kernel's own sorts. */
extern const struct sort_variant sort_variants[];
extern const unsigned int sort_variant_count;

extern const char *const sort_type_names[SORT_TYPES];
extern const char *const sort_pattern_names[SORT_PATTERNS];

/* NULL where no row has that name. */
const struct sort_variant *sort_find(const char *name);

/* Bytes of an element; 0 for a type that does not exist. */
size_t sort_type_size(enum sort_type type);

/* Bytes of scratch that @variant can use for @n elements. */
size_t sort_scratch(const struct sort_variant *variant, size_t n, enum sort_type type);

/* The same for a layout. */
size_t sort_layout_scratch(const struct sort_variant *variant, size_t n, enum sort_type type,
			   const struct sort_layout *layout);

/* Bytes of an element; 0 for a layout whose key does not lie inside its record. */
size_t sort_layout_size(enum sort_type type, const struct sort_layout *layout);

/* Key of element @i as u64 that orders as is meant. */
u64 sort_key_at(const struct sort_job *job, size_t i);

/* -EINVAL: a wrong layout, or a type that the variant does not take; -E2BIG: too many elements. */
int sort_run(const struct sort_variant *variant, const struct sort_job *job);

/*
 * Fills @n elements with @pattern. The same arguments give the same elements in
 * the kernel and in user space, on every machine of one byte order.
 */
void sort_fill(void *data, size_t n, enum sort_type type, enum sort_pattern pattern, u64 seed);

/*
 * Check value of an array: bit 0 says whether it is ascending, the other bits are
 * a hash that does not depend on the order. A right result has the value
 * sort_check(input) | 1.
 */
u64 sort_check(const void *data, size_t n, enum sort_type type);

/*
 * The same for any layout. The bytes of a record that are not its key say which one it
 * was: 0, 0, 0, 0, 1, 0, 0, 0, ... for 4 such bytes, fewer or again for fewer or more.
 * The check value covers all bytes, and its bit 0 is about the order that is meant.
 */
void sort_layout_fill(void *data, size_t n, enum sort_type type, const struct sort_layout *layout,
		      enum sort_pattern pattern, u64 seed);
u64 sort_layout_check(const void *data, size_t n, enum sort_type type,
		      const struct sort_layout *layout);

#ifdef __cplusplus
}
#endif

#endif /* KMB_SORT_CORE_H */
