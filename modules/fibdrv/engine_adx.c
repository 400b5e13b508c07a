// SPDX-License-Identifier: GPL-2.0-only
/*
 * The variants with mulx, adcx and adox, for CPUs that have BMI2 and ADX, and the same with
 * fma for those that have AVX2 and FMA too. General registers only: what uses vectors is in
 * fib_fma.c. The rest of this file's C is compiled with -mbmi2 -madx.
 */
#include "limb.h"
#include "limb_adx.h"
#include "sums_adx.h"
#define limb_add adx_add
#define limb_divide adx_divide
#define limb_divide_down adx_divide_down
#define limb_sub adx_sub
#define limb_sub_down adx_sub_down
#define limb_sub_shifted adx_sub_shifted
#define limb_shifted_add adx_shifted_add
#define limb_shifted_sub adx_shifted_sub
#define FIB_ADX_SUMS
#include "school_adx.h"
#include "mul.h"

#define NEVER	MUL_NEVER
#define KARATSUBA	.kara_mul = 20, .kara_sqr = 28
#define TOOM3		.toom3_mul = 128, .toom3_sqr = 125
#define TOOM4		.toom4_mul = 450, .toom4_sqr = 650
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
	.kara_mul = 600, .kara_sqr = 600, NO_TOOM3, .ntt_mul = 600, .ntt_sqr = 600,
};
static const struct mul_plan plan_auto = {
	KARATSUBA, TOOM3, TOOM4, .ntt_mul = 6000, .ntt_sqr = 6000,
	.dec_kara_mul = 26, .dec_kara_sqr = 54, .dec_ntt_mul = 420, .dec_ntt_sqr = 450,
	.dec_text = 1000,
};

#define FIB_TABLE fib_variants_adx
#include "variants.h"

#include "ladder_fma.h"

const struct fib_variant fib_variants_fma[FIB_VARIANTS_FMA] = {
#define FIB_CHOOSE fib_choose_fma
#define FIB_ROW_FMA { "fma", FMA_MAX_N, scratch_fma, fib_fma, NULL }
#include "rows.h"
};
