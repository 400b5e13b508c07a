// SPDX-License-Identifier: GPL-2.0-only
#include "xoro_core.h"

static __always_inline u64 rotate(u64 x, unsigned int left)
{
	return x << left | x >> (64 - left);
}

static __always_inline void step256(u64 *s)
{
	u64 t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
}

static __always_inline u64 xoshiro256pp(u64 *s)
{
	u64 word = rotate(s[0] + s[3], 23) + s[0];

	step256(s);
	return word;
}

static __always_inline u64 xoshiro256ss(u64 *s)
{
	u64 word = rotate(s[1] * 5, 7) * 9;

	step256(s);
	return word;
}

static __always_inline u64 xoroshiro128pp(u64 *s)
{
	u64 s0 = s[0], s1 = s[1];
	u64 word = rotate(s0 + s1, 17) + s0;

	s1 ^= s0;
	s[0] = rotate(s0, 49) ^ s1 ^ s1 << 21;
	s[1] = rotate(s1, 28);
	return word;
}

/* The state stays in registers from word to word. */
#define GENERATOR(NAME)							\
static u64 NAME##_next(struct xoro *g)					\
{									\
	return NAME(g->s);						\
}									\
									\
static void NAME##_fill(struct xoro *g, void *to, size_t n)		\
{									\
	u64 s[4] = { g->s[0], g->s[1], g->s[2], g->s[3] };		\
	char *at = to;							\
	u64 word;							\
									\
	for (; n >= sizeof(word); n -= sizeof(word), at += sizeof(word)) { \
		word = NAME(s);						\
		memcpy(at, &word, sizeof(word));			\
	}								\
	if (n) {							\
		word = NAME(s);						\
		memcpy(at, &word, n);					\
	}								\
	memcpy(g->s, s, sizeof(s));					\
}

GENERATOR(xoroshiro128pp)
GENERATOR(xoshiro256pp)
GENERATOR(xoshiro256ss)

#define ROW(NAME) { .name = #NAME, .next = NAME##_next, .fill = NAME##_fill }

const struct xoro_variant xoro_variants[] = {
	ROW(xoroshiro128pp),
	ROW(xoshiro256pp),
	ROW(xoshiro256ss),
};

const unsigned int xoro_variant_count = sizeof(xoro_variants) / sizeof(xoro_variants[0]);

const struct xoro_variant *xoro_find(const char *name)
{
	for (unsigned int i = 0; i < xoro_variant_count; i++)
		if (!strcmp(xoro_variants[i].name, name))
			return &xoro_variants[i];
	return NULL;
}

void xoro_seed(struct xoro *g, u64 seed)
{
	for (unsigned int i = 0; i < 4; i++) {
		u64 z;

		seed += 0x9e3779b97f4a7c15ULL;
		z = (seed ^ seed >> 30) * 0xbf58476d1ce4e5b9ULL;
		z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
		g->s[i] = z ^ z >> 31;
	}
}
