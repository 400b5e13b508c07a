// SPDX-License-Identifier: GPL-2.0-only
/* Elements of 8 bytes through a comparator. */
#include "sort_callback.h"

#define KEY		u64
#define ELEMENT(p)	(p)
#define OPAQUE		opaque_sort
#include "sort_opaque.h"

int sort_opaque64(void *data, void *room, size_t n, sort_compare compare,
		  const struct core_pause *pause)
{
	return opaque_sort(data, room, n, compare, pause);
}
