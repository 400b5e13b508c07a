/* SPDX-License-Identifier: GPL-2.0-only */
/* Inside of the sort core: the variant that lets others work, too. */
#ifndef KMB_SORT_PARALLEL_H
#define KMB_SORT_PARALLEL_H

#include "sort_core.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SORT_PARALLEL_MOST  8U		/* workers at most */
#define SORT_PARALLEL_LEAST 0x20000UL	/* elements below which one thread is as fast */

size_t sort_parallel_scratch(size_t n, size_t size);
int sort_parallel(const struct sort_job *job);

#ifdef __cplusplus
}
#endif

#endif /* KMB_SORT_PARALLEL_H */
