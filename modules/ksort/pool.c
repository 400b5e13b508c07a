// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cpumask.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "compat.h"
#include "pool.h"

static struct workqueue_struct *queue __ro_after_init;

/* Of a worker: it is not the task that may be killed. */
static bool worker_stops(void *arg)
{
	const struct ksort_pool *p = arg;

	cond_resched();
	return READ_ONCE(p->stopped);
}

/* Of the caller: what stops him stops the workers, too. */
static bool caller_stops(void *arg)
{
	struct ksort_pool *p = arg;

	if (!p->stopped && core_stop(p->caller))
		WRITE_ONCE(p->stopped, true);
	return p->stopped;
}

/* Returns the processor. */
static unsigned int note_cpu(struct ksort_pool *p)
{
	unsigned int cpu = raw_smp_processor_id();

	if (cpu < KMODBENCH_WORK_CPUS)
		atomic64_or(BIT_ULL(cpu), &p->cpus);
	return cpu;
}

/* A job may move to another processor: both ends are noted, the time counts for the last. */
static void do_job(struct ksort_pool *p, unsigned int number, const struct core_pause *pause)
{
	u64 start = ktime_get_ns();
	unsigned int cpu;

	note_cpu(p);
	p->work(p->arg, number, pause);
	cpu = note_cpu(p);
	if (cpu < KMODBENCH_WORK_CPUS)
		atomic64_add(ktime_get_ns() - start, &p->ns[cpu]);
}

static void job_of_worker(struct work_struct *work)
{
	struct ksort_job *job = container_of(work, struct ksort_job, work);
	struct core_pause pause = { .stop = worker_stops, .arg = job->pool };

	WRITE_ONCE(job->begun, true);
	do_job(job->pool, job->number, &pause);
	complete(&job->done);
}

static void hand_out(struct ksort_job *job)
{
	job->begun = false;
	reinit_completion(&job->done);
	queue_work(queue, &job->work);
}

/* Waits for a job that was begun, or takes it back. */
static void take_in(struct ksort_pool *p, struct ksort_job *job, const struct core_pause *pause)
{
	if (READ_ONCE(job->begun) && wait_for_completion_killable(&job->done))
		WRITE_ONCE(p->stopped, true);
	/* Waits where a worker is at it still; true where none has begun. */
	if (cancel_work_sync(&job->work))
		do_job(p, job->number, pause);
}

static void run_jobs(const struct sort_pool *pool,
		     void (*work)(void *arg, unsigned int job, const struct core_pause *pause),
		     void *arg, unsigned int jobs)
{
	struct ksort_pool *p = container_of(pool, struct ksort_pool, pool);
	struct core_pause pause = { .stop = caller_stops, .arg = p };
	unsigned int i;

	p->work = work;
	p->arg = arg;
	for (i = 1; i < jobs; i++)
		hand_out(&p->jobs[i - 1]);
	do_job(p, 0, &pause);
	for (i = jobs; i-- > 1;)
		take_in(p, &p->jobs[i - 1], &pause);
}

void ksort_pool_init(struct ksort_pool *p)
{
	unsigned int i;

	p->pool.run = run_jobs;
	for (i = 0; i < ARRAY_SIZE(p->jobs); i++) {
		INIT_WORK(&p->jobs[i].work, job_of_worker);
		p->jobs[i].pool = p;
		p->jobs[i].number = i + 1;
		init_completion(&p->jobs[i].done);
	}
}

void ksort_pool_begin(struct ksort_pool *p, const struct core_pause *caller)
{
	unsigned int i;

	p->pool.workers = num_online_cpus();
	p->caller = caller;
	p->stopped = false;
	atomic64_set(&p->cpus, 0);
	for (i = 0; i < KMODBENCH_WORK_CPUS; i++)
		atomic64_set(&p->ns[i], 0);
}

int __init ksort_pool_create(void)
{
	queue = alloc_workqueue("ksort", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

/* Also from the way out of loading. No file is open, so no job is in the queue. */
void ksort_pool_destroy(void)
{
	destroy_workqueue(queue);
}
