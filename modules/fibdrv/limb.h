/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic on arrays of 64-bit limbs in portable C (with 128-bit products).
 *
 * All lengths are in limbs. Unless said otherwise the result may be the same
 * array as an operand, but may not overlap it otherwise.
 */
#ifndef FIB_LIMB_H
#define FIB_LIMB_H

#include "core.h"

/* High half of a product. */
static __always_inline u64 limb_high(u64 a, u64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (u64)(product >> 64);
}

/* r = a + b, returns the carry. */
static inline u64 limb_add(u64 *r, const u64 *a, const u64 *b, u64 len)
{
	unsigned __int128 sum = 0;
	u64 i;

	for (i = 0; i < len; i++) {
		sum += (unsigned __int128)a[i] + b[i];
		r[i] = (u64)sum;
		sum >>= 64;
	}
	return (u64)sum;
}

/* r = a - b, returns the borrow. */
static inline u64 limb_sub(u64 *r, const u64 *a, const u64 *b, u64 len)
{
	u64 borrow = 0, i;

	for (i = 0; i < len; i++) {
		unsigned __int128 d = (unsigned __int128)a[i] - b[i] - borrow;

		r[i] = (u64)d;
		borrow = (u64)(d >> 64) & 1;
	}
	return borrow;
}

/* r += value, returns the carry. */
static inline u64 limb_add_1(u64 *r, u64 len, u64 value)
{
	u64 i;

	for (i = 0; i < len && value; i++) {
		r[i] += value;
		value = r[i] < value;
	}
	return value;
}

/* r -= value, returns the borrow. */
static inline u64 limb_sub_1(u64 *r, u64 len, u64 value)
{
	u64 i;

	for (i = 0; i < len && value; i++) {
		u64 old = r[i];

		r[i] = old - value;
		value = old < value;
	}
	return value;
}

/* r = a * b, returns the highest limb. */
static inline u64 limb_mul_1(u64 *r, const u64 *a, u64 len, u64 b)
{
	unsigned __int128 sum = 0;
	u64 i;

	for (i = 0; i < len; i++) {
		sum += (unsigned __int128)a[i] * b;
		r[i] = (u64)sum;
		sum >>= 64;
	}
	return (u64)sum;
}

/* r += a * b, returns the carry. */
static inline u64 limb_addmul_1(u64 *r, const u64 *a, u64 len, u64 b)
{
	unsigned __int128 sum = 0;
	u64 i;

#pragma GCC unroll 4
	for (i = 0; i < len; i++) {
		sum += (unsigned __int128)a[i] * b + r[i];
		r[i] = (u64)sum;
		sum >>= 64;
	}
	return (u64)sum;
}

/* r[0..len) += (b[0] + b[1] 2^64) a + carry; sets r[len] and returns the limb above it. */
static inline u64 limb_addmul_2(u64 *r, const u64 *a, u64 len, const u64 *b, u64 carry)
{
	unsigned __int128 x = (unsigned __int128)carry << 64, y = 0;
	u64 b0 = b[0], b1 = b[1], last = 0, i;

#pragma GCC unroll 4
	for (i = 0; i < len; i++) {
		x = (unsigned __int128)a[i] * b0 + r[i] + (u64)(x >> 64);
		y = (unsigned __int128)last * b1 + (u64)x + (u64)(y >> 64);
		r[i] = (u64)y;
		last = a[i];
	}
	y = (unsigned __int128)last * b1 + (u64)(x >> 64) + (u64)(y >> 64);
	r[len] = (u64)y;
	return (u64)(y >> 64);
}

#endif /* FIB_LIMB_H */
