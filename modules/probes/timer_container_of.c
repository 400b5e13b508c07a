// SPDX-License-Identifier: GPL-2.0-only
#include <linux/timer.h>

struct kmb_probe_holder {
	struct timer_list timer;
};

void *kmb_probe_symbol(struct timer_list *t);
void *kmb_probe_symbol(struct timer_list *t)
{
	struct kmb_probe_holder *h = timer_container_of(h, t, timer);

	return h;
}
