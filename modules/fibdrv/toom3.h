/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Toom-3: five products of a third of the length, at the points 0, 1, -1, 2 and
 * infinity; interpolation in the order of M. Bodrato, "Towards optimal Toom-Cook
 * multiplication for univariate and multivariate polynomials" (2007).
 */
#ifndef FIB_TOOM3_H
#define FIB_TOOM3_H

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
	carry = 2 * (one[third] + carry);
	two[third] = carry + limb_shifted_sub(two, two, a, third, 1);
	return negative;
}

/* r[at..) += v, as far as r reaches; what is beyond is zero. */
static void toom_add(u64 *r, u64 rlen, u64 at, const u64 *v, u64 len)
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
	u64 span = 2 * third + 2, pair = 2 * third, high = 2 * (len - pair);
	u64 *top = r + 2 * pair;

	if (negative) {
		limb_add(v2, v2, vm, span);
		limb_add(vm, v1, vm, span);
		limb_down(vm, span, 1);
	} else {
		limb_sub(v2, v2, vm, span);
		limb_sub_down(vm, v1, vm, span, 1);
	}
	limb_divide(v2, span, LIMB_THIRD);
	limb_sub_1(v1 + pair, 2, limb_sub(v1, v1, r, pair));
	limb_sub_down(v2, v2, v1, span, 1);
	limb_sub(v1, v1, vm, span);
	limb_sub_1(v1 + high, span - high, limb_sub(v1, v1, top, high));
	limb_sub_1(v2 + high, span - high, limb_sub_shifted(v2, top, high, 1));
	limb_sub(vm, vm, v2, span);
	memcpy(r + pair, v1, pair * sizeof(*r));
	toom_add(r, 2 * len, 2 * pair, v1 + pair, 2);
	toom_add(r, 2 * len, third, vm, span);
	toom_add(r, 2 * len, 3 * third, v2, span);
	fib_count(job, 2 * span, 12 * span);
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
