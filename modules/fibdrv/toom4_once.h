/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Toom-4 in portable C: evaluation and interpolation go once over their operands from the
 * lowest limb up. Sums carry in 128 bits, exact divisions by 3 and 5 borrow modulo 2^64,
 * and what has to be halved is kept as a multiple until it is written.
 */
#ifndef FIB_TOOM4_ONCE_H
#define FIB_TOOM4_ONCE_H

/* r = -r */
static void toom4_negate(u64 *r, u64 len)
{
	u64 carry = 1, i;

	for (i = 0; i < len; i++) {
		r[i] = ~r[i] + carry;
		carry &= !r[i];
	}
}

/* The lowest limb of a signed sum; the rest is the next limb's carry. */
static __always_inline u64 toom4_limb(__int128 sum, s64 *carry)
{
	*carry = (s64)(sum >> 64);
	return (u64)sum;
}

static unsigned int toom4_evaluate(const struct toom4_values *v, const u64 *a, u64 len, u64 quarter)
{
	const u64 *a1 = a + quarter, *a2 = a1 + quarter, *a3 = a2 + quarter;
	s64 one = 0, minus_one = 0, two = 0, minus_two = 0, half = 0;
	u64 rest = len - 3 * quarter, i;

	for (i = 0; i < quarter; i++) {
		__int128 x0 = a[i], x1 = a1[i], x2 = a2[i], x3 = i < rest ? a3[i] : 0;
		__int128 even = x0 + x2, odd = x1 + x3;

		v->one[i] = toom4_limb(even + odd + one, &one);
		v->minus_one[i] = toom4_limb(even - odd + minus_one, &minus_one);
		v->half[i] = toom4_limb(8 * x0 + 4 * x1 + 2 * x2 + x3 + half, &half);
		even += 3 * x2;
		odd = 2 * (odd + 3 * x3);
		v->two[i] = toom4_limb(even + odd + two, &two);
		v->minus_two[i] = toom4_limb(even - odd + minus_two, &minus_two);
	}
	v->one[i] = (u64)one;
	v->minus_one[i] = (u64)minus_one;
	v->two[i] = (u64)two;
	v->minus_two[i] = (u64)minus_two;
	v->half[i] = (u64)half;
	if (minus_one < 0)
		toom4_negate(v->minus_one, quarter + 1);
	if (minus_two < 0)
		toom4_negate(v->minus_two, quarter + 1);
	return (minus_one < 0) | (minus_two < 0) << 1;
}

/* r = (next, low) >> shift */
static __always_inline u64 toom4_pair(u64 low, u64 next, int shift)
{
	return low >> shift | next << (64 - shift);
}

/*
 * From the products, span limbs each, to the coefficients c1 (over one), c2 (minus_one),
 * c3 (two), c4 (minus_two), c5 (half); c0 and c6 stand in r. All of it modulo
 * 2^(64 span). In two loops, for one of twice the length has more in flight than a CPU
 * holds: the first makes c2 and c4, and leaves over one and two
 *
 *	B = 2 (c1 + c3 + c5)	F = 4 (c3 + 5 c5)
 */
static void toom4_even(const struct toom4_values *v, const u64 *r, u64 len, u64 quarter)
{
	const u64 span = 2 * quarter + 2, low = 2 * quarter, high = 2 * (len - 3 * quarter);
	u64 *one = v->one, *minus_one = v->minus_one, *two = v->two, *minus_two = v->minus_two;
	u64 owed_e = 0, owed_f = 0, c2 = 0, c4 = 0, i;
	s64 p = 0, b = 0, e = 0, f = 0, s2 = 0, s4 = 0;

	for (i = 0; i < span; i++) {
		__int128 w0 = i < low ? r[i] : 0, w6 = i < high ? r[6 * quarter + i] : 0;
		__int128 x1 = one[i], y1 = minus_one[i], x2 = two[i], y2 = minus_two[i];
		u64 p0, b0, e0, v2, v4;

		/* 2 (c2 + c4) */
		p0 = toom4_limb(x1 + y1 - 2 * w0 - 2 * w6 + p, &p);
		b0 = toom4_limb(x1 - y1 + b, &b);
		one[i] = b0;
		two[i] = toom4_limb(x2 - y2 - 2 * (__int128)b0 + f, &f);
		two[i] = limb_divided(two[i], LIMB_THIRD, &owed_f);
		/* 6 (c2 + 5 c4), then 8 c4 and 8 c2 */
		e0 = toom4_limb(x2 + y2 - p0 - 2 * w0 - 128 * w6 + e, &e);
		e0 = limb_divided(e0, LIMB_THIRD, &owed_e);
		v4 = toom4_limb((__int128)e0 - p0 + s4, &s4);
		v2 = toom4_limb(4 * (__int128)p0 - v4 + s2, &s2);
		if (i) {
			minus_one[i - 1] = toom4_pair(c2, v2, 3);
			minus_two[i - 1] = toom4_pair(c4, v4, 3);
		}
		c2 = v2;
		c4 = v4;
	}
	minus_one[i - 1] = c2 >> 3;
	minus_two[i - 1] = c4 >> 3;
}

/* The second: 4 c3, 4 c5, 4 c1, with K = 4 (4 c3 + 5 c5). */
static void toom4_odd(const struct toom4_values *v, const u64 *r, u64 len, u64 quarter)
{
	const u64 span = 2 * quarter + 2, low = 2 * quarter, high = 2 * (len - 3 * quarter);
	u64 *one = v->one, *two = v->two, *half = v->half;
	u64 owed_k = 0, owed_3 = 0, owed_5 = 0, c1 = 0, c3 = 0, c5 = 0, i;
	s64 k = 0, s1 = 0, s3 = 0, s5 = 0;

	for (i = 0; i < span; i++) {
		__int128 w0 = i < low ? r[i] : 0, w6 = i < high ? r[6 * quarter + i] : 0;
		__int128 b = one[i], f = two[i], h = half[i];
		__int128 c24 = 4 * (__int128)v->minus_one[i] + v->minus_two[i];
		u64 k0, x1, x3, x5;

		/* 32 B less 2 (32 c1 + 8 c3 + 2 c5) */
		k0 = toom4_limb(32 * b + 128 * w0 + 2 * w6 + 8 * c24 - 2 * h + k, &k);
		k0 = limb_divided(k0, LIMB_THIRD, &owed_k);
		x3 = toom4_limb((__int128)k0 - f + s3, &s3);
		x3 = limb_divided(x3, LIMB_THIRD, &owed_3);
		x5 = toom4_limb(f - x3 + s5, &s5);
		x5 = limb_divided(x5, LIMB_FIFTH, &owed_5);
		x1 = toom4_limb(2 * b - x3 - x5 + s1, &s1);
		if (i) {
			one[i - 1] = toom4_pair(c1, x1, 2);
			two[i - 1] = toom4_pair(c3, x3, 2);
			half[i - 1] = toom4_pair(c5, x5, 2);
		}
		c1 = x1;
		c3 = x3;
		c5 = x5;
	}
	one[i - 1] = c1 >> 2;
	two[i - 1] = c3 >> 2;
	half[i - 1] = c5 >> 2;
}

static void toom4_join(struct fib_job *job, u64 *r, u64 len, u64 quarter,
		       const struct toom4_values *v, unsigned int negative)
{
	const u64 span = 2 * quarter + 2, pair = 2 * quarter;

	if (negative & 1)
		toom4_negate(v->minus_one, span);
	if (negative & 2)
		toom4_negate(v->minus_two, span);
	toom4_even(v, r, len, quarter);
	toom4_odd(v, r, len, quarter);
	memcpy(r + pair, v->minus_one, pair * sizeof(*r));
	memcpy(r + 2 * pair, v->minus_two, pair * sizeof(*r));
	toom_add(r, 2 * len, 2 * pair, v->minus_one + pair, 2);
	toom_add(r, 2 * len, 3 * pair, v->minus_two + pair, 2);
	toom_add(r, 2 * len, quarter, v->one, span);
	toom_add(r, 2 * len, 3 * quarter, v->two, span);
	toom_add(r, 2 * len, 5 * quarter, v->half, span);
	fib_count(job, 10 * span, 34 * span);
}

#endif /* FIB_TOOM4_ONCE_H */
