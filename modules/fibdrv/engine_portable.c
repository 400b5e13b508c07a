// SPDX-License-Identifier: GPL-2.0-only
/*
 * The variants in portable C.
 */
#include "limb.h"
#include "school.h"
#include "mul.h"

#define NEVER	MUL_NEVER

static const struct mul_plan plan_fast_doubling = { NEVER, NEVER, NEVER, NEVER, NEVER, NEVER };
static const struct mul_plan plan_karatsuba = { 28, 40, NEVER, NEVER, NEVER, NEVER };
static const struct mul_plan plan_toom3 = { 28, 40, 120, 160, NEVER, NEVER };
static const struct mul_plan plan_ntt = { 400, 400, NEVER, NEVER, 400, 400 };
static const struct mul_plan plan_auto = { 28, 40, 120, 160, 700, 700 };

#define FIB_TABLE fib_variants_portable
#include "variants.h"
