// SPDX-License-Identifier: GPL-2.0-only
#include <linux/types.h>
#include <asm/msr.h>

int kmb_probe_symbol(u32 *low);
int kmb_probe_symbol(u32 *low)
{
	u32 high;

	return rdmsr_safe(0x34, low, &high);
}
