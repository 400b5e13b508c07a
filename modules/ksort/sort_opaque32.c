// SPDX-License-Identifier: GPL-2.0-only
/* Elements of 4 bytes through a comparator. */
#include "sort_callback.h"

#define KEY		u32
#define ELEMENT(p)	(p)
#define OPAQUE		opaque_sort
#include "sort_opaque.h"

int sort_opaque32(void *data, void *room, size_t n, sort_compare compare,
		  const struct core_pause *pause)
{
	return opaque_sort(data, room, n, compare, pause);
}
