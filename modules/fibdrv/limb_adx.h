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

/*
 * r[0..2len) = 2 r + the squares of the limbs of a: doubled in CF, added to in OF. The
 * index runs up to zero by lea and jrcxz, which leave both alone; two limbs a turn, where
 * an odd length begins in the middle.
 */
static inline void adx_sqr_diagonal(u64 *r, const u64 *a, u64 len)
{
	u64 lo, hi, x, y;
	s64 i = -(s64)len;

#define DIAGONAL(at, low, high)						\
	"movq " at "(%[a], %[i], 8), %%rdx\n\t"				\
	"mulx %%rdx, %[lo], %[hi]\n\t"					\
	"movq " low "(%[r]), %[x]\n\t"					\
	"movq " high "(%[r]), %[y]\n\t"					\
	"adcx %[x], %[x]\n\t"						\
	"adox %[lo], %[x]\n\t"						\
	"movq %[x], " low "(%[r])\n\t"					\
	"adcx %[y], %[y]\n\t"						\
	"adox %[hi], %[y]\n\t"						\
	"movq %[y], " high "(%[r])\n\t"
	asm volatile("testb $1, %b[i]\n\t"
		     "jz 1f\n\t"
		     "decq %[i]\n\t"
		     "subq $16, %[r]\n\t"
		     "xorl %k[lo], %k[lo]\n\t"
		     "jmp 2f\n"
		     "1:\n\t"
		     "xorl %k[lo], %k[lo]\n"
		     "3:\n\t"
		     DIAGONAL("", "", "8")
		     "2:\n\t"
		     DIAGONAL("8", "16", "24")
		     "leaq 32(%[r]), %[r]\n\t"
		     "leaq 2(%[i]), %[i]\n\t"
		     "jrcxz 4f\n\t"
		     "jmp 3b\n"
		     "4:\n\t"
		     : [lo] "=&r" (lo), [hi] "=&r" (hi), [x] "=&r" (x), [y] "=&r" (y),
		       [i] "+&c" (i), [r] "+&r" (r)
		     : [a] "r" (a + len) : "rdx", "cc", "memory");
#undef DIAGONAL
}

#endif /* FIB_LIMB_ADX_H */
