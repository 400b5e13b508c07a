// SPDX-License-Identifier: GPL-2.0-only
#include <linux/workqueue.h>

unsigned int kmb_probe_symbol(void);
unsigned int kmb_probe_symbol(void)
{
	return WQ_PERCPU;
}
