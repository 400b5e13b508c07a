// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records by a key inside them, with any variant: key and place are packed into a
 * word of 64 bits, the words are sorted as u64, the records follow their places. The
 * place stands in the lower bits, so equal keys keep their order whatever the variant
 * does. Of a key that is too wide to stand beside the place, its upper bits do; where
 * records share these, the lower bits alone are packed and sorted in a second turn,
 * which always has room for them: 64 - log2 n bits and as many again are 64 or more.
 */
#include "sort_record.h"
#include "sort_callback.h"

size_t sort_record_scratch(size_t n, size_t record, size_t words)
{
	size_t gather = (n * record + 7) & ~(size_t)7;

	return n * sizeof(u64) + (words > gather ? words : gather);
}

static __always_inline u64 key_of(const struct sort_job *job, const char *at)
{
	u64 key;
	u32 narrow;

	switch (job->type) {
	case SORT_I32:
	case SORT_U32:
		memcpy(&narrow, at, sizeof(narrow));
		key = job->type == SORT_I32 ? narrow ^ 0x80000000U : narrow;
		return job->layout.descending ? key ^ 0xffffffffU : key;
	default:
		memcpy(&key, at, sizeof(key));
		key ^= job->type == SORT_I64 ? 1ULL << 63 : 0;
		return job->layout.descending ? ~key : key;
	}
}

/* The key of a record as u64 that orders as asked. */
static u64 key_at(const struct sort_job *job, size_t i)
{
	return key_of(job, (const char *)job->data + i * job->layout.record + job->layout.offset);
}

u64 sort_key_at(const struct sort_job *job, size_t i)
{
	size_t size = sort_layout_size(job->type, &job->layout);

	return key_of(job, (const char *)job->data + i * size + job->layout.offset);
}

static int compare_records(const void *left, const void *right, const void *arg)
{
	struct sort_job one = *(const struct sort_job *)arg;
	u64 x, y;

	one.data = (void *)left;
	x = key_at(&one, 0);
	one.data = (void *)right;
	y = key_at(&one, 0);
	return (x > y) - (x < y);
}

static unsigned int bits_of(u64 x)
{
	return x ? 64 - (unsigned int)__builtin_clzll(x) : 0;
}

struct packing {
	unsigned int place;	/* bits of a place */
	unsigned int shift;	/* lower bits of a key that found no room */
};

/*
 * Packs the keys of @n records, whose places are i or stand in words[i], given that
 * their keys span at least the bits that are left out. Returns what was left out.
 */
static struct packing pack(const struct sort_job *job, u64 *words, size_t n, bool again)
{
	struct packing p = { .place = bits_of(job->n - 1) };
	u64 mask = (1ULL << p.place) - 1;
	u64 low = ~0ULL, high = 0;

	for (size_t i = 0; i < n; i++) {
		u64 key = key_at(job, again ? (size_t)(words[i] & mask) : i);

		low = key < low ? key : low;
		high = key > high ? key : high;
	}
	if (bits_of(high - low) + p.place > 64)
		p.shift = bits_of(high - low) + p.place - 64;
	for (size_t i = 0; i < n; i++) {
		u64 place = again ? words[i] & mask : i;

		words[i] = ((key_at(job, (size_t)place) - low) >> p.shift) << p.place | place;
	}
	return p;
}

static int sort_words(const struct sort_job *job, const struct sort_variant *variant, u64 *words,
		      size_t n)
{
	struct sort_job next = {
		.data = words,
		.scratch = (u64 *)job->scratch + job->n,
		.n = n,
		.type = SORT_U64,
		.pause = job->pause,
		.counts = job->counts,
		.pool = job->pool,
	};

	return sort_run(variant, &next);
}

/* Second turn, for each group of records whose packed keys are the same. */
static int sort_groups(const struct sort_job *job, const struct sort_variant *variant, u64 *words,
		       const struct packing *p)
{
	int ret = 0;

	for (size_t i = 0, end; i < job->n && !ret; i = end) {
		u64 key = words[i] >> p->place;

		for (end = i + 1; end < job->n && words[end] >> p->place == key;)
			end++;
		if (end - i > 1) {
			pack(job, words + i, end - i, true);
			ret = sort_words(job, variant, words + i, end - i);
		}
	}
	return ret;
}

int sort_records(const struct sort_job *job, const struct sort_variant *variant)
{
	size_t record = job->layout.record;
	u64 *words = job->scratch;
	char *gathered = (char *)(words + job->n);
	struct packing p;
	u64 mask;
	int ret;

	if (job->n < 2)
		return 0;
	if (!words)
		return sort_in_place(job->data, job->n, record, compare_records, job, job->pause);
	p = pack(job, words, job->n, false);
	ret = sort_words(job, variant, words, job->n);
	if (!ret && p.shift)
		ret = sort_groups(job, variant, words, &p);
	if (ret)
		return ret;
	mask = (1ULL << p.place) - 1;
	for (size_t i = 0; i < job->n; i++)
		memcpy(gathered + i * record, (char *)job->data + (words[i] & mask) * record,
		       record);
	memcpy(job->data, gathered, job->n * record);
	return 0;
}
