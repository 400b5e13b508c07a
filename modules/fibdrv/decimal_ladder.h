/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fast doubling in decimal limbs: the identities of ladder.h on columns.
 */
#ifndef FIB_DECIMAL_LADDER_H
#define FIB_DECIMAL_LADDER_H

#include "decimal.h"

/* The largest index whose value is one decimal limb. */
#define DEC_MAX_N_1	78

/* Limbs that F(k) and F(k - 1), k <= n / 2, are kept in. */
static u64 dec_half(u64 n)
{
	return fib_text_max(n / 2) / FIB_DECIMAL_DIGITS + 4;
}

static u64 dec_ladder_scratch(const struct mul_plan *plan, u64 n)
{
	u64 half = dec_half(n);

	return 2 * half + 4 * dec_columns(half) + dec_scratch(half) + dec_roots(plan, half);
}

/*
 * From the squares' columns to the two numbers of the next bit. Returns the limbs of
 * the new f.
 */
static u64 dec_double(struct fib_job *job, u64 *f, u64 *g, const struct dec_columns *ff,
		      const struct dec_columns *gg, u64 len, bool odd_k, bool odd)
{
	struct dec_flow high = {}, low = {};
	__int128 two = odd_k ? -2 : 2;
	u64 i;

	fib_count(job, 10 * len, 22 * len);
	for (i = 0; i < len; i++) {
		__int128 x = (__int128)dec_column(ff, i), y = (__int128)dec_column(gg, i);
		__int128 mid = 3 * x - 2 * y + two;

		if (!(i & 4095) && fib_tick(job, 32768))
			return 1;
		f[i] = dec_digit(&high, (unsigned __int128)(odd ? mid + x + y : mid));
		g[i] = dec_digit(&low, (unsigned __int128)(odd ? mid : x + y));
		two = 0;
	}
	f[len] = dec_digit(&high, 0);
	g[len] = dec_digit(&low, 0);
	return fib_normal(f, len + 1);
}

/* r = ca a + cb b for coefficients of -2 to 2 and a result that is not negative. */
static void dec_combine(u64 *r, s64 ca, const u64 *a, s64 cb, const u64 *b, u64 len)
{
	s64 carry = 0;
	u64 i;

	for (i = 0; i < len; i++) {
		s64 digit = ca * (s64)a[i] + cb * (s64)b[i] + carry;

		carry = 0;
		for (; digit < 0; digit += FIB_DECIMAL_BASE)
			carry--;
		for (; digit >= (s64)FIB_DECIMAL_BASE; digit -= FIB_DECIMAL_BASE)
			carry++;
		r[i] = (u64)digit;
	}
}

/* The last bit by one product. */
static u64 dec_last(const struct mul *m, u64 *f, u64 *g, const struct dec_columns *c, u64 len,
		    u64 k, u64 *t)
{
	struct fib_job *job = m->job;
	u64 room = fib_out_limbs(job->n), *sum = t, *other = f;

	f[len] = 0;
	g[len] = 0;
	len++;
	if (job->n & 1) {
		dec_combine(sum, 2, f, 1, g, len);
		dec_combine(f, 2, f, -1, g, len);
	} else {
		dec_combine(sum, 1, f, 2, g, len);
	}
	fib_count(job, 0, 4 * len);
	len -= !(sum[len - 1] | other[len - 1]);
	dec_mul(m, c, sum, other, len, t + len);
	if (job->stopped)
		return 1;
	if (job->n & 1)
		dec_set(c, 0, dec_column(c, 0) + (unsigned __int128)(__int128)(k & 1 ? -2 : 2));
	len = 2 * len < room ? 2 * len : room;
	dec_carry(job, job->out, c, len, 0);
	return fib_normal(job->out, len);
}

static int fib_decimal_ladder(struct fib_job *job, const struct mul_plan *plan)
{
	u64 half = dec_half(job->n), room = dec_columns(half), len = 1, n = job->n, k;
	u64 *f = job->scratch, *g = f + half;
	struct dec_columns ff = { g + half, g + half + room };
	struct dec_columns gg = { ff.hi + room, ff.hi + 2 * room };
	u64 *t = gg.hi + room;
	struct mul m = { job, plan, NULL };
	unsigned int shift = 0;
	struct ntt ntt;

	job->radix = FIB_DECIMAL;
	if (n <= DEC_MAX_N_1) {
		job->out[0] = fib_table64[n];
		job->len = 1;
		return 0;
	}
	if (dec_roots(plan, half)) {
		ntt_init(&ntt, room, t + dec_scratch(half));
		m.ntt = &ntt;
	}
	while (n >> shift > DEC_MAX_N_1)
		shift++;
	k = n >> shift;
	f[0] = fib_table64[k];
	g[0] = fib_table64[k - 1];
	while (--shift) {
		bool odd = (n >> shift) & 1;

		dec_mul(&m, &ff, f, f, len, t);
		dec_mul(&m, &gg, g, g, len, t);
		if (job->stopped)
			return -EINTR;
		len = dec_double(job, f, g, &ff, &gg, 2 * len, k & 1, odd);
		k = 2 * k + odd;
	}
	job->len = dec_last(&m, f, g, &ff, len, k, t);
	return job->stopped ? -EINTR : 0;
}

#endif /* FIB_DECIMAL_LADDER_H */
