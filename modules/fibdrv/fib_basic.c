// SPDX-License-Identifier: GPL-2.0-only
/*
 * The variants that need no big numbers, and the sizes of all of them.
 */
#include "fib_job.h"

const u64 fib_table64[FIB_MAX_N_64 + 1] = {
	0ULL, 1ULL, 1ULL,
	2ULL, 3ULL, 5ULL,
	8ULL, 13ULL, 21ULL,
	34ULL, 55ULL, 89ULL,
	144ULL, 233ULL, 377ULL,
	610ULL, 987ULL, 1597ULL,
	2584ULL, 4181ULL, 6765ULL,
	10946ULL, 17711ULL, 28657ULL,
	46368ULL, 75025ULL, 121393ULL,
	196418ULL, 317811ULL, 514229ULL,
	832040ULL, 1346269ULL, 2178309ULL,
	3524578ULL, 5702887ULL, 9227465ULL,
	14930352ULL, 24157817ULL, 39088169ULL,
	63245986ULL, 102334155ULL, 165580141ULL,
	267914296ULL, 433494437ULL, 701408733ULL,
	1134903170ULL, 1836311903ULL, 2971215073ULL,
	4807526976ULL, 7778742049ULL, 12586269025ULL,
	20365011074ULL, 32951280099ULL, 53316291173ULL,
	86267571272ULL, 139583862445ULL, 225851433717ULL,
	365435296162ULL, 591286729879ULL, 956722026041ULL,
	1548008755920ULL, 2504730781961ULL, 4052739537881ULL,
	6557470319842ULL, 10610209857723ULL, 17167680177565ULL,
	27777890035288ULL, 44945570212853ULL, 72723460248141ULL,
	117669030460994ULL, 190392490709135ULL, 308061521170129ULL,
	498454011879264ULL, 806515533049393ULL, 1304969544928657ULL,
	2111485077978050ULL, 3416454622906707ULL, 5527939700884757ULL,
	8944394323791464ULL, 14472334024676221ULL, 23416728348467685ULL,
	37889062373143906ULL, 61305790721611591ULL, 99194853094755497ULL,
	160500643816367088ULL, 259695496911122585ULL, 420196140727489673ULL,
	679891637638612258ULL, 1100087778366101931ULL, 1779979416004714189ULL,
	2880067194370816120ULL, 4660046610375530309ULL, 7540113804746346429ULL,
	12200160415121876738ULL,
};

/*
 * F(n) < phi^n, so it has at most n * log2(phi) + 1 bits; log2(phi) = 0.694241913...
 * Four limbs more: a product of two padded halves is longer than its value.
 * 16 decimal digits are 53.15 bits.
 */
u64 fib_out_limbs(u64 n)
{
	u64 binary = (n * 694242 / 1000000 + 1) / 64 + 1;
	u64 decimal = fib_text_max(n) / FIB_DECIMAL_DIGITS + 1;

	return (binary > decimal ? binary : decimal) + 4;
}

/* log10(phi) = 0.208987640... */
u64 fib_text_max(u64 n)
{
	return n * 208988 / 1000000 + 1;
}

/* F(n) > phi^n / sqrt(5) - 1/2, and log10(sqrt(5)) = 0.349...: less than one digit. */
u64 fib_text_min(u64 n)
{
	u64 digits = n * 208987 / 1000000;

	return digits ? digits : 1;
}

u64 fib_no_scratch(u64 n, enum fib_want want)
{
	(void)n;
	(void)want;
	return 0;
}

/* Measures the measurement: the result is 0 whatever was asked. */
int fib_nop(struct fib_job *job)
{
	return fib_small(job, 0);
}

/* The textbook loop. Invariant: a = F(i), b = F(i + 1), both modulo 2^64. */
int fib_iterate64(struct fib_job *job)
{
	u64 a = 0, b = 1, i;

	if (job->n > FIB_MAX_N_64)
		return -EOVERFLOW;
	for (i = 0; i < job->n; i++) {
		u64 next = a + b;

		a = b;
		b = next;
	}
	fib_count(job, 0, job->n);
	return fib_small(job, a);
}

const struct fib_variant *fib_variants(enum fib_isa isa, u32 *count)
{
	*count = FIB_VARIANTS;
#ifdef __x86_64__
	if (isa == FIB_ADX)
		return fib_variants_adx;
	if (isa == FIB_FMA) {
		*count = FIB_VARIANTS_FMA;
		return fib_variants_fma;
	}
#endif
	return fib_variants_portable;
}

const struct fib_variant *fib_variant_find(enum fib_isa isa, const char *name)
{
	u32 count, i;
	const struct fib_variant *row = fib_variants(isa, &count);

	for (i = 0; i < count; i++)
		if (!strcmp(row[i].name, name))
			return &row[i];
	return NULL;
}

/*
 * Horner from the top. 2^61 = 1, so multiplying by 2^64 is a rotation by 3 of
 * 61 bits, and 10^16 is a constant factor.
 */
#define FIB_M61	((1ULL << 61) - 1)

static u64 m61_add(u64 a, u64 b)
{
	u64 sum = a + b;

	return sum >= FIB_M61 ? sum - FIB_M61 : sum;
}

static u64 m61_reduce(u64 a)
{
	return m61_add(a & FIB_M61, a >> 61);
}

u64 fib_m61_times(u64 a, u64 b)
{
	unsigned __int128 p = (unsigned __int128)a * b;

	return m61_add((u64)p & FIB_M61, (u64)(p >> 61));
}

u64 fib_check(const struct fib_job *job)
{
	u64 sum = 0, i;

	for (i = job->len; i-- > 0;) {
		if (job->radix == FIB_DECIMAL)
			sum = fib_m61_times(sum, FIB_DECIMAL_BASE);
		else
			sum = ((sum << 3) & FIB_M61) | (sum >> 58);
		sum = m61_add(sum >= FIB_M61 ? 0 : sum, m61_reduce(job->out[i]));
	}
	return sum;
}

u64 fib_text_check(const char *text, u64 len)
{
	u64 sum = 0, i;

	for (i = 0; i < len; i++)
		sum = m61_reduce(fib_m61_times(sum, 10) + (u64)(text[i] - '0'));
	return sum == FIB_M61 ? 0 : sum;
}
