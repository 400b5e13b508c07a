// SPDX-License-Identifier: GPL-2.0-only
/* Elements of any size through a comparator, by pointers to them. */
#include "sort_callback.h"

typedef const void *element_pointer;
#define KEY		element_pointer
#define ELEMENT(p)	(*(p))
#define OPAQUE		opaque_sort
#include "sort_opaque.h"

int sort_opaque_pointer(void *data, void *room, size_t n, sort_compare compare,
			const struct core_pause *pause)
{
	return opaque_sort(data, room, n, compare, pause);
}
