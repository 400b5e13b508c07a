/* SPDX-License-Identifier: GPL-2.0-only */
/* Variants that exist in the kernel alone: its own sorts. */
#ifndef KMB_SORT_KERNEL_H
#define KMB_SORT_KERNEL_H

#include "sort_core.h"

/* Rows sorted by name, like sort_variants. */
extern const struct sort_variant sort_kernel_variants[];
extern const unsigned int sort_kernel_variant_count;

#endif /* KMB_SORT_KERNEL_H */
