// SPDX-License-Identifier: GPL-2.0-only
/*
 * fibplain: a Fibonacci device as a student writes it, to be measured as it is. It knows
 * nothing of kmodbench:
 *
 *	lseek(fd, k, SEEK_SET)	chooses k, 0 to 92
 *	read(fd, buf, size)	F(k) as decimal text; returns its length
 *	write(fd, buf, size)	computes F(k) and returns the time in ns
 *	ioctl(fd, FIB_TERMS)	additions made since the file was opened
 */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#define FIB_MAX 92
#define FIB_TERMS _IO('f', 1)

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define fib_class_create(name) class_create(name)
#else
#define fib_class_create(name) class_create(THIS_MODULE, name)
#endif

static int max_k = FIB_MAX;
module_param(max_k, int, 0444);
MODULE_PARM_DESC(max_k, "largest k, at most 92");

static dev_t fib_number;
static struct cdev fib_cdev;
static struct class *fib_class;

static u64 fib_sequence(unsigned int k, long *terms)
{
	u64 a = 0, b = 1;

	while (k--) {
		u64 sum = a + b;

		a = b;
		b = sum;
		++*terms;
		barrier();
	}
	return a;
}

static int fib_open(struct inode *inode, struct file *file)
{
	file->private_data = kzalloc(sizeof(long), GFP_KERNEL);
	return file->private_data ? 0 : -ENOMEM;
}

static int fib_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static ssize_t fib_read(struct file *file, char __user *buf, size_t size, loff_t *offset)
{
	unsigned long failed;
	char text[24];
	int length;

	length = snprintf(text, sizeof(text), "%llu\n",
			  fib_sequence(*offset, file->private_data));
	if (size < length)
		return -EOVERFLOW;
	failed = copy_to_user(buf, text, length);
	return failed ? -EFAULT : length;
}

static ssize_t fib_write(struct file *file, const char __user *buf, size_t size, loff_t *offset)
{
	ktime_t start = ktime_get();

	fib_sequence(*offset, file->private_data);
	return ktime_to_ns(ktime_sub(ktime_get(), start));
}

static long fib_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	if (command == FIB_TERMS)
		return *(long *)file->private_data;
	return -ENOTTY;
}

static loff_t fib_llseek(struct file *file, loff_t offset, int whence)
{
	return fixed_size_llseek(file, offset, whence, max_k);
}

static const struct file_operations fib_fops = {
	.owner = THIS_MODULE,
	.open = fib_open,
	.release = fib_release,
	.read = fib_read,
	.write = fib_write,
	.unlocked_ioctl = fib_ioctl,
	.llseek = fib_llseek,
};

static int __init fib_init(void)
{
	struct device *device;
	int ret = alloc_chrdev_region(&fib_number, 0, 1, "fibplain");

	if (ret)
		return ret;
	cdev_init(&fib_cdev, &fib_fops);
	ret = cdev_add(&fib_cdev, fib_number, 1);
	if (ret)
		goto unregister;
	fib_class = fib_class_create("fibplain");
	if (IS_ERR(fib_class)) {
		ret = PTR_ERR(fib_class);
		goto delete;
	}
	device = device_create(fib_class, NULL, fib_number, NULL, "fibplain");
	if (IS_ERR(device)) {
		ret = PTR_ERR(device);
		goto destroy;
	}
	return 0;

destroy:
	class_destroy(fib_class);
delete:
	cdev_del(&fib_cdev);
unregister:
	unregister_chrdev_region(fib_number, 1);
	return ret;
}

static void __exit fib_exit(void)
{
	device_destroy(fib_class, fib_number);
	class_destroy(fib_class);
	cdev_del(&fib_cdev);
	unregister_chrdev_region(fib_number, 1);
}

module_init(fib_init);
module_exit(fib_exit);

MODULE_DESCRIPTION("a Fibonacci device that knows nothing of who measures it");
MODULE_LICENSE("GPL");
