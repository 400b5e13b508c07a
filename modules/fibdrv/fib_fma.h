/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * F(n) in vector registers, see fib_fma.c.
 */
#ifndef FIB_FMA_H
#define FIB_FMA_H

#ifdef __cplusplus
extern "C" {
#endif

#include "fib_job.h"

/*
 * Largest index: bounds the sums of columns, and the time that a kernel must not preempt,
 * which is all that F(n) takes: 0.15 ms at the end on a CPU of 2023.
 */
#define FMA_MAX_N	200000ULL

#define FMA_ZEROS	4

/**
 * struct fma_from - where the ladder is to go on
 * @fibonacci: F(k), and FMA_ZEROS limbs of 0
 * @lucas: L(k + 1), in the same way
 * @k: n >> shift
 * @shift: bits of n that are left, at least 1
 */
struct fma_from {
	const u64 *fibonacci;
	const u64 *lucas;
	u64 k;
	unsigned int shift;
};

/* Limbs of scratch memory for n <= FMA_MAX_N. */
u64 fma_scratch(u64 n);

/* The rest of the way to F(n), without a look at the pause. */
void fma_ladder(struct fib_job *job, const struct fma_from *from, u64 *scratch);

/*
 * out[0..3 groups) = the limbs of the number sum(x[i] 2^(48 i)), x of 4 groups signed words,
 * which is not negative and fits; one limb more is written to, and x is spoilt. A digit that
 * a carry makes negative or larger than 2^48 - 1 costs another pass: one in 2^30 or so does.
 */
void fma_limbs(u64 *out, u64 *x, u64 groups);

#ifdef __cplusplus
}
#endif

#endif /* FIB_FMA_H */
