// SPDX-License-Identifier: GPL-2.0-only
#include <linux/sort.h>

void kmb_probe_symbol(void *base, size_t n, cmp_func_t cmp);
void kmb_probe_symbol(void *base, size_t n, cmp_func_t cmp)
{
	sort_nonatomic(base, n, 4, cmp, NULL);
}
