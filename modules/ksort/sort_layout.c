// SPDX-License-Identifier: GPL-2.0-only
/* Inputs and check values of records and of descending keys. */
#include "sort_callback.h"

/* Byte @at of what stands beside the key of record @i. */
static u8 tag(size_t i, size_t at)
{
	return (u8)(i >> 8 * (at % sizeof(u32)));
}

void sort_layout_fill(void *data, size_t n, enum sort_type type, const struct sort_layout *layout,
		      enum sort_pattern pattern, u64 seed)
{
	size_t size = sort_type_size(type), record = layout->record;
	char *to = data;
	size_t i;

	sort_fill(data, n, type, pattern, seed);
	if (!record)
		return;
	/* Spread from the last one on: keys that are still to come lie below. */
	for (i = n; i-- > 0;) {
		char *at = to + i * record;
		u64 key;
		size_t b;

		memcpy(&key, to + i * size, size);
		for (b = 0; b < layout->offset; b++)
			at[b] = (char)tag(i, b);
		memcpy(at + layout->offset, &key, size);
		for (; b < record - size; b++)
			at[b + size] = (char)tag(i, b);
	}
}

/* Stafford's variant 13 of the finaliser of MurmurHash3 (2011). */
static u64 mix(u64 x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

static u64 hash_record(const char *at, size_t record)
{
	u64 hash = record;

	while (record > 0) {
		size_t size = record < sizeof(u64) ? record : sizeof(u64);
		u64 word = 0;

		memcpy(&word, at, size);
		hash = mix(hash ^ word) + 0x9e3779b97f4a7c15ULL;
		at += size;
		record -= size;
	}
	return hash;
}

u64 sort_layout_check(const void *data, size_t n, enum sort_type type,
		      const struct sort_layout *layout)
{
	sort_compare compare = sort_comparators[type][layout->descending].compare;
	size_t size = sort_layout_size(type, layout);
	const char *at = data;
	u64 sum = n;
	bool ordered = true;
	size_t i;

	if (!layout->record && !layout->descending)
		return sort_check(data, n, type);
	for (i = 1; i < n && ordered; i++)
		ordered = compare(at + (i - 1) * size + layout->offset,
				  at + i * size + layout->offset) <= 0;
	if (!layout->record)
		return (sort_check(data, n, type) & ~1ULL) | ordered;
	for (i = 0; i < n; i++)
		sum += hash_record(at + i * size, size);
	return (sum & ~1ULL) | ordered;
}
