// SPDX-License-Identifier: GPL-2.0-only
#include <linux/timer.h>

int kmb_probe_symbol(struct timer_list *t);
int kmb_probe_symbol(struct timer_list *t)
{
	return timer_delete_sync(t);
}
