/* SPDX-License-Identifier: GPL-2.0-only */
#include <linux/export.h>

#define __init
#define postcore_initcall(f) __attribute__((constructor)) static void f##_first(void) { f(); }
#define MODULE_DESCRIPTION(text)
#define MODULE_LICENSE(name)
