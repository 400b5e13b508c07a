/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Workers of the variant parallel, by the kernel's concurrency managed workqueues: one
 * unbound queue for the module, so that work runs where a processor is idle and not
 * where the caller is. Each open file has jobs of its own; nobody waits for the jobs of
 * others, and nothing drains the queue. A job that no worker has begun when the caller
 * is done with his own is taken back and done by the caller.
 */
#ifndef KSORT_POOL_H
#define KSORT_POOL_H

#include <linux/completion.h>
#include <linux/workqueue.h>

#include "kmodbench.h"
#include "sort_core.h"

struct ksort_pool;

/**
 * struct ksort_job - one job, on its way through the queue
 * @work: of the queue
 * @pool: its pool
 * @number: of the job
 * @begun: a worker is at it
 * @done: or was
 */
struct ksort_job {
	struct work_struct work;
	struct ksort_pool *pool;
	unsigned int number;
	bool begun;
	struct completion done;
};

/**
 * struct ksort_pool - of one open file; the caller alone changes it between rounds
 * @pool: what the core sees
 * @jobs: all but the caller's
 * @work: what they do
 * @arg: handed to @work
 * @caller: the caller's pause
 * @stopped: the caller is being killed: jobs unwind
 * @cpus: bit set of processors that worked since ksort_pool_begin()
 * @ns: how long, by processor
 */
struct ksort_pool {
	struct sort_pool pool;
	struct ksort_job jobs[SORT_PARALLEL_MOST - 1];
	void (*work)(void *arg, unsigned int job, const struct core_pause *pause);
	void *arg;
	const struct core_pause *caller;
	bool stopped;
	atomic64_t cpus;
	atomic64_t ns[KMODBENCH_WORK_CPUS];
};

void ksort_pool_init(struct ksort_pool *pool);
/* Before a sort: how many can work, nobody has yet, and how the caller breathes. */
void ksort_pool_begin(struct ksort_pool *pool, const struct core_pause *caller);

/* Of the module. */
int ksort_pool_create(void);
void ksort_pool_destroy(void);

#endif /* KSORT_POOL_H */
