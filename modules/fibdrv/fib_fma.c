// SPDX-License-Identifier: GPL-2.0-only
/*
 * Doubling in AVX2 and FMA. All of this file is compiled for vectors: in a kernel nothing
 * here may run but between kernel_fpu_begin() and kernel_fpu_end().
 *
 * A number is an array of digits base 2^48, signed and a little redundant, held as
 * doubles, four to a vector. With fused multiply-add the product of two digits is exact in
 * two halves, when rounding is to nearest, as kernel and user space have it:
 *
 *	high' = high + a b		high begins at 1.5 2^100, its last place is 2^48
 *	low' = low + ((high - high') + a b)	low begins at 1.5 2^52, its last place is 1
 *
 * So four products and their sums take four instructions, which need not wait for each
 * other: half the time of mulx with two carries. In the end the representations of high
 * and low are integers, but for a constant. Sums of all products of a weight are columns,
 * signed 64-bit integers, whose carries wait for the next number; so Karatsuba has none.
 *
 * Bounds. A digit is 2^47 and a little at most, but for a number's highest one, which keeps
 * what is above it: less than 2^42, and a digit more at each level of Karatsuba. A sum low
 * has 13 products of 2^47 at most, less than 2^51. A sum high has less than 2^51 multiples of
 * 2^48 as long as v + 2k - 2 and k^2 are well below 32, in a leaf of v vectors below k levels:
 * k is 5 at most for FMA_MAX_N. A column of a leaf is below 2^54. Of two halves of a product
 * the columns at the same place, and so each of them, grow three times with a level, and five
 * times in fma_double(), which has a level less: below 2^63. Twenty times where that prepares the
 * last product, and then with two levels, FMA_SUMMED: below 2^62.
 */
#include "fib_fma.h"
#include "limb.h"

#ifndef __CHECKER__	/* sparse does not know vectors */

typedef double fma_vector __attribute__((vector_size(32), aligned(8), may_alias));
typedef u64 fma_word __attribute__((vector_size(32), aligned(8), may_alias));
typedef long long fma_signed __attribute__((vector_size(32)));

#define FMA_BITS	48
#define FMA_HIGH	(0x1.8p100)
#define FMA_LOW		(0x1.8p52)
#define FMA_HIGH_WORD	0x4638000000000000ULL	/* their representations */
#define FMA_LOW_WORD	0x4338000000000000ULL

/* Vectors that a product, or a square, takes without Karatsuba. */
#define FMA_LEAF	13
#define FMA_LEAF_SQR	18

static __always_inline fma_vector fma_all(double x)
{
	return (fma_vector){ x, x, x, x };
}

static __always_inline fma_word fma_words(u64 x)
{
	return (fma_word){ x, x, x, x };
}

static __always_inline fma_vector fma_digits(const double *a)
{
	return *(const fma_vector *)a;
}

static __always_inline fma_word fma_columns(const u64 *x)
{
	return *(const fma_word *)x;
}

/*
 * The sums of a column of vectors: lane i of the products with digit k of a vector weighs
 * 2^48(4m + k + i) in low[k], and a digit more in high[k].
 */
struct fma_sums {
	fma_vector low[4];
	fma_vector high[4];
};

static __always_inline void fma_product(struct fma_sums *c, int k, fma_vector a, double b)
{
	fma_vector x = fma_all(b), high = __builtin_ia32_vfmaddpd256(a, x, c->high[k]);

	c->low[k] += __builtin_ia32_vfmaddpd256(a, x, c->high[k] - high);
	c->high[k] = high;
}

/* Products of vectors a[0], a[1].. and b[0], b[-1].. */
static __always_inline void fma_column(struct fma_sums *c, const double *a, const double *b,
				       u64 products)
{
#pragma GCC unroll 2
	for (; products > 0; products--) {
		fma_vector x = fma_digits(a);

		fma_product(c, 0, x, b[0]);
		fma_product(c, 1, x, b[1]);
		fma_product(c, 2, x, b[2]);
		fma_product(c, 3, x, b[3]);
		a += 4;
		b -= 4;
	}
}

static __always_inline void fma_clear(struct fma_sums *c)
{
	unsigned int k;

#pragma GCC unroll 4
	for (k = 0; k < 4; k++) {
		c->low[k] = fma_all(FMA_LOW);
		c->high[k] = fma_all(FMA_HIGH);
	}
}

/* Lanes one or three places up; those that leave the vector enter it again below. */
#define FMA_UP(x, by)	((fma_word)__builtin_ia32_permdi256((fma_signed)(x), by))
#define FMA_UP_1	0x93
#define FMA_UP_3	0x39
#define FMA_UP_1_KEEP	0x90	/* the first stays as well, for none enters it */

/* The lanes of a, but those of b that are named by bits. */
#define FMA_LANES(a, b, bits) \
	((fma_word)__builtin_ia32_blendpd256((fma_vector)(a), (fma_vector)(b), bits))

/* A pair of sums, with their constants. */
#define FMA_PAIR	(FMA_LOW_WORD + FMA_HIGH_WORD)

/* Words that a leaf of v vectors puts aside: 3 rows, each with a vector more. */
#define FMA_ASIDE(v)	(3 * (8 * (v) + 4))

/*
 * The sums that weigh as the first digit of their vector go to r, with what is a vector more
 * of the column before; those of one, two, three digits more to rows of their own.
 */
static __always_inline void fma_put(u64 *r, u64 *aside, u64 row, const struct fma_sums *c,
				    fma_vector *after)
{
	*(fma_word *)r = (fma_word)c->low[0] + (fma_word)*after;
	*(fma_word *)aside = (fma_word)c->low[1] + (fma_word)c->high[0];
	*(fma_word *)(aside + row) = (fma_word)c->low[2] + (fma_word)c->high[1];
	*(fma_word *)(aside + 2 * row) = (fma_word)c->low[3] + (fma_word)c->high[2];
	*after = c->high[3];
}

/* The rows begin with a vector that is 0, but for the constants. */
static __always_inline void fma_put_zeros(u64 *aside, u64 row)
{
	u64 i;

	for (i = 0; i < 3; i++)
		*(fma_word *)(aside + i * row) = fma_words(FMA_PAIR);
}

/* The rows come in, a digit, two and three further up; r[0..8v) are columns then. */
static __always_inline void fma_gather(u64 *r, u64 *aside, u64 v, fma_vector after)
{
	u64 row = 8 * v + 4, i;

	*(fma_word *)(r + 8 * v - 4) = fma_words(FMA_LOW_WORD) + (fma_word)after;
	fma_put_zeros(aside + 8 * v, row);
	for (i = 0; i < 8 * v; i += 4)
		*(fma_word *)(r + i) = fma_columns(r + i) + fma_columns(aside + i + 3) +
				       fma_columns(aside + row + i + 2) +
				       fma_columns(aside + 2 * row + i + 1) -
				       fma_words(4 * FMA_PAIR);
}

/* r[0..8v) = the columns of a b, both of v vectors. */
static noinline void fma_mul_school(struct fib_job *job, u64 *r, const double *a,
				    const double *b, u64 v, u64 *aside)
{
	fma_vector after = fma_all(FMA_HIGH);
	u64 row = 8 * v + 4, m;
	struct fma_sums c;

	fib_count(job, 16 * v * v, 32 * v * v);
	fma_put_zeros(aside, row);
	for (m = 0; m + 1 < 2 * v; m++) {
		u64 first = m < v ? 0 : m + 1 - v, products = m < v ? m + 1 : 2 * v - 1 - m;

		fma_clear(&c);
		fma_column(&c, a + 4 * first, b + 4 * (m - first), products);
		fma_put(r + 4 * m, aside + 4 * m + 4, row, &c, &after);
	}
	fma_gather(r, aside, v, after);
}

/* The same of a^2: products of two different vectors once, with one of them doubled. */
static noinline void fma_sqr_school(struct fib_job *job, u64 *r, const double *a, u64 v,
				    double *twice)
{
	u64 *aside = (u64 *)twice + 4 * v, row = 8 * v + 4, m;
	fma_vector after = fma_all(FMA_HIGH);
	struct fma_sums c;

	fib_count(job, 8 * v * (v + 1), 16 * v * (v + 1));
	for (m = 0; m < 4 * v; m += 4)
		*(fma_vector *)(twice + m) = fma_digits(a + m) + fma_digits(a + m);
	fma_put_zeros(aside, row);
	for (m = 0; m + 1 < 2 * v; m++) {
		u64 first = m < v ? 0 : m + 1 - v;

		const double *from = m & 1 ? twice + 4 * (m / 2 + 1) : a + 2 * m;

		fma_clear(&c);
		fma_column(&c, a + 4 * (m / 2), from, 1);
		fma_column(&c, a + 4 * first, twice + 4 * (m - first), m / 2 - first);
		fma_put(r + 4 * m, aside + 4 * m + 4, row, &c, &after);
	}
	fma_gather(r, aside, v, after);
}

/* What of each digit is a multiple of 2^48. */
static __always_inline fma_vector fma_upper(fma_vector x)
{
	return x + fma_all(FMA_HIGH) - fma_all(FMA_HIGH);
}

/*
 * r = x a + y b of v vectors, small multiples, where b has v or v - 1: digits in their bounds
 * again, but for the highest one, which has nothing above to carry to.
 */
static __always_inline void fma_sum(double *r, double x, const double *a, double y,
				    const double *b, u64 v, u64 bv)
{
	fma_word last = fma_words(0);
	u64 i;

	for (i = 0; i < v; i++) {
		fma_vector sum = fma_all(x) * fma_digits(a + 4 * i), up, below;
		fma_word turned;

		if (i < bv)
			sum += fma_all(y) * fma_digits(b + 4 * i);
		up = fma_upper(sum);
		if (i + 1 == v)
			up = (fma_vector)FMA_LANES(up, fma_words(0), 8);
		turned = FMA_UP(up, FMA_UP_1);
		below = (fma_vector)FMA_LANES(turned, last, 1);
		*(fma_vector *)(r + 4 * i) = sum - up + below * fma_all(0x1p-48);
		last = turned;
	}
}

/* r holds z0 and z2, t the product of the differences, as in karatsuba.h. */
static void fma_join(struct fib_job *job, u64 *r, const u64 *t, u64 v, u64 h)
{
	u64 *low = r + 4 * h, *high = low + 4 * h, i;

	fib_count(job, 0, 20 * h);
	for (i = 0; i < 8 * v - 12 * h; i += 4) {
		fma_word both = fma_columns(low + i) + fma_columns(high + i);

		*(fma_word *)(low + i) = both + fma_columns(r + i) - fma_columns(t + i);
		*(fma_word *)(high + i) =
			both + fma_columns(high + 4 * h + i) - fma_columns(t + 4 * h + i);
	}
	for (; i < 4 * h; i += 4) {	/* where v is odd */
		fma_word both = fma_columns(low + i) + fma_columns(high + i);

		*(fma_word *)(low + i) = both + fma_columns(r + i) - fma_columns(t + i);
		*(fma_word *)(high + i) = both - fma_columns(t + 4 * h + i);
	}
}

/* r[0..8v) = the columns of a b, both of v vectors. */
static void fma_mul(struct fib_job *job, u64 *r, const double *a, const double *b, u64 v, u64 *t)
{
	double *difference = (double *)r;
	u64 h = (v + 1) / 2;

	if (v <= FMA_LEAF) {
		fma_mul_school(job, r, a, b, v, t);
		return;
	}
	fma_sum(difference, 1, a, -1, a + 4 * h, h, v - h);
	fma_sum(difference + 4 * h, 1, b, -1, b + 4 * h, h, v - h);
	fma_mul(job, t, difference, difference + 4 * h, h, t + 8 * h);
	fma_mul(job, r, a, b, h, t + 8 * h);
	fma_mul(job, r + 8 * h, a + 4 * h, b + 4 * h, v - h, t + 8 * h);
	fma_join(job, r, t, v, h);
}

/* The same of a^2. */
static void fma_sqr(struct fib_job *job, u64 *r, const double *a, u64 v, u64 *t)
{
	double *difference = (double *)r;
	u64 h = (v + 1) / 2;

	if (v <= FMA_LEAF_SQR) {
		fma_sqr_school(job, r, a, v, (double *)t);
		return;
	}
	fma_sum(difference, 1, a, -1, a + 4 * h, h, v - h);
	fma_sqr(job, t, difference, h, t + 8 * h);
	fma_sqr(job, r, a, h, t + 8 * h);
	fma_sqr(job, r + 8 * h, a + 4 * h, v - h, t + 8 * h);
	fma_join(job, r, t, v, h);
}

/* Vectors of a number whose square takes two levels at most. */
#define FMA_SUMMED	(4 * FMA_LEAF_SQR)

/* Vectors that F(k) and small multiples of it take, below 2^42 in the highest digit. */
static u64 fma_vectors(u64 k)
{
	return (k * 694242 + 8000000) / (4 * FMA_BITS * 1000000) + 1;
}

/* One vector of digits from columns; in a highest digit all stays that is kept and not carried. */
static __always_inline void fma_carry_at(double *r, fma_word own, fma_word below, fma_word keep)
{
	const u64 half = (1ULL << 63) + (1ULL << (FMA_BITS - 1));
	const u64 offset = FMA_LOW_WORD - (1ULL << (FMA_BITS - 1)) - (1ULL << (63 - FMA_BITS));

	own = (own + fma_words(half)) & keep;
	below = (below + fma_words(half)) >> FMA_BITS;
	*(fma_vector *)r = (fma_vector)(own + below + fma_words(offset)) - fma_all(FMA_LOW);
}

/* The digits of v vectors from columns, of which x[-1] is 0 and x[4v] is there. */
static void fma_carry(double *r, const u64 *x, u64 v)
{
	const fma_word low = fma_words((1ULL << FMA_BITS) - 1);
	const fma_word keep = { low[0], low[0], low[0], ~(1ULL << 63) };
	const fma_word last = { 0, 0, 0, ~0ULL };

	for (; v > 1; v--) {
		fma_carry_at(r, fma_columns(x), fma_columns(x - 1), low);
		r += 4;
		x += 4;
	}
	fma_carry_at(r, fma_columns(x) + (fma_columns(x + 1) << FMA_BITS & last),
		     fma_columns(x - 1), keep);
}

/*
 * x[0..4 groups): each column keeps what is below 2^48 and takes what the one below does not,
 * and out[0..3 groups) are the limbs of that, and a limb more is written to. Is a digit out
 * of bounds now, so that it takes another pass?
 */
static __always_inline bool fma_limbs_pass(u64 *out, u64 *x, u64 groups)
{
	const fma_word low = fma_words((1ULL << FMA_BITS) - 1);
	const fma_word right = { 0, 16, 32, 48 }, left = { 48, 32, 16, 0 };
	const u64 half = 1ULL << 63, rest = half >> FMA_BITS;
	fma_word last = fma_words(rest), outside = fma_words(0);

	for (; groups > 0; groups--) {
		fma_word own = fma_columns(x), up = (own + fma_words(half)) >> FMA_BITS;
		fma_word turned = FMA_UP(up, FMA_UP_1), above;

		own = (own & low) + FMA_LANES(turned, last, 1) - fma_words(rest);
		above = FMA_UP(own, FMA_UP_3);
		outside |= own;
		*(fma_word *)x = own;
		*(fma_word *)out = (own >> right) | (above << left);
		last = turned;
		out += 3;
		x += 4;
	}
	outside >>= FMA_BITS;
	return (outside[0] | outside[1] | outside[2] | outside[3]) != 0;
}

void fma_limbs(u64 *out, u64 *x, u64 groups)
{
	while (fma_limbs_pass(out, x, groups))
		;
}

/* F(k) and F(k - 1) of v vectors, the columns of their squares, room for products. */
struct fma_at {
	double *f;
	double *g;
	u64 *ff;
	u64 *gg;
	u64 *t;
	u64 k;
	u64 v;
};

/*
 * Arrays of columns have a vector more at both ends. Karatsuba takes 8h limbs for v = 2h or
 * 2h - 1, and half of that again at each level; a leaf in the end what it puts aside, and a
 * square 4v for its double.
 */
u64 fma_scratch(u64 n)
{
	return 32 * fma_vectors(n / 2) + 16 + 4 * FMA_LEAF_SQR + FMA_ASIDE(FMA_LEAF_SQR) + 64;
}

/*
 * To the next bit:
 *
 *   F(2k + 1) = 4 F(k)^2 - F(k - 1)^2 + 2 (-1)^k
 *   F(2k - 1) = F(k)^2 + F(k - 1)^2
 *   F(2k)     = F(2k + 1) - F(2k - 1)
 *
 * summed: then g is what fma_last() multiplies f by.
 */
static void fma_double(struct fib_job *job, struct fma_at *at, bool odd, bool summed)
{
	u64 *ff = at->ff, *gg = at->gg, len = 8 * at->v, i;
	fma_word two = { at->k & 1 ? -2ULL : 2, 0, 0, 0 };

	fma_sqr(job, ff, at->f, at->v, at->t);
	fma_sqr(job, gg, at->g, at->v, at->t);
	for (i = 0; i < len; i += 4) {
		fma_word x = fma_columns(ff + i), y = fma_columns(gg + i);
		fma_word low = x + y, high = 4 * x - y + two, middle = high - low;

		two = fma_words(0);
		x = odd ? high : middle;
		y = odd ? middle : low;
		*(fma_word *)(ff + i) = x;
		if (summed)
			y = job->n & 1 ? 3 * x + y : x + 2 * y;
		*(fma_word *)(gg + i) = y;
	}
	ff[len] = 0;
	gg[len] = 0;
	at->k = 2 * at->k + odd;
	at->v = fma_vectors(at->k);
	fma_carry(at->f, ff, at->v);
	fma_carry(at->g, gg, at->v);
}

/*
 * The last bit by one product:
 *
 *   F(2k)     = F(k) (F(k) + 2 F(k - 1))
 *   F(2k + 1) = F(k) (3 F(k) + F(k - 1)) + (-1)^k
 */
static void fma_last(struct fib_job *job, struct fma_at *at, bool summed)
{
	u64 groups = (job->n * 694242 + 1000000) / (4 * FMA_BITS * 1000000) + 1, v = at->v;
	double *sum = summed ? at->g : (double *)at->gg;
	bool odd = job->n & 1;

	if (!summed)
		fma_sum(sum, odd ? 3 : 1, at->f, odd ? 1 : 2, at->g, v, v);
	fma_mul(job, at->ff, at->f, sum, v, at->t);
	if (odd)
		at->ff[0] += at->k & 1 ? -1ULL : 1;
	fma_limbs(job->out, at->ff, groups);
	job->len = fib_normal(job->out, 3 * groups);
	job->radix = FIB_BINARY;
}

/* 4v columns from a number of 3v limbs at most, zeros and one limb more above; a column of 0. */
static void fma_split(u64 *x, const u64 *limb, u64 v)
{
	const fma_word right = { 0, 48, 32, 16 }, left = { 0, 16, 32, 48 };
	const fma_word low = fma_words((1ULL << FMA_BITS) - 1);

	for (; v > 0; v--) {
		fma_word own = fma_columns(limb), below = FMA_UP(own, FMA_UP_1_KEEP);

		*(fma_word *)x = (below >> right | own << left) & low;
		limb += 3;
		x += 4;
	}
	x[0] = 0;
}

/* F(k - 1) = L(k + 1) - 3 F(k) */
static void fma_start(struct fma_at *at, const struct fma_from *from)
{
	u64 *ff = at->ff, *gg = at->gg, i;

	ff[-1] = 0;
	gg[-1] = 0;
	at->k = from->k;
	at->v = fma_vectors(at->k);
	fma_split(ff, from->fibonacci, at->v);
	fma_split(gg, from->lucas, at->v);
	for (i = 0; i < 4 * at->v; i += 4)
		*(fma_word *)(gg + i) -= 3 * fma_columns(ff + i);
	fma_carry(at->f, ff, at->v);
	fma_carry(at->g, gg, at->v);
}

void fma_ladder(struct fib_job *job, const struct fma_from *from, u64 *scratch)
{
	u64 room = fma_vectors(job->n / 2);
	unsigned int shift = from->shift;
	bool summed = false;
	struct fma_at at;

	at.f = (double *)scratch;
	at.g = at.f + 4 * room;
	at.ff = scratch + 8 * room + 4;
	at.gg = at.ff + 8 * room + 8;
	at.t = at.gg + 8 * room + 4;
	fma_start(&at, from);
	while (--shift) {
		summed = shift == 1 && at.v <= FMA_SUMMED;
		fma_double(job, &at, (job->n >> shift) & 1, summed);
	}
	fma_last(job, &at, summed);
}

#endif /* __CHECKER__ */
