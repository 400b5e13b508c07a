/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of an engine. The engine has defined before: the limb operations, the
 * plans of FIB_PLANS, and FIB_TABLE, the table's name.
 */
#ifndef FIB_VARIANTS_H
#define FIB_VARIANTS_H

#include "decimal_ladder.h"
#include "ladder.h"
#include "matrix.h"

#define FIB_LADDER(name)					\
static int fib_##name(struct fib_job *job)			\
{								\
	return fib_ladder(job, &plan_##name);			\
}								\
static u64 scratch_##name(u64 n, enum fib_want want)		\
{								\
	(void)want;						\
	return ladder_scratch(&plan_##name, n);			\
}

FIB_LADDER(fast_doubling)
FIB_LADDER(karatsuba)
FIB_LADDER(ntt)
FIB_LADDER(toom3)
FIB_LADDER(toom4)

static int fib_decimal(struct fib_job *job)
{
	return fib_decimal_ladder(job, &plan_auto);
}

static u64 scratch_decimal(u64 n, enum fib_want want)
{
	(void)want;
	return dec_ladder_scratch(&plan_auto, n);
}

static bool auto_is_decimal(u64 n, enum fib_want want)
{
	return want == FIB_WANT_TEXT && n >= plan_auto.dec_text;
}

/* What stands in a table must not pay for the frame of a ladder. */
static int fib_auto(struct fib_job *job)
{
	if (job->n <= FIB_MAX_N_64)
		return fib_small(job, fib_table64[job->n]);
	if (auto_is_decimal(job->n, job->want))
		return fib_decimal(job);
	return fib_ladder(job, &plan_auto);
}

static u64 scratch_auto(u64 n, enum fib_want want)
{
	return auto_is_decimal(n, want) ? scratch_decimal(n, want) : ladder_scratch(&plan_auto, n);
}

static int fib_matrix_power(struct fib_job *job)
{
	return fib_matrix(job, &plan_fast_doubling);
}

static u64 scratch_matrix(u64 n, enum fib_want want)
{
	(void)want;
	return matrix_scratch(&plan_fast_doubling, n);
}

const struct fib_variant FIB_TABLE[FIB_VARIANTS] = {
	{ "auto", FIB_MAX_N, scratch_auto, fib_auto },
	{ "bignum_add", FIB_MAX_N, add_scratch, fib_bignum_add },
	{ "decimal", FIB_MAX_N, scratch_decimal, fib_decimal },
	{ "fast_doubling", FIB_MAX_N, scratch_fast_doubling, fib_fast_doubling },
	{ "iterate64", FIB_MAX_N_64, fib_no_scratch, fib_iterate64 },
	{ "karatsuba", FIB_MAX_N, scratch_karatsuba, fib_karatsuba },
	{ "matrix", FIB_MAX_N, scratch_matrix, fib_matrix_power },
	{ "ntt", FIB_MAX_N, scratch_ntt, fib_ntt },
	{ "toom3", FIB_MAX_N, scratch_toom3, fib_toom3 },
	{ "toom4", FIB_MAX_N, scratch_toom4, fib_toom4 },
	{ "nop", FIB_MAX_N, fib_no_scratch, fib_nop },
};

#endif /* FIB_VARIANTS_H */
