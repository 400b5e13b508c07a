/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schoolbook products in portable C, column by column. A column's sum has three
 * words, and its additions do not wait for each other as the carries of a row do:
 * 0.6 of the time of rows at 30 limbs.
 */
#ifndef FIB_SCHOOL_H
#define FIB_SCHOOL_H

#include "fib_job.h"
#include "limb.h"

struct school_sum {
	unsigned __int128 low;
	u64 high;
};

static __always_inline void school_add(struct school_sum *sum, unsigned __int128 value)
{
	sum->high += __builtin_add_overflow(sum->low, value, &sum->low);
}

/* The lowest word, shifted out. */
static __always_inline u64 school_shift(struct school_sum *sum)
{
	u64 word = (u64)sum->low;

	sum->low = sum->low >> 64 | (unsigned __int128)sum->high << 64;
	sum->high = 0;
	return word;
}

/* sum += a[i] b[-i] over i < n */
static __always_inline void school_column(struct school_sum *sum, const u64 *a, const u64 *b, u64 n)
{
	struct school_sum x = *sum;

	for (; n > 0; n--)
		school_add(&x, (unsigned __int128)*a++ * *b--);
	*sum = x;
}

/* r[0..2len) = a * b. r overlaps neither. */
static void mul_school(struct fib_job *job, u64 *r, const u64 *a, const u64 *b, u64 len)
{
	struct school_sum sum = { 0, 0 };
	u64 k;

	fib_count(job, len * len, len * (len - 1));
	for (k = 0; k + 1 < 2 * len; k++) {
		u64 first = k < len ? 0 : k + 1 - len, n = k < len ? k + 1 : 2 * len - 1 - k;

		if (fib_tick(job, n))
			return;
		school_column(&sum, a + first, b + k - first, n);
		r[k] = school_shift(&sum);
	}
	r[k] = (u64)sum.low;
}

/* r[0..2len) = a^2: products of different limbs once, doubled; then the diagonal. */
static void sqr_school(struct fib_job *job, u64 *r, const u64 *a, u64 len)
{
	struct school_sum sum = { 0, 0 };
	u64 k;

	fib_count(job, len * (len + 1) / 2, len * (len + 1) / 2 + 2 * len);
	for (k = 0; k + 1 < 2 * len; k++) {
		u64 first = k < len ? 0 : k + 1 - len, n = (k + 1) / 2 - first;
		struct school_sum pairs = { 0, 0 };

		if (fib_tick(job, n + 1))
			return;
		school_column(&pairs, a + first, a + k - first, n);
		pairs.high = pairs.high << 1 | (u64)(pairs.low >> 127);
		sum.high += pairs.high;
		school_add(&sum, pairs.low << 1);
		if (!(k & 1))
			school_add(&sum, (unsigned __int128)a[k / 2] * a[k / 2]);
		r[k] = school_shift(&sum);
	}
	r[k] = (u64)sum.low;
}

#endif /* FIB_SCHOOL_H */
