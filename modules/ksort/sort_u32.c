// SPDX-License-Identifier: GPL-2.0-only
/* The algorithms for one type of element. */
#define KEY		u32
#define UKEY		u32
#define KEY_BITS	32
#define KEY_FLIP	0U	/* key ^ KEY_FLIP as UKEY keeps the order */
#ifdef SORT_COUNTING
#define ALGORITHMS	sort_u32_counting
#else
#define ALGORITHMS	sort_u32_algorithms
#endif
#include "sort_typed.h"
