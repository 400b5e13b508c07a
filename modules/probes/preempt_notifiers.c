// SPDX-License-Identifier: GPL-2.0-only
#include <linux/preempt.h>

void kmb_probe_symbol(struct preempt_notifier *n, struct preempt_ops *ops);
void kmb_probe_symbol(struct preempt_notifier *n, struct preempt_ops *ops)
{
	preempt_notifier_init(n, ops);
	preempt_notifier_inc();
	preempt_notifier_register(n);
	preempt_notifier_unregister(n);
	preempt_notifier_dec();
}
