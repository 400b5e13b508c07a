// SPDX-License-Identifier: GPL-2.0-only
#include <linux/hardirq.h>
#include <linux/percpu.h>

unsigned int kmb_probe_symbol(int cpu);
unsigned int kmb_probe_symbol(int cpu)
{
	return per_cpu(irq_stat, cpu).apic_timer_irqs + per_cpu(irq_stat, cpu).apic_irq_work_irqs;
}
