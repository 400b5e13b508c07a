/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all files of the Fibonacci core share and no user of it needs.
 */
#ifndef FIB_JOB_H
#define FIB_JOB_H

#include "fib_core.h"

/*
 * Limb operations between two looks at the pause. The slowest machine in mind
 * does 0.3 of them a nanosecond (a simulated one), so this is well below 1 ms.
 */
#define FIB_BREATH	65536U

/* Adds work to the account. True: unwind, the result is void. */
static __always_inline bool fib_tick(struct fib_job *job, u64 work)
{
	job->owed += work;
	if (likely(job->owed < FIB_BREATH))
		return job->stopped;
	job->owed = 0;
	if (core_stop(job->pause))
		job->stopped = true;
	return job->stopped;
}

static __always_inline void fib_count(struct fib_job *job, u64 muls, u64 adds)
{
	if (unlikely(job->counts)) {
		job->counts->multiplications += muls;
		job->counts->additions += adds;
	}
}

/* Drops leading zero limbs, keeps one. */
static inline u64 fib_normal(const u64 *limb, u64 len)
{
	while (len > 1 && !limb[len - 1])
		len--;
	return len;
}

/* Sets a result of one limb. */
static inline int fib_small(struct fib_job *job, u64 value)
{
	job->out[0] = value;
	job->len = 1;
	job->radix = FIB_BINARY;
	return 0;
}

/* F(0) to F(FIB_MAX_N_64). */
extern const u64 fib_table64[FIB_MAX_N_64 + 1];

/* a b modulo 2^61 - 1, of residues. */
u64 fib_m61_times(u64 a, u64 b);

/* The textbook variants, in fib_basic.c. */
u64 fib_no_scratch(u64 n, enum fib_want want);
int fib_nop(struct fib_job *job);
int fib_iterate64(struct fib_job *job);

/* The tables of the engines. */
#define FIB_VARIANTS		11
#define FIB_VARIANTS_FMA	12
extern const struct fib_variant fib_variants_portable[FIB_VARIANTS];
#ifdef __x86_64__
extern const struct fib_variant fib_variants_adx[FIB_VARIANTS];
extern const struct fib_variant fib_variants_fma[FIB_VARIANTS_FMA];
#endif

#endif /* FIB_JOB_H */
