/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pseudo-random generators of Blackman and Vigna ("Scrambled linear pseudorandom
 * number generators", 2018): fast, even, and predictable, so not for secrets.
 * No kernel calls, so user space builds the same file.
 */
#ifndef KMB_XORO_CORE_H
#define KMB_XORO_CORE_H

#include "core.h"

#ifdef __cplusplus
extern "C" {
#endif

/* State of a generator; some use fewer words. */
struct xoro {
	u64 s[4];
};

/**
 * struct xoro_variant - one generator
 * @name: snake_case, unique
 * @next: the next word
 * @fill: @n bytes: whole words in the machine's byte order, of the last one what is needed
 */
struct xoro_variant {
	const char *name;
	u64 (*next)(struct xoro *g);
	void (*fill)(struct xoro *g, void *to, size_t n);
};

/* Sorted by name. */
extern const struct xoro_variant xoro_variants[];
extern const unsigned int xoro_variant_count;

/* NULL where no row has that name. */
const struct xoro_variant *xoro_find(const char *name);

/* State of a seed, by splitmix64 as the authors advise. */
void xoro_seed(struct xoro *g, u64 seed);

#ifdef __cplusplus
}
#endif

#endif /* KMB_XORO_CORE_H */
