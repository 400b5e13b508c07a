/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ladder that goes on in vectors where numbers are long enough, see fib_fma.c. What
 * mulx, adcx and adox do better, and what is too long for one leave to use vectors, is
 * left to them.
 */
#ifndef FIB_LADDER_FMA_H
#define FIB_LADDER_FMA_H

#include "fib_fma.h"
#include "ladder.h"

/* The index of a number, not of the result, from where on vectors are used. */
#define FMA_FROM	1000

/* From here on that wins. */
#define FMA_MIN_N	6000

static u64 scratch_fma(u64 n, enum fib_want want)
{
	u64 all = ladder_scratch(&plan_auto, n);
	u64 both = ladder_scratch(&plan_auto, 4 * FMA_FROM) + fma_scratch(n);

	(void)want;
	return both > all ? both : all;
}

/* F(k) over the squares: 5 F(k) = 2 L(k + 1) - L(k) */
static struct fma_from ladder_fibonacci(const struct ladder *at)
{
	u64 *f = at->pp, len = at->len;

	limb_shifted_sub(f, at->q, at->p, len, 1);
	limb_divide(f, len, LIMB_FIFTH);
	memset(f + len, 0, FMA_ZEROS * sizeof(*f));
	memset(at->q + len, 0, FMA_ZEROS * sizeof(*f));
	return (struct fma_from){ f, at->q, at->k, at->shift };
}

static int fib_fma(struct fib_job *job)
{
	u64 half = ladder_half(4 * FMA_FROM), n = job->n;
	struct mul m = { job, &plan_auto, NULL };
	unsigned int shift = 0;
	struct fma_from from;
	struct ladder at;

	if (n < 2 * FMA_FROM)
		return fib_ladder(job, &plan_auto);
	while (n >> shift > LADDER_FIRST)
		shift++;
	ladder_start(job, &at, half, shift);
	if (!ladder_climb(&m, &at, FMA_FROM))
		return -EINTR;
	from = ladder_fibonacci(&at);
	fib_count(job, at.len, 3 * at.len);
	if (!core_vector_begin(job->vector))
		return fib_ladder(job, &plan_auto);
	fma_ladder(job, &from, job->scratch + ladder_scratch(&plan_auto, 4 * FMA_FROM));
	core_vector_end(job->vector);
	/* As many limb operations of the other variants take that time. */
	return fib_tick(job, 20 * job->len) ? -EINTR : 0;
}

static const struct fib_variant *fib_choose_fma(u64 n, enum fib_want want)
{
	static const struct fib_variant fma = { "auto", FMA_MAX_N, scratch_fma, fib_fma, NULL };

	if (want == FIB_WANT_LIMBS && n >= FMA_MIN_N && n <= FMA_MAX_N)
		return &fma;
	return fib_choose(n, want);
}

#endif /* FIB_LADDER_FMA_H */
