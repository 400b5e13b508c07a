/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways from small Fibonacci numbers to large ones.
 *
 * bignum_add	n additions of growing numbers: n^2 work, all of it linear passes
 * matrix	powers of (1 1; 1 0): four products for each bit of n
 * ladder	fast doubling: two squares for each bit, one product for the last one
 *
 * The ladder climbs on Lucas numbers L(k) = F(k - 1) + F(k + 1), whose squares are the
 * next ones but for a constant; on F(k) and F(k - 1) themselves each bit takes three
 * sums of multiples of the squares instead of one difference.
 */
#ifndef FIB_LADDER_H
#define FIB_LADDER_H

#include "mul.h"

static u64 add_scratch(u64 n, enum fib_want want)
{
	(void)want;
	return fib_out_limbs(n);
}

/* Invariant: a = F(i), b = F(i + 1), both len limbs long, i even. */
static int fib_bignum_add(struct fib_job *job)
{
	u64 *a = job->out, *b = job->scratch;
	u64 len = 1, i, carry;

	a[0] = 0;
	b[0] = 1;
	for (i = 0; i + 1 < job->n; i += 2) {
		if (fib_tick(job, 2 * len))
			return -EINTR;
		fib_count(job, 0, 2 * len);
		/* a + b, then 2b + a: the second is the larger, so it decides the length. */
		carry = limb_add(a, a, b, len);
		a[len] = carry;
		carry += limb_add(b, b, a, len);
		b[len] = carry;
		len += carry != 0;
	}
	if (job->n & 1)
		memcpy(a, b, len * sizeof(*a));
	job->len = fib_normal(a, len);
	job->radix = FIB_BINARY;
	return 0;
}

/* Limbs that L(k) and L(k + 1) are kept in, k = n / 2, with room for a small multiple. */
static u64 ladder_half(u64 n)
{
	return fib_out_limbs(n / 2);
}

static bool ladder_uses_ntt(const struct mul_plan *plan, u64 n)
{
	u64 half = ladder_half(n);

	return half >= plan->ntt_mul || half >= plan->ntt_sqr;
}

/* Two numbers, their squares, the products' scratch, the roots of transforms. */
static u64 ladder_scratch(const struct mul_plan *plan, u64 n)
{
	u64 half = ladder_half(n);
	u64 roots = ladder_uses_ntt(plan, n) ? ntt_roots_limbs(ntt_longest(half)) : 0;

	return n > FIB_MAX_N_64 ? 4 * half + mul_scratch(plan, half) + roots : 0;
}

/* Of len limbs, as long as the longer one of the two. */
struct ladder {
	u64 *p;		/* L(k) */
	u64 *q;		/* L(k + 1) */
	u64 *pp;	/* room for their squares */
	u64 *qq;
	u64 *t;		/* scratch of products */
	u64 k;
	u64 len;
	unsigned int shift;	/* bits of n below k */
};

/*
 * To the next bit, from the squares in pp and qq, which become the numbers:
 *
 *   L(2k)     = L(k)^2 - 2 (-1)^k
 *   L(2k + 2) = L(k + 1)^2 + 2 (-1)^k
 *   L(2k + 1) = L(2k + 2) - L(2k)
 */
static __always_inline void ladder_double(struct ladder *at, bool odd)
{
	s64 two = at->k & 1 ? -2 : 2;
	u64 *pp = at->pp, *qq = at->qq, len = 2 * at->len;

	limb_carry(pp, len, -two);
	limb_carry(qq, len, two);
	if (odd)
		limb_sub(pp, qq, pp, len);
	else
		limb_sub(qq, qq, pp, len);
	at->pp = at->p;
	at->qq = at->q;
	at->p = pp;
	at->q = qq;
	at->k = 2 * at->k + odd;
	at->len = fib_normal(qq, len);
}

/*
 * The last bit, by one product instead of two squares:
 *
 *   F(2k)     = F(k) L(k)			5 F(k) = 2 L(k + 1) - L(k)
 *   F(2k + 1) = F(k + 1) L(k) - (-1)^k	5 F(k + 1) = L(k + 1) + 2 L(k)
 */
static u64 ladder_last(const struct mul *m, const struct ladder *at)
{
	struct fib_job *job = m->job;
	u64 *out = job->out, *f = at->pp, len = at->len;

	if (job->n & 1)
		f[len] = limb_shifted_add(f, at->p, at->q, len, 1);
	else
		f[len] = limb_shifted_sub(f, at->q, at->p, len, 1);
	limb_divide(f, len + 1, LIMB_FIFTH);
	fib_count(job, len + 1, 3 * len);
	mul_n(m, out, f, at->p, len, at->t);
	if (job->stopped)
		return 0;
	if (job->n & 1)
		limb_carry(out, 2 * len, at->k & 1 ? 1 : -1);
	return fib_normal(out, 2 * len);
}

/* From the table, k <= LADDER_FIRST, to the first number of more than 64 bits. */
#define LADDER_FIRST	91

static u64 ladder_table(u64 k)
{
	return fib_table64[k + 1] + fib_table64[k - 1];
}

/* F(n) of two limbs at most: n is 2k or 2k + 1. */
static int ladder_short(struct fib_job *job, u64 k)
{
	bool odd = job->n & 1;
	unsigned __int128 value = (unsigned __int128)fib_table64[k + odd] * ladder_table(k);

	if (odd)
		value += k & 1 ? 1 : -1;
	fib_count(job, 1, odd);
	job->out[0] = (u64)value;
	job->out[1] = (u64)(value >> 64);
	job->len = fib_normal(job->out, 2);
	job->radix = FIB_BINARY;
	return 0;
}

/* The first doubling, all of it in 128 bits: L(2 LADDER_FIRST + 2) just fits. */
static void ladder_first(struct ladder *at, bool odd)
{
	unsigned __int128 pp = (unsigned __int128)at->p[0] * at->p[0];
	unsigned __int128 qq = (unsigned __int128)at->q[0] * at->q[0];
	s64 two = at->k & 1 ? -2 : 2;

	pp -= two;
	qq += two;
	if (odd)
		pp = qq - pp;
	else
		qq -= pp;
	at->p[0] = (u64)pp;
	at->p[1] = (u64)(pp >> 64);
	at->q[0] = (u64)qq;
	at->q[1] = (u64)(qq >> 64);
	at->k = 2 * at->k + odd;
	at->len = fib_normal(at->q, 2);
}

/* From the table through the first doubling: n >> shift <= LADDER_FIRST, shift > 1. */
static __always_inline void ladder_start(struct fib_job *job, struct ladder *at, u64 half,
					 unsigned int shift)
{
	at->p = job->scratch;
	at->q = at->p + half;
	at->pp = at->q + half;
	at->qq = at->pp + half;
	at->t = at->qq + half;
	at->k = job->n >> shift;
	at->shift = shift - 1;
	at->p[0] = ladder_table(at->k);
	at->q[0] = ladder_table(at->k + 1);
	fib_count(job, 2, 3);
	ladder_first(at, (job->n >> at->shift) & 1);
}

/* Until one bit is left, or k has reached @until. False: the job has stopped. */
static __always_inline bool ladder_climb(const struct mul *m, struct ladder *at, u64 until)
{
	struct fib_job *job = m->job;

	while (at->shift > 1 && at->k < until) {
		sqr_n(m, at->pp, at->p, at->len, at->t);
		sqr_n(m, at->qq, at->q, at->len, at->t);
		if (job->stopped)
			return false;
		fib_count(job, 0, 2 * at->len);
		at->shift--;
		ladder_double(at, (job->n >> at->shift) & 1);
	}
	return true;
}

static int fib_ladder(struct fib_job *job, const struct mul_plan *plan)
{
	u64 half = ladder_half(job->n), n = job->n;
	struct mul m = { job, plan, NULL };
	unsigned int shift = 0;
	struct ladder at;
	struct ntt ntt;

	if (n <= FIB_MAX_N_64)
		return fib_small(job, fib_table64[n]);
	while (n >> shift > LADDER_FIRST)
		shift++;
	if (shift == 1)
		return ladder_short(job, n >> 1);
	ladder_start(job, &at, half, shift);
	if (ladder_uses_ntt(plan, n)) {
		ntt_init(&ntt, ntt_longest(half), at.t + mul_scratch(plan, half));
		m.ntt = &ntt;
	}
	if (!ladder_climb(&m, &at, n))
		return -EINTR;
	job->len = ladder_last(&m, &at);
	job->radix = FIB_BINARY;
	return job->stopped ? -EINTR : 0;
}

#endif /* FIB_LADDER_H */
