// SPDX-License-Identifier: GPL-2.0-only
/*
 * Check value of an array: a sum over mixed elements, so it does not depend on
 * their order, and one bit that says whether they ascend. A lost, doubled or
 * changed element shows with a probability of 1 - 2^-63.
 */
#include "sort_core.h"

/* Finaliser of MurmurHash3 with the constants of variant 13 (Stafford, 2011). */
static inline u64 mix(u64 x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

#define DEFINE_CHECK(NAME, KEY)						\
static u64 NAME(const KEY *a, size_t n)					\
{									\
	u64 sum = 0x9e3779b97f4a7c15ULL * n;				\
	bool ascends = true;						\
	size_t i;							\
									\
	for (i = 0; i < n; i++) {					\
		sum += mix((u64)a[i] ^ (u64)0x9e3779b97f4a7c15ULL);	\
		ascends &= i == 0 || a[i - 1] <= a[i];			\
	}								\
	return (sum & ~1ULL) | ascends;					\
}

DEFINE_CHECK(check_i32, s32)
DEFINE_CHECK(check_u32, u32)
DEFINE_CHECK(check_i64, s64)
DEFINE_CHECK(check_u64, u64)

u64 sort_check(const void *data, size_t n, enum sort_type type)
{
	switch (type) {
	case SORT_I32:
		return check_i32(data, n);
	case SORT_U32:
		return check_u32(data, n);
	case SORT_I64:
		return check_i64(data, n);
	default:
		return check_u64(data, n);
	}
}
