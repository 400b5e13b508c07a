/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Products of decimal limbs, base B = 10^16, and what makes digits of them again.
 *
 * A product is first a polynomial: column k is the sum of all a[i] b[k - i], 128 bits
 * wide, in two arrays. Columns below 2^126 do not overflow up to 200 000 limbs, so no
 * carry is needed before the very end; Karatsuba's sums and differences of columns
 * are right modulo 2^128 whatever they do in between, as long as the sums of limbs
 * fit into 64 bits (10 levels). Linear combinations of columns are carried together.
 *
 * A limb carries 53.15 bits of a transform's element, nearly as many as binary limbs
 * dealt out by bits, and there is no radix conversion at all: that conversion is
 * three quarters of the time that text takes otherwise.
 */
#ifndef FIB_DECIMAL_H
#define FIB_DECIMAL_H

#include "ntt.h"

/* Columns of a product: lo + 2^64 hi. Room for dec_columns() each. */
struct dec_columns {
	u64 *lo;
	u64 *hi;
};

static inline unsigned __int128 dec_wide(u64 lo, u64 hi)
{
	return (unsigned __int128)hi << 64 | lo;
}

static inline unsigned __int128 dec_column(const struct dec_columns *c, u64 k)
{
	return dec_wide(c->lo[k], c->hi[k]);
}

static inline void dec_set(const struct dec_columns *c, u64 k, unsigned __int128 value)
{
	c->lo[k] = (u64)value;
	c->hi[k] = (u64)(value >> 64);
}

/* Limbs of either array of columns for factors of @len limbs, transforms included. */
static u64 dec_columns(u64 len)
{
	return 2 * len * 5 / 4 + 128;
}

/* Scratch of a product: sums and middle columns of all levels, or two more transforms. */
static u64 dec_scratch(u64 len)
{
	return 2 * dec_columns(len) + 6 * len + 1024;
}

/* Roots of all transforms up to factors of @len limbs. */
static u64 dec_roots(const struct mul_plan *plan, u64 len)
{
	bool ntt = len >= plan->dec_ntt_mul || len >= plan->dec_ntt_sqr;

	return ntt ? ntt_roots_limbs(dec_columns(len)) : 0;
}

/* Two columns side by side: sums over i < n of a[i] b[-i] and of a[i] b[1 - i]. */
static __always_inline void dec_pair(unsigned __int128 *even, unsigned __int128 *odd, const u64 *a,
				     const u64 *b, u64 n)
{
	unsigned __int128 x = *even, y = *odd;

	for (; n > 0; n--, a++, b--) {
		x += (unsigned __int128)a[0] * b[0];
		y += (unsigned __int128)a[0] * b[1];
	}
	*even = x;
	*odd = y;
}

static void dec_school(struct fib_job *job, const struct dec_columns *c, const u64 *a, const u64 *b,
		       u64 len)
{
	u64 k;

	fib_count(job, len * len, 2 * len * len);
	for (k = 0; k < 2 * len; k += 2) {
		unsigned __int128 even = 0, odd = 0;

		if (fib_tick(job, k + 16 < len ? 2 * k + 16 : 2 * len))
			return;
		if (k + 1 < len) {
			odd = (unsigned __int128)a[k + 1] * b[0];
			dec_pair(&even, &odd, a, b + k, k + 1);
		} else {
			u64 first = k + 1 - len;

			even = (unsigned __int128)a[first] * b[len - 1];
			dec_pair(&even, &odd, a + first + 1, b + len - 2, len - 1 - first);
		}
		dec_set(c, k, even);
		dec_set(c, k + 1, odd);
	}
}

/* Products of different limbs once, doubled; those of a limb with itself. */
static void dec_school_sqr(struct fib_job *job, const struct dec_columns *c, const u64 *a, u64 len)
{
	u64 k;

	fib_count(job, len * (len + 1) / 2, len * (len + 1) + 2 * len);
	for (k = 0; k < 2 * len; k += 2) {
		unsigned __int128 even = 0, odd = 0;
		u64 middle = a[k / 2];

		if (fib_tick(job, k + 16 < len ? k + 16 : len))
			return;
		if (k + 1 < len) {
			odd = (unsigned __int128)middle * a[k / 2 + 1];
			dec_pair(&even, &odd, a, a + k, k / 2);
		} else {
			u64 first = k + 1 - len;

			/* The odd column's last pair has no partner in the even one. */
			if (first < k / 2) {
				even = (unsigned __int128)a[first] * a[len - 1];
				odd = (unsigned __int128)middle * a[k / 2 + 1];
				dec_pair(&even, &odd, a + first + 1, a + len - 2,
					 k / 2 - first - 1);
			}
		}
		dec_set(c, k, 2 * even + (unsigned __int128)middle * middle);
		dec_set(c, k + 1, 2 * odd);
	}
}

static void dec_mul(const struct mul *m, const struct dec_columns *c, const u64 *a, const u64 *b,
		    u64 len, u64 *t);

/* Sums of the halves; the upper one may be shorter by a limb. */
static void dec_fold(u64 *sum, const u64 *a, u64 h, u64 len)
{
	u64 i;

	for (i = 0; i < len - h; i++)
		sum[i] = a[i] + a[h + i];
	if (i < h)
		sum[i] = a[i];
}

/* b == a: a square. */
static void dec_kara(const struct mul *m, const struct dec_columns *c, const u64 *a, const u64 *b,
		     u64 len, u64 *t)
{
	u64 h = (len + 1) / 2, high = 2 * (len - h), i;
	struct dec_columns top = { c->lo + 2 * h, c->hi + 2 * h };
	struct dec_columns mid = { t + 2 * h, t + 4 * h };
	u64 *sum = t, *other = a == b ? t : t + h;

	dec_fold(sum, a, h, len);
	if (a != b)
		dec_fold(other, b, h, len);
	dec_mul(m, c, a, b, h, t + 6 * h);
	dec_mul(m, &top, a + h, b + h, len - h, t + 6 * h);
	dec_mul(m, &mid, sum, other, h, t + 6 * h);
	for (i = 0; i < 2 * h; i++) {
		unsigned __int128 both = dec_column(c, i);

		if (i < high)
			both += dec_column(&top, i);
		dec_set(&mid, i, dec_column(&mid, i) - both);
	}
	for (i = 0; i < 2 * h && h + i < 2 * len; i++)
		dec_set(c, h + i, dec_column(c, h + i) + dec_column(&mid, i));
	fib_count(m->job, 0, 14 * h);
}

static void dec_load(u64 *x, const u64 *a, u64 len, u64 size)
{
	memcpy(x, a, len * sizeof(*x));
	memset(x + len, 0, (size - len) * sizeof(*x));
}

static void dec_ntt(const struct mul *m, const struct dec_columns *c, const u64 *a, const u64 *b,
		    u64 len, u64 *t)
{
	struct ntt_factor inverse = ntt_factor(NTT_P0_INVERSE, &ntt_primes[1]);
	struct ntt_shape shape = ntt_shape(2 * len);
	u64 *arrays[2] = { c->lo, c->hi }, i;
	int which;

	for (which = 0; which < 2; which++) {
		u64 *x = arrays[which], *y = a == b ? x : t;

		dec_load(x, a, len, shape.size);
		if (a != b)
			dec_load(y, b, len, shape.size);
		if (fib_tick(m->job, 4 * len))
			return;
		ntt_one(m, x, y, &shape, which);
	}
	for (i = 0; i < 2 * len; i++) {
		if (!(i & 4095) && fib_tick(m->job, 16384))
			return;
		dec_set(c, i, ntt_join(c->lo[i], c->hi[i], inverse));
	}
	fib_count(m->job, 4 * 2 * len, 4 * 2 * len);
}

/* The 2 len columns of a b; b may be a. t is dec_scratch(len) limbs. */
static void dec_mul(const struct mul *m, const struct dec_columns *c, const u64 *a, const u64 *b,
		    u64 len, u64 *t)
{
	bool square = a == b;

	if (m->job->stopped)
		return;
	if (m->ntt && len >= (square ? m->plan->dec_ntt_sqr : m->plan->dec_ntt_mul))
		dec_ntt(m, c, a, b, len, t);
	else if (len >= (square ? m->plan->dec_kara_sqr : m->plan->dec_kara_mul))
		dec_kara(m, c, a, b, len, t);
	else if (square)
		dec_school_sqr(m->job, c, a, len);
	else
		dec_school(m->job, c, a, b, len);
}

/*
 * Digits out of columns, least significant first. A column v, which may be negative
 * but not below -2^125, is r0 + r1 B + r2 B^2, so a digit gets parts of three columns
 * and a carry that is small; only the carry is handed on from digit to digit.
 */
struct dec_flow {
	u64 r1;		/* of the last column */
	s64 r2;		/* of the last column */
	s64 above;	/* r2 of the one before */
	s64 carry;
};

/* B^2 = 10^32 and DEC_LIFT B^2 > 2^125, which makes columns positive. */
#define DEC_SQUARE_HIGH	5421010862427ULL
#define DEC_SQUARE_LOW	9632337040368467968ULL
#define DEC_LIFT	((s64)1 << 19)
/* floor(2^170 / 10^32) and floor(2^117 / 10^16) */
#define DEC_PER_SQUARE	14965776766268445882ULL
#define DEC_PER_BASE	16615349947311448411ULL

static __always_inline u64 dec_digit(struct dec_flow *flow, unsigned __int128 v)
{
	const unsigned __int128 square = dec_wide(DEC_SQUARE_LOW, DEC_SQUARE_HIGH);
	u64 r1, r2;
	s64 digit, low, carry;

	v += square << 19;
	/* Estimates that are never too large: remainders are below 1.002 times their divisor. */
	r2 = limb_high((u64)(v >> 64), DEC_PER_SQUARE) >> 42;
	v -= square * r2;
	r1 = limb_high((u64)(v >> 43), DEC_PER_BASE) >> 10;
	low = (s64)((u64)v - r1 * FIB_DECIMAL_BASE);
	/* Between -2^20 and 3 B, then brought to 0 to B without the carry from below. */
	digit = low + (s64)flow->r1 + flow->above;
	carry = (digit >= (s64)FIB_DECIMAL_BASE) + (digit >= 2 * (s64)FIB_DECIMAL_BASE) -
		(digit < 0);
	digit += flow->carry - carry * (s64)FIB_DECIMAL_BASE;
	if (digit < 0) {
		digit += FIB_DECIMAL_BASE;
		carry--;
	} else if (digit >= (s64)FIB_DECIMAL_BASE) {
		digit -= FIB_DECIMAL_BASE;
		carry++;
	}
	flow->r1 = r1;
	flow->above = flow->r2;
	flow->r2 = (s64)r2 - DEC_LIFT;
	flow->carry = carry;
	return (u64)digit;
}

/* r[0..len) = the columns' value + what r[0..known) holds; the value must fit. */
static void dec_carry(struct fib_job *job, u64 *r, const struct dec_columns *c, u64 len, u64 known)
{
	struct dec_flow flow = {};
	u64 i;

	for (i = 0; i < len; i++) {
		unsigned __int128 v = dec_column(c, i);

		if (!(i & 4095) && fib_tick(job, 16384))
			return;
		if (i < known)
			v += r[i];
		r[i] = dec_digit(&flow, v);
	}
	fib_count(job, 5 * len, 8 * len);
}

#endif /* FIB_DECIMAL_H */
