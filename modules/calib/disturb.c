// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each disturbance is one that the probe should see, made by the shortest way that
 * a module has, and confirmed by something other than the counters of the probe:
 * the handler or thread itself says that it ran, and where.
 *
 * What comes along with it is part of it: a sleep ends with a timer interrupt, a
 * migration passes through the stopper thread and so switches the task as well.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/uaccess.h>

#include <kmodbench.h>

#include "compat.h"
#include "disturb.h"

/* A disturbance that did not come by then was not planted. */
#define PATIENCE_NS (20 * NSEC_PER_MSEC)
#define SLEEP_US 200

static void irq_ran(struct irq_work *work)
{
	struct calib_disturb *d = container_of(work, struct calib_disturb, irq);

	WRITE_ONCE(d->irq_done, raw_smp_processor_id());
}

static void softirq_ran(struct tasklet_struct *tasklet)
{
	struct calib_disturb *d = container_of(tasklet, struct calib_disturb, softirq);

	WRITE_ONCE(d->softirq_done, raw_smp_processor_id());
}

static int preempt_loop(void *data)
{
	struct calib_disturb *d = data;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		if (!atomic_xchg(&d->wanted, 0)) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		WRITE_ONCE(d->preempt_cpu, raw_smp_processor_id());
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

int calib_disturb_init(struct calib_disturb *d)
{
	if (!zalloc_cpumask_var(&d->affinity, GFP_KERNEL))
		return -ENOMEM;
	init_irq_work(&d->irq, irq_ran);
	tasklet_setup(&d->softirq, softirq_ran);
	return 0;
}

void calib_disturb_destroy(struct calib_disturb *d)
{
	if (d->preempter)
		kthread_stop(d->preempter);
	irq_work_sync(&d->irq);
	tasklet_kill(&d->softirq);
	free_cpumask_var(d->affinity);
}

static int prepare_preempter(struct calib_disturb *d)
{
	struct task_struct *t = d->preempter;

	if (!t) {
		t = kthread_create(preempt_loop, d, "calib_preempt");
		if (IS_ERR(t))
			return PTR_ERR(t);
		sched_set_fifo(t);
		d->preempter = t;
		wake_up_process(t);
	}
	return set_cpus_allowed_ptr(t, cpumask_of(raw_smp_processor_id()));
}

int calib_disturb_prepare(struct calib_disturb *d, u64 causes)
{
	int ret;

	if (causes & KMODBENCH_TRUTH_PREEMPT) {
		ret = prepare_preempter(d);
		if (ret)
			return ret;
	}
	if (causes & KMODBENCH_TRUTH_FAULT) {
		unsigned long page = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
					     MAP_PRIVATE | MAP_ANONYMOUS, 0);

		if (IS_ERR_VALUE(page))
			return (long)page;
		d->page = page;
	}
	return 0;
}

/* Waits until *done is a CPU; false where it does not come. */
static bool came(const int *done)
{
	u64 until = ktime_get_ns() + PATIENCE_NS;

	while (READ_ONCE(*done) < 0) {
		if (ktime_get_ns() > until)
			return false;
		cpu_relax();
	}
	return true;
}

static bool disturb_irq(struct calib_disturb *d)
{
	d->irq_done = -1;
	return irq_work_queue(&d->irq) && came(&d->irq_done);
}

static bool disturb_softirq(struct calib_disturb *d)
{
	int cpu;

	d->softirq_done = -1;
	/* Scheduled and run on this CPU, at the enabling, without an interrupt. */
	local_bh_disable();
	cpu = raw_smp_processor_id();
	tasklet_schedule(&d->softirq);
	local_bh_enable();
	return came(&d->softirq_done) && d->softirq_done == cpu;
}

static bool disturb_preempt(struct calib_disturb *d)
{
	u64 until = ktime_get_ns() + PATIENCE_NS;
	int cpu = raw_smp_processor_id();

	d->preempt_cpu = -1;
	atomic_set(&d->wanted, 1);
	wake_up_process(d->preempter);
	while (READ_ONCE(d->preempt_cpu) < 0) {
		if (ktime_get_ns() > until)
			return false;
		cond_resched();
	}
	/* On another CPU it ran beside the task, not instead of it. */
	return d->preempt_cpu == cpu && raw_smp_processor_id() == cpu;
}

static bool disturb_migrate(struct calib_disturb *d)
{
	unsigned int from = raw_smp_processor_id();
	unsigned int to = cpumask_next(from, cpu_online_mask);

	if (to >= nr_cpu_ids)
		to = cpumask_first(cpu_online_mask);
	if (to == from)
		return false;
	cpumask_copy(d->affinity, &current->cpus_mask);
	d->moved = true;
	return !set_cpus_allowed_ptr(current, cpumask_of(to)) && raw_smp_processor_id() != from;
}

/* Where the machine is slow the timer comes before the task has left its CPU. */
static bool disturb_sleep(void)
{
	unsigned long switches = current->nvcsw;

	usleep_range(SLEEP_US, 2 * SLEEP_US);
	return current->nvcsw != switches;
}

static bool disturb_fault(struct calib_disturb *d)
{
	return !put_user((char)1, (char __user *)d->page);
}

u64 calib_disturb_now(struct calib_disturb *d, u64 causes)
{
	u64 seen = 0;

	if ((causes & KMODBENCH_TRUTH_IRQ) && disturb_irq(d))
		seen |= KMODBENCH_TRUTH_IRQ;
	if ((causes & KMODBENCH_TRUTH_SOFTIRQ) && disturb_softirq(d))
		seen |= KMODBENCH_TRUTH_SOFTIRQ;
	if ((causes & KMODBENCH_TRUTH_SLEEP) && disturb_sleep())
		seen |= KMODBENCH_TRUTH_SLEEP;
	if ((causes & KMODBENCH_TRUTH_PREEMPT) && disturb_preempt(d))
		seen |= KMODBENCH_TRUTH_PREEMPT;
	if ((causes & KMODBENCH_TRUTH_FAULT) && disturb_fault(d))
		seen |= KMODBENCH_TRUTH_FAULT;
	/* Last: what comes after it would happen on another CPU. */
	if ((causes & KMODBENCH_TRUTH_MIGRATE) && disturb_migrate(d))
		seen |= KMODBENCH_TRUTH_MIGRATE;
	return seen;
}

void calib_disturb_undo(struct calib_disturb *d)
{
	if (d->page)
		vm_munmap(d->page, PAGE_SIZE);
	d->page = 0;
	if (d->moved)
		set_cpus_allowed_ptr(current, d->affinity);
	d->moved = false;
}
