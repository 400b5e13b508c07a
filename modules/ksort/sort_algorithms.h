/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the sort core: the algorithms, compiled once for each type. */
#ifndef KMB_SORT_ALGORITHMS_H
#define KMB_SORT_ALGORITHMS_H

#include "sort_core.h"

/* Values of sort_variant.algorithm. */
enum sort_algorithm {
	SORT_AUTO,
	SORT_BENTLEY_MCILROY,
	SORT_HEAP,
	SORT_INSERTION,
	SORT_INTRO,
	SORT_LSD_RADIX,
	SORT_MSD_RADIX,
	SORT_PARALLEL,
	SORT_PDQ,
	SORT_POWER,
	SORT_QUICK,
	SORT_SHELL,
	SORT_TIM,
};

/* The code of one type. */
struct sort_algorithms {
	u64 (*check)(const void *data, size_t n);
	int (*sort)(const struct sort_job *job, enum sort_algorithm algorithm);
};

/* Elements up to which auto needs but two bytes of counters for each. */
#define SORT_AUTO_SMALL		8192

/* Bytes of counters that go behind the elements; sort_typed.h asserts them. */
#define SORT_AUTO_FEW		(256 * (8 + 4))
#define SORT_AUTO_COUNTERS	(131072 + 3 * 512 * 4)
#define SORT_RADIX_TABLES	(2 * 8 * 256 * 4)

extern const struct sort_algorithms sort_i32_algorithms;
extern const struct sort_algorithms sort_u32_algorithms;
extern const struct sort_algorithms sort_i64_algorithms;
extern const struct sort_algorithms sort_u64_algorithms;

/* The same, counting into job->counts. */
extern const struct sort_algorithms sort_i32_counting;
extern const struct sort_algorithms sort_u32_counting;
extern const struct sort_algorithms sort_i64_counting;
extern const struct sort_algorithms sort_u64_counting;

#endif /* KMB_SORT_ALGORITHMS_H */
