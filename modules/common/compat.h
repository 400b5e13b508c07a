/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between kernels, in one place. What a kernel offers was found by
 * compiling (modules/probes), so a feature that a distribution carried back
 * counts, whatever the version says. Modules include this after their kernel
 * headers and use the newest kernel's names.
 */
#ifndef KMB_COMPAT_H
#define KMB_COMPAT_H

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/timer.h>
#include <linux/hrtimer.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "kmb_config.h"

#ifndef KMB_HAVE_VM_FLAGS_CLEAR
static inline void vm_flags_clear(struct vm_area_struct *vma, unsigned long flags)
{
	vma->vm_flags &= ~flags;
}
#endif

#ifndef KMB_HAVE_TIMER_DELETE_SYNC
static inline int timer_delete_sync(struct timer_list *timer)
{
	return del_timer_sync(timer);
}
#endif

#ifndef KMB_HAVE_TIMER_CONTAINER_OF
#define timer_container_of(var, timer, field) from_timer(var, timer, field)
#endif

#ifndef KMB_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* Before 6.17 a workqueue without WQ_UNBOUND was per CPU without saying so. */
#ifndef KMB_HAVE_WQ_PERCPU
#define WQ_PERCPU 0
#endif

#endif /* KMB_COMPAT_H */
