/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * kmodbench: what every measured device says to user space, and hears from it.
 *
 * Rules of the interface
 *
 * - Every structure begins with its own size in bytes as seen by the caller.
 *   A size other than the kernel's gives -EINVAL; an extension is a new command.
 * - Reserved fields and unknown flag bits must be zero, else -EINVAL.
 * - Times end in _ns and are nanoseconds of CLOCK_MONOTONIC.
 * - State belongs to one open file. Two openers never see each other.
 * - A failed command leaves the device, the ring and other openers as they were.
 *
 * Errors, for all commands
 *
 *   EFAULT   the pointer is not readable or not writable
 *   EINVAL   wrong size, reserved field not zero, unknown variant, type,
 *            pattern or flag, a size that is not a multiple of its element,
 *            preemption or interrupts off where it is not safe
 *   ENOTTY   not a command of this device
 *   EOVERFLOW, E2BIG  the problem is larger than the variant or the device takes;
 *            more samples or a larger batch than allowed (E2BIG)
 *   ENOMEM   no memory; what was set before is still set
 *   EBUSY    the ring is mapped and cannot be replaced
 *   EINTR    a fatal signal ended long work; samples taken so far are kept
 *   ENODATA  nothing was measured yet; KMODBENCH_RUN without a ring
 *
 * mmap() of the ring: ENXIO without a ring, EINVAL for an offset or a length
 * beyond it, EACCES for a mapping that could be written or executed.
 */
#ifndef _UAPI_KMODBENCH_H
#define _UAPI_KMODBENCH_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define KMODBENCH_NAME_MAX 32

/* Bits of kmodbench_sample.valid and kmodbench_info.counters. */
#define KMODBENCH_HAS_IRQS	0x1
#define KMODBENCH_HAS_SOFTIRQS	0x2
#define KMODBENCH_HAS_NVCSW	0x4
#define KMODBENCH_HAS_NIVCSW	0x8
#define KMODBENCH_HAS_FAULTS	0x10
#define KMODBENCH_HAS_SMIS	0x20
#define KMODBENCH_HAS_TRUTH	0x40	/* calib: @truth is planted */
#define KMODBENCH_HAS_OFF_CPU	0x80
#define KMODBENCH_HAS_WORK_CPUS	0x100	/* others worked for the caller */

/* Bits of kmodbench_sample.truth: the causes planted in it, and above them the delay. */
#define KMODBENCH_TRUTH_IRQ	  0x01ULL	/* an interrupt inside the bracket */
#define KMODBENCH_TRUTH_SOFTIRQ	  0x02ULL
#define KMODBENCH_TRUTH_SLEEP	  0x04ULL	/* a voluntary context switch */
#define KMODBENCH_TRUTH_PREEMPT	  0x08ULL	/* an involuntary one */
#define KMODBENCH_TRUTH_FAULT	  0x10ULL
#define KMODBENCH_TRUTH_MIGRATE	  0x20ULL
#define KMODBENCH_TRUTH_CAUSES	  0xffULL
#define KMODBENCH_TRUTH_DELAY_SHIFT 16		/* ns, or turns of the counted loop */

/**
 * struct kmodbench_sample - one measured call
 * @start_ns: CLOCK_MONOTONIC at the first clock read
 * @total_ns: from the first to the last clock read
 * @copy_in_ns: copying from user space, 0 where the call has none
 * @work_ns: the work itself
 * @copy_out_ns: copying to user space, 0 where the call has none
 * @off_cpu_ns: part of @total_ns that the task was not running on any CPU
 * @check: check value of the result; its meaning is the device's
 * @truth: KMODBENCH_TRUTH_* bits and the planted delay (calib), else 0
 * @work_cpus: bit set of the CPUs (0 to 63) that worked on the caller's behalf
 * @seq: number of this sample since open, from 0
 * @batch: operations inside this one sample, at least 1
 * @valid: KMODBENCH_HAS_* bits of the counters that the kernel offered
 * @cpu: CPU at the first clock read
 * @cpu_end: CPU at the last clock read
 * @irqs: interrupts, device and local timer, taken on @cpu in between
 * @softirqs: softirqs run on @cpu in between
 * @nvcsw: voluntary context switches of the task
 * @nivcsw: involuntary context switches of the task
 * @faults: page faults of the task
 * @smis: system management interrupts
 */
struct kmodbench_sample {
	__s64 start_ns;
	__s64 total_ns;
	__s64 copy_in_ns;
	__s64 work_ns;
	__s64 copy_out_ns;
	__s64 off_cpu_ns;
	__u64 check;
	__u64 truth;
	__u64 work_cpus;
	__u64 seq;
	__u32 batch;
	__u32 valid;
	__u32 cpu;
	__u32 cpu_end;
	__u32 irqs;
	__u32 softirqs;
	__u32 nvcsw;
	__u32 nivcsw;
	__u32 faults;
	__u32 smis;
};

/**
 * struct kmodbench_info - what the device is (KMODBENCH_INFO)
 * @size: in: sizeof(struct kmodbench_info)
 * @variants: out: number of variants, indices 0 to variants - 1
 * @sample_size: out: sizeof(struct kmodbench_sample)
 * @counters: out: KMODBENCH_HAS_* bits that samples of this device carry
 * @max_bytes: out: largest read or write in bytes
 * @max_samples: out: largest ring in samples
 * @clock_step_ns: out: smallest difference seen between two clock reads, not 0
 * @name: out: name of the module, zero-terminated
 */
struct kmodbench_info {
	__u32 size;
	__u32 variants;
	__u32 sample_size;
	__u32 counters;
	__u64 max_bytes;
	__u64 max_samples;
	__u64 clock_step_ns;
	char name[KMODBENCH_NAME_MAX];
};

/**
 * struct kmodbench_variant - one way of doing the work (KMODBENCH_VARIANT)
 * @size: in: sizeof(struct kmodbench_variant)
 * @index: in: 0 to variants - 1, else -EINVAL
 * @max_n: out: largest problem this variant takes
 * @types: out: bit set of element types (1 << type) it takes, 0 where types mean nothing
 * @flags: out: KMODBENCH_VARIANT_* bits
 * @name: out: zero-terminated
 */
struct kmodbench_variant {
	__u32 size;
	__u32 index;
	__u64 max_n;
	__u32 types;
	__u32 flags;
	char name[KMODBENCH_NAME_MAX];
};

#define KMODBENCH_VARIANT_STABLE 0x1	/* keeps the order of equal elements */

/**
 * struct kmodbench_problem - what to do from now on (KMODBENCH_SET)
 * @size: in: sizeof(struct kmodbench_problem)
 * @variant: in: index of the variant
 * @n: in: size of the problem; its meaning is the device's
 * @seed: in: seed of generated input and planted events
 * @type: in: element type, 0 is the device's usual one
 * @pattern: in: pattern of generated input, 0 is the device's usual one
 * @batch: in: operations a sample, 0 means 1, at most KMODBENCH_BATCH_MAX
 * @flags: in: KMODBENCH_RUN_* bits
 * @argument: in: further coordinates, their meaning is the device's, else 0
 */
struct kmodbench_problem {
	__u32 size;
	__u32 variant;
	__u64 n;
	__u64 seed;
	__u32 type;
	__u32 pattern;
	__u32 batch;
	__u32 flags;
	__u64 argument[4];
};

#define KMODBENCH_BATCH_MAX 65536

/* For KMODBENCH_RUN; with one of them set, read() and write() give -EINVAL. */
#define KMODBENCH_RUN_PREEMPT_OFF 0x1	/* small work only, else -EINVAL */
#define KMODBENCH_RUN_IRQ_OFF	  0x2	/* small work only, else -EINVAL */

/**
 * struct kmodbench_run - repeat the problem inside the kernel (KMODBENCH_RUN)
 * @size: in: sizeof(struct kmodbench_run)
 * @reserved: in: 0
 * @warmup: in: repetitions before, not recorded
 * @repetitions: in: recorded repetitions, at most the ring's capacity, else -E2BIG
 * @done: out: samples in the ring, also when the command failed while running
 */
struct kmodbench_run {
	__u32 size;
	__u32 reserved;
	__u64 warmup;
	__u64 repetitions;
	__u64 done;
};

/**
 * struct kmodbench_ring_setup - take memory for samples (KMODBENCH_RING)
 * @size: in: sizeof(struct kmodbench_ring_setup)
 * @reserved: in: 0
 * @capacity: in: samples, 1 to max_samples; out: as taken
 * @bytes: out: length to pass to mmap() at offset 0, read-only
 */
struct kmodbench_ring_setup {
	__u32 size;
	__u32 reserved;
	__u64 capacity;
	__u64 bytes;
};

/**
 * struct kmodbench_ring - first page of the mapped ring; samples follow at @offset
 * @sample_size: sizeof(struct kmodbench_sample)
 * @offset: bytes from the start of the mapping to the first sample
 * @capacity: samples that fit
 * @count: samples of the last KMODBENCH_RUN, oldest first
 */
struct kmodbench_ring {
	__u32 sample_size;
	__u32 offset;
	__u64 capacity;
	__u64 count;
};

/**
 * struct kmodbench_counts - operations of one untimed pass (KMODBENCH_COUNT)
 * @size: in: sizeof(struct kmodbench_counts)
 * @reserved: in: 0
 * @comparisons: out: comparisons of elements
 * @moves: out: element moves, a swap is three
 * @multiplications: out: limb by limb multiplications
 * @additions: out: limb additions and subtractions
 *
 * What a variant cannot tell is KMODBENCH_NOT_COUNTED.
 */
struct kmodbench_counts {
	__u32 size;
	__u32 reserved;
	__u64 comparisons;
	__u64 moves;
	__u64 multiplications;
	__u64 additions;
};

#define KMODBENCH_NOT_COUNTED (~0ULL)

/* sort: what problem.argument[] says; all 0 is plain keys, the smallest first. */
#define KMODBENCH_SORT_RECORD 0	/* bytes of a record with a key in it; 0: keys alone */
#define KMODBENCH_SORT_OFFSET 1	/* of the key inside the record, at any alignment */
#define KMODBENCH_SORT_ORDER  2	/* 0: the smallest first, 1: the largest */

#define KMODBENCH_WORK_CPUS 64

/**
 * struct kmodbench_work - where the last sample's work was done (KMODBENCH_WORK)
 * @size: in: sizeof(struct kmodbench_work)
 * @reserved: in: 0
 * @ns: out: by CPU, time of the jobs that ended there, the caller's own included; all 0
 *      where the work was not shared (work_cpus of the sample)
 */
struct kmodbench_work {
	__u32 size;
	__u32 reserved;
	__u64 ns[KMODBENCH_WORK_CPUS];
};

#define KMODBENCH_IOC 0xBE

#define KMODBENCH_INFO	  _IOWR(KMODBENCH_IOC, 0x00, struct kmodbench_info)
#define KMODBENCH_VARIANT _IOWR(KMODBENCH_IOC, 0x01, struct kmodbench_variant)
#define KMODBENCH_SET	  _IOW(KMODBENCH_IOC, 0x02, struct kmodbench_problem)
#define KMODBENCH_RING	  _IOWR(KMODBENCH_IOC, 0x03, struct kmodbench_ring_setup)
#define KMODBENCH_RUN	  _IOWR(KMODBENCH_IOC, 0x04, struct kmodbench_run)
#define KMODBENCH_LAST	  _IOR(KMODBENCH_IOC, 0x05, struct kmodbench_sample)
#define KMODBENCH_COUNT	  _IOWR(KMODBENCH_IOC, 0x06, struct kmodbench_counts)
#define KMODBENCH_WORK	  _IOWR(KMODBENCH_IOC, 0x07, struct kmodbench_work)

/* Written once, asserted on both sides of the border. */
#define KMODBENCH_SAMPLE_SIZE	  120
#define KMODBENCH_INFO_SIZE	  72
#define KMODBENCH_VARIANT_SIZE	  56
#define KMODBENCH_PROBLEM_SIZE	  72
#define KMODBENCH_RUN_SIZE	  32
#define KMODBENCH_RING_SETUP_SIZE 24
#define KMODBENCH_RING_SIZE	  24
#define KMODBENCH_COUNTS_SIZE	  40
#define KMODBENCH_WORK_SIZE	  520

#endif /* _UAPI_KMODBENCH_H */
