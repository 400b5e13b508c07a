/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schoolbook products in portable C. Products go column by column, whose additions do
 * not wait for each other as the carries of a row do: 0.65 of the time of rows at 30
 * limbs. Squares go row by row; columns of theirs are short, and have to be doubled.
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

#pragma GCC unroll 4
	for (; n > 0; n--)
		school_add(&x, (unsigned __int128)*a++ * *b--);
	*sum = x;
}

/* The same of a number of products that the compiler knows, without a loop. */
static __always_inline void school_fixed(struct school_sum *sum, const u64 *a, const u64 *b, int n)
{
	int i;

#pragma GCC unroll 8
	for (i = 0; i < n; i++)
		school_add(sum, (unsigned __int128)a[i] * b[-i]);
}

/* r[0..len + 8) = a b of len and eight limbs, len >= 8; add: plus the old r[0..len). */
static __always_inline void school_stripe(u64 *r, const u64 *a, u64 len, const u64 *b, bool add)
{
	struct school_sum sum = { 0, 0 };
	u64 k;

#pragma GCC unroll 8
	for (k = 0; k < 7; k++) {
		if (add)
			school_add(&sum, r[k]);
		school_fixed(&sum, a, b + k, k + 1);
		r[k] = school_shift(&sum);
	}
	for (; k < len; k++) {
		if (add)
			school_add(&sum, r[k]);
		school_fixed(&sum, a + k - 7, b + 7, 8);
		r[k] = school_shift(&sum);
	}
	a += len - 7;
	r += len;
#pragma GCC unroll 8
	for (k = 0; k < 7; k++) {
		school_fixed(&sum, a + k, b + 7, 7 - k);
		r[k] = school_shift(&sum);
	}
	r[k] = (u64)sum.low;
}

static void school_short(u64 *r, const u64 *a, const u64 *b, u64 len)
{
	struct school_sum sum = { 0, 0 };
	u64 k;

	for (k = 0; k + 1 < 2 * len; k++) {
		u64 first = k < len ? 0 : k + 1 - len, n = k < len ? k + 1 : 2 * len - 1 - k;

		school_column(&sum, a + first, b + k - first, n);
		r[k] = school_shift(&sum);
	}
	r[k] = (u64)sum.low;
}

/* r[0..2len) = a * b. r overlaps neither. */
static void mul_school(struct fib_job *job, u64 *r, const u64 *a, const u64 *b, u64 len)
{
	u64 i;

	fib_count(job, len * len, len * (len - 1));
	if (len < 8) {
		school_short(r, a, b, len);
		return;
	}
	school_stripe(r, a, len, b, false);
	for (i = 8; len - i >= 8; i += 8) {
		if (fib_tick(job, 8 * len))
			return;
		school_stripe(r + i, a, len, b + i, true);
	}
	for (; len - i >= 2; i += 2)
		r[len + i + 1] = limb_addmul_2(r + i, a, len, b + i, 0);
	if (i < len)
		r[len + i] = limb_addmul_1(r + i, a, len, b[i]);
}

/* r[0..2len) = 2 * r + the squares of the limbs of a, at even places. */
static void sqr_diagonal(u64 *r, const u64 *a, u64 len)
{
	u64 top = 0, carry = 0, i;

	for (i = 0; i < len; i++) {
		unsigned __int128 p = (unsigned __int128)a[i] * a[i];
		u64 lo = r[2 * i], hi = r[2 * i + 1];
		unsigned __int128 sum;

		sum = (unsigned __int128)(lo << 1 | top) + (u64)p + carry;
		r[2 * i] = (u64)sum;
		sum = (sum >> 64) + (hi << 1 | lo >> 63) + (u64)(p >> 64);
		r[2 * i + 1] = (u64)sum;
		carry = (u64)(sum >> 64);
		top = hi >> 63;
	}
}

/* r[0..2len) = a^2: the products above the diagonal once, doubled, and the diagonal. */
static void sqr_school(struct fib_job *job, u64 *r, const u64 *a, u64 len)
{
	u64 i;

	if (len < 11) {	/* whose doubling costs more than it saves */
		mul_school(job, r, a, a, len);
		return;
	}
	fib_count(job, len * (len + 1) / 2, len * (len + 1) / 2 + 2 * len);
	r[0] = 0;
	r[2 * len - 1] = 0;
	if (len > 1)
		r[len] = limb_mul_1(r + 1, a + 1, len - 1, a[0]);
	for (i = 1; i + 2 < len; i += 2) {
		u64 *row = r + 2 * i + 1;
		unsigned __int128 sum;

		if (fib_tick(job, 2 * (len - i)))
			return;
		sum = (unsigned __int128)a[i] * a[i + 1] + row[0];
		row[0] = (u64)sum;
		r[len + i + 1] =
			limb_addmul_2(row + 1, a + i + 2, len - i - 2, a + i, (u64)(sum >> 64));
	}
	if (i + 1 < len)
		r[len + i] = limb_addmul_1(r + 2 * i + 1, a + i + 1, len - i - 1, a[i]);
	sqr_diagonal(r, a, len);
}

#endif /* FIB_SCHOOL_H */
