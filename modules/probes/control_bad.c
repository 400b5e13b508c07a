// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>

int kmb_probe_symbol(void);
int kmb_probe_symbol(void)
{
	return no_kernel_has_this_function();
}
