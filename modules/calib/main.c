// SPDX-License-Identifier: GPL-2.0-only
/*
 * calib: a device that knows the truth. It takes a known time and is disturbed on
 * purpose, and every sample says in its field truth what was planted in it:
 * KMODBENCH_TRUTH_* bits, and above them the delay. What a tool says about these
 * samples can be held against that.
 *
 * A loop that spins on the clock ends up to one look late, and later where the
 * machine stood still just then. So check says how long the delay was really held:
 * by clock reads of its own right around the spinning, which the probe knows
 * nothing of. Turns of the counted loop are held as planted.
 *
 *	problem.type		unit of all delays: 0 turns of a counted loop, 1 ns of
 *				spinning on the clock
 *	problem.n		the delay
 *	problem.argument[0]	a second delay
 *	problem.argument[1]	what the variant makes of it: see plan.h
 *	problem.argument[2]	KMODBENCH_TRUTH_* bits to plant
 *	problem.argument[3]	probability of each, in parts per million
 *	problem.seed		seed of all chance
 *
 * read(fd, buf, n) is one such measurement, the truth (8 bytes) its result; n at
 * least 8. write(fd, buf, n) is one as well and returns its time in ns, whatever
 * buf and n. A turn of the loop is two instructions on x86-64. A batch takes the
 * delay once an operation, the planted causes fall into its first one, and truth
 * and check hold the sums of its delays.
 */
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "disturb.h"
#include "kmb_device.h"
#include "plan.h"

#define PLANTABLE (KMODBENCH_TRUTH_IRQ | KMODBENCH_TRUTH_SOFTIRQ | KMODBENCH_TRUTH_SLEEP | \
		   KMODBENCH_TRUTH_PREEMPT | KMODBENCH_TRUTH_FAULT | KMODBENCH_TRUTH_MIGRATE)

/**
 * struct calib - one open file
 * @plan: what to plant
 * @disturb: the means
 * @position: repetitions since KMODBENCH_SET
 * @delay: of the repetition that runs
 * @causes: of the repetition that runs, still to plant
 * @truth: of the repetition that ran
 * @held: how long its delays were, all together
 */
struct calib {
	struct calib_plan plan;
	struct calib_disturb disturb;
	u64 position;
	u64 delay;
	u64 causes;
	u64 truth;
	u64 held;
};

static noinline void spin_turns(u64 turns)
{
	if (!turns)
		return;
#ifdef CONFIG_X86_64
	asm volatile("1: dec %0\n\tjnz 1b" : "+r"(turns) : : "cc");
#else
	while (turns--)
		barrier();
#endif
}

/* Returns how long it was, at least ns. */
static noinline u64 spin_ns(u64 ns)
{
	u64 from = ktime_get_ns();
	u64 held;

	while ((held = ktime_get_ns() - from) < ns)
		cpu_relax();
	return held;
}

static u64 spin(u32 type, u64 delay)
{
	if (type)
		return spin_ns(delay);
	spin_turns(delay);
	return delay;
}

static int calib_work(struct kmb_file *f, u32 b)
{
	struct calib *c = f->state;
	u32 type = f->problem.type;

	c->held += spin(type, c->delay / 2);
	if (unlikely(!b && c->causes))
		c->truth |= calib_disturb_now(&c->disturb, c->causes);
	c->held += spin(type, c->delay - c->delay / 2);
	return 0;
}

static int calib_prepare(struct kmb_file *f, u64 rep)
{
	struct calib *c = f->state;
	int ret;

	calib_disturb_undo(&c->disturb);
	c->delay = calib_delay(&c->plan, c->position);
	c->causes = calib_causes(&c->plan, c->position);
	c->truth = 0;
	c->held = 0;
	ret = calib_disturb_prepare(&c->disturb, c->causes);
	if (ret)
		calib_disturb_undo(&c->disturb);
	else
		c->position++;
	return ret;
}

static u64 calib_truth(struct kmb_file *f)
{
	struct calib *c = f->state;

	calib_disturb_undo(&c->disturb);
	return c->truth | (c->delay * f->problem.batch) << KMODBENCH_TRUTH_DELAY_SHIFT;
}

static u64 calib_check(struct kmb_file *f)
{
	struct calib *c = f->state;

	return c->held;
}

/* Only where a batch's delays fit the truth and a breath. */
static int check_batch(const struct calib_plan *plan, u32 batch)
{
	return plan->base + plan->more > CALIB_MAX_DELAY / batch ? -E2BIG : 0;
}

static int calib_set(struct kmb_file *f, const struct kmodbench_problem *next)
{
	const struct kmb_variant *v = &f->dev->variants[next->variant];
	struct calib *c = f->state;
	struct calib_plan plan = {
		.shape = (enum calib_shape)(uintptr_t)v->arg,
		.base = next->n,
		.more = next->argument[0],
		.scale = next->argument[1],
		.causes = next->argument[2],
		.ppm = next->argument[3],
		.seed = next->seed,
	};
	int ret;

	if (plan.causes & ~PLANTABLE)
		return -EINVAL;
	ret = calib_plan_check(&plan);
	if (!ret && next->batch > 1)
		ret = check_batch(&plan, next->batch);
	if (ret)
		return ret;
	c->plan = plan;
	c->position = 0;
	return 0;
}

/* One measurement outside KMODBENCH_RUN; the sample is not recorded yet. */
static int calib_once(struct kmb_file *f)
{
	int ret = calib_prepare(f, 0);
	u32 b;

	if (ret)
		return ret;
	kmb_begin(&f->probe);
	for (b = 0; b < f->problem.batch; b++)
		calib_work(f, b);
	kmb_mark(&f->probe, KMB_WORK);
	return 0;
}

static void calib_finish(struct kmb_file *f)
{
	struct kmodbench_sample *s = &f->probe.sample;
	struct calib *c = f->state;

	s->batch = f->problem.batch;
	s->truth = calib_truth(f);
	s->check = c->held;
	s->valid |= KMODBENCH_HAS_TRUTH;
}

static ssize_t calib_read(struct kmb_file *f, char __user *buf, size_t n, loff_t *pos)
{
	struct calib *c = f->state;
	u64 truth;
	int ret;

	if (n < sizeof(truth))
		return -EINVAL;
	ret = calib_once(f);
	if (ret)
		return ret;
	truth = c->truth | (c->delay * f->problem.batch) << KMODBENCH_TRUTH_DELAY_SHIFT;
	ret = copy_to_user(buf, &truth, sizeof(truth)) ? -EFAULT : sizeof(truth);
	kmb_end(&f->probe, KMB_COPY_OUT);
	calib_finish(f);
	if (ret > 0)
		kmb_record(f);
	return ret;
}

static ssize_t calib_write(struct kmb_file *f, const char __user *buf, size_t n, loff_t *pos)
{
	int ret = calib_once(f);

	if (ret)
		return ret;
	kmb_end(&f->probe, KMB_WORK);
	calib_finish(f);
	kmb_record(f);
	return kmb_time(f->probe.sample.total_ns);
}

static int calib_open(struct kmb_file *f)
{
	struct calib *c = f->state;

	return calib_disturb_init(&c->disturb);
}

static void calib_release(struct kmb_file *f)
{
	struct calib *c = f->state;

	calib_disturb_destroy(&c->disturb);
}

#define CALIB_VARIANT(name_, shape_) \
	{ .name = (name_), .work = calib_work, .max_n = CALIB_MAX_DELAY, .types = 3, \
	  .arg = (const void *)(uintptr_t)(shape_) }

static const struct kmb_variant calib_variants[] = {
	CALIB_VARIANT("fixed", CALIB_FIXED),
	CALIB_VARIANT("two-modes", CALIB_TWO_MODES),
	CALIB_VARIANT("drift", CALIB_DRIFT),
	CALIB_VARIANT("step", CALIB_STEP),
	CALIB_VARIANT("warm-up", CALIB_WARM_UP),
	KMB_NOP
};

static const struct kmb_ops calib_ops = {
	.state_size = sizeof(struct calib),
	.open = calib_open,
	.release = calib_release,
	.set = calib_set,
	.prepare = calib_prepare,
	.check = calib_check,
	.truth = calib_truth,
	.read = calib_read,
	.write = calib_write,
};

static struct kmb_device calib_device = {
	.node = "calib",
	.variants = calib_variants,
	.nr_variants = ARRAY_SIZE(calib_variants),
	.ops = &calib_ops,
	.max_bytes = sizeof(u64),
	.nr_arguments = 4,
	.too_large = E2BIG,
};

kmb_module(calib_device);

MODULE_DESCRIPTION("kmodbench: known delays with known disturbances");
MODULE_LICENSE("GPL");
