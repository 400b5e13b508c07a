/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What one computation multiplies with.
 */
#ifndef FIB_PLAN_H
#define FIB_PLAN_H

#include "fib_job.h"

/**
 * struct mul_plan - smallest lengths in limbs from which an algorithm is used
 * @kara_mul: Karatsuba, products
 * @kara_sqr: Karatsuba, squares
 * @toom3_mul: Toom-3, products
 * @toom3_sqr: Toom-3, squares
 * @toom4_mul: Toom-4, products
 * @toom4_sqr: Toom-4, squares
 * @ntt_mul: number-theoretic transform, products
 * @ntt_sqr: number-theoretic transform, squares
 * @dec_kara_mul: Karatsuba, products of decimal limbs; @dec_kara_sqr, @dec_ntt_mul,
 *	@dec_ntt_sqr as above
 * @dec_text: index from which text is computed in decimal limbs
 */
struct mul_plan {
	u32 kara_mul;
	u32 kara_sqr;
	u32 toom3_mul;
	u32 toom3_sqr;
	u32 toom4_mul;
	u32 toom4_sqr;
	u32 ntt_mul;
	u32 ntt_sqr;
	u32 dec_kara_mul;
	u32 dec_kara_sqr;
	u32 dec_ntt_mul;
	u32 dec_ntt_sqr;
	u32 dec_text;
};

#define MUL_NEVER	0xffffffffU

/* One computation's way of multiplying: handed down all calls. */
struct mul {
	struct fib_job *job;
	const struct mul_plan *plan;
	struct ntt *ntt;
};

#endif /* FIB_PLAN_H */
