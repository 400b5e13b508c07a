/* SPDX-License-Identifier: GPL-2.0-only */
/* Just enough of the kernel's headers to compile its lib/sort.c and lib/mpi in user space. */
#ifndef KMB_SHIM_TYPES_H
#define KMB_SHIM_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef unsigned long ulong;

#define CONFIG_64BIT 1
#define BITS_PER_LONG 64
#define __maybe_unused __attribute__((__unused__))
#define CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS 1
#undef __attribute_const__
#define __attribute_const__ __attribute__((__const__))
#undef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

typedef int (*cmp_func_t)(const void *a, const void *b);
typedef int (*cmp_r_func_t)(const void *a, const void *b, const void *priv);
typedef void (*swap_func_t)(void *a, void *b, int size);
typedef void (*swap_r_func_t)(void *a, void *b, int size, const void *priv);

#endif
