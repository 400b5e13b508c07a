// SPDX-License-Identifier: GPL-2.0-only
/*
 * The variants in portable C.
 */
#include "limb.h"
#include "ladder.h"

const struct fib_variant fib_variants_portable[FIB_VARIANTS] = {
	{ "bignum_add", FIB_MAX_N, add_scratch, fib_bignum_add },
	{ "fast_doubling", FIB_MAX_N, ladder_scratch, fib_ladder },
	{ "iterate64", FIB_MAX_N_64, fib_no_scratch, fib_iterate64 },
	{ "nop", FIB_MAX_N, fib_no_scratch, fib_nop },
};
