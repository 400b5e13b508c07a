// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which counters, and why these:
 *
 * - kstat.irqs_sum counts device interrupts where a module may see it. On x86
 *   the local timer and the interrupts between CPUs are not in it; those are in
 *   irq_stat, and both are summed.
 * - kstat.softirqs counts softirqs when their handlers start.
 * - Context switches and faults are the task's own, never another's.
 * - Time off the CPU comes from what the scheduler accounts to the task anyway.
 * - SMIs come from an MSR that only Intel has, and that a hypervisor would have
 *   to emulate, so it is read on bare metal alone.
 *
 * Notifiers or tracepoints in the scheduler would see more, but switching them on
 * patches the scheduler's code on every CPU and slows every switch afterwards.
 */
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/kernel_stat.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>

#ifdef CONFIG_X86
#include <asm/cpufeature.h>
#include <asm/msr.h>
#include <asm/processor.h>
#endif

#include "compat.h"
#include "kmb_probe.h"

#ifdef KMB_EXPORTS_KSTAT
#define KMB_IRQS KMODBENCH_HAS_IRQS
#define KMB_SOFTIRQS KMODBENCH_HAS_SOFTIRQS
#else
#define KMB_IRQS 0
#define KMB_SOFTIRQS 0
#endif

/* On x86 a sum without the local timer would call a disturbed sample clean. */
#if defined(CONFIG_X86) && (!defined(KMB_EXPORTS_IRQ_STAT) || \
	!(defined(KMB_HAVE_IRQ_STAT_FIELDS) || defined(KMB_HAVE_IRQ_STAT_COUNTS)))
#undef KMB_IRQS
#define KMB_IRQS 0
#endif

#if defined(CONFIG_X86) && defined(KMB_HAVE_RDMSR_SAFE)
#define KMB_SMIS 1
#define KMB_MSR_SMI_COUNT 0x34
#endif

/* Set once when the module is loaded. */
static u32 counters_offered __ro_after_init;
static u64 clock_step_ns __ro_after_init;

#if KMB_IRQS
#if defined(CONFIG_X86) && defined(KMB_HAVE_IRQ_STAT_COUNTS)
static u32 irqs_local(unsigned int cpu)
{
	const unsigned int *counts = per_cpu(irq_stat, cpu).counts;
	u32 sum = READ_ONCE(counts[IRQ_COUNT_NMI]);

#ifdef CONFIG_X86_LOCAL_APIC
	sum += READ_ONCE(counts[IRQ_COUNT_APIC_TIMER]) + READ_ONCE(counts[IRQ_COUNT_IRQ_WORK]) +
	       READ_ONCE(counts[IRQ_COUNT_SPURIOUS]);
#endif
#ifdef CONFIG_SMP
	sum += READ_ONCE(counts[IRQ_COUNT_RESCHEDULE]) +
	       READ_ONCE(counts[IRQ_COUNT_CALL_FUNCTION]);
#endif
	return sum;
}
#elif defined(CONFIG_X86)
static u32 irqs_local(unsigned int cpu)
{
	const irq_cpustat_t *stat = &per_cpu(irq_stat, cpu);
	u32 sum = READ_ONCE(stat->__nmi_count);

#ifdef CONFIG_X86_LOCAL_APIC
	sum += READ_ONCE(stat->apic_timer_irqs) + READ_ONCE(stat->apic_irq_work_irqs) +
	       READ_ONCE(stat->irq_spurious_count);
#endif
#ifdef CONFIG_SMP
	/* irq_tlb_count is counted in irq_call_count already. */
	sum += READ_ONCE(stat->irq_resched_count) + READ_ONCE(stat->irq_call_count);
#endif
	return sum;
}
#else
static u32 irqs_local(unsigned int cpu)
{
	return 0;
}
#endif
#endif /* KMB_IRQS */

static u32 read_irqs(unsigned int cpu)
{
#if KMB_IRQS
	return (u32)READ_ONCE(kstat_cpu(cpu).irqs_sum) + irqs_local(cpu);
#else
	return 0;
#endif
}

static u32 read_softirqs(unsigned int cpu)
{
	u32 sum = 0;
#if KMB_SOFTIRQS
	int i;

	for (i = 0; i < NR_SOFTIRQS; i++)
		sum += READ_ONCE(kstat_cpu(cpu).softirqs[i]);
#endif
	return sum;
}

static u32 read_smis(void)
{
#ifdef KMB_SMIS
	u32 low, high;

	if ((counters_offered & KMODBENCH_HAS_SMIS) && !rdmsr_safe(KMB_MSR_SMI_COUNT, &low, &high))
		return low;
#endif
	return 0;
}

static void read_counters(struct kmb_counters *c, unsigned int cpu)
{
	c->irqs = read_irqs(cpu);
	c->softirqs = read_softirqs(cpu);
	c->smis = read_smis();
	c->nvcsw = current->nvcsw;
	c->nivcsw = current->nivcsw;
	c->faults = current->maj_flt + current->min_flt;
#ifdef KMB_HAVE_EXEC_START
	c->exec_start_ns = current->se.exec_start;
	c->exec_sum_ns = current->se.sum_exec_runtime;
#endif
}

/*
 * The scheduler moves exec_start to the present and adds the step to
 * sum_exec_runtime whenever it accounts a running task, and moves exec_start
 * alone when the task comes back to a CPU. What the one gained over the other is
 * the time the task was away, on the scheduler's clock.
 */
static s64 off_cpu(const struct kmb_counters *from, const struct kmb_counters *to)
{
	s64 off = (to->exec_start_ns - from->exec_start_ns) -
		  (to->exec_sum_ns - from->exec_sum_ns);

	return max_t(s64, off, 0);
}

void kmb_begin(struct kmb_probe *p)
{
	struct kmodbench_sample *s = &p->sample;
	unsigned long flags;

	memset(s, 0, sizeof(*s));
	s->batch = 1;
	local_irq_save(flags);
	s->cpu = raw_smp_processor_id();
	read_counters(&p->at, s->cpu);
	p->mark_ns = ktime_get_ns();
	s->start_ns = p->mark_ns;
	local_irq_restore(flags);
}

static void phase_add(struct kmodbench_sample *s, enum kmb_phase phase, s64 ns)
{
	switch (phase) {
	case KMB_COPY_IN:
		s->copy_in_ns += ns;
		break;
	case KMB_WORK:
		s->work_ns += ns;
		break;
	case KMB_COPY_OUT:
		s->copy_out_ns += ns;
		break;
	}
}

void kmb_mark(struct kmb_probe *p, enum kmb_phase phase)
{
	u64 now = ktime_get_ns();

	phase_add(&p->sample, phase, now - p->mark_ns);
	p->mark_ns = now;
}

void kmb_end(struct kmb_probe *p, enum kmb_phase phase)
{
	struct kmodbench_sample *s = &p->sample;
	struct kmb_counters now;
	unsigned long flags;
	u64 end_ns;

	local_irq_save(flags);
	end_ns = ktime_get_ns();
	read_counters(&now, s->cpu);
	s->cpu_end = raw_smp_processor_id();
	local_irq_restore(flags);

	phase_add(s, phase, end_ns - p->mark_ns);
	s->total_ns = end_ns - s->start_ns;
	s->irqs = now.irqs - p->at.irqs;
	s->softirqs = now.softirqs - p->at.softirqs;
	s->nvcsw = now.nvcsw - p->at.nvcsw;
	s->nivcsw = now.nivcsw - p->at.nivcsw;
	s->faults = now.faults - p->at.faults;
	s->off_cpu_ns = off_cpu(&p->at, &now);
	s->valid |= counters_offered & ~KMODBENCH_HAS_SMIS;
	/* SMI counts of two CPUs have no difference. */
	if ((counters_offered & KMODBENCH_HAS_SMIS) && s->cpu == s->cpu_end) {
		s->smis = now.smis - p->at.smis;
		s->valid |= KMODBENCH_HAS_SMIS;
	}
}

long kmb_last(const struct kmb_probe *p, unsigned int cmd, unsigned long arg)
{
	if (cmd != KMODBENCH_LAST)
		return -ENOTTY;
	if (!p->sample.batch)
		return -ENODATA;
	return copy_to_user((void __user *)arg, &p->sample, sizeof(p->sample)) ? -EFAULT : 0;
}

static bool __init smis_countable(void)
{
#ifdef KMB_SMIS
	u32 low, high;

	return boot_cpu_data.x86_vendor == X86_VENDOR_INTEL &&
	       !boot_cpu_has(X86_FEATURE_HYPERVISOR) &&
	       !rdmsr_safe(KMB_MSR_SMI_COUNT, &low, &high);
#else
	return false;
#endif
}

static u64 __init find_clock_step(void)
{
	u64 step = U64_MAX;
	int i;

	for (i = 0; i < 1000; i++) {
		u64 first = ktime_get_ns();
		u64 second = ktime_get_ns();

		if (second > first)
			step = min(step, second - first);
	}
	/* A clock that stood still through all reads has the tick for its step. */
	return step == U64_MAX ? TICK_NSEC : step;
}

void __init kmb_probe_init(void)
{
	counters_offered = KMB_IRQS | KMB_SOFTIRQS | KMODBENCH_HAS_NVCSW | KMODBENCH_HAS_NIVCSW |
			   KMODBENCH_HAS_FAULTS;
#ifdef KMB_HAVE_EXEC_START
	counters_offered |= KMODBENCH_HAS_OFF_CPU;
#endif
	if (smis_countable())
		counters_offered |= KMODBENCH_HAS_SMIS;
	clock_step_ns = find_clock_step();
}

u32 kmb_counters_offered(void)
{
	return counters_offered;
}

u64 kmb_clock_step_ns(void)
{
	return clock_step_ns;
}
