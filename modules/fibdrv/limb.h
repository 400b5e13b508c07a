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

/* r += value, whose carry or borrow ends within len limbs. */
static inline void limb_carry(u64 *r, u64 len, s64 value)
{
	__int128 sum = (__int128)r[0] + value;
	u64 i = 1;

	r[0] = (u64)sum;
	/* Out of the first limb once in 2^63 times. */
	for (value = (s64)(sum >> 64); unlikely(value) && i < len; i++) {
		sum = (__int128)r[i] + value;
		r[i] = (u64)sum;
		value = (s64)(sum >> 64);
	}
}

/* r = 2^s a + b, returns the limb above; 0 < s < 60, here and below. */
static inline u64 limb_shifted_add(u64 *r, const u64 *a, const u64 *b, u64 len, unsigned int s)
{
	unsigned __int128 sum = 0;
	u64 i;

	for (i = 0; i < len; i++) {
		sum += ((unsigned __int128)a[i] << s) + b[i];
		r[i] = (u64)sum;
		sum >>= 64;
	}
	return (u64)sum;
}

/* r = 2^s a - b, returns the limb above. */
static inline u64 limb_shifted_sub(u64 *r, const u64 *a, const u64 *b, u64 len, unsigned int s)
{
	__int128 sum = 0;
	u64 i;

	for (i = 0; i < len; i++) {
		sum += ((__int128)a[i] << s) - (__int128)b[i];
		r[i] = (u64)sum;
		sum >>= 64;
	}
	return (u64)sum;
}

/* r -= 2^s a, returns the borrow. */
static inline u64 limb_sub_shifted(u64 *r, const u64 *a, u64 len, unsigned int s)
{
	__int128 sum = 0;
	u64 i;

	for (i = 0; i < len; i++) {
		sum += (__int128)r[i] - ((__int128)a[i] << s);
		r[i] = (u64)sum;
		sum >>= 64;
	}
	return 0 - (u64)sum;
}

/* r >>= s */
static inline void limb_down(u64 *r, u64 len, unsigned int s)
{
	u64 i;

	for (i = 0; i + 1 < len; i++)
		r[i] = r[i] >> s | r[i + 1] << (64 - s);
	r[len - 1] >>= s;
}

/* r = (a - b) / 2^s of a multiple that is not negative, len > 0. */
static inline void limb_sub_down(u64 *r, const u64 *a, const u64 *b, u64 len, unsigned int s)
{
	__int128 sum = 0;
	u64 last = 0, i;

	for (i = 0; i < len; i++) {
		sum += (__int128)a[i] - (__int128)b[i];
		if (i)
			r[i - 1] = last >> s | (u64)sum << (64 - s);
		last = (u64)sum;
		sum >>= 64;
	}
	r[len - 1] = last >> s;
}

/*
 * One limb of x / d for an x that is a multiple of d, where d divides 2^64 - 1 = d u:
 * x / d = -x u / (1 - 2^64), so a limb is what is owed from below less x u, and the
 * product waits for nothing. With the inverse of d modulo 2^64 it would: 9 cycles a limb.
 */
static __always_inline u64 limb_divided(u64 x, u64 u, u64 *owed)
{
	unsigned __int128 product = (unsigned __int128)x * u;
	u64 q = *owed - (u64)product;

	*owed = q - (u64)(product >> 64) - (*owed < (u64)product);
	return q;
}

/* r = r / d of a multiple of d, u = (2^64 - 1) / d */
#define LIMB_THIRD	0x5555555555555555ULL
#define LIMB_FIFTH	0x3333333333333333ULL

static inline void limb_divide(u64 *r, u64 len, u64 u)
{
	u64 owed = 0, i;

	for (i = 0; i < len; i++)
		r[i] = limb_divided(r[i], u, &owed);
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
