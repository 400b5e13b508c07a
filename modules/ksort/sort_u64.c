// SPDX-License-Identifier: GPL-2.0-only
/* The algorithms for one type of element. */
#define KEY		u64
#define UKEY		u64
#define KEY_BITS	64
#define KEY_FLIP	0ULL	/* key ^ KEY_FLIP as UKEY keeps the order */
#ifdef SORT_COUNTING
#define ALGORITHMS	sort_u64_counting
#else
#define ALGORITHMS	sort_u64_algorithms
#endif
#include "sort_typed.h"
