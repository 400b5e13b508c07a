/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Toom-4 by passes of one carry each, where such a pass costs little more than its loads
 * and stores: less than half the time of going once over all operands, see toom4_once.h.
 */
#ifndef FIB_TOOM4_PASSES_H
#define FIB_TOOM4_PASSES_H

/* r = a + 2^s b, a of len limbs, b of blen <= len. r has a limb more. */
static void toom4_sum(u64 *r, const u64 *a, u64 len, const u64 *b, u64 blen, unsigned int s)
{
	u64 carry = s ? limb_shifted_add(r, b, a, blen, s) : limb_add(r, a, b, blen);

	memcpy(r + blen, a + blen, (len - blen) * sizeof(*r));
	r[len] = 0;
	limb_add_1(r + blen, len + 1 - blen, carry);
}

/* even + odd over even, |even - odd| into minus. True: that is negative. */
static bool toom4_both(u64 *even, u64 *minus, const u64 *odd, u64 len)
{
	bool negative = kara_difference(minus, even, len, odd, len);

	limb_add(even, even, odd, len);
	return negative;
}

static unsigned int toom4_evaluate(const struct toom4_values *v, const u64 *a, u64 len, u64 quarter)
{
	const u64 *a1 = a + quarter, *a2 = a1 + quarter, *a3 = a2 + quarter;
	u64 rest = len - 3 * quarter, one = quarter + 1, top;
	unsigned int negative;

	/* half is free for the odd parts until its own turn */
	toom4_sum(v->one, a, quarter, a2, quarter, 0);
	toom4_sum(v->half, a1, quarter, a3, rest, 0);
	negative = toom4_both(v->one, v->minus_one, v->half, one);
	toom4_sum(v->two, a, quarter, a2, quarter, 2);
	toom4_sum(v->half, a1, quarter, a3, rest, 2);
	limb_add(v->half, v->half, v->half, one);
	negative |= toom4_both(v->two, v->minus_two, v->half, one) << 1;
	top = limb_shifted_add(v->half, a, a1, quarter, 1);
	top = 2 * top + limb_shifted_add(v->half, v->half, a2, quarter, 1);
	v->half[quarter] = top;
	top = limb_shifted_add(v->half, v->half, a3, rest, 1);
	if (rest < quarter) {
		u64 *up = v->half + rest, left = one - rest;

		limb_add(up, up, up, left);
		limb_add_1(up, left, top);
	} else {
		v->half[quarter] = 2 * v->half[quarter] + top;
	}
	return negative;
}

/* minus, the size of the product at -x: their difference from at, that at x, by 2^s. */
static void toom4_odd(const u64 *at, u64 *minus, u64 span, bool negative, unsigned int s)
{
	if (negative) {
		limb_add(minus, at, minus, span);
		limb_down(minus, span, s);
	} else {
		limb_sub_down(minus, at, minus, span, s);
	}
}

/* v -= 2^s c, c shorter */
static void toom4_less(u64 *v, u64 span, const u64 *c, u64 len, unsigned int s)
{
	u64 borrow = s ? limb_sub_shifted(v, c, len, s) : limb_sub(v, v, c, len);

	limb_sub_1(v + len, span - len, borrow);
}

/* Below, c(i) is the coefficient of x^i; those named on the right stand in v. */
static void toom4_join(struct fib_job *job, u64 *r, u64 len, u64 quarter,
		       const struct toom4_values *v, unsigned int negative)
{
	const u64 span = 2 * quarter + 2, pair = 2 * quarter, high = 2 * (len - 3 * quarter);
	u64 *one = v->one, *minus_one = v->minus_one, *two = v->two, *minus_two = v->minus_two;
	u64 *half = v->half, *top = r + 3 * pair;

	toom4_odd(one, minus_one, span, negative & 1, 1);	/* minus_one: c1 + c3 + c5 */
	toom4_odd(two, minus_two, span, negative & 2, 2);	/* minus_two: c1 + 4 c3 + 16 c5 */
	limb_sub(one, one, minus_one, span);
	toom4_less(one, span, r, pair, 0);
	toom4_less(one, span, top, high, 0);			/* one: c2 + c4 */
	limb_sub_shifted(two, minus_two, span, 1);
	toom4_less(two, span, r, pair, 0);
	toom4_less(two, span, top, high, 6);			/* two: 4 c2 + 16 c4 */
	limb_sub_shifted(two, one, span, 2);
	limb_divide_down(two, span, LIMB_THIRD, 2);		/* two: c4 */
	limb_sub(one, one, two, span);				/* one: c2 */

	toom4_less(half, span, r, pair, 6);
	toom4_less(half, span, top, high, 0);
	limb_sub_shifted(half, one, span, 4);
	limb_sub_shifted(half, two, span, 2);			/* half: 32 c1 + 8 c3 + 2 c5 */
	limb_shifted_sub(half, minus_one, half, span, 5);
	limb_divide_down(half, span, LIMB_THIRD, 1);		/* half: 4 c3 + 5 c5 */
	limb_sub(minus_two, minus_two, minus_one, span);
	limb_divide(minus_two, span, LIMB_THIRD);		/* minus_two: c3 + 5 c5 */
	limb_sub(half, half, minus_two, span);
	limb_divide(half, span, LIMB_THIRD);			/* half: c3 */
	limb_sub(minus_two, minus_two, half, span);
	limb_divide(minus_two, span, LIMB_FIFTH);		/* minus_two: c5 */
	limb_sub(minus_one, minus_one, half, span);
	limb_sub(minus_one, minus_one, minus_two, span);	/* minus_one: c1 */

	memcpy(r + pair, one, pair * sizeof(*r));
	memcpy(r + 2 * pair, two, pair * sizeof(*r));
	toom_add(r, 2 * len, 2 * pair, one + pair, 2);
	toom_add(r, 2 * len, 3 * pair, two + pair, 2);
	toom_add(r, 2 * len, quarter, minus_one, span);
	toom_add(r, 2 * len, 3 * quarter, half, span);
	toom_add(r, 2 * len, 5 * quarter, minus_two, span);
	fib_count(job, 5 * span, 30 * span);
}

#endif /* FIB_TOOM4_PASSES_H */
