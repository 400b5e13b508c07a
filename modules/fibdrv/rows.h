/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rows of an engine's table, sorted by name but for nop; FIB_CHOOSE is what auto does.
 */
	{ "auto", FIB_MAX_N, NULL, NULL, FIB_CHOOSE },
	{ "bignum_add", FIB_MAX_N, add_scratch, fib_bignum_add, NULL },
	{ "decimal", FIB_MAX_N, scratch_decimal, fib_decimal, NULL },
	{ "fast_doubling", FIB_MAX_N, scratch_fast_doubling, fib_fast_doubling, NULL },
#ifdef FIB_ROW_FMA
	FIB_ROW_FMA,
#endif
	{ "iterate64", FIB_MAX_N_64, fib_no_scratch, fib_iterate64, NULL },
	{ "karatsuba", FIB_MAX_N, scratch_karatsuba, fib_karatsuba, NULL },
	{ "matrix", FIB_MAX_N, scratch_matrix, fib_matrix_power, NULL },
	{ "ntt", FIB_MAX_N, scratch_ntt, fib_ntt, NULL },
	{ "toom3", FIB_MAX_N, scratch_toom3, fib_toom3, NULL },
	{ "toom4", FIB_MAX_N, scratch_toom4, fib_toom4, NULL },
	{ "nop", FIB_MAX_N, fib_no_scratch, fib_nop, NULL },
