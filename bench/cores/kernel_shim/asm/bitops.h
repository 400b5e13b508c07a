/* SPDX-License-Identifier: GPL-2.0-only */
#define fls(x) ((x) ? 32 - __builtin_clz(x) : 0)
#define fls64(x) ((x) ? 64 - __builtin_clzll(x) : 0)
#define __ffs(x) __builtin_ctzl(x)
#define ffs(x) __builtin_ffs(x)
