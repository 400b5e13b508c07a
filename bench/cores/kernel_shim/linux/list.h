/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KMB_SHIM_LIST_H
#define KMB_SHIM_LIST_H

#include <linux/types.h>

struct list_head {
	struct list_head *next, *prev;
};

#endif
