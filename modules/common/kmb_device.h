/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device glue: everything a measured char device has in common. A module is
 * a table of variants, a table of operations, and one line:
 *
 *	static int work(struct kmb_file *f, u32 b)
 *	{
 *		struct my_state *my = f->state;
 *
 *		return my_algorithm(my->data, f->problem.n, kmb_pause(f));
 *	}
 *
 *	static const struct kmb_variant my_variants[] = {
 *		{ .name = "plain", .work = work, .max_n = 1000, .small_n = 100 },
 *		KMB_NOP
 *	};
 *
 *	static const struct kmb_ops my_ops = {
 *		.state_size = sizeof(struct my_state),
 *		.set = my_set,			takes memory for f->state
 *		.release = my_release,		gives it back
 *		.read = my_read,		kmb_begin() ... kmb_end(), kmb_record()
 *	};
 *
 *	static struct kmb_device my_device = {
 *		.node = "my",
 *		.variants = my_variants,
 *		.nr_variants = ARRAY_SIZE(my_variants),
 *		.ops = &my_ops,
 *	};
 *
 *	kmb_module(my_device);
 *	MODULE_DESCRIPTION("..."); MODULE_LICENSE("GPL");
 *
 * with a Kbuild of three lines; modules/hello is the smallest complete one.
 *
 * All operations of one open file are serialised by the glue; two open files
 * share nothing. Operations may sleep, and every one of them may be called in
 * any order by a hostile program. The glue handles the ioctls, the ring, the
 * variant `nop` (an empty bracket, also for read() and write()), and the locking.
 */
#ifndef KMB_DEVICE_H
#define KMB_DEVICE_H

#include <linux/device/driver.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include <kmodbench.h>

#include "core.h"
#include "kmb_probe.h"
#include "kmb_ring.h"

struct kmb_file;

/**
 * struct kmb_variant - one way of doing the work
 * @name: unique in the device, shorter than KMODBENCH_NAME_MAX
 * @work: operation number b of the batch (0 to problem.batch - 1), inside the
 *        bracket: no allocation, no print, no lock that could be taken before.
 *        0 or a negative errno
 * @max_n: largest problem.n
 * @small_n: largest problem.n * problem.batch that may run with preemption or
 *           interrupts off, at most about 100 us of work that never sleeps; 0: never
 * @types: bit set (1 << type) of element types, 0 where types mean nothing
 * @flags: KMODBENCH_VARIANT_* bits
 * @arg: the module's own, such as the core's function
 */
struct kmb_variant {
	const char *name;
	int (*work)(struct kmb_file *f, u32 b);
	u64 max_n;
	u64 small_n;
	u32 types;
	u32 flags;
	const void *arg;
};

int kmb_nop(struct kmb_file *f, u32 b);

/* The last row of every table. */
#define KMB_NOP { .name = "nop", .work = kmb_nop, .max_n = U64_MAX, .small_n = U64_MAX }

/**
 * struct kmb_ops - what a module does; every member is optional
 * @state_size: bytes of f->state, zeroed before @open
 * @open: after the glue's part; f->problem is zero, f->variant the first row
 * @release: undoes @open and @set; not called where @open failed
 * @set: takes memory for @next, which the glue has checked against the tables.
 *       An error must leave everything as it was. f->problem still holds the
 *       problem before; the glue stores @next on success
 * @prepare: fresh input for repetition @rep (the batch of it), before the bracket
 * @check: check value of the last repetition's result, after the bracket
 * @truth: what was planted in it; sets KMODBENCH_HAS_TRUTH
 * @count: a counting pass of the problem
 * @work: where the last sample's work was done; NULL: there is no such command
 * @llseek: without it the device has no position: lseek() and pread() give ESPIPE
 * @last_check: check value of what the last read() or write() moved, taken by the
 *              next ioctl: it is no part of the call that was measured
 * @read: see @write
 * @write: bracket the copies and the work with f->probe, then kmb_record(f).
 *         Not called for the variant `nop`
 */
struct kmb_ops {
	size_t state_size;
	int (*open)(struct kmb_file *f);
	void (*release)(struct kmb_file *f);
	int (*set)(struct kmb_file *f, const struct kmodbench_problem *next);
	int (*prepare)(struct kmb_file *f, u64 rep);
	u64 (*check)(struct kmb_file *f);
	u64 (*last_check)(struct kmb_file *f);
	u64 (*truth)(struct kmb_file *f);
	int (*count)(struct kmb_file *f, struct kmodbench_counts *counts);
	void (*work)(struct kmb_file *f, struct kmodbench_work *work);
	loff_t (*llseek)(struct kmb_file *f, struct file *file, loff_t offset, int whence);
	ssize_t (*read)(struct kmb_file *f, char __user *buf, size_t n, loff_t *pos);
	ssize_t (*write)(struct kmb_file *f, const char __user *buf, size_t n, loff_t *pos);
};

/**
 * struct kmb_device - one char device
 * @node: name under /dev; @misc and the glue fill the rest
 * @variants: table that ends with KMB_NOP; the first row is what a fresh file does
 * @nr_variants: rows of @variants
 * @ops: what the module does
 * @max_bytes: largest read or write, for KMODBENCH_INFO
 * @nr_patterns: patterns are 0 to nr_patterns - 1; 0 counts as 1
 * @nr_arguments: how many of problem.argument[] mean something
 * @too_large: errno (positive) for a problem beyond max_n; 0 counts as EOVERFLOW
 * @misc: the glue's own
 */
struct kmb_device {
	const char *node;
	const struct kmb_variant *variants;
	u32 nr_variants;
	const struct kmb_ops *ops;
	u64 max_bytes;
	u32 nr_patterns;
	u32 nr_arguments;
	int too_large;
	struct miscdevice misc;
};

/**
 * struct kmb_file - one open file
 * @dev: its device
 * @lock: held during every operation
 * @problem: what to do, as set by KMODBENCH_SET; batch is at least 1
 * @variant: row of problem.variant
 * @state: the module's own
 * @probe: the bracket of the operation that runs
 * @last: last sample recorded; its batch is 0 before the first
 * @check_due: the check value of @last is still to be taken, see kmb_ops.last_check
 * @seq: samples recorded so far
 * @ring: samples of the last KMODBENCH_RUN
 * @pause: see kmb_pause()
 */
struct kmb_file {
	const struct kmb_device *dev;
	struct mutex lock; /* all below, for the length of an operation */
	struct kmodbench_problem problem;
	const struct kmb_variant *variant;
	void *state;
	struct kmb_probe probe;
	struct kmodbench_sample last;
	bool check_due;
	u64 seq;
	struct kmb_ring ring;
	struct core_pause pause;
};

/* Keeps f->probe.sample as the last sample, with the check value that is in it. */
void kmb_record(struct kmb_file *f);

/*
 * Hand this to algorithm cores: long work reschedules and unwinds (-EINTR) when
 * its task is being killed. With preemption or interrupts off it does neither.
 */
static inline const struct core_pause *kmb_pause(struct kmb_file *f)
{
	return &f->pause;
}

/*
 * Memory for problems, before the clock starts: any size, not zeroed, charged to
 * the caller's cgroup, NULL rather than other programs killed. Free: kvfree().
 */
void *kmb_alloc(size_t bytes);

/* Times handed out by write(): at least 1, so that 0 stays "nothing". */
static inline ssize_t kmb_time(s64 ns)
{
	return ns > 0 ? ns : 1;
}

/* KMODBENCH_RUN, in kmb_run.c. */
int kmb_run(struct kmb_file *f, struct kmodbench_run *run);
/* Before the first operation of a file. */
void kmb_run_init(struct kmb_file *f);
/* True where @p may run with preemption or interrupts off, as its flags ask. */
bool kmb_small(const struct kmb_variant *v, const struct kmodbench_problem *p);

int kmb_register(struct kmb_device *dev);
void kmb_unregister(struct kmb_device *dev);

/*
 * For modules whose loading is nothing but their device. The version makes the
 * build store srcversion, which says in a run's manifest what was measured.
 */
#define kmb_module(dev) \
	MODULE_VERSION("1"); \
	module_driver(dev, kmb_register, kmb_unregister)

#endif /* KMB_DEVICE_H */
