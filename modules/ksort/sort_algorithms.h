/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the sort core: the algorithms, compiled once for each type. */
#ifndef KMB_SORT_ALGORITHMS_H
#define KMB_SORT_ALGORITHMS_H

#include "sort_core.h"

/* Values of sort_variant.algorithm. */
enum sort_algorithm {
	SORT_AUTO,
	SORT_HEAP,
	SORT_INSERTION,
	SORT_QUICK,
	SORT_SHELL,
};

/* The code of one type. */
struct sort_algorithms {
	u64 (*check)(const void *data, size_t n);
	int (*sort)(const struct sort_job *job, enum sort_algorithm algorithm);
};

/* What `auto` needs beside @n elements: counters. */
#define SORT_AUTO_LEAF		8192
#define SORT_AUTO_COUNTERS	(65536 + 3 * 512 * 4)

extern const struct sort_algorithms sort_i32_algorithms;
extern const struct sort_algorithms sort_u32_algorithms;
extern const struct sort_algorithms sort_i64_algorithms;
extern const struct sort_algorithms sort_u64_algorithms;

#endif /* KMB_SORT_ALGORITHMS_H */
