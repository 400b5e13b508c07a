// SPDX-License-Identifier: GPL-2.0-only
/*
 * KMODBENCH_RUN: repetitions inside the kernel, with no system call between them.
 */
#include <linux/irqflags.h>
#include <linux/overflow.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "compat.h"
#include "kmb_device.h"

int kmb_nop(struct kmb_file *f, u32 b)
{
	return 0;
}

bool kmb_small(const struct kmb_variant *v, const struct kmodbench_problem *p)
{
	u64 total;

	return v->small_n && !check_mul_overflow(max_t(u64, p->n, 1), (u64)p->batch, &total) &&
	       total <= v->small_n;
}

/* Lets others run; true where the task is being killed. */
static bool breathe(void *unused)
{
	cond_resched();
	return fatal_signal_pending(current);
}

static int operations(struct kmb_file *f)
{
	int (*work)(struct kmb_file *f, u32 b) = f->variant->work;
	u32 batch = f->problem.batch;
	u32 b;
	int ret;

	for (b = 0; b < batch; b++) {
		ret = work(f, b);
		if (unlikely(ret))
			return ret;
		/* A look at two flags; the rest only where one of them is up. */
		if (unlikely(need_resched() || fatal_signal_pending(current)) &&
		    core_stop(&f->pause))
			return -EINTR;
	}
	return 0;
}

static int bracket(struct kmb_file *f)
{
	int ret;

	kmb_begin(&f->probe);
	ret = operations(f);
	kmb_end(&f->probe, KMB_WORK);
	return ret;
}

/* The same with preemption or interrupts off; KMODBENCH_SET saw that it is small. */
static int quiet_bracket(struct kmb_file *f)
{
	unsigned long flags = 0;
	int ret;

	preempt_disable();
	if (f->problem.flags & KMODBENCH_RUN_IRQ_OFF)
		local_irq_save(flags);
	ret = bracket(f);
	if (f->problem.flags & KMODBENCH_RUN_IRQ_OFF)
		local_irq_restore(flags);
	preempt_enable();
	return ret;
}

static int repetition(struct kmb_file *f, u64 rep)
{
	const struct kmb_ops *ops = f->dev->ops;
	bool nop = f->variant->work == kmb_nop;
	struct kmodbench_sample *s = &f->probe.sample;
	int ret;

	if (breathe(NULL))
		return -EINTR;
	if (ops->prepare && !nop) {
		ret = ops->prepare(f, rep);
		if (ret)
			return ret;
	}
	ret = f->problem.flags ? quiet_bracket(f) : bracket(f);
	if (ret)
		return ret;
	s->batch = f->problem.batch;
	if (ops->check && !nop)
		s->check = ops->check(f);
	if (ops->truth && !nop) {
		s->truth = ops->truth(f);
		s->valid |= KMODBENCH_HAS_TRUTH;
	}
	return 0;
}

int kmb_run(struct kmb_file *f, struct kmodbench_run *run)
{
	u64 rep;
	int ret = 0;

	if (run->repetitions && !f->ring.memory)
		return -ENODATA;
	if (run->repetitions > f->ring.capacity)
		return -E2BIG;
	f->pause.stop = f->problem.flags ? NULL : breathe;
	for (rep = 0; rep < run->warmup && !ret; rep++)
		ret = repetition(f, rep);
	if (run->repetitions)
		kmb_ring_clear(&f->ring);
	for (rep = 0; rep < run->repetitions && !ret; rep++) {
		ret = repetition(f, rep);
		if (!ret) {
			kmb_record(f);
			kmb_ring_push(&f->ring, &f->last);
		}
	}
	f->pause.stop = breathe;
	run->done = kmb_ring_count(&f->ring);
	return ret;
}

void kmb_run_init(struct kmb_file *f)
{
	f->pause.stop = breathe;
}
