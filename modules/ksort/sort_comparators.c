// SPDX-License-Identifier: GPL-2.0-only
/* The comparators that callers of sort() write for keys, and the core's table of them. */
#include "sort_callback.h"

#define COMPARATOR(NAME, KEY, BEFORE)					\
static int NAME(const void *left, const void *right)			\
{									\
	KEY x, y;							\
									\
	memcpy(&x, left, sizeof(x));					\
	memcpy(&y, right, sizeof(y));					\
	return (y BEFORE x) - (x BEFORE y);				\
}

COMPARATOR(rising_i32, s32, <)
COMPARATOR(rising_u32, u32, <)
COMPARATOR(rising_i64, s64, <)
COMPARATOR(rising_u64, u64, <)
COMPARATOR(falling_i32, s32, >)
COMPARATOR(falling_u32, u32, >)
COMPARATOR(falling_i64, s64, >)
COMPARATOR(falling_u64, u64, >)

const struct sort_known sort_comparators[SORT_TYPES][2] = {
	[SORT_I32] = { { rising_i32, SORT_I32, 0, false }, { falling_i32, SORT_I32, 0, true } },
	[SORT_U32] = { { rising_u32, SORT_U32, 0, false }, { falling_u32, SORT_U32, 0, true } },
	[SORT_I64] = { { rising_i64, SORT_I64, 0, false }, { falling_i64, SORT_I64, 0, true } },
	[SORT_U64] = { { rising_u64, SORT_U64, 0, false }, { falling_u64, SORT_U64, 0, true } },
};

static int by_comparator(const struct sort_job *job, unsigned int knowns)
{
	struct sort_elements e = {
		.data = job->data,
		.scratch = job->scratch,
		.n = job->n,
		.size = sort_layout_size(job->type, &job->layout),
		.offset = job->layout.offset,
		.compare = sort_comparators[job->type][job->layout.descending].compare,
		.known = sort_comparators[0],
		.knowns = knowns,
		.pause = job->pause,
	};

	return sort_callback(&e);
}

int sort_by_callback(const struct sort_job *job)
{
	return job->counts ? -EINVAL : by_comparator(job, 0);
}

int sort_compare_counted(const void *left, const void *right)
{
	const struct sort_counted *x = left, *y = right;

	x->counts->comparisons++;
	return (x->key > y->key) - (x->key < y->key);
}

int sort_count_callback(const struct sort_job *job)
{
	const struct sort_counted *first = job->data;
	struct sort_elements e = {
		.data = job->data,
		.scratch = job->scratch,
		.n = job->n,
		.size = sizeof(*first),
		.compare = sort_compare_counted,
		.pause = job->pause,
	};

	if (job->n)
		first->counts->moves = SORT_NOT_COUNTED;
	return sort_callback(&e);
}

int sort_by_known_callback(const struct sort_job *job)
{
	/* What it comes to, for the counting pass. */
	if (job->counts)
		return sort_run(sort_find("auto"), job);
	return by_comparator(job, 2 * SORT_TYPES);
}
