/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exact Fibonacci numbers: the variants, their memory, their text.
 *
 * A core in the sense of core.h: no kernel call, no allocation, no global that
 * changes, no floating point. Numbers are arrays of limbs, least significant
 * first. A limb is a 64-bit word (FIB_BINARY) or 16 decimal digits (FIB_DECIMAL).
 *
 * Use: take fib_choice() of a row, fill a struct fib_job, give it fib_out_limbs() and
 * scratch() limbs of memory, call compute(). Text and check value are operations of their own on
 * the finished job, so that each can be measured as a phase of its own.
 */
#ifndef FIB_CORE_H
#define FIB_CORE_H

#ifdef __cplusplus
extern "C" {
#endif

#include "core.h"

/* Largest index of every variant that is not limited by its own idea. */
#define FIB_MAX_N	20000000ULL

/* Largest index whose value fits into 64 bits. */
#define FIB_MAX_N_64	93ULL

enum fib_radix {
	FIB_BINARY,	/* limbs base 2^64 */
	FIB_DECIMAL,	/* limbs base 10^16 */
};

#define FIB_DECIMAL_BASE	10000000000000000ULL
#define FIB_DECIMAL_DIGITS	16

/* What the caller will do with the result; a variant may choose its base by it. */
enum fib_want {
	FIB_WANT_LIMBS,	/* limbs: binary, but for the variant "decimal" */
	FIB_WANT_TEXT,	/* decimal text: the base is the variant's choice */
};

/* Which instructions the engine may use. */
enum fib_isa {
	FIB_PORTABLE,	/* what the C compiler makes of it */
	FIB_ADX,	/* mulx, adcx, adox: needs the CPU flags BMI2 and ADX */
	FIB_FMA,	/* vectors as well, where they win: AVX2 and FMA too */
};

/**
 * struct fib_job - one computation
 * @n: in: index
 * @want: in: what the result is for
 * @out: in: fib_out_limbs(n) limbs for the result
 * @scratch: in: memory of the size the variant asks for; NULL where that is 0
 * @pause: in: how long work breathes, or NULL
 * @vector: in: leave to use vector registers, or NULL
 * @counts: in: operations are added here, or NULL
 * @len: out: limbs of the result, at least 1, the highest not 0 unless F(n) is 0
 * @radix: out: base of the result
 * @owed: of the core: work since @pause was last looked at
 * @stopped: of the core: @pause asked to stop
 */
struct fib_job {
	u64 n;
	enum fib_want want;
	u64 *out;
	u64 *scratch;
	const struct core_pause *pause;
	const struct core_vector *vector;
	struct core_counts *counts;

	u64 len;
	enum fib_radix radix;

	u64 owed;
	bool stopped;
};

/**
 * struct fib_variant - one way to compute F(n)
 * @name: its name in lists and points
 * @max_n: largest index it takes
 * @scratch: limbs of scratch memory for @n and @want
 * @compute: 0, or -EINTR when the job's pause asked to stop, or -EOVERFLOW when
 *	     n is larger than @max_n
 * @choose: the row that does it for @n and @want; NULL: this one. A row that only
 *	    chooses has no @scratch and no @compute
 */
struct fib_variant {
	const char *name;
	u64 max_n;
	u64 (*scratch)(u64 n, enum fib_want want);
	int (*compute)(struct fib_job *job);
	const struct fib_variant *(*choose)(u64 n, enum fib_want want);
};

/*
 * The row to give memory to and to compute with. It is taken with the memory, before the
 * clock starts: what a length is computed with is no part of the computation.
 */
static inline const struct fib_variant *fib_choice(const struct fib_variant *row, u64 n,
						   enum fib_want want)
{
	return row->choose ? row->choose(n, want) : row;
}

/* The variants, sorted by name but for nop: the same for every fib_isa, and "fma" for FIB_FMA. */
const struct fib_variant *fib_variants(enum fib_isa isa, u32 *count);

#ifndef __KERNEL__
/* This CPU has what FIB_ADX needs. */
static inline bool fib_has_adx(void)
{
#ifdef __x86_64__
	unsigned int leaf = 7, features, subleaf = 0, rest;

	if (!__builtin_cpu_supports("bmi2"))
		return false;
	__asm__("cpuid" : "+a"(leaf), "=b"(features), "+c"(subleaf), "=d"(rest));
	return features >> 19 & 1;
#else
	return false;
#endif
}

/* And what FIB_FMA needs. */
static inline bool fib_has_fma(void)
{
#ifdef __x86_64__
	return fib_has_adx() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
	return false;
#endif
}

/* The best one that this CPU has. */
static inline enum fib_isa fib_best_isa(void)
{
	return fib_has_fma() ? FIB_FMA : fib_has_adx() ? FIB_ADX : FIB_PORTABLE;
}
#endif

/* The row of that name, or NULL. */
const struct fib_variant *fib_variant_find(enum fib_isa isa, const char *name);

/* Limbs that @out of a job must hold, in either base. */
u64 fib_out_limbs(u64 n);

/* Characters that the text of F(n) takes at most, without a terminator. */
u64 fib_text_max(u64 n);

/* Characters that it takes at least. */
u64 fib_text_min(u64 n);

/* Limbs of scratch memory for fib_text(). */
u64 fib_text_scratch(u64 n, enum fib_radix radix);

/**
 * fib_text() - decimal text of a finished job
 * @job: finished job; its result stays as it is
 * @text: fib_text_max(job->n) characters; no terminator is written
 * @scratch: fib_text_scratch(job->n, job->radix) limbs
 *
 * Return: characters written, or -EINTR.
 */
s64 fib_text(struct fib_job *job, char *text, u64 *scratch);

/* Value of a finished job modulo 2^61 - 1. */
u64 fib_check(const struct fib_job *job);

/* The same of decimal text: digits and nothing else. */
u64 fib_text_check(const char *text, u64 len);

#ifdef __cplusplus
}
#endif

#endif /* FIB_CORE_H */
