/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pattern and check value of plain bytes, the same in the kernel and in user
 * space. Not cryptographic: it tells whether the right bytes arrived in order.
 */
#ifndef KMB_CORE_CHECK_H
#define KMB_CORE_CHECK_H

#include "core.h"

/* A bijective mix of 64 bits: two multiply-xorshift rounds. */
static inline u64 core_mix(u64 x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	x ^= x >> 32;
	return x;
}

/* Word number @i of the pattern of a seed; byte k of the pattern is byte k % 8,
 * little-endian, of word k / 8.
 */
static inline u64 core_pattern(u64 seed, u64 i)
{
	return core_mix(core_mix(seed) + i);
}

/* Check value of @n bytes: each 64-bit word (the last one filled up with zeros)
 * is folded in, then the length, so that order, content and length all count.
 */
static inline u64 core_check(const void *bytes, size_t n)
{
	const unsigned char *at = (const unsigned char *)bytes;
	u64 check = 0;
	u64 word;
	size_t left;

	for (left = n; left >= sizeof(word); left -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		at += sizeof(word);
		check = (check ^ word) * 0x9e3779b97f4a7c15ULL;
		check ^= check >> 32;
	}
	word = 0;
	memcpy(&word, at, left);
	check = (check ^ word) * 0x9e3779b97f4a7c15ULL;
	return core_mix(check ^ n);
}

#endif /* KMB_CORE_CHECK_H */
