/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Convolution of integers below 2^61 by number-theoretic transforms modulo two
 * primes just below 2^62, exact as long as no sum reaches their product.
 *
 * Lengths are 2^k times 1, 3, 5 or 7, so that at most a quarter is padding. A
 * transform reduces x^N - 1 to its factors: first to x^L - w^j (w a root of unity
 * of the odd order, L the power of two), then each of them by halves, x^2H - s^2 =
 * (x^H - s)(x^H + s). Node t of a level has the root s = w^e zeta(t); zeta in
 * bit-reversed order is the same for all levels and lengths, and e is j divided by
 * 2 modulo the odd order at each level. So a table serves all transforms of a
 * computation, and a butterfly's root is fixed over its inner loop.
 *
 * Arithmetic modulo p is lazy, values up to 4p (D. Harvey, "Faster arithmetic for
 * number-theoretic transforms", 2014). Alternatives that lost: one prime
 * 2^64 - 2^32 + 1, which carries 21 bits an element instead of 27; three primes,
 * which carry no more; floating point, which the kernel does not have.
 */
#ifndef FIB_NTT_H
#define FIB_NTT_H

#include "limb.h"
#include "plan.h"

struct ntt_prime {
	u64 p;
	u64 inverse;	/* 1 / p modulo 2^64 */
	u64 estimate;	/* floor(2^125 / p) */
	u64 root;	/* of order 2^20 */
	u64 odd[4];	/* roots of order 1, 3, 5, 7 */
};

static const struct ntt_prime ntt_primes[2] = {
	{
		.p = 0x3fffffff5e800001ULL,
		.inverse = 0x25e24000a1800001ULL,
		.estimate = 0x8000000143000001ULL,
		.root = 0x04fc79c259bc3ed6ULL,
		.odd = { 1, 0x2e53e7ba00c98768ULL, 0x200e44db5ea551f3ULL, 0x1fb163350a9f6639ULL },
	},
	{
		.p = 0x3fffffff4ad00001ULL,
		.inverse = 0xf03ce900b5300001ULL,
		.estimate = 0x800000016a600002ULL,
		.root = 0x154edc9ff31567e2ULL,
		.odd = { 1, 0x076c9bed84ed7db8ULL, 0x25c109aeef3a8ccaULL, 0x25b2b0b4bf037f99ULL },
	},
};

/* 1 / p0 modulo p1, for putting the two residues together. */
#define NTT_P0_INVERSE	0x3ffffffc0a9bfccaULL

/* A factor and floor(factor 2^64 / p). */
struct ntt_factor {
	u64 w;
	u64 q;
};

/* Roots of one prime and odd order: odd tables of @room factors, @len of them made. */
struct ntt_roots {
	struct ntt_factor *table;
	u64 room;
	u64 len;
};

/* The roots of one computation. Lengths up to @longest fit. */
struct ntt {
	u64 longest;
	struct ntt_roots roots[2][4];
};

/* N = odd * block, odd = 2 kind + 1. */
struct ntt_shape {
	u64 size;
	u64 block;
	unsigned int kind;
};

/* Elements whose working set stays in a first-level cache. */
#define NTT_CACHED	2048

/* x w modulo p, below 2p, for any x. */
static __always_inline u64 ntt_mul(u64 x, struct ntt_factor f, u64 p)
{
	u64 q = limb_high(x, f.q);

	return x * f.w - q * p;
}

/* x below 2 m to below m. */
static __always_inline u64 ntt_less(u64 x, u64 m)
{
	u64 y;

	/* The borrow itself chooses: no comparison, and a cmov that looks at CF alone. */
	return __builtin_sub_overflow(x, m, &y) ? x : y;
}

static inline struct ntt_factor ntt_factor(u64 w, const struct ntt_prime *prime)
{
	unsigned __int128 product = (unsigned __int128)w * prime->estimate;
	u64 q = (u64)(product >> 61);
	u64 rest = 0 - q * prime->p;
	int i;

	/* Too small by 2 at most, and unpredictable: no branch. */
	for (i = 0; i < 2; i++) {
		u64 less;
		bool small = __builtin_sub_overflow(rest, prime->p, &less);

		rest = small ? rest : less;
		q += !small;
	}
	return (struct ntt_factor){ w, q };
}

static inline u64 ntt_mul_mod(u64 a, u64 b, const struct ntt_prime *prime)
{
	return ntt_less(ntt_mul(a, ntt_factor(b, prime), prime->p), prime->p);
}

/* Smallest length that holds @count elements. */
static struct ntt_shape ntt_shape(u64 count)
{
	struct ntt_shape best = { 16, 16, 0 };
	unsigned int kind;

	while (best.size < count)
		best.size *= 2;
	best.block = best.size;
	for (kind = 1; kind < 4; kind++) {
		u64 odd = 2 * kind + 1, block = 16;

		while (odd * block < count)
			block *= 2;
		if (odd * block < best.size)
			best = (struct ntt_shape){ odd * block, block, kind };
	}
	return best;
}

/* Limbs that the roots take for lengths up to @longest. */
static u64 ntt_roots_limbs(u64 longest)
{
	return 8 * longest + 2 * 4 * 16 * 7;
}

static void ntt_init(struct ntt *ntt, u64 longest, u64 *memory)
{
	unsigned int prime, kind;

	ntt->longest = longest;
	for (prime = 0; prime < 2; prime++)
		for (kind = 0; kind < 4; kind++) {
			struct ntt_roots *roots = &ntt->roots[prime][kind];
			u64 odd = 2 * kind + 1, block = 16;

			while (2 * odd * block <= longest)
				block *= 2;
			roots->table = (struct ntt_factor *)memory;
			roots->room = block / 2;
			roots->len = 0;
			memory += odd * block;
		}
}

/* zeta(t + 2^k) = zeta(t) zeta(2^k), and zeta(2^k) has the order 2^(k + 2). */
static void ntt_grow(struct fib_job *job, struct ntt_roots *roots, const struct ntt_prime *prime,
		     unsigned int kind, u64 len)
{
	u64 odd = 2 * kind + 1, e, t, w = 1;

	if (!roots->len) {
		for (e = 0; e < odd; e++) {
			roots->table[e * roots->room] = ntt_factor(w, prime);
			w = ntt_mul_mod(w, prime->odd[kind], prime);
		}
		roots->len = 1;
	}
	while (roots->len < len) {
		u64 order = 4 * roots->len, root = prime->root;
		struct ntt_factor zeta;

		for (; order < 1ULL << 20; order *= 2)
			root = ntt_mul_mod(root, root, prime);
		zeta = ntt_factor(root, prime);
		for (e = 0; e < odd; e++) {
			struct ntt_factor *from = roots->table + e * roots->room;
			struct ntt_factor *to = from + roots->len;

			for (t = 0; t < roots->len; t++) {
				if (!(t & 1023) && fib_tick(job, 8192))
					return;
				to[t] = ntt_factor(ntt_less(ntt_mul(from[t].w, zeta, prime->p),
							    prime->p), prime);
			}
		}
		fib_count(job, 6 * odd * roots->len, odd * roots->len);
		roots->len *= 2;
	}
}

/* What one transform walks with. */
struct ntt_walk {
	struct fib_job *job;
	const struct ntt_roots *roots;
	u64 p;
	unsigned int odd;
};

/* e of the next level. */
static inline unsigned int ntt_halve(unsigned int e, unsigned int odd)
{
	return e & 1 ? (e + odd) / 2 : e / 2;
}

static inline struct ntt_factor ntt_root(const struct ntt_walk *walk, unsigned int e, u64 t)
{
	return walk->roots->table[e * walk->roots->room + t];
}

/*
 * 1 / (w^e zeta(t)) = -w^-e zeta(t'), where t' mirrors t within its power of two,
 * and there is no minus for t = 0.
 */
static inline struct ntt_factor ntt_root_inverse(const struct ntt_walk *walk, unsigned int e, u64 t)
{
	unsigned int back = e ? walk->odd - e : 0;
	struct ntt_factor f;

	if (!t)
		return ntt_root(walk, back, 0);
	f = ntt_root(walk, back, (3ULL << (63 - __builtin_clzll(t))) - 1 - t);
	return (struct ntt_factor){ walk->p - f.w, ~f.q };
}

/*
 * Two levels at once below a node of 4h elements, the first @count columns of it;
 * roots s of the node, s0 and s1 of its halves.
 */
static __always_inline void ntt_forward4(u64 *x, u64 h, u64 count, u64 p, struct ntt_factor s,
					 struct ntt_factor s0, struct ntt_factor s1)
{
	u64 p2 = 2 * p, i;

	for (i = 0; i < count; i++) {
		u64 a = ntt_less(x[i], p2), b = ntt_less(x[i + h], p2);
		u64 c = ntt_mul(x[i + 2 * h], s, p), d = ntt_mul(x[i + 3 * h], s, p);
		u64 ac = ntt_less(a + c, p2), a_c = ntt_less(a + p2 - c, p2);
		u64 bd = ntt_mul(b + d, s0, p), b_d = ntt_mul(b + p2 - d, s1, p);

		x[i] = ac + bd;
		x[i + h] = ac + p2 - bd;
		x[i + 2 * h] = a_c + b_d;
		x[i + 3 * h] = a_c + p2 - b_d;
	}
}

/* The same below the root of x^4h - 1: three of the four roots are 1. */
static __always_inline void ntt_forward4_one(u64 *x, u64 h, u64 count, u64 p,
					     struct ntt_factor i4)
{
	u64 p2 = 2 * p, i;

	for (i = 0; i < count; i++) {
		u64 a = ntt_less(x[i], p2), b = ntt_less(x[i + h], p2);
		u64 c = ntt_less(x[i + 2 * h], p2), d = ntt_less(x[i + 3 * h], p2);
		u64 ac = ntt_less(a + c, p2), a_c = ntt_less(a + p2 - c, p2);
		u64 bd = ntt_less(b + d, p2), b_d = ntt_mul(b + p2 - d, i4, p);

		x[i] = ac + bd;
		x[i + h] = ac + p2 - bd;
		x[i + 2 * h] = a_c + b_d;
		x[i + 3 * h] = a_c + p2 - b_d;
	}
}

/* All below 2p before and after. */
static __always_inline void ntt_inverse4(u64 *x, u64 h, u64 count, u64 p, struct ntt_factor s,
					 struct ntt_factor s0, struct ntt_factor s1)
{
	u64 p2 = 2 * p, i;

	for (i = 0; i < count; i++) {
		u64 a = x[i], b = x[i + h], c = x[i + 2 * h], d = x[i + 3 * h];
		u64 ab = ntt_less(a + b, p2), a_b = ntt_mul(a + p2 - b, s0, p);
		u64 cd = ntt_less(c + d, p2), c_d = ntt_mul(c + p2 - d, s1, p);

		x[i] = ntt_less(ab + cd, p2);
		x[i + h] = ntt_less(a_b + c_d, p2);
		x[i + 2 * h] = ntt_mul(ab + p2 - cd, s, p);
		x[i + 3 * h] = ntt_mul(a_b + p2 - c_d, s, p);
	}
}

/* Nodes @t to @t + @nodes of one level, x^4h each, lying side by side; columns as above. */
static __always_inline void ntt_forward_level(const struct ntt_walk *walk, u64 *x, u64 h, u64 count,
					      unsigned int e, u64 t, u64 nodes)
{
	unsigned int next = ntt_halve(e, walk->odd);
	u64 p = walk->p, end = t + nodes;

	for (; t < end; t++, x += 4 * h) {
		struct ntt_factor s1 = ntt_root(walk, next, 2 * t + 1);

		if (!t && !e)
			ntt_forward4_one(x, h, count, p, s1);
		else
			ntt_forward4(x, h, count, p, ntt_root(walk, e, t),
				     ntt_root(walk, next, 2 * t), s1);
	}
}

static __always_inline void ntt_inverse_level(const struct ntt_walk *walk, u64 *x, u64 h, u64 count,
					      unsigned int e, u64 t, u64 nodes)
{
	unsigned int next = ntt_halve(e, walk->odd);
	u64 p = walk->p, end = t + nodes;

	for (; t < end; t++, x += 4 * h) {
		struct ntt_factor s = ntt_root_inverse(walk, e, t);
		struct ntt_factor s0 = ntt_root_inverse(walk, next, 2 * t);
		struct ntt_factor s1 = ntt_root_inverse(walk, next, 2 * t + 1);

		ntt_inverse4(x, h, count, p, s, s0, s1);
	}
}

/* A power of 4 elements that the cache holds: level by level. */
static noinline void ntt_forward_cached(const struct ntt_walk *walk, u64 *x, u64 len,
					unsigned int e, u64 t)
{
	u64 nodes = 1, h;

	for (h = len / 4; h > 1; h /= 4) {
		ntt_forward_level(walk, x, h, h, e, t, nodes);
		e = ntt_halve(ntt_halve(e, walk->odd), walk->odd);
		nodes *= 4;
		t *= 4;
	}
	ntt_forward_level(walk, x, 1, 1, e, t, nodes);
}

static noinline void ntt_inverse_cached(const struct ntt_walk *walk, u64 *x, u64 len,
					unsigned int e, u64 t)
{
	unsigned int at[16], levels = 0, odd = walk->odd;
	u64 nodes, h;

	for (nodes = 1; nodes < len; nodes *= 4) {
		at[levels++] = e;
		e = ntt_halve(ntt_halve(e, odd), odd);
		t *= 4;
	}
	nodes /= 4;
	t /= 4;
	ntt_inverse_level(walk, x, 1, 1, at[--levels], t, nodes);
	for (h = 4; h < len; h *= 4) {
		nodes /= 4;
		t /= 4;
		ntt_inverse_level(walk, x, h, h, at[--levels], t, nodes);
	}
}

/* The tree below node t, len elements (a power of 4): depth first while it is large. */
static void ntt_forward_tree(const struct ntt_walk *walk, u64 *x, u64 len, unsigned int e, u64 t)
{
	unsigned int next = ntt_halve(ntt_halve(e, walk->odd), walk->odd);
	u64 h = len / 4, i;

	if (len <= NTT_CACHED) {
		if (!fib_tick(walk->job, 8 * len))
			ntt_forward_cached(walk, x, len, e, t);
		return;
	}
	for (i = 0; i < h; i += NTT_CACHED / 4) {
		if (fib_tick(walk->job, 4 * NTT_CACHED))
			return;
		ntt_forward_level(walk, x + i, h, NTT_CACHED / 4, e, t, 1);
	}
	for (i = 0; i < 4; i++)
		ntt_forward_tree(walk, x + i * h, h, next, 4 * t + i);
}

static void ntt_inverse_tree(const struct ntt_walk *walk, u64 *x, u64 len, unsigned int e, u64 t)
{
	unsigned int next = ntt_halve(ntt_halve(e, walk->odd), walk->odd);
	u64 h = len / 4, i;

	if (len <= NTT_CACHED) {
		if (!fib_tick(walk->job, 8 * len))
			ntt_inverse_cached(walk, x, len, e, t);
		return;
	}
	for (i = 0; i < 4; i++)
		ntt_inverse_tree(walk, x + i * h, h, next, 4 * t + i);
	for (i = 0; i < h; i += NTT_CACHED / 4) {
		if (fib_tick(walk->job, 4 * NTT_CACHED))
			return;
		ntt_inverse_level(walk, x + i, h, NTT_CACHED / 4, e, t, 1);
	}
}

/* a b / 2^64 modulo p for a b < 2^64 k p, below (k + 1) p. */
static __always_inline u64 ntt_redc_wide(unsigned __int128 product, const struct ntt_prime *prime)
{
	u64 q = (u64)product * prime->inverse;

	return (u64)(product >> 64) + prime->p - limb_high(q, prime->p);
}

/* Factors of the sums and differences of opposite inputs, times 2^64. */
struct ntt_odd_factors {
	u64 cosine[3][3];
	u64 sine[3][3];
};

static void ntt_odd_prepare(struct ntt_odd_factors *f, const struct ntt_prime *prime,
			    unsigned int odd)
{
	u64 p = prime->p, two = (p + 1) / 2, power[7];
	unsigned int half = odd / 2, j, k;

	/* 2^64 - 4p is 2^64 modulo p. */
	power[0] = ntt_mul_mod(0 - 4 * p, two, prime);
	for (j = 1; j < odd; j++)
		power[j] = ntt_mul_mod(power[j - 1], prime->odd[half], prime);
	for (k = 1; k <= half; k++)
		for (j = 1; j <= half; j++) {
			u64 up = power[j * k % odd], down = power[odd - j * k % odd];

			f->cosine[k - 1][j - 1] = ntt_less(up + down, p);
			f->sine[k - 1][j - 1] = ntt_less(up + p - down, p);
		}
}

/*
 * A transform of odd order over columns of @block, by sums and differences of
 * opposite inputs: three products below 4p * p fit into 128 bits together, so a sum
 * is reduced once. @back: the inverse, whose outputs are those of -k.
 */
static __always_inline void ntt_odd(struct fib_job *job, u64 *x, u64 block,
				    const struct ntt_prime *prime, unsigned int odd, bool back)
{
	const unsigned int half = odd / 2;
	u64 p = prime->p, p2 = 2 * p, i;
	struct ntt_odd_factors f;
	unsigned int j, k;

	ntt_odd_prepare(&f, prime, odd);
	for (i = 0; i < block; i++) {
		u64 sum[3], difference[3], first = ntt_less(x[i], p2), total = first;

		if (!(i & 1023) && fib_tick(job, 8192))
			return;
#pragma GCC unroll 3
		for (j = 0; j < half; j++) {
			u64 a = ntt_less(x[i + (j + 1) * block], p2);
			u64 b = ntt_less(x[i + (odd - 1 - j) * block], p2);

			sum[j] = a + b;
			difference[j] = a + p2 - b;
			total = ntt_less(total + ntt_less(a + b, p2), p2);
		}
		x[i] = total;
#pragma GCC unroll 3
		for (k = 0; k < half; k++) {
			unsigned __int128 even = (unsigned __int128)sum[0] * f.cosine[k][0];
			unsigned __int128 uneven = (unsigned __int128)difference[0] * f.sine[k][0];
			u64 e, u;

#pragma GCC unroll 2
			for (j = 1; j < half; j++) {
				even += (unsigned __int128)sum[j] * f.cosine[k][j];
				uneven += (unsigned __int128)difference[j] * f.sine[k][j];
			}
			/* Below 4p: three products below 2^126, and p. */
			e = ntt_less(first + ntt_less(ntt_redc_wide(even, prime), p2), p2);
			u = ntt_less(ntt_redc_wide(uneven, prime), p2);
			x[i + (back ? odd - 1 - k : k + 1) * block] = ntt_less(e + u, p2);
			x[i + (back ? k + 1 : odd - 1 - k) * block] = ntt_less(e + p2 - u, p2);
		}
	}
}

static noinline void ntt_odd_step(struct fib_job *job, u64 *x, const struct ntt_shape *shape,
				  const struct ntt_prime *prime, bool back)
{
	u64 half = shape->kind;

	fib_count(job, (2 * half * half + 4 * half) * shape->block,
		  (2 * half * half + 8 * half) * shape->block);
	switch (shape->kind) {
	case 1:
		ntt_odd(job, x, shape->block, prime, 3, back);
		break;
	case 2:
		ntt_odd(job, x, shape->block, prime, 5, back);
		break;
	case 3:
		ntt_odd(job, x, shape->block, prime, 7, back);
		break;
	}
}

static void ntt_walk_count(struct fib_job *job, const struct ntt_shape *shape)
{
	unsigned int levels = 63 - __builtin_clzll(shape->block);

	fib_count(job, 3 * levels * shape->size / 2, levels * shape->size);
}

/* Forward transform: elements below 4p before and after. */
static void ntt_forward(const struct mul *m, u64 *x, const struct ntt_shape *shape, int which)
{
	const struct ntt_prime *prime = &ntt_primes[which];
	struct ntt_walk walk = { m->job, &m->ntt->roots[which][shape->kind], prime->p,
				 2 * shape->kind + 1 };
	u64 block = shape->block, p2 = 2 * prime->p, i;
	unsigned int j;

	ntt_walk_count(m->job, shape);
	if (shape->kind)
		ntt_odd_step(m->job, x, shape, prime, false);
	for (j = 0; j < walk.odd; j++, x += block) {
		unsigned int e = ntt_halve(j, walk.odd);
		struct ntt_factor s = ntt_root(&walk, e, 0);

		if (!(__builtin_ctzll(block) & 1)) {
			ntt_forward_tree(&walk, x, block, e, 0);
			continue;
		}
		for (i = 0; i < block / 2; i++) {
			u64 a = ntt_less(x[i], p2), b = ntt_mul(x[i + block / 2], s, prime->p);

			x[i] = a + b;
			x[i + block / 2] = a + p2 - b;
		}
		e = ntt_halve(e, walk.odd);
		ntt_forward_tree(&walk, x, block / 2, e, 0);
		ntt_forward_tree(&walk, x + block / 2, block / 2, e, 1);
	}
}

/* Inverse transform, times the length: elements below 2p before and after. */
static void ntt_inverse(const struct mul *m, u64 *x, const struct ntt_shape *shape, int which)
{
	const struct ntt_prime *prime = &ntt_primes[which];
	struct ntt_walk walk = { m->job, &m->ntt->roots[which][shape->kind], prime->p,
				 2 * shape->kind + 1 };
	u64 block = shape->block, p2 = 2 * prime->p, i, *y = x;
	unsigned int j;

	ntt_walk_count(m->job, shape);
	for (j = 0; j < walk.odd; j++, y += block) {
		unsigned int e = ntt_halve(j, walk.odd);
		struct ntt_factor s = ntt_root_inverse(&walk, e, 0);

		if (!(__builtin_ctzll(block) & 1)) {
			ntt_inverse_tree(&walk, y, block, e, 0);
			continue;
		}
		e = ntt_halve(e, walk.odd);
		ntt_inverse_tree(&walk, y, block / 2, e, 0);
		ntt_inverse_tree(&walk, y + block / 2, block / 2, e, 1);
		for (i = 0; i < block / 2; i++) {
			u64 a = y[i], b = y[i + block / 2];

			y[i] = ntt_less(a + b, p2);
			y[i + block / 2] = ntt_mul(a + p2 - b, s, prime->p);
		}
	}
	if (shape->kind)
		ntt_odd_step(m->job, x, shape, prime, true);
}

/* x = x y / N as elements modulo one prime, below p; y may be x. Destroys y. */
static void ntt_one(const struct mul *m, u64 *x, u64 *y, const struct ntt_shape *shape, int which)
{
	const struct ntt_prime *prime = &ntt_primes[which];
	u64 p = prime->p, p2 = 2 * p, scale = 0 - p * 4, i, k;
	struct ntt_factor factor;

	ntt_grow(m->job, &m->ntt->roots[which][shape->kind], prime, shape->kind, shape->block / 2);
	ntt_forward(m, x, shape, which);
	if (y != x)
		ntt_forward(m, y, shape, which);
	for (i = 0; i < shape->size; i++) {
		u64 a = ntt_less(x[i], p2), b;

		if (!(i & 4095) && fib_tick(m->job, 8192))
			return;
		b = y == x ? a : ntt_less(y[i], p2);
		x[i] = ntt_redc_wide((unsigned __int128)a * b, prime);
	}
	ntt_inverse(m, x, shape, which);
	/* 2^64 = 2^64 - 4p modulo p, divided by the length; p - (p - 1) / k is 1 / k. */
	for (k = shape->block; k > 1; k /= 2)
		scale = scale & 1 ? scale / 2 + p / 2 + 1 : scale / 2;
	scale = ntt_mul_mod(scale, p - (p - 1) / (2 * shape->kind + 1), prime);
	factor = ntt_factor(scale, prime);
	for (i = 0; i < shape->size; i++) {
		if (!(i & 4095) && fib_tick(m->job, 8192))
			return;
		x[i] = ntt_less(ntt_mul(x[i], factor, p), p);
	}
	fib_count(m->job, 6 * shape->size, 2 * shape->size);
}

/* The number below p0 p1 with these residues. */
static __always_inline unsigned __int128 ntt_join(u64 a, u64 b, struct ntt_factor inverse)
{
	u64 p0 = ntt_primes[0].p, p1 = ntt_primes[1].p;
	/* a < p0 < 2 p1 */
	u64 t = ntt_less(ntt_mul(b + 2 * p1 - a, inverse, p1), p1);

	return (unsigned __int128)t * p0 + a;
}

#endif /* FIB_NTT_H */
