/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Products of binary limbs by transforms: bits are dealt out to elements, and carried
 * and closed up again afterwards.
 */
#ifndef FIB_NTT_LIMBS_H
#define FIB_NTT_LIMBS_H

#include "ntt.h"

/* Bits of a limb array's element number i, for elements of @bits bits. */
static void ntt_split(u64 *x, u64 size, const u64 *a, u64 len, unsigned int bits)
{
	u64 mask = (1ULL << bits) - 1, at = 0, i;

	for (i = 0; i < size && at >> 6 < len; i++, at += bits) {
		u64 word = at >> 6;
		unsigned int shift = at & 63;
		u64 value = a[word] >> shift;

		if (shift + bits > 64 && word + 1 < len)
			value |= a[word + 1] << (64 - shift);
		x[i] = value & mask;
	}
	memset(x + i, 0, (size - i) * sizeof(*x));
}

/* Limbs from the elements' residues: carries, then bits closed up. */
static void ntt_carry(struct fib_job *job, u64 *r, u64 len, const u64 *x, const u64 *y, u64 count,
		      unsigned int bits)
{
	struct ntt_factor inverse = ntt_factor(NTT_P0_INVERSE, &ntt_primes[1]);
	u64 mask = (1ULL << bits) - 1, word = 0, done = 0, i = 0;
	unsigned __int128 sum = 0;
	unsigned int fill = 0;

	while (done < len) {
		u64 chunk;

		if (!(i & 1023) && fib_tick(job, 8192))
			return;
		if (i < count)
			sum += ntt_join(x[i], y[i], inverse);
		i++;
		chunk = (u64)sum & mask;
		sum >>= bits;
		word |= chunk << fill;
		fill += bits;
		if (fill >= 64) {
			r[done++] = word;
			fill -= 64;
			word = fill ? chunk >> (bits - fill) : 0;
		}
	}
	fib_count(job, 4 * count, 4 * count);
}

/*
 * Bits an element for factors of len limbs: the sums of count products must stay
 * below p0 p1 = 2^124 (1 - 2 10^-9).
 */
static unsigned int ntt_bits(u64 len)
{
	unsigned int bits = 61;
	u64 sums = 4;

	while (64 * len / bits + 1 > sums - sums / 128 - 1) {
		bits--;
		sums *= 4;
	}
	return bits;
}

/* Elements are at least 53 bits for every length in use, and padding is a quarter at most. */
static u64 ntt_longest(u64 len)
{
	return len * 31 / 10 + 128;
}

static u64 ntt_scratch(u64 len)
{
	return 4 * ntt_longest(len);
}

static void mul_ntt(const struct mul *m, u64 *r, const u64 *a, const u64 *b, u64 len, u64 *t)
{
	unsigned int bits = ntt_bits(len);
	u64 count = 2 * (64 * len / bits + 1);
	struct ntt_shape shape = ntt_shape(count);
	u64 *x = t, *y = x + shape.size, *z = y, *w = y;

	ntt_split(x, shape.size, a, len, bits);
	if (fib_tick(m->job, 4 * len))
		return;
	memcpy(y, x, shape.size * sizeof(*y));
	if (a != b) {
		z = y + shape.size;
		w = z + shape.size;
		ntt_split(z, shape.size, b, len, bits);
		memcpy(w, z, shape.size * sizeof(*w));
		ntt_one(m, x, z, &shape, 0);
		ntt_one(m, y, w, &shape, 1);
	} else {
		ntt_one(m, x, x, &shape, 0);
		ntt_one(m, y, y, &shape, 1);
	}
	if (m->job->stopped)
		return;
	ntt_carry(m->job, r, 2 * len, x, y, count, bits);
}

#endif /* FIB_NTT_LIMBS_H */
