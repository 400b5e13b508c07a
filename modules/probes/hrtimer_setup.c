// SPDX-License-Identifier: GPL-2.0-only
#include <linux/hrtimer.h>

void kmb_probe_symbol(struct hrtimer *t, enum hrtimer_restart (*f)(struct hrtimer *t));
void kmb_probe_symbol(struct hrtimer *t, enum hrtimer_restart (*f)(struct hrtimer *t))
{
	hrtimer_setup(t, f, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
}
