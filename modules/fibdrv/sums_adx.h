/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Passes over long numbers whose carry stays in CF: loops count by dec and lea, which
 * leave it alone. Two carries at a time, in CF and OF, were tried: an adcx and an adox
 * take as many instructions as two passes, and a slower way to count.
 */
#ifndef FIB_SUMS_ADX_H
#define FIB_SUMS_ADX_H

#include "core.h"

/* One limb of a pass with one carry: r = a op b. */
#define SUMS_LIMB(op, at)				\
	"movq " at "(%[a]), %[x]\n\t"			\
	op " " at "(%[b]), %[x]\n\t"			\
	"movq %[x], " at "(%[r])\n\t"

#define SUMS_NEXT(bytes)				\
	"leaq " bytes "(%[a]), %[a]\n\t"		\
	"leaq " bytes "(%[b]), %[b]\n\t"		\
	"leaq " bytes "(%[r]), %[r]\n\t"

/* Four limbs a turn, then the rest one by one; carry takes CF. */
#define SUMS_PASS(op)							\
	asm volatile("1:\n\t"						\
		     "testq %[turns], %[turns]\n\t"			\
		     "jz 3f\n"						\
		     "2:\n\t"						\
		     SUMS_LIMB(op, "") SUMS_LIMB(op, "8")		\
		     SUMS_LIMB(op, "16") SUMS_LIMB(op, "24")		\
		     SUMS_NEXT("32")					\
		     "decq %[turns]\n\t"				\
		     "jnz 2b\n"						\
		     "3:\n\t"						\
		     "decq %[rest]\n\t"					\
		     "jz 4f\n\t"					\
		     SUMS_LIMB(op, "")					\
		     SUMS_NEXT("8")					\
		     "jmp 3b\n"						\
		     "4:\n\t"						\
		     "movl $0, %k[carry]\n\t"				\
		     "adcq %[carry], %[carry]\n\t"			\
		     : [a] "+&r" (a), [b] "+&r" (b), [r] "+&r" (r), [turns] "+&r" (turns), \
		       [rest] "+&r" (rest), [x] "=&r" (x), [carry] "=&r" (carry) \
		     : : "cc", "memory")

/* r = a + b, returns the carry. */
static inline u64 adx_add(u64 *r, const u64 *a, const u64 *b, u64 len)
{
	u64 turns = len >> 2, rest = (len & 3) + 1, carry, x;

	SUMS_PASS("adcq");
	return carry;
}

/* r = a - b, returns the borrow. */
static inline u64 adx_sub(u64 *r, const u64 *a, const u64 *b, u64 len)
{
	u64 turns = len >> 2, rest = (len & 3) + 1, carry, x;

	SUMS_PASS("sbbq");
	return carry;
}

/*
 * Passes that shift, by products with a power of 2: on Intel shifts share their ports with
 * adc, products do not. rdx is a limb, y what it leaves to the next one.
 */
#define SUMS_SHIFT							\
	"mulx %[power], %[z], %[x]\n\t"					\
	"leaq (%[y], %[z]), %[z]\n\t"					\
	"movq %[x], %[y]\n\t"

/* r = (a - b) / 2^s of a multiple that is not negative; len is even, at least 4. */
static inline void adx_sub_down(u64 *r, const u64 *a, const u64 *b, u64 len, unsigned int s)
{
	u64 turns = len / 2 - 1, power = 1ULL << (64 - s), x, y, z;

#define DOWN_LIMB(from, to)						\
	"movq " from "(%[a]), %%rdx\n\t"				\
	"sbbq " from "(%[b]), %%rdx\n\t"				\
	SUMS_SHIFT							\
	"movq %[z], " to "(%[r])\n\t"
	asm volatile("movq (%[a]), %%rdx\n\t"
		     "subq (%[b]), %%rdx\n\t"
		     "mulx %[power], %[z], %[y]\n"
		     "1:\n\t"
		     DOWN_LIMB("8", "") DOWN_LIMB("16", "8")
		     SUMS_NEXT("16")
		     "decq %[turns]\n\t"
		     "jnz 1b\n\t"
		     DOWN_LIMB("8", "")
		     "movq %[y], 8(%[r])\n\t"
		     : [a] "+&r" (a), [b] "+&r" (b), [r] "+&r" (r), [turns] "+&r" (turns),
		       [x] "=&r" (x), [y] "=&r" (y), [z] "=&r" (z)
		     : [power] "r" (power) : "rdx", "cc", "memory");
#undef DOWN_LIMB
}

/* r = 2^s a op b, len > 0; y is the limb above. Two limbs a turn, an odd one first. */
#define SHIFTED_LIMB(op, at)						\
	"movq " at "(%[a]), %%rdx\n\t"					\
	SUMS_SHIFT							\
	op " " at "(%[b]), %[z]\n\t"					\
	"movq %[z], " at "(%[r])\n\t"

#define SUMS_SHIFTED(op)						\
	asm volatile("xorl %k[y], %k[y]\n\t"				\
		     "shrq $1, %[len]\n\t"				\
		     "jnc 1f\n\t"					\
		     "clc\n\t"						\
		     SHIFTED_LIMB(op, "")				\
		     SUMS_NEXT("8")					\
		     "incq %[len]\n\t"					\
		     "jmp 2f\n"						\
		     "1:\n\t"						\
		     SHIFTED_LIMB(op, "") SHIFTED_LIMB(op, "8")		\
		     SUMS_NEXT("16")					\
		     "2:\n\t"						\
		     "decq %[len]\n\t"					\
		     "jnz 1b\n\t"					\
		     op " $0, %[y]\n\t"					\
		     : [a] "+&r" (a), [b] "+&r" (b), [r] "+&r" (r), [len] "+&r" (len), \
		       [x] "=&r" (x), [y] "=&r" (y), [z] "=&r" (z)	\
		     : [power] "r" (power) : "rdx", "cc", "memory")

static inline u64 adx_shifted_add(u64 *r, const u64 *a, const u64 *b, u64 len, unsigned int s)
{
	u64 power = 1ULL << s, x, y, z;

	SUMS_SHIFTED("adcq");
	return y;
}

static inline u64 adx_shifted_sub(u64 *r, const u64 *a, const u64 *b, u64 len, unsigned int s)
{
	u64 power = 1ULL << s, x, y, z;

	SUMS_SHIFTED("sbbq");
	return y;
}

/* r -= 2^s a, returns the borrow; len is even and not 0. */
static inline u64 adx_sub_shifted(u64 *r, const u64 *a, u64 len, unsigned int s)
{
	u64 turns = len / 2, power = 1ULL << s, x, y, z, w;

#define LESS_LIMB(at)							\
	"movq " at "(%[a]), %%rdx\n\t"					\
	"movq " at "(%[r]), %[w]\n\t"					\
	SUMS_SHIFT							\
	"sbbq %[z], %[w]\n\t"						\
	"movq %[w], " at "(%[r])\n\t"
	asm volatile("xorl %k[y], %k[y]\n"
		     "1:\n\t"
		     LESS_LIMB("") LESS_LIMB("8")
		     "leaq 16(%[a]), %[a]\n\t"
		     "leaq 16(%[r]), %[r]\n\t"
		     "decq %[turns]\n\t"
		     "jnz 1b\n\t"
		     "adcq $0, %[y]\n\t"
		     : [a] "+&r" (a), [r] "+&r" (r), [turns] "+&r" (turns), [x] "=&r" (x),
		       [y] "=&r" (y), [z] "=&r" (z), [w] "=&r" (w)
		     : [power] "r" (power) : "rdx", "cc", "memory");
#undef LESS_LIMB
	return y;
}

/*
 * r = r / d of a multiple of d, u = (2^64 - 1) / d, len not 0. See limb_divided(): the
 * product waits for nothing, what is owed for two cycles a limb.
 */
#define DIVIDE_LIMB(at)							\
	"movq " at "(%[r]), %%rdx\n\t"					\
	"mulx %[u], %[lo], %[hi]\n\t"					\
	"subq %[lo], %[owed]\n\t"

static inline void adx_divide(u64 *r, u64 len, u64 u)
{
	u64 lo, hi, owed = 0;

	asm volatile("1:\n\t"
		     DIVIDE_LIMB("")
		     "movq %[owed], (%[r])\n\t"
		     "leaq 8(%[r]), %[r]\n\t"
		     "sbbq %[hi], %[owed]\n\t"
		     "decq %[len]\n\t"
		     "jnz 1b\n\t"
		     : [r] "+&r" (r), [len] "+&r" (len), [owed] "+&r" (owed), [lo] "=&r" (lo),
		       [hi] "=&r" (hi)
		     : [u] "r" (u) : "rdx", "cc", "memory");
}

/* The same of a multiple of 2^s d, divided by both, len > 1: the shift goes along. */
static inline void adx_divide_down(u64 *r, u64 len, u64 u, unsigned int s)
{
	u64 lo, hi, owed = 0, power = 1ULL << (64 - s), x, y, z;

	asm volatile(DIVIDE_LIMB("")
		     "movq %[owed], %%rdx\n\t"
		     "sbbq %[hi], %[owed]\n\t"
		     "mulx %[power], %[z], %[y]\n\t"
		     "decq %[len]\n"
		     "1:\n\t"
		     DIVIDE_LIMB("8")
		     "movq %[owed], %%rdx\n\t"
		     "sbbq %[hi], %[owed]\n\t"
		     SUMS_SHIFT
		     "movq %[z], (%[r])\n\t"
		     "leaq 8(%[r]), %[r]\n\t"
		     "decq %[len]\n\t"
		     "jnz 1b\n\t"
		     "movq %[y], (%[r])\n\t"
		     : [r] "+&r" (r), [len] "+&r" (len), [owed] "+&r" (owed), [lo] "=&r" (lo),
		       [hi] "=&r" (hi), [x] "=&r" (x), [y] "=&r" (y), [z] "=&r" (z)
		     : [u] "r" (u), [power] "r" (power) : "rdx", "cc", "memory");
}

#endif /* FIB_SUMS_ADX_H */
