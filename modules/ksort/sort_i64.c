// SPDX-License-Identifier: GPL-2.0-only
/* The algorithms for one type of element. */
#define KEY		s64
#define UKEY		u64
#define KEY_BITS	64
#define KEY_FLIP	0x8000000000000000ULL	/* key ^ KEY_FLIP as UKEY keeps the order */
#define ALGORITHMS	sort_i64_algorithms
#include "sort_typed.h"
