/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schoolbook products and squares with mulx, adcx and adox.
 *
 * Eight limbs of one factor stand still in memory, a window of eight sums moves
 * over the result in registers, one row for each limb of the other factor:
 *
 *	[r] + window + limb * (b0 .. b7)  ->  [r], window one place further
 *
 * A product then costs one mulx and two additions, and no load or store of its
 * own; the two additions belong to two carry chains (CF by adcx, OF by adox) that
 * do not wait for each other. The limit is one mulx a cycle. Row by row with one
 * limb (as GMP does) was tried and is half slower: it loads and stores each sum.
 *
 * The window moves by renaming: a row's register w0 is stored and takes the new
 * highest sum, so that the next row is called with the names shifted by one. A
 * row cannot overflow: (2^512 - 1) + (2^64 - 1) + (2^64 - 1)(2^512 - 1) = 2^576 - 1.
 */
#ifndef FIB_LIMB_ADX_H
#define FIB_LIMB_ADX_H

#include "core.h"

#define ROW_BEGIN "xorl %k[lo], %k[lo]\n\t"
#define ROW_NAME(name) name##_set
#include "limb_adx_rows.h"
#undef ROW_BEGIN
#undef ROW_NAME

#define ROW_BEGIN "xorl %k[lo], %k[lo]\n\tadcx %[sum], %[w0]\n\t"
#define ROW_NAME(name) name##_add
#include "limb_adx_rows.h"
#undef ROW_BEGIN
#undef ROW_NAME

/* r[0..2len) = 2 r + the squares of the limbs of a. Only CF lives in the loop. */
static inline void adx_sqr_diagonal(u64 *r, const u64 *a, u64 len)
{
	u64 lo, hi, x, y, top = 0, bit, last = 63;

	asm volatile("xorl %k[bit], %k[bit]\n"
		     "1:\n\t"
		     "movq (%[a]), %%rdx\n\t"
		     "movq (%[r]), %[x]\n\t"
		     "mulx %%rdx, %[lo], %[hi]\n\t"
		     "movq 8(%[r]), %[y]\n\t"
		     "shrx %[last], %[x], %[bit]\n\t"
		     "leaq (%[top], %[x], 2), %[x]\n\t"
		     "shrx %[last], %[y], %[top]\n\t"
		     "leaq (%[bit], %[y], 2), %[y]\n\t"
		     "adcq %[lo], %[x]\n\t"
		     "movq %[x], (%[r])\n\t"
		     "adcq %[hi], %[y]\n\t"
		     "movq %[y], 8(%[r])\n\t"
		     "leaq 8(%[a]), %[a]\n\t"
		     "leaq 16(%[r]), %[r]\n\t"
		     "decq %[len]\n\t"
		     "jnz 1b\n\t"
		     : [lo] "=&r" (lo), [hi] "=&r" (hi), [x] "=&r" (x), [y] "=&r" (y),
		       [top] "+&r" (top), [bit] "=&r" (bit), [a] "+&r" (a), [r] "+&r" (r),
		       [len] "+&r" (len)
		     : [last] "r" (last)
		     : "rdx", "cc", "memory");
}

/* r = a + b, returns the carry. Four limbs a turn, the carry lives in CF. */
static inline u64 adx_add(u64 *r, const u64 *a, const u64 *b, u64 len)
{
	u64 turns = len >> 2, carry = 0, x, y, i;

	if (turns)
		asm volatile("xorl %k[carry], %k[carry]\n"
			     "1:\n\t"
			     "movq (%[a]), %[x]\n\t"
			     "movq 8(%[a]), %[y]\n\t"
			     "adcq (%[b]), %[x]\n\t"
			     "adcq 8(%[b]), %[y]\n\t"
			     "movq %[x], (%[r])\n\t"
			     "movq %[y], 8(%[r])\n\t"
			     "movq 16(%[a]), %[x]\n\t"
			     "movq 24(%[a]), %[y]\n\t"
			     "adcq 16(%[b]), %[x]\n\t"
			     "adcq 24(%[b]), %[y]\n\t"
			     "movq %[x], 16(%[r])\n\t"
			     "movq %[y], 24(%[r])\n\t"
			     "leaq 32(%[a]), %[a]\n\t"
			     "leaq 32(%[b]), %[b]\n\t"
			     "leaq 32(%[r]), %[r]\n\t"
			     "decq %[turns]\n\t"
			     "jnz 1b\n\t"
			     "adcq %[carry], %[carry]\n\t"
			     : [a] "+&r" (a), [b] "+&r" (b), [r] "+&r" (r), [turns] "+&r" (turns),
			       [x] "=&r" (x), [y] "=&r" (y), [carry] "=&r" (carry)
			     : : "cc", "memory");
	for (i = 0; i < (len & 3); i++) {
		unsigned __int128 sum = (unsigned __int128)a[i] + b[i] + carry;

		r[i] = (u64)sum;
		carry = (u64)(sum >> 64);
	}
	return carry;
}

/* r = a - b, returns the borrow. */
static inline u64 adx_sub(u64 *r, const u64 *a, const u64 *b, u64 len)
{
	u64 turns = len >> 2, borrow = 0, x, y, i;

	if (turns)
		asm volatile("xorl %k[borrow], %k[borrow]\n"
			     "1:\n\t"
			     "movq (%[a]), %[x]\n\t"
			     "movq 8(%[a]), %[y]\n\t"
			     "sbbq (%[b]), %[x]\n\t"
			     "sbbq 8(%[b]), %[y]\n\t"
			     "movq %[x], (%[r])\n\t"
			     "movq %[y], 8(%[r])\n\t"
			     "movq 16(%[a]), %[x]\n\t"
			     "movq 24(%[a]), %[y]\n\t"
			     "sbbq 16(%[b]), %[x]\n\t"
			     "sbbq 24(%[b]), %[y]\n\t"
			     "movq %[x], 16(%[r])\n\t"
			     "movq %[y], 24(%[r])\n\t"
			     "leaq 32(%[a]), %[a]\n\t"
			     "leaq 32(%[b]), %[b]\n\t"
			     "leaq 32(%[r]), %[r]\n\t"
			     "decq %[turns]\n\t"
			     "jnz 1b\n\t"
			     "adcq %[borrow], %[borrow]\n\t"
			     : [a] "+&r" (a), [b] "+&r" (b), [r] "+&r" (r), [turns] "+&r" (turns),
			       [x] "=&r" (x), [y] "=&r" (y), [borrow] "=&r" (borrow)
			     : : "cc", "memory");
	for (i = 0; i < (len & 3); i++) {
		unsigned __int128 d = (unsigned __int128)a[i] - b[i] - borrow;

		r[i] = (u64)d;
		borrow = (u64)(d >> 64) & 1;
	}
	return borrow;
}

#endif /* FIB_LIMB_ADX_H */
