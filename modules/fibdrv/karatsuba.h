/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Karatsuba: three products of half the length. With a = a0 + a1 B^h:
 *
 *	a b = z0 + (z0 + z2 - (a0 - a1)(b0 - b1)) B^h + z2 B^2h
 *
 * The differences keep to h limbs, which sums would not.
 */
#ifndef FIB_KARATSUBA_H
#define FIB_KARATSUBA_H

/* r = |a - b|, len limbs of a and blen of b, blen is len or len - 1. True: a < b. */
static bool kara_difference(u64 *r, const u64 *a, u64 len, const u64 *b, u64 blen)
{
	const u64 *more = a, *less = b;
	u64 i = blen;
	bool below;

	if (blen < len && a[blen]) {
		r[blen] = a[blen] - limb_sub(r, a, b, blen);
		return false;
	}
	if (blen < len)
		r[blen] = 0;
	while (i > 0 && a[i - 1] == b[i - 1])
		r[--i] = 0;
	below = i > 0 && a[i - 1] < b[i - 1];
	/* Which is the larger one is anybody's guess: chosen without a branch. */
	more += (b - a) & -(s64)below;
	less += (a - b) & -(s64)below;
	limb_sub(r, more, less, i);
	return below;
}

/*
 * r holds z0 at 0 and z2 at 2h, t the product of the differences (2h limbs), which is
 * lost. Adds the middle term at h.
 */
#ifdef FIB_ADX_SUMS
/*
 * With r = L0 L1 H0 H1 of h limbs each and s = L1 + H0 the middle is L0 + s over L1 and
 * s + H1 over H0, less t. Passes of one carry in CF: two at a time, in CF and OF, take
 * as many instructions a limb and a slower loop.
 */
static void kara_join(struct fib_job *job, u64 *r, u64 len, u64 h, u64 *t, bool negative)
{
	u64 *middle = r + h, *upper = r + 2 * h, tops = 2 * len - 3 * h;
	s64 both = (s64)limb_add(upper, upper, middle, h), low, high;

	low = both + (s64)limb_add(middle, upper, r, h);
	high = (s64)limb_add(upper, upper, r + 3 * h, tops);
	if (tops < h)	/* H1 is shorter where len is odd */
		high = (s64)limb_add_1(upper + tops, h - tops, (u64)high);
	high += both;
	if (negative)
		high += (s64)limb_add(middle, middle, t, 2 * h);
	else
		high -= (s64)limb_sub(middle, middle, t, 2 * h);
	limb_carry(upper, 2 * len - 2 * h, low);
	limb_carry(r + 3 * h, tops, high);
	fib_count(job, 0, 5 * h);
}
#else
/*
 * One pass for both halves of the middle term, whose carries do not wait for each other,
 * and which have the sum of z0's upper half and z2's lower one in common. What is
 * subtracted is added as its complement, plus 1 at the lowest limb, less 1 above.
 */
static void kara_join(struct fib_job *job, u64 *r, u64 len, u64 h, u64 *t, bool negative)
{
	const u64 flip = negative ? 0 : ~0ULL, tops = 2 * len - 3 * h;
	unsigned __int128 low = flip & 1, high = flip & 1;
	u64 i;

	for (i = 0; i < h; i++) {
		unsigned __int128 both = (unsigned __int128)r[h + i] + r[2 * h + i];

		low += both;
		low += r[i];
		low += t[i] ^ flip;
		high += both;
		high += i < tops ? r[3 * h + i] : 0;
		high += t[h + i] ^ flip;
		r[h + i] = (u64)low;
		r[2 * h + i] = (u64)high;
		low >>= 64;
		high >>= 64;
	}
	limb_add_1(r + 2 * h, 2 * len - 2 * h, (u64)low);
	limb_add_1(r + 3 * h, tops, (u64)high);
	if (!negative) {
		limb_sub_1(r + 2 * h, 2 * len - 2 * h, 1);
		limb_sub_1(r + 3 * h, tops, 1);
	}
	fib_count(job, 0, 7 * h);
}
#endif

static void mul_kara(const struct mul *m, u64 *r, const u64 *a, const u64 *b, u64 len, u64 *t)
{
	u64 h = (len + 1) / 2;
	bool negative;

	fib_count(m->job, 0, 2 * h);
	negative = kara_difference(r, a, h, a + h, len - h);
	negative ^= kara_difference(r + h, b, h, b + h, len - h);
	mul_n(m, t, r, r + h, h, t + 2 * h);
	mul_n(m, r, a, b, h, t + 2 * h);
	mul_n(m, r + 2 * h, a + h, b + h, len - h, t + 2 * h);
	kara_join(m->job, r, len, h, t, negative);
}

static void sqr_kara(const struct mul *m, u64 *r, const u64 *a, u64 len, u64 *t)
{
	u64 h = (len + 1) / 2;

	fib_count(m->job, 0, h);
	kara_difference(r, a, h, a + h, len - h);
	sqr_n(m, t, r, h, t + 2 * h);
	sqr_n(m, r, a, h, t + 2 * h);
	sqr_n(m, r + 2 * h, a + h, len - h, t + 2 * h);
	kara_join(m->job, r, len, h, t, false);
}

#endif /* FIB_KARATSUBA_H */
