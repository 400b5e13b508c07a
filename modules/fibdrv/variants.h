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

/* What stands in a table does not pay for a ladder's frame. */
static int fib_auto_table(struct fib_job *job)
{
	return fib_small(job, fib_table64[job->n]);
}

FIB_LADDER(auto)

static const struct fib_variant *fib_choose(u64 n, enum fib_want want)
{
	static const struct fib_variant table = {
		"auto", FIB_MAX_N_64, fib_no_scratch, fib_auto_table, NULL
	};
	static const struct fib_variant decimal = {
		"auto", FIB_MAX_N, scratch_decimal, fib_decimal, NULL
	};
	static const struct fib_variant ladder = {
		"auto", FIB_MAX_N, scratch_auto, fib_auto, NULL
	};

	if (n <= FIB_MAX_N_64)
		return &table;
	return want == FIB_WANT_TEXT && n >= plan_auto.dec_text ? &decimal : &ladder;
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
#define FIB_CHOOSE fib_choose
#include "rows.h"
#undef FIB_CHOOSE
};

#endif /* FIB_VARIANTS_H */
