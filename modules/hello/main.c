// SPDX-License-Identifier: GPL-2.0-only
/*
 * hello: the smallest complete module, and the device that measures what the way
 * between user space and kernel costs.
 *
 *	read(fd, buf, n)	copies n bytes out of the kernel and returns n
 *	write(fd, buf, n)	copies n bytes in and returns the ktime of the copy, in ns
 *	KMODBENCH_RUN		copies n bytes from one kernel buffer to another
 *
 * n is 0 to 64 MiB. What is read is the pattern of the problem's seed; check is
 * the check value of the bytes copied, see core_check.h. The buffers are taken
 * before the clock starts and kept until the file is closed.
 */
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "core_check.h"
#include "kmb_device.h"

#define HELLO_MAX SZ_64M

/**
 * struct hello - one open file
 * @out: the pattern, what read() copies
 * @in: what write() and the variant copy
 * @size: bytes of each
 * @seed: seed of the pattern in @out
 * @out_check: check value of the first @out_bytes of @out
 * @out_bytes: see @out_check; of no value when @size is 0
 * @moved: bytes of the last read() or write()
 * @moved_out: it was a read()
 */
struct hello {
	u64 *out;
	void *in;
	size_t size;
	u64 seed;
	u64 out_check;
	size_t out_bytes;
	size_t moved;
	bool moved_out;
};

static void hello_fill(struct hello *h, u64 seed)
{
	size_t i;

	for (i = 0; i < h->size / sizeof(*h->out); i++)
		h->out[i] = core_pattern(seed, i);
	h->seed = seed;
	h->out_bytes = 0;
	h->out_check = core_check(h->out, 0);
}

/* Grows both buffers to at least n bytes; on failure the old ones stay. */
static int hello_reserve(struct hello *h, size_t n)
{
	size_t size = max_t(size_t, PAGE_ALIGN(n), PAGE_SIZE);
	void *out, *in;

	if (size <= h->size)
		return 0;
	out = kmb_alloc(size);
	in = kmb_alloc(size);
	if (!out || !in) {
		kvfree(out);
		kvfree(in);
		return -ENOMEM;
	}
	kvfree(h->out);
	kvfree(h->in);
	h->out = out;
	h->in = in;
	h->size = size;
	memset(in, 0, size);
	hello_fill(h, h->seed);
	return 0;
}

static u64 hello_out_check(struct hello *h, size_t n)
{
	if (h->out_bytes != n) {
		h->out_check = core_check(h->out, n);
		h->out_bytes = n;
	}
	return h->out_check;
}

static u64 hello_last_check(struct kmb_file *f)
{
	struct hello *h = f->state;

	return h->moved_out ? hello_out_check(h, h->moved) : core_check(h->in, h->moved);
}

static ssize_t hello_read(struct kmb_file *f, char __user *buf, size_t n, loff_t *pos)
{
	struct hello *h = f->state;
	unsigned long failed;
	int ret;

	if (n > HELLO_MAX)
		return -E2BIG;
	ret = hello_reserve(h, n);
	if (ret)
		return ret;
	kmb_begin(&f->probe);
	failed = copy_to_user(buf, h->out, n);
	kmb_end(&f->probe, KMB_COPY_OUT);
	if (failed)
		return -EFAULT;
	h->moved = n;
	h->moved_out = true;
	kmb_record(f);
	return n;
}

static ssize_t hello_write(struct kmb_file *f, const char __user *buf, size_t n, loff_t *pos)
{
	struct hello *h = f->state;
	unsigned long failed;
	int ret;

	if (n > HELLO_MAX)
		return -E2BIG;
	ret = hello_reserve(h, n);
	if (ret)
		return ret;
	kmb_begin(&f->probe);
	failed = copy_from_user(h->in, buf, n);
	kmb_end(&f->probe, KMB_COPY_IN);
	if (failed)
		return -EFAULT;
	h->moved = n;
	h->moved_out = false;
	kmb_record(f);
	return kmb_time(f->probe.sample.total_ns);
}

static int hello_set(struct kmb_file *f, const struct kmodbench_problem *next)
{
	struct hello *h = f->state;
	int ret = hello_reserve(h, next->n);

	if (!ret && next->seed != h->seed)
		hello_fill(h, next->seed);
	return ret;
}

static u64 hello_check(struct kmb_file *f)
{
	struct hello *h = f->state;

	return core_check(h->in, f->problem.n);
}

/* Wrong bytes must not look right because they were right last time. */
static int hello_prepare(struct kmb_file *f, u64 rep)
{
	struct hello *h = f->state;
	int ret = hello_reserve(h, f->problem.n);

	if (!ret)
		memset(h->in, 0, f->problem.n);
	return ret;
}

static int hello_copy(struct kmb_file *f, u32 b)
{
	struct hello *h = f->state;

	memcpy(h->in, h->out, f->problem.n);
	/* The copies of a batch are all made, though the last one would do. */
	barrier_data(h->in);
	return 0;
}

static void hello_release(struct kmb_file *f)
{
	struct hello *h = f->state;

	kvfree(h->out);
	kvfree(h->in);
}

static const struct kmb_variant hello_variants[] = {
	{ .name = "copy", .work = hello_copy, .max_n = HELLO_MAX, .small_n = SZ_64K },
	KMB_NOP
};

static const struct kmb_ops hello_ops = {
	.state_size = sizeof(struct hello),
	.release = hello_release,
	.set = hello_set,
	.prepare = hello_prepare,
	.check = hello_check,
	.last_check = hello_last_check,
	.read = hello_read,
	.write = hello_write,
};

static struct kmb_device hello_device = {
	.node = "hello",
	.variants = hello_variants,
	.nr_variants = ARRAY_SIZE(hello_variants),
	.ops = &hello_ops,
	.max_bytes = HELLO_MAX,
	.too_large = E2BIG,
};

kmb_module(hello_device);

MODULE_DESCRIPTION("kmodbench: what the way between user space and kernel costs");
MODULE_LICENSE("GPL");
