// SPDX-License-Identifier: GPL-2.0-only
#include <linux/list_sort.h>

int kmb_probe_compare(void *priv, const struct list_head *a, const struct list_head *b);
int kmb_probe_compare(void *priv, const struct list_head *a, const struct list_head *b)
{
	return a > b;
}

void kmb_probe_symbol(struct list_head *head);
void kmb_probe_symbol(struct list_head *head)
{
	list_sort(NULL, head, kmb_probe_compare);
}
