/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Toom-3: five products of a third of the length, at the points 0, 1, -1, 2 and
 * infinity; interpolation in the order of M. Bodrato, "Towards optimal Toom-Cook
 * multiplication for univariate and multivariate polynomials" (2007).
 */
#ifndef FIB_TOOM3_H
#define FIB_TOOM3_H

/*
 * One limb of x / d for an x that is a multiple of d, where d divides 2^64 - 1 = d u:
 * x / d = -x u / (1 - 2^64), so a limb is what is owed from below less x u, and the
 * product waits for nothing. With the inverse of d modulo 2^64 it would: 9 cycles a limb.
 */
static __always_inline u64 toom_divide(u64 x, u64 u, u64 *owed)
{
	unsigned __int128 product = (unsigned __int128)x * u;
	u64 q = *owed - (u64)product;

	*owed = q - (u64)(product >> 64) - (*owed < (u64)product);
	return q;
}

#define TOOM_THIRD(x, owed)	toom_divide(x, 0x5555555555555555ULL, owed)
#define TOOM_FIFTH(x, owed)	toom_divide(x, 0x3333333333333333ULL, owed)

/* r = x / 3 for an x that is a multiple of 3. */
static void toom3_third(u64 *r, u64 len)
{
	u64 owed = 0, i;

	for (i = 0; i < len; i++)
		r[i] = TOOM_THIRD(r[i], &owed);
}

static void toom3_half(u64 *r, u64 len)
{
	u64 i;

	for (i = 0; i + 1 < len; i++)
		r[i] = r[i] >> 1 | r[i + 1] << 63;
	r[len - 1] >>= 1;
}

/* Values at 1, -1 and 2 of a = a0 + a1 x + a2 x^2, third + 1 limbs each. True: at -1 negative. */
static bool toom3_values(u64 *one, u64 *minus, u64 *two, const u64 *a, u64 len, u64 third)
{
	const u64 *a1 = a + third, *a2 = a + 2 * third;
	u64 rest = len - 2 * third, carry;
	bool negative;

	/* two = a0 + a2 for now */
	carry = limb_add(two, a, a2, rest);
	if (rest < third) {
		memcpy(two + rest, a + rest, (third - rest) * sizeof(*two));
		carry = limb_add_1(two + rest, third - rest, carry);
	}
	two[third] = carry;
	one[third] = carry + limb_add(one, two, a1, third);
	if (carry) {
		minus[third] = carry - limb_sub(minus, two, a1, third);
		negative = false;
	} else {
		minus[third] = 0;
		negative = kara_difference(minus, two, third, a1, third);
	}
	/* two = 2 (one + a2) - a0 */
	carry = limb_add(two, one, a2, rest);
	if (rest < third) {
		memcpy(two + rest, one + rest, (third - rest) * sizeof(*two));
		carry = limb_add_1(two + rest, third - rest, carry);
	}
	two[third] = one[third] + carry;
	limb_add(two, two, two, third + 1);
	two[third] -= limb_sub(two, two, a, third);
	return negative;
}

/* r[at..) += v, as far as r reaches; what is beyond is zero. */
static void toom3_add(u64 *r, u64 rlen, u64 at, const u64 *v, u64 len)
{
	u64 fits = rlen - at < len ? rlen - at : len;
	u64 carry = limb_add(r + at, r + at, v, fits);

	limb_add_1(r + at + fits, rlen - at - fits, carry);
}

/*
 * v1, vm, v2 are the products at 1, -1 (its size) and 2, of @span limbs; r holds
 * the products at 0 and infinity at their places.
 */
static void toom3_join(struct fib_job *job, u64 *r, u64 len, u64 third, u64 *v1, u64 *vm, u64 *v2,
		       bool negative)
{
	u64 span = 2 * third + 2, high = 2 * (len - 2 * third);
	u64 *top = r + 4 * third;

	if (negative) {
		limb_add(v2, v2, vm, span);
		limb_add(vm, v1, vm, span);
	} else {
		limb_sub(v2, v2, vm, span);
		limb_sub(vm, v1, vm, span);
	}
	toom3_third(v2, span);
	toom3_half(vm, span);
	limb_sub_1(v1 + 2 * third, 2, limb_sub(v1, v1, r, 2 * third));
	limb_sub(v2, v2, v1, span);
	toom3_half(v2, span);
	limb_sub(v1, v1, vm, span);
	limb_sub_1(v1 + high, span - high, limb_sub(v1, v1, top, high));
	limb_sub_1(v2 + high, span - high, limb_sub(v2, v2, top, high));
	limb_sub_1(v2 + high, span - high, limb_sub(v2, v2, top, high));
	limb_sub(vm, vm, v2, span);
	memset(r + 2 * third, 0, 2 * third * sizeof(*r));
	toom3_add(r, 2 * len, third, vm, span);
	toom3_add(r, 2 * len, 2 * third, v1, span);
	toom3_add(r, 2 * len, 3 * third, v2, span);
	fib_count(job, 2 * span, 14 * span);
}

static void mul_toom3(const struct mul *m, u64 *r, const u64 *a, const u64 *b, u64 len, u64 *t)
{
	u64 third = (len + 2) / 3, one = third + 1;
	u64 *a1 = t, *am = a1 + one, *a2 = am + one;
	u64 *b1 = a2 + one, *bm = b1 + one, *b2 = bm + one;
	u64 *v1 = b2 + one, *vm = v1 + 2 * one, *v2 = vm + 2 * one, *next = v2 + 2 * one;
	bool negative;

	fib_count(m->job, 0, 12 * third);
	negative = toom3_values(a1, am, a2, a, len, third);
	negative ^= toom3_values(b1, bm, b2, b, len, third);
	mul_n(m, v1, a1, b1, one, next);
	mul_n(m, vm, am, bm, one, next);
	mul_n(m, v2, a2, b2, one, next);
	mul_n(m, r, a, b, third, next);
	mul_n(m, r + 4 * third, a + 2 * third, b + 2 * third, len - 2 * third, next);
	toom3_join(m->job, r, len, third, v1, vm, v2, negative);
}

static void sqr_toom3(const struct mul *m, u64 *r, const u64 *a, u64 len, u64 *t)
{
	u64 third = (len + 2) / 3, one = third + 1;
	u64 *a1 = t, *am = a1 + one, *a2 = am + one;
	u64 *v1 = a2 + one, *vm = v1 + 2 * one, *v2 = vm + 2 * one, *next = v2 + 2 * one;

	fib_count(m->job, 0, 6 * third);
	toom3_values(a1, am, a2, a, len, third);
	sqr_n(m, v1, a1, one, next);
	sqr_n(m, vm, am, one, next);
	sqr_n(m, v2, a2, one, next);
	sqr_n(m, r, a, third, next);
	sqr_n(m, r + 4 * third, a + 2 * third, len - 2 * third, next);
	toom3_join(m->job, r, len, third, v1, vm, v2, false);
}

#endif /* FIB_TOOM3_H */
