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

/**
 * struct sort_run - what one call carries through its functions
 * @pause: how it breathes
 * @since: elements touched since the last breath
 * @stopped: the pause asked to stop; loops unwind
 */
struct sort_run {
	const struct core_pause *pause;
	size_t since;
	bool stopped;
};

/* 2^16 elements touched are some 0.1 to 0.3 ms of work. */
#define SORT_BREATH (1UL << 16)

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
#include "sort_auto.h"

#define DEFINE_ENTRY(NAME, CALL)					\
static int run_##NAME(const struct sort_job *job)			\
{									\
	struct sort_run run = { .pause = job->pause };			\
									\
	CALL;								\
	return run.stopped ? -EINTR : 0;				\
}

DEFINE_ENTRY(auto, auto_sort(&run, job->data, job->scratch, job->n))
DEFINE_ENTRY(heap, heap_sort(&run, job->data, job->n))
DEFINE_ENTRY(insertion, insertion_sort(&run, job->data, job->n))
DEFINE_ENTRY(quick, quick_sort(&run, job->data, job->n))
DEFINE_ENTRY(shell, shell_sort(&run, job->data, job->n))

const struct sort_algorithms ALGORITHMS = {
	.auto_ = run_auto,
	.heap = run_heap,
	.insertion = run_insertion,
	.quick = run_quick,
	.shell = run_shell,
};
