/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ways from small Fibonacci numbers to large ones.
 *
 * bignum_add	n additions of growing numbers: n^2 work, all of it linear passes
 * matrix	powers of (1 1; 1 0): four products for each bit of n
 * ladder	fast doubling: two squares for each bit, one product for the last one
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

/* Limbs that F(k) and F(k - 1) are kept in, with room for a small multiple. */
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

/*
 * One doubling from f = F(k), g = F(k - 1) and their squares ff, gg (len limbs):
 *
 *   F(2k - 1) = ff + gg
 *   F(2k + 1) = 4 ff - gg + 2 (-1)^k
 *   F(2k)     = F(2k + 1) - F(2k - 1)
 *
 * @odd_k: k is odd; @odd: the next index is 2k + 1, not 2k. Returns the limbs
 * of the new f. (The identities follow from Cassini's; Knuth, TAOCP 1.2.8.)
 */
static u64 ladder_double(u64 *f, u64 *g, const u64 *ff, const u64 *gg, u64 len, bool odd_k,
			 bool odd)
{
	unsigned __int128 low = 0;
	__int128 high = odd_k ? -2 : 2, mid = high;
	u64 i;

	if (odd) {
		for (i = 0; i < len; i++) {
			unsigned __int128 x = ff[i];
			unsigned __int128 y = gg[i];

			high += (__int128)(4 * x) - (__int128)y;
			mid += (__int128)(3 * x) - (__int128)(2 * y);
			f[i] = (u64)high;
			g[i] = (u64)mid;
			high >>= 64;
			mid >>= 64;
		}
		f[len] = (u64)high;
		g[len] = (u64)mid;
	} else {
		for (i = 0; i < len; i++) {
			unsigned __int128 x = ff[i];
			unsigned __int128 y = gg[i];

			low += x + y;
			mid += (__int128)(3 * x) - (__int128)(2 * y);
			f[i] = (u64)mid;
			g[i] = (u64)low;
			low >>= 64;
			mid >>= 64;
		}
		f[len] = (u64)mid;
		g[len] = (u64)low;
	}
	return fib_normal(f, len + 1);
}

/*
 * The last bit, by one product instead of two squares:
 *
 *   F(2k)     = F(k) (F(k) + 2 F(k - 1))
 *   F(2k + 1) = (2 F(k) + F(k - 1)) (2 F(k) - F(k - 1)) + 2 (-1)^k
 */
static u64 ladder_last(const struct mul *m, u64 *f, u64 *g, u64 *t, u64 len, u64 k, u64 *scratch)
{
	struct fib_job *job = m->job;
	u64 *out = job->out;

	f[len] = 0;
	g[len] = 0;
	if (job->n & 1) {
		limb_add(t, f, f, len + 1);
		limb_add(f, t, g, len + 1);
		limb_sub(g, t, g, len + 1);
	} else {
		limb_add(g, g, g, len + 1);
		limb_add(g, g, f, len + 1);
	}
	fib_count(job, 0, (job->n & 1 ? 3 : 2) * len);
	len += (f[len] | g[len]) != 0;
	mul_n(m, out, f, g, len, scratch);
	if (job->stopped)
		return 0;
	if (job->n & 1) {
		if (k & 1)
			limb_sub_1(out, 2 * len, 2);
		else
			limb_add_1(out, 2 * len, 2);
	}
	return fib_normal(out, 2 * len);
}

/* The first doubling, from k <= LADDER_FIRST: F(2k + 1) fits into 128 bits. */
#define LADDER_FIRST	92

static u64 ladder_first(u64 *f, u64 *g, u64 k, bool odd)
{
	unsigned __int128 ff = (unsigned __int128)fib_table64[k] * fib_table64[k];
	unsigned __int128 gg = (unsigned __int128)fib_table64[k - 1] * fib_table64[k - 1];
	unsigned __int128 low = ff + gg, high = 4 * ff - gg + (k & 1 ? -2 : 2), mid = high - low;

	if (odd) {
		low = mid;
		mid = high;
	}
	f[0] = (u64)mid;
	f[1] = (u64)(mid >> 64);
	g[0] = (u64)low;
	g[1] = (u64)(low >> 64);
	return fib_normal(f, 2);
}

static int fib_ladder(struct fib_job *job, const struct mul_plan *plan)
{
	u64 half = ladder_half(job->n), len = 1, n = job->n, k;
	u64 *f = job->scratch, *g = f + half, *ff = g + half, *gg = ff + half, *t = gg + half;
	struct mul m = { job, plan, NULL };
	unsigned int shift = 0;
	struct ntt ntt;

	if (n <= FIB_MAX_N_64)
		return fib_small(job, fib_table64[n]);
	if (ladder_uses_ntt(plan, n)) {
		ntt_init(&ntt, ntt_longest(half), t + mul_scratch(plan, half));
		m.ntt = &ntt;
	}
	while (n >> shift > LADDER_FIRST)
		shift++;
	k = n >> shift;
	f[0] = fib_table64[k];
	g[0] = fib_table64[k - 1];
	if (shift > 1) {
		bool odd = (n >> --shift) & 1;

		fib_count(job, 2, 4);
		len = ladder_first(f, g, k, odd);
		k = 2 * k + odd;
	}
	while (--shift) {
		bool odd = (n >> shift) & 1;

		sqr_n(&m, ff, f, len, t);
		sqr_n(&m, gg, g, len, t);
		if (job->stopped)
			return -EINTR;
		fib_count(job, 0, 4 * len);
		len = ladder_double(f, g, ff, gg, 2 * len, k & 1, odd);
		k = 2 * k + odd;
	}
	job->len = ladder_last(&m, f, g, ff, len, k, t);
	job->radix = FIB_BINARY;
	return job->stopped ? -EINTR : 0;
}

#endif /* FIB_LADDER_H */
