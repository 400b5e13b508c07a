/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Toom-4: seven products of a quarter of the length, at the points 0, 1, -1, 2, -2,
 * 1/2 and infinity.
 */
#ifndef FIB_TOOM4_H
#define FIB_TOOM4_H

struct toom4_values {
	u64 *one, *minus_one, *two, *minus_two, *half;
};

/*
 * toom4_evaluate(): values of a = a0 + a1 x + a2 x^2 + a3 x^3, quarter + 1 limbs each;
 * 8 a(1/2) for 1/2. Bit 0 of the result: at -1 negative, bit 1: at -2. The size alone is
 * stored. toom4_join(): from the products of the values, which are lost, and those at 0
 * and infinity in r, to the whole product.
 */
#ifdef FIB_ADX_SUMS
#include "toom4_passes.h"
#else
#include "toom4_once.h"
#endif

/* Room for five arrays of len limbs at *t, which is moved behind them. */
static struct toom4_values toom4_arrays(u64 **t, u64 len)
{
	u64 *at = *t;

	*t = at + 5 * len;
	return (struct toom4_values){ at, at + len, at + 2 * len, at + 3 * len, at + 4 * len };
}

static void mul_toom4(const struct mul *m, u64 *r, const u64 *a, const u64 *b, u64 len, u64 *t)
{
	u64 quarter = (len + 3) / 4, one = quarter + 1;
	struct toom4_values x = toom4_arrays(&t, one), y = toom4_arrays(&t, one);
	struct toom4_values v = toom4_arrays(&t, 2 * one);
	unsigned int negative;

	fib_count(m->job, 0, 24 * quarter);
	negative = toom4_evaluate(&x, a, len, quarter);
	negative ^= toom4_evaluate(&y, b, len, quarter);
	mul_n(m, v.one, x.one, y.one, one, t);
	mul_n(m, v.minus_one, x.minus_one, y.minus_one, one, t);
	mul_n(m, v.two, x.two, y.two, one, t);
	mul_n(m, v.minus_two, x.minus_two, y.minus_two, one, t);
	mul_n(m, v.half, x.half, y.half, one, t);
	mul_n(m, r, a, b, quarter, t);
	mul_n(m, r + 6 * quarter, a + 3 * quarter, b + 3 * quarter, len - 3 * quarter, t);
	toom4_join(m->job, r, len, quarter, &v, negative);
}

static void sqr_toom4(const struct mul *m, u64 *r, const u64 *a, u64 len, u64 *t)
{
	u64 quarter = (len + 3) / 4, one = quarter + 1;
	struct toom4_values x = toom4_arrays(&t, one), v = toom4_arrays(&t, 2 * one);

	fib_count(m->job, 0, 12 * quarter);
	toom4_evaluate(&x, a, len, quarter);
	sqr_n(m, v.one, x.one, one, t);
	sqr_n(m, v.minus_one, x.minus_one, one, t);
	sqr_n(m, v.two, x.two, one, t);
	sqr_n(m, v.minus_two, x.minus_two, one, t);
	sqr_n(m, v.half, x.half, one, t);
	sqr_n(m, r, a, quarter, t);
	sqr_n(m, r + 6 * quarter, a + 3 * quarter, len - 3 * quarter, t);
	toom4_join(m->job, r, len, quarter, &v, 0);
}

#endif /* FIB_TOOM4_H */
