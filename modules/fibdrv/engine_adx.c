// SPDX-License-Identifier: GPL-2.0-only
/*
 * The variants with mulx, adcx and adox, for CPUs that have BMI2 and ADX. General
 * registers only. The rest of this file's C is compiled with -mbmi2 -madx.
 */
#include "limb.h"
#include "limb_adx.h"
#define limb_add adx_add
#define limb_sub adx_sub
#include "school_adx.h"
#include "mul.h"

#define NEVER	MUL_NEVER

static const struct mul_plan plan_fast_doubling = { NEVER, NEVER, NEVER, NEVER, NEVER, NEVER };
static const struct mul_plan plan_karatsuba = { 40, 90, NEVER, NEVER, NEVER, NEVER };
static const struct mul_plan plan_toom3 = { 40, 90, 200, 260, NEVER, NEVER };
static const struct mul_plan plan_ntt = { 600, 600, NEVER, NEVER, 600, 600 };
static const struct mul_plan plan_auto = { 40, 90, 200, 260, 1400, 1400 };

#define FIB_TABLE fib_variants_adx
#include "variants.h"
