// SPDX-License-Identifier: GPL-2.0-only
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "kmb_device.h"

#define RUN_FLAGS (KMODBENCH_RUN_PREEMPT_OFF | KMODBENCH_RUN_IRQ_OFF)

static ushort mode = 0600;
module_param(mode, ushort, 0444);
MODULE_PARM_DESC(mode, "permissions of the device node (default 0600)");

void *kmb_alloc(size_t bytes)
{
	return kvmalloc(bytes, GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
}

void kmb_record(struct kmb_file *f)
{
	f->probe.sample.seq = f->seq++;
	f->last = f->probe.sample;
	f->check_due = false;
}

/* Every operation of an open file stands between enter() and leave(). */
static int enter(struct kmb_file *f)
{
	return mutex_lock_killable(&f->lock) ? -EINTR : 0;
}

static void leave(struct kmb_file *f)
{
	mutex_unlock(&f->lock);
}

static long get_info(struct kmb_file *f, void __user *arg)
{
	struct kmodbench_info info;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (info.size != sizeof(info))
		return -EINVAL;
	memset(&info, 0, sizeof(info));
	info.size = sizeof(info);
	info.variants = f->dev->nr_variants;
	info.sample_size = sizeof(struct kmodbench_sample);
	info.counters = kmb_counters_offered() | (f->dev->ops->truth ? KMODBENCH_HAS_TRUTH : 0);
	info.max_bytes = f->dev->max_bytes;
	info.max_samples = KMB_RING_MAX_SAMPLES;
	info.clock_step_ns = kmb_clock_step_ns();
	strscpy(info.name, KBUILD_MODNAME, sizeof(info.name));
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long get_variant(struct kmb_file *f, void __user *arg)
{
	struct kmodbench_variant out;
	const struct kmb_variant *v;
	u32 index;

	if (copy_from_user(&out, arg, sizeof(out)))
		return -EFAULT;
	index = out.index;
	if (out.size != sizeof(out) || index >= f->dev->nr_variants)
		return -EINVAL;
	v = &f->dev->variants[index];
	memset(&out, 0, sizeof(out));
	out.size = sizeof(out);
	out.index = index;
	out.max_n = v->max_n;
	out.types = v->types;
	out.flags = v->flags;
	strscpy(out.name, v->name, sizeof(out.name));
	return copy_to_user(arg, &out, sizeof(out)) ? -EFAULT : 0;
}

/* What the tables can say about a problem; its batch is at least 1 already. */
static int check_problem(const struct kmb_device *dev, const struct kmodbench_problem *p)
{
	const struct kmb_variant *v;
	bool type_known;
	u32 i;

	if (p->size != sizeof(*p) || (p->flags & ~RUN_FLAGS) || p->variant >= dev->nr_variants)
		return -EINVAL;
	v = &dev->variants[p->variant];
	type_known = v->types ? p->type < 32 && (v->types & (1U << p->type)) : !p->type;
	/* nop takes the type and pattern of the series it is compared with. */
	if (v->work != kmb_nop) {
		if (!type_known || p->pattern >= max_t(u32, dev->nr_patterns, 1))
			return -EINVAL;
		for (i = dev->nr_arguments; i < ARRAY_SIZE(p->argument); i++)
			if (p->argument[i])
				return -EINVAL;
	}
	if (p->batch > KMODBENCH_BATCH_MAX)
		return -E2BIG;
	if (p->n > v->max_n)
		return dev->too_large ? -dev->too_large : -EOVERFLOW;
	if (p->flags && !kmb_small(v, p))
		return -EINVAL;
	return 0;
}

static long set_problem(struct kmb_file *f, void __user *arg)
{
	const struct kmb_device *dev = f->dev;
	struct kmodbench_problem next;
	int ret;

	if (copy_from_user(&next, arg, sizeof(next)))
		return -EFAULT;
	if (!next.batch)
		next.batch = 1;
	ret = check_problem(dev, &next);
	if (ret)
		return ret;
	if (dev->ops->set && dev->variants[next.variant].work != kmb_nop) {
		ret = dev->ops->set(f, &next);
		if (ret)
			return ret;
	}
	f->problem = next;
	f->variant = &dev->variants[next.variant];
	return 0;
}

static long set_ring(struct kmb_file *f, void __user *arg)
{
	struct kmodbench_ring_setup setup;
	int ret;

	if (copy_from_user(&setup, arg, sizeof(setup)))
		return -EFAULT;
	if (setup.size != sizeof(setup) || setup.reserved)
		return -EINVAL;
	/* A caller who could not be told the result keeps the ring he has. */
	if (copy_to_user(arg, &setup, sizeof(setup)))
		return -EFAULT;
	ret = kmb_ring_setup(&f->ring, setup.capacity);
	if (ret)
		return ret;
	setup.bytes = f->ring.bytes;
	return copy_to_user(arg, &setup, sizeof(setup)) ? -EFAULT : 0;
}

static long run_problem(struct kmb_file *f, void __user *arg)
{
	struct kmodbench_run run;
	int ret;

	if (copy_from_user(&run, arg, sizeof(run)))
		return -EFAULT;
	if (run.size != sizeof(run) || run.reserved)
		return -EINVAL;
	run.done = 0;
	if (copy_to_user(arg, &run, sizeof(run)))
		return -EFAULT;
	ret = kmb_run(f, &run);
	if (copy_to_user(arg, &run, sizeof(run)))
		return -EFAULT;
	return ret;
}

/* Before an ioctl can change what the last read() or write() left behind. */
static void take_check(struct kmb_file *f)
{
	if (f->check_due)
		f->last.check = f->dev->ops->last_check(f);
	f->check_due = false;
}

static long get_last(struct kmb_file *f, void __user *arg)
{
	if (!f->last.batch)
		return -ENODATA;
	return copy_to_user(arg, &f->last, sizeof(f->last)) ? -EFAULT : 0;
}

static long get_counts(struct kmb_file *f, void __user *arg)
{
	struct kmodbench_counts counts;
	int ret;

	if (!f->dev->ops->count)
		return -ENOTTY;
	if (copy_from_user(&counts, arg, sizeof(counts)))
		return -EFAULT;
	if (counts.size != sizeof(counts) || counts.reserved)
		return -EINVAL;
	memset(&counts, 0, sizeof(counts));
	counts.size = sizeof(counts);
	if (f->variant->work != kmb_nop) {
		ret = f->dev->ops->count(f, &counts);
		if (ret)
			return ret;
	}
	return copy_to_user(arg, &counts, sizeof(counts)) ? -EFAULT : 0;
}

static long get_work(struct kmb_file *f, void __user *arg)
{
	struct kmodbench_work *work;
	u32 head[2];
	long ret = 0;

	if (!f->dev->ops->work)
		return -ENOTTY;
	if (copy_from_user(head, arg, sizeof(head)))
		return -EFAULT;
	if (head[0] != sizeof(*work) || head[1])
		return -EINVAL;
	work = kzalloc(sizeof(*work), GFP_KERNEL_ACCOUNT);
	if (!work)
		return -ENOMEM;
	work->size = sizeof(*work);
	f->dev->ops->work(f, work);
	if (copy_to_user(arg, work, sizeof(*work)))
		ret = -EFAULT;
	kfree(work);
	return ret;
}

static long command(struct kmb_file *f, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case KMODBENCH_INFO:
		return get_info(f, arg);
	case KMODBENCH_VARIANT:
		return get_variant(f, arg);
	case KMODBENCH_SET:
		return set_problem(f, arg);
	case KMODBENCH_RING:
		return set_ring(f, arg);
	case KMODBENCH_RUN:
		return run_problem(f, arg);
	case KMODBENCH_LAST:
		return get_last(f, arg);
	case KMODBENCH_COUNT:
		return get_counts(f, arg);
	case KMODBENCH_WORK:
		return get_work(f, arg);
	}
	return -ENOTTY;
}

static long kmb_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct kmb_file *f = file->private_data;
	long ret = enter(f);

	if (ret)
		return ret;
	take_check(f);
	ret = command(f, cmd, (void __user *)arg);
	leave(f);
	return ret;
}

/* read() and write() of the variant nop: the bracket alone. */
static void empty_bracket(struct kmb_file *f)
{
	kmb_begin(&f->probe);
	kmb_end(&f->probe, KMB_WORK);
	kmb_record(f);
}

static ssize_t kmb_read(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	struct kmb_file *f = file->private_data;
	ssize_t ret = enter(f);
	u64 seq = f->seq;

	if (ret)
		return ret;
	if (f->problem.flags || !f->dev->ops->read) {
		ret = -EINVAL;
	} else if (f->variant->work == kmb_nop) {
		empty_bracket(f);
		ret = 0;
	} else {
		ret = f->dev->ops->read(f, buf, n, pos);
		f->check_due = f->seq != seq && f->dev->ops->last_check;
	}
	leave(f);
	return ret;
}

static ssize_t kmb_write(struct file *file, const char __user *buf, size_t n, loff_t *pos)
{
	struct kmb_file *f = file->private_data;
	ssize_t ret = enter(f);
	u64 seq = f->seq;

	if (ret)
		return ret;
	if (f->problem.flags || !f->dev->ops->write) {
		ret = -EINVAL;
	} else if (f->variant->work == kmb_nop) {
		empty_bracket(f);
		ret = kmb_time(f->last.total_ns);
	} else {
		ret = f->dev->ops->write(f, buf, n, pos);
		f->check_due = f->seq != seq && f->dev->ops->last_check;
	}
	leave(f);
	return ret;
}

static loff_t kmb_llseek(struct file *file, loff_t offset, int whence)
{
	struct kmb_file *f = file->private_data;
	loff_t ret;

	if (!f->dev->ops->llseek)
		return -ESPIPE;
	ret = enter(f);
	if (ret)
		return ret;
	ret = f->dev->ops->llseek(f, file, offset, whence);
	leave(f);
	return ret;
}

/* Not under f->lock: see kmb_ring.h. */
static int kmb_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct kmb_file *f = file->private_data;

	return kmb_ring_mmap(&f->ring, vma);
}

static int kmb_open(struct inode *inode, struct file *file)
{
	struct kmb_device *dev = container_of(file->private_data, struct kmb_device, misc);
	const struct kmb_ops *ops = dev->ops;
	struct kmb_file *f;
	int ret = -ENOMEM;

	f = kzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	if (!f)
		return -ENOMEM;
	if (ops->state_size) {
		f->state = kvzalloc(ops->state_size, GFP_KERNEL_ACCOUNT);
		if (!f->state)
			goto free_file;
	}
	mutex_init(&f->lock);
	kmb_ring_init(&f->ring);
	kmb_run_init(f);
	f->dev = dev;
	f->variant = &dev->variants[0];
	f->problem.size = sizeof(f->problem);
	f->problem.batch = 1;
	if (ops->open) {
		ret = ops->open(f);
		if (ret)
			goto free_state;
	}
	file->private_data = f;
	if (ops->llseek)
		return 0;
	return nonseekable_open(inode, file);

free_state:
	kvfree(f->state);
free_file:
	kfree(f);
	return ret;
}

static int kmb_release(struct inode *inode, struct file *file)
{
	struct kmb_file *f = file->private_data;

	if (f->dev->ops->release)
		f->dev->ops->release(f);
	kmb_ring_free(&f->ring);
	kvfree(f->state);
	mutex_destroy(&f->lock);
	kfree(f);
	return 0;
}

static const struct file_operations kmb_fops = {
	.owner = THIS_MODULE,
	.open = kmb_open,
	.release = kmb_release,
	.read = kmb_read,
	.write = kmb_write,
	.llseek = kmb_llseek,
	.unlocked_ioctl = kmb_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.mmap = kmb_mmap,
};

static bool __init tables_are_sound(const struct kmb_device *dev)
{
	u32 i;

	if (!dev->nr_variants || dev->variants[dev->nr_variants - 1].work != kmb_nop)
		return false;
	for (i = 0; i < dev->nr_variants; i++)
		if (!dev->variants[i].name || !dev->variants[i].work ||
		    strlen(dev->variants[i].name) >= KMODBENCH_NAME_MAX)
			return false;
	return true;
}

int __init kmb_register(struct kmb_device *dev)
{
	static_assert(sizeof(struct kmodbench_sample) == KMODBENCH_SAMPLE_SIZE);
	static_assert(sizeof(struct kmodbench_info) == KMODBENCH_INFO_SIZE);
	static_assert(sizeof(struct kmodbench_variant) == KMODBENCH_VARIANT_SIZE);
	static_assert(sizeof(struct kmodbench_problem) == KMODBENCH_PROBLEM_SIZE);
	static_assert(sizeof(struct kmodbench_run) == KMODBENCH_RUN_SIZE);
	static_assert(sizeof(struct kmodbench_ring_setup) == KMODBENCH_RING_SETUP_SIZE);
	static_assert(sizeof(struct kmodbench_ring) == KMODBENCH_RING_SIZE);
	static_assert(sizeof(struct kmodbench_counts) == KMODBENCH_COUNTS_SIZE);
	static_assert(sizeof(struct kmodbench_work) == KMODBENCH_WORK_SIZE);

	if (!tables_are_sound(dev)) {
		pr_err("%s: a variant without name or work, or nop is not the last one\n",
		       KBUILD_MODNAME);
		return -EINVAL;
	}
	if (mode & ~0666) {
		pr_err("%s: mode=0%o is not a mode of a device node\n", KBUILD_MODNAME, mode);
		return -EINVAL;
	}
	kmb_probe_init();
	dev->misc.minor = MISC_DYNAMIC_MINOR;
	dev->misc.name = dev->node;
	dev->misc.fops = &kmb_fops;
	dev->misc.mode = mode;
	return misc_register(&dev->misc);
}

void kmb_unregister(struct kmb_device *dev)
{
	misc_deregister(&dev->misc);
}
