/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The probe: a bracket of clock reads around measured work, and what the kernel
 * saw happen to it meanwhile. Three calls, in any module:
 *
 *	struct kmb_probe p = {};
 *
 *	kmb_begin(&p);
 *	failed = copy_from_user(buf, from, n);
 *	kmb_mark(&p, KMB_COPY_IN);		the phase that just ended
 *	work(buf, n);
 *	kmb_end(&p, KMB_WORK);			the last phase and the bracket
 *
 * p.sample then holds times, CPUs and counters. The phases add up to total_ns,
 * for they share their clock reads.
 *
 * The counters are read outside the bracket. At both ends clock and counters are
 * read with interrupts off, so an interrupt is counted if and only if it fell
 * between the two clock reads. Inside the bracket stand the restoring of the
 * interrupt flag after the first read and its saving before the last one; the
 * variant `nop` measures both.
 */
#ifndef KMB_PROBE_H
#define KMB_PROBE_H

#include <linux/types.h>

#include <kmodbench.h>

#include "kmb_config.h"

enum kmb_phase {
	KMB_COPY_IN,
	KMB_WORK,
	KMB_COPY_OUT,
};

/* Counters as they stood at the beginning of a bracket; all run freely. */
struct kmb_counters {
	u32 irqs;
	u32 softirqs;
	u32 smis;
	unsigned long nvcsw;
	unsigned long nivcsw;
	unsigned long faults;
	u64 exec_start_ns;
	u64 exec_sum_ns;
};

/**
 * struct kmb_probe - one measurement at a time, of the task that calls
 * @sample: the result after kmb_end()
 * @mark_ns: end of the phase before
 * @at: counters at kmb_begin()
 */
struct kmb_probe {
	struct kmodbench_sample sample;
	u64 mark_ns;
	struct kmb_counters at;
};

/* Clears the sample and reads the clock last. */
void kmb_begin(struct kmb_probe *p);
/* Ends a phase: its time grows by what passed since the mark before. */
void kmb_mark(struct kmb_probe *p, enum kmb_phase phase);
/* Ends the last phase and the bracket: reads the clock first. */
void kmb_end(struct kmb_probe *p, enum kmb_phase phase);

/*
 * KMODBENCH_LAST, for the ioctl of a module that is no struct kmb_device: the sample of
 * the last bracket. -ENODATA before the first, -EFAULT, -ENOTTY for other commands.
 */
long kmb_last(const struct kmb_probe *p, unsigned int cmd, unsigned long arg);

/* Finds out, once at loading, what this machine lets a module count. */
void kmb_probe_init(void);
/* KMODBENCH_HAS_* bits that samples carry. */
u32 kmb_counters_offered(void);
/* Smallest difference seen between two clock reads, in ns, at least 1. */
u64 kmb_clock_step_ns(void);

#endif /* KMB_PROBE_H */
