// SPDX-License-Identifier: GPL-2.0-only
/*
 * faulty: does wrong on purpose, once, while it is loaded.
 *
 *   insmod faulty.ko what=overflow
 *
 * The launcher must report what the kernel says about it. "warn" and "null" are
 * seen by every kernel, the others only by one that is built to look for them.
 * Never load it into a kernel that you want to keep.
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *what = "nothing";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "nothing, warn, null, overflow, use_after_free, leak, sleep, unlock or order");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);

/* Hides from the compiler what it would warn of. */
static void *hidden(void *pointer)
{
	OPTIMIZER_HIDE_VAR(pointer);
	return pointer;
}

static void do_warn(void)
{
	WARN(1, "faulty: a warning on purpose\n");
}

static void do_null(void)
{
	*(int *)hidden(NULL) = 1;
}

static void do_overflow(void)
{
	char *bytes = hidden(kmalloc(40, GFP_KERNEL));

	if (bytes)
		bytes[40] = 1;
	kfree(bytes);
}

static void do_use_after_free(void)
{
	char *bytes = hidden(kmalloc(40, GFP_KERNEL));

	kfree(bytes);
	if (bytes)
		*(char *)hidden(bytes) = 1;
}

static void do_leak(void)
{
	int i;

	for (i = 0; i < 4; i++)
		hidden(kmalloc(1000, GFP_KERNEL));
}

static void do_sleep(void)
{
	spin_lock(&spin);
	kfree(hidden(kmalloc(40, GFP_KERNEL)));
	spin_unlock(&spin);
}

static void do_unlock(void)
{
	mutex_lock(&first);
}

static void do_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void do_nothing(void)
{
}

static const struct {
	const char *name;
	void (*act)(void);
} faults[] = {
	{ "leak", do_leak },
	{ "nothing", do_nothing },
	{ "null", do_null },
	{ "order", do_order },
	{ "overflow", do_overflow },
	{ "sleep", do_sleep },
	{ "unlock", do_unlock },
	{ "use_after_free", do_use_after_free },
	{ "warn", do_warn },
};

static int __init faulty_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!strcmp(what, faults[i].name)) {
			faults[i].act();
			return 0;
		}
	}
	return -EINVAL;
}
module_init(faulty_init);

static void __exit faulty_exit(void)
{
}
module_exit(faulty_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Does wrong on purpose, for tests of the tests");
