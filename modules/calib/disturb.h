/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disturbances made on purpose, as one open file of calib plants them.
 */
#ifndef CALIB_DISTURB_H
#define CALIB_DISTURB_H

#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/sched.h>

/**
 * struct calib_disturb - means of disturbing
 * @irq: runs in an interrupt that this CPU sends to itself
 * @softirq: runs as a softirq
 * @preempter: thread of real-time priority that takes the CPU away
 * @wanted: what @preempter still has to do
 * @irq_done, @softirq_done, @preempt_cpu: where they ran last, -1: not since asked
 * @page: address of a page that was never touched, 0: none
 * @affinity: CPUs of the task before it was moved
 * @moved: @affinity must be given back
 */
struct calib_disturb {
	struct irq_work irq;
	struct tasklet_struct softirq;
	struct task_struct *preempter;
	atomic_t wanted;
	int irq_done;
	int softirq_done;
	int preempt_cpu;
	unsigned long page;
	cpumask_var_t affinity;
	bool moved;
};

int calib_disturb_init(struct calib_disturb *d);
void calib_disturb_destroy(struct calib_disturb *d);
/* Outside the bracket: takes what @causes will need. */
int calib_disturb_prepare(struct calib_disturb *d, u64 causes);
/* Inside it. Returns the causes that were seen to happen, a subset of @causes. */
u64 calib_disturb_now(struct calib_disturb *d, u64 causes);
/* Outside it again: gives back page and affinity. */
void calib_disturb_undo(struct calib_disturb *d);

#endif /* CALIB_DISTURB_H */
