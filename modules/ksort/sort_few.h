/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Few different values, however far apart: counted by a small hash table, then written
 * out in order. A sample decides whether that is tried.
 */

#define FEW_SLOTS	256	/* of the table; 64 for few elements, which then are cleared */
#define FEW_MOST	SMALL_MAX	/* different values */
#define FEW_SAMPLE	16	/* elements, and twice as many of more than 256 */
#define FEW_SEEN(k)	((k) * 11 / 16)	/* hashes of @k elements with 16 values */

/**
 * struct few_values - table with open addressing
 * @key: of a slot; any where nothing was counted
 * @count: 0: the slot is free
 */
struct few_values {
	KEY key[FEW_SLOTS];
	u32 count[FEW_SLOTS];
};

static __always_inline size_t few_hash(KEY x, unsigned int bits)
{
#if KEY_BITS == 32
	return (UKEY)x * 0x9e3779b1U >> (32 - bits);
#else
	return (size_t)((UKEY)x * 0x9e3779b97f4a7c15ULL >> (64 - bits));
#endif
}

static __always_inline bool looks_few(const KEY *a, size_t n)
{
	unsigned int sample = n < 256 ? FEW_SAMPLE : 2 * FEW_SAMPLE;
	unsigned int seen = 0;
	u64 hashes = 0;

	for (u64 i = 0; i < sample; i++) {
		/* By the golden section: no period of the data is the sample's. */
		size_t at = (size_t)((i * 0x9e3779b1U & 0xffffffffU) * n >> 32);
		u64 bit = 1ULL << few_hash(a[at], 6);

		seen += !(hashes & bit);
		hashes |= bit;
	}
	return seen <= FEW_SEEN(sample);
}

/* Slot of @x, or the free one where it goes. */
static __always_inline size_t few_slot(const struct few_values *f, KEY x, unsigned int bits)
{
	size_t slot = few_hash(x, bits);

	while (f->key[slot] != x && f->count[slot])
		slot = (slot + 1) & ((1UL << bits) - 1);
	return slot;
}

/* Sorts a[0..n-1]; false, and nothing has changed: there are too many values. */
static noinline bool few_sort(struct sort_run *run, KEY *a, size_t n, struct few_values *f)
{
	unsigned int bits = n < 512 ? 6 : 8;
	size_t most = n / 4 < FEW_MOST ? n / 4 : FEW_MOST;
	KEY values[FEW_MOST];
	size_t different = 0;

	memset(f->count, 0, sizeof(*f->count) << bits);
	for (size_t i = 0, end; i < n; i = end) {
		end = n - i > SORT_BREATH ? i + SORT_BREATH : n;
		for (size_t k = i; k < end; k++) {
			size_t slot = few_slot(f, a[k], bits);

			if (unlikely(!f->count[slot])) {
				if (different == most)
					return false;
				f->key[slot] = a[k];
				values[different++] = a[k];
			}
			f->count[slot]++;
		}
		if (breathe(run, end - i))
			return true;
	}
	small_sort(run, values, different);
	MOVED(n);
	for (size_t i = 0; i < different; i++) {
		u32 left = f->count[few_slot(f, values[i], bits)];

		if (breathe(run, left))
			return true;
#pragma GCC unroll 4
		while (left--)
			*a++ = values[i];
	}
	return true;
}
