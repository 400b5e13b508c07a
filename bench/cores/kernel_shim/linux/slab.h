/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>

#define GFP_KERNEL 0
#define kmalloc(size, flags) malloc(size)
#define kzalloc(size, flags) calloc(1, size)
#define kcalloc(n, size, flags) calloc(n, size)
#define kfree free
#define kfree_sensitive free
