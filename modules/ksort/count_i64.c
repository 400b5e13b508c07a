// SPDX-License-Identifier: GPL-2.0-only
/* The same source once more, for the counting pass. */
#define SORT_COUNTING
#include "sort_i64.c"
