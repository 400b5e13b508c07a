/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the sort core: the algorithms, compiled once for each type. */
#ifndef KMB_SORT_ALGORITHMS_H
#define KMB_SORT_ALGORITHMS_H

#include "sort_core.h"

struct sort_algorithms {
	int (*auto_)(const struct sort_job *job);
	int (*heap)(const struct sort_job *job);
	int (*insertion)(const struct sort_job *job);
	int (*quick)(const struct sort_job *job);
	int (*shell)(const struct sort_job *job);
};

/* What `auto` needs beside @n elements: counters. */
#define SORT_AUTO_LEAF		8192
#define SORT_AUTO_COUNTERS	(65536 + 3 * 512 * 4)

extern const struct sort_algorithms sort_i32_algorithms;
extern const struct sort_algorithms sort_u32_algorithms;
extern const struct sort_algorithms sort_i64_algorithms;
extern const struct sort_algorithms sort_u64_algorithms;

#endif /* KMB_SORT_ALGORITHMS_H */
