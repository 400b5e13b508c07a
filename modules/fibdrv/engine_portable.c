// SPDX-License-Identifier: GPL-2.0-only
/*
 * The variants in portable C.
 */
#include "limb.h"
#include "school.h"
#include "mul.h"

#define NEVER	MUL_NEVER
#define KARATSUBA	.kara_mul = 30, .kara_sqr = 50
#define TOOM3		.toom3_mul = 190, .toom3_sqr = 200
#define TOOM4		.toom4_mul = 200, .toom4_sqr = 240
#define NO_TOOM3	.toom3_mul = NEVER, .toom3_sqr = NEVER, NO_TOOM4
#define NO_TOOM4	.toom4_mul = NEVER, .toom4_sqr = NEVER
#define NO_NTT		.ntt_mul = NEVER, .ntt_sqr = NEVER

static const struct mul_plan plan_fast_doubling = {
	.kara_mul = NEVER, .kara_sqr = NEVER, NO_TOOM3, NO_NTT,
};
static const struct mul_plan plan_karatsuba = { KARATSUBA, NO_TOOM3, NO_NTT };
static const struct mul_plan plan_toom3 = { KARATSUBA, TOOM3, NO_TOOM4, NO_NTT };
static const struct mul_plan plan_toom4 = { KARATSUBA, TOOM3, TOOM4, NO_NTT };
static const struct mul_plan plan_ntt = {
	.kara_mul = 400, .kara_sqr = 400, NO_TOOM3, .ntt_mul = 400, .ntt_sqr = 400,
};
static const struct mul_plan plan_auto = {
	KARATSUBA, TOOM3, TOOM4, .ntt_mul = 1300, .ntt_sqr = 800,
	.dec_kara_mul = 26, .dec_kara_sqr = 50, .dec_ntt_mul = 420, .dec_ntt_sqr = 450,
	.dec_text = 1000,
};

#define FIB_TABLE fib_variants_portable
#include "variants.h"
