// SPDX-License-Identifier: GPL-2.0-only
#include "sort_callback.h"

static size_t whole(size_t bytes)
{
	return (bytes + 7) & ~(size_t)7;
}

/* Room beside pointers to the elements; beside the elements takes less. */
static size_t room(size_t n, size_t size)
{
	return n * sizeof(void *) + whole(n * (size > sizeof(void *) ? size : sizeof(void *)));
}

size_t sort_callback_scratch(size_t n, size_t size)
{
	const struct sort_variant *v = sort_find("auto");
	struct sort_layout layout = { .record = (u32)size };
	size_t typed = sort_layout_scratch(v, n, SORT_U64, &layout);

	return typed > room(n, size) ? typed : room(n, size);
}

static int compare_arg(const void *left, const void *right, const void *arg)
{
	const struct sort_elements *e = arg;

	return e->compare((const char *)left + e->offset, (const char *)right + e->offset);
}

/* Pointers are sorted, elements gathered in their order and brought back. */
static int by_pointer(const struct sort_elements *e)
{
	const void **at = e->scratch;
	char *gathered = (char *)(at + e->n);
	int ret;

	for (size_t i = 0; i < e->n; i++)
		at[i] = (char *)e->data + i * e->size + e->offset;
	ret = sort_opaque_pointer(at, gathered, e->n, e->compare, e->pause);
	if (ret)
		return ret;
	for (size_t i = 0; i < e->n; i++)
		memcpy(gathered + i * e->size, (const char *)at[i] - e->offset, e->size);
	memcpy(e->data, gathered, e->n * e->size);
	return 0;
}

static int known(const struct sort_elements *e, const struct sort_known *k)
{
	struct sort_job job = {
		.data = e->data,
		.scratch = e->scratch,
		.n = e->n,
		.type = k->type,
		.pause = e->pause,
		.layout = {
			.record = e->size == sort_type_size(k->type) ? 0 : (u32)e->size,
			.offset = (u32)e->offset + k->offset,
			.descending = k->descending,
		},
	};

	return sort_run(sort_find("auto"), &job);
}

int sort_callback(const struct sort_elements *e)
{
	for (unsigned int i = 0; i < e->knowns; i++)
		if (e->known[i].compare == e->compare)
			return known(e, &e->known[i]);
	if (e->n < 2)
		return 0;	/* and there may be no array */
	if (!e->scratch)
		return sort_in_place(e->data, e->n, e->size, compare_arg, e, e->pause);
	if (e->offset)
		return by_pointer(e);
	if (e->size == 4)
		return sort_opaque32(e->data, e->scratch, e->n, e->compare, e->pause);
	if (e->size == 8)
		return sort_opaque64(e->data, e->scratch, e->n, e->compare, e->pause);
	return by_pointer(e);
}
