/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an algorithm core may use, in the kernel and in user space alike.
 *
 * A core is a file without kernel calls: it gets its memory from the caller,
 * prints nothing, takes no lock, and uses general registers only, or vectors with
 * leave (struct core_vector). The same source is built into the module and into user
 * space programs and tests.
 */
#ifndef KMB_CORE_H
#define KMB_CORE_H

#ifdef __KERNEL__
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#ifndef likely
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif
#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif
#ifndef noinline
#define noinline __attribute__((__noinline__))
#endif
#endif /* __KERNEL__ */

/**
 * struct core_pause - how long work breathes
 * @stop: called by a core at least once a millisecond of work; may reschedule;
 *        true asks the core to unwind and return -EINTR
 * @arg: handed to @stop
 *
 * A NULL pause, or a NULL @stop, means: run to the end.
 */
struct core_pause {
	bool (*stop)(void *arg);
	void *arg;
};

static inline bool core_stop(const struct core_pause *pause)
{
	return pause && pause->stop && pause->stop(pause->arg);
}

/**
 * struct core_vector - leave to use vector registers for less than a millisecond
 * @begin: true: granted, and not to be preempted until @end
 * @end: called after that
 *
 * NULL: always granted. Only code that is compiled for vectors, in files of its own, may
 * use them.
 */
struct core_vector {
	bool (*begin)(void);
	void (*end)(void);
};

static inline bool core_vector_begin(const struct core_vector *vector)
{
	return !vector || vector->begin();
}

static inline void core_vector_end(const struct core_vector *vector)
{
	if (vector)
		vector->end();
}

/**
 * struct core_counts - operations of a counting pass
 * @comparisons: comparisons of elements
 * @moves: element moves, a swap is three
 * @multiplications: limb by limb multiplications
 * @additions: limb additions and subtractions
 */
struct core_counts {
	u64 comparisons;
	u64 moves;
	u64 multiplications;
	u64 additions;
};

#endif /* KMB_CORE_H */
