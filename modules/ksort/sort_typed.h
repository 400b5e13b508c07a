/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All algorithms for one type of element. Included once by a file that defines
 *
 *   KEY		the element, a signed or unsigned integer of 32 or 64 bits
 *   UKEY		the unsigned integer of the same width
 *   KEY_BITS	its width
 *   KEY_FLIP		what turns the order of KEY into that of UKEY by exclusive or
 *   ALGORITHMS		name of the table to define
 *
 * Every function here is static, so the types do not collide.
 */
#include "sort_algorithms.h"
#include "sort_stack.h"

#ifndef __KERNEL__
#include <assert.h>
#endif

/**
 * struct sort_run - what one call carries through its functions
 * @pause: how it breathes
 * @since: elements touched since the last breath
 * @stopped: the pause asked to stop; loops unwind
 * @counts: what the counting pass found
 */
struct sort_run {
	const struct core_pause *pause;
	size_t since;
	bool stopped;
#ifdef SORT_COUNTING
	struct core_counts *counts;
#endif
};

/*
 * Every comparison and move of elements goes through these, so that the counting
 * pass is the same source, compiled once more. Moves are stores of an element.
 */
#ifdef SORT_COUNTING
#define LESS(x, y) (run->counts->comparisons++, (x) < (y))
#define MOVED(k) (run->counts->moves += (k))
#else
#define LESS(x, y) ((void)run, (x) < (y))
#define MOVED(k) ((void)run, (void)(k))
#endif

/* 2^16 elements touched are some 0.1 to 0.3 ms of work. */
#define SORT_BREATH 0x10000UL

/* To be called after having touched @elements; true: unwind now. */
static __always_inline bool breathe(struct sort_run *run, size_t elements)
{
	run->since += elements;
	if (likely(run->since < SORT_BREATH))
		return run->stopped;
	run->since = 0;
	if (!run->stopped)
		run->stopped = core_stop(run->pause);
	return run->stopped;
}

static __always_inline unsigned int log2_floor(size_t n)
{
	return 8 * sizeof(unsigned long) - 1 - (unsigned int)__builtin_clzl(n | 1);
}

#include "sort_small.h"
#include "sort_heap.h"
#include "sort_shell.h"
#include "sort_quick.h"
#include "sort_merge.h"
#include "sort_intro.h"
#include "sort_pdq.h"
#include "sort_tim.h"
#include "sort_radix.h"
#include "sort_drop.h"
#include "sort_few.h"
#include "sort_leaf.h"
#include "sort_auto.h"
#ifndef SORT_COUNTING
#include "sort_parallel.h"
#endif

/*
 * Check value of an array: a sum over mixed elements, so it does not depend on
 * their order, and one bit that says whether they ascend. A lost, doubled or
 * changed element goes unseen with a probability of about 2^-63.
 */
static u64 check_keys(const void *data, size_t n)
{
	const KEY *a = data;
	u64 sum = n;
	bool ascends = true;
	size_t i;

	for (i = 0; i < n; i++) {
		u64 x = (u64)a[i] ^ (u64)0x9e3779b97f4a7c15ULL;

		/* Stafford's variant 13 of the finaliser of MurmurHash3 (2011). */
		x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
		x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
		sum += x ^ (x >> 31);
		ascends &= i == 0 || a[i - 1] <= a[i];
	}
	return (sum & ~1ULL) | ascends;
}

/* Tables behind the elements in scratch memory, or NULL without it. */
static __always_inline void *behind(void *scratch, size_t n)
{
	return scratch ? (char *)scratch + ((n * sizeof(KEY) + 7) & ~(size_t)7) : NULL;
}

static_assert(sizeof(struct few_values) <= SORT_AUTO_FEW, "counters of few values");
static_assert(sizeof(struct auto_counters) <= SORT_AUTO_COUNTERS, "counters of auto");
static_assert(RADIX_TABLES * RADIX_TABLE * sizeof(u32) <= SORT_RADIX_TABLES, "tables of radix");

static int sort_keys(const struct sort_job *job, enum sort_algorithm algorithm)
{
	struct sort_run run = {
		.pause = job->pause,
#ifdef SORT_COUNTING
		.counts = job->counts,
#endif
	};
	KEY *a = job->data, *b = job->scratch;
	size_t n = job->n;

	switch (algorithm) {
	case SORT_AUTO:
		auto_sort(&run, a, b, n, behind(b, n));
		break;
	case SORT_BENTLEY_MCILROY:
		bentley_sort(&run, a, n);
		break;
	case SORT_HEAP:
		heap_sort(&run, a, n);
		break;
	case SORT_INSERTION:
		insertion_sort(&run, a, n);
		break;
	case SORT_INTRO:
		intro_sort(&run, a, n);
		break;
	case SORT_LSD_RADIX:
		lsd_radix_sort(&run, a, b, n, behind(b, n));
		break;
	case SORT_MSD_RADIX:
		msd_radix_sort(&run, a, n, job->scratch);
		break;
	case SORT_PARALLEL:
#ifdef SORT_COUNTING
		auto_sort(&run, a, b, n, behind(b, n));
#else
		parallel_sort(&run, job->pool, a, b, n, behind(b, n));
#endif
		break;
	case SORT_PDQ:
		pdq_sort(&run, a, n);
		break;
	case SORT_POWER:
		power_sort(&run, a, b, n);
		break;
	case SORT_QUICK:
		quick_sort(&run, a, n);
		break;
	case SORT_SHELL:
		shell_sort(&run, a, n);
		break;
	case SORT_TIM:
		tim_sort(&run, a, b, n);
		break;
	default:
		return -EINVAL;
	}
	return run.stopped ? -EINTR : 0;
}

const struct sort_algorithms ALGORITHMS = {
	.check = check_keys,
	.sort = sort_keys,
};
