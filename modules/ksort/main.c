// SPDX-License-Identifier: GPL-2.0-only
/*
 * ksort: /dev/sort sorts the caller's array, or its own.
 *
 *	read(fd, buf, bytes)	sorts the elements in buf in place, returns bytes
 *	write(fd, buf, bytes)	returns the ktime of this file's last sort, in ns
 *				(at least 1; -ENODATA before the first)
 *	KMODBENCH_RUN		sorts n generated elements, of problem.pattern
 *
 *	KMODBENCH_COUNT		comparisons and moves of one such sort
 *
 * The element is int32 unless KMODBENCH_SET chose another type, records that hold
 * such a key, or the other order: see KMODBENCH_SORT_RECORD. Up to 64 MiB,
 * else -E2BIG; a size that is not a multiple of the element gives -EINVAL. On
 * any error, also when a fatal signal ends a long sort, nothing is copied out.
 * check of a sample is sort_layout_check() of the result: its bit 0 says sorted, and
 * the rest must equal that of the input. Over a batch the hashes are added.
 *
 * Loaded with abi=upstream, write() stores the array and returns bytes, and a
 * read() of as many bytes returns it sorted, as the published module does.
 *
 * Memory is taken before the clock starts and kept until the file is closed.
 * Without memory for scratch the variants sort without it, some of them slower.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/sizes.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "kmb_device.h"
#include "pool.h"
#include "sort_core.h"
#include "sort_kernel.h"

#define KSORT_MAX	SZ_64M	/* bytes */
#define KSORT_VARIANTS	32	/* rows of the table at most */
#define KSORT_SMALL	SZ_8K	/* bytes that may be sorted with preemption off */

static char *abi = "native";
module_param(abi, charp, 0444);
MODULE_PARM_DESC(abi, "native (default), or upstream: write() stores, read() returns it sorted");

static bool upstream __ro_after_init;

/**
 * struct ksort - one open file
 * @data: what is sorted
 * @scratch: memory that variants may use, NULL when there was none
 * @size: bytes of @data
 * @scratch_size: bytes of @scratch
 * @sorted: elements that the last read() sorted
 * @stored: abi=upstream: bytes that write() left in @data
 * @pool: who else works, for the variant parallel
 */
struct ksort {
	void *data;
	void *scratch;
	size_t size;
	size_t scratch_size;
	size_t sorted;
	size_t stored;
	struct ksort_pool pool;
};

/* Grows a buffer to at least @bytes; on failure the old one stays. */
static int ksort_grow(void **buffer, size_t *size, size_t bytes)
{
	void *larger;

	if (bytes <= *size)
		return 0;
	bytes = PAGE_ALIGN(bytes);
	larger = kmb_alloc(bytes);
	if (!larger)
		return -ENOMEM;
	/* Pages are touched here, not in the bracket. */
	memset(larger, 0, bytes);
	kvfree(*buffer);
	*buffer = larger;
	*size = bytes;
	return 0;
}

/* What KMODBENCH_SET took; see ksort_set(). */
static struct sort_layout ksort_layout(const struct kmodbench_problem *p)
{
	struct sort_layout layout = {
		.record = p->argument[KMODBENCH_SORT_RECORD],
		.offset = p->argument[KMODBENCH_SORT_OFFSET],
		.descending = p->argument[KMODBENCH_SORT_ORDER],
	};

	return layout;
}

/* Bytes of an element. */
static size_t ksort_size(const struct kmodbench_problem *p)
{
	struct sort_layout layout = ksort_layout(p);

	return sort_layout_size(p->type, &layout);
}

/* Memory for @all elements of problem @p, of which @n at a time are sorted. */
static int ksort_reserve(struct ksort *k, const struct sort_variant *v,
			 const struct kmodbench_problem *p, size_t n, size_t all)
{
	struct sort_layout layout = ksort_layout(p);
	int ret = ksort_grow(&k->data, &k->size, all * ksort_size(p));

	if (ret)
		return ret;
	/* Refused scratch is no error: see ksort_sort(). */
	ksort_grow(&k->scratch, &k->scratch_size, sort_layout_scratch(v, n, p->type, &layout));
	return 0;
}

static int ksort_sort(struct kmb_file *f, void *data, size_t n)
{
	const struct sort_variant *v = f->variant->arg;
	struct ksort *k = f->state;
	struct sort_job job = {
		.data = data,
		.n = n,
		.type = f->problem.type,
		.pause = kmb_pause(f),
		.layout = ksort_layout(&f->problem),
		.pool = f->problem.flags ? NULL : &k->pool.pool,
	};

	if (sort_layout_scratch(v, n, job.type, &job.layout) <= k->scratch_size)
		job.scratch = k->scratch;
	return sort_run(v, &job);
}

/* A read() or write() of @bytes: -EINVAL, -E2BIG, or 0 with memory taken. */
static int ksort_accept(struct kmb_file *f, size_t bytes)
{
	size_t size = ksort_size(&f->problem);
	size_t n = bytes / size;

	if (bytes % size)
		return -EINVAL;
	if (bytes > KSORT_MAX || n > f->variant->max_n)
		return -E2BIG;
	return ksort_reserve(f->state, f->variant->arg, &f->problem, n, n);
}

/* The processors that worked for the caller of the sample that is being taken. */
static void ksort_note_cpus(struct kmb_file *f)
{
	struct ksort *k = f->state;

	f->probe.sample.work_cpus = atomic64_read(&k->pool.cpus);
	if (f->probe.sample.work_cpus)
		f->probe.sample.valid |= KMODBENCH_HAS_WORK_CPUS;
}

/* The three phases. What is already in the kernel (@stored) is not copied in. */
static ssize_t ksort_read(struct kmb_file *f, char __user *buf, size_t bytes, loff_t *pos)
{
	struct ksort *k = f->state;
	size_t n = bytes / ksort_size(&f->problem);
	int ret;

	if (upstream && bytes != k->stored)
		return -EINVAL;
	ret = ksort_accept(f, bytes);
	if (ret)
		return ret;
	ksort_pool_begin(&k->pool, kmb_pause(f));
	kmb_begin(&f->probe);
	if (!upstream && copy_from_user(k->data, buf, bytes))
		ret = -EFAULT;
	kmb_mark(&f->probe, KMB_COPY_IN);
	if (!ret)
		ret = ksort_sort(f, k->data, n);
	kmb_mark(&f->probe, KMB_WORK);
	if (!ret && copy_to_user(buf, k->data, bytes))
		ret = -EFAULT;
	kmb_end(&f->probe, KMB_COPY_OUT);
	if (ret)
		return ret;
	k->sorted = n;
	ksort_note_cpus(f);
	kmb_record(f);
	return bytes;
}

static ssize_t ksort_write(struct kmb_file *f, const char __user *buf, size_t bytes, loff_t *pos)
{
	struct ksort *k = f->state;
	int ret;

	if (!upstream)
		return f->last.batch ? kmb_time(f->last.work_ns) : -ENODATA;
	ret = ksort_accept(f, bytes);
	if (ret)
		return ret;
	k->stored = 0;
	if (copy_from_user(k->data, buf, bytes))
		return -EFAULT;
	k->stored = bytes;
	return bytes;
}

static int ksort_set(struct kmb_file *f, const struct kmodbench_problem *next)
{
	const struct kmb_variant *v = &f->dev->variants[next->variant];
	struct ksort *k = f->state;
	size_t bytes;
	int ret;

	if (next->argument[KMODBENCH_SORT_RECORD] > KSORT_MAX ||
	    next->argument[KMODBENCH_SORT_OFFSET] > KSORT_MAX ||
	    next->argument[KMODBENCH_SORT_ORDER] > 1 || !ksort_size(next))
		return -EINVAL;
	/* Each factor is bounded; their product is not. */
	if (check_mul_overflow((size_t)next->n * ksort_size(next), (size_t)next->batch, &bytes) ||
	    bytes > KSORT_MAX)
		return -E2BIG;
	if (next->flags && bytes > KSORT_SMALL)
		return -EINVAL;
	ret = ksort_reserve(k, v->arg, next, next->n, next->n * next->batch);
	/* Another element or variant: what upstream's write() stored is no longer meant. */
	if (!ret)
		k->stored = 0;
	return ret;
}

/* Array @b of the batch. */
static void *ksort_array(struct kmb_file *f, u32 b)
{
	struct ksort *k = f->state;

	return (char *)k->data + b * f->problem.n * ksort_size(&f->problem);
}

/* Every array of every repetition is another one: branch predictors learn fast. */
static int ksort_prepare(struct kmb_file *f, u64 rep)
{
	const struct kmodbench_problem *p = &f->problem;
	struct sort_layout layout = ksort_layout(p);
	struct ksort *k = f->state;
	u32 b;

	k->stored = 0;
	ksort_pool_begin(&k->pool, kmb_pause(f));
	for (b = 0; b < p->batch; b++)
		sort_layout_fill(ksort_array(f, b), p->n, p->type, &layout, p->pattern,
				 p->seed + rep * p->batch + b);
	return 0;
}

static u64 ksort_last_check(struct kmb_file *f)
{
	struct sort_layout layout = ksort_layout(&f->problem);
	struct ksort *k = f->state;

	return sort_layout_check(k->data, k->sorted, f->problem.type, &layout);
}

static u64 ksort_check(struct kmb_file *f)
{
	const struct kmodbench_problem *p = &f->problem;
	struct sort_layout layout = ksort_layout(p);
	u64 sum = 0;
	u64 sorted = 1;
	u32 b;

	ksort_note_cpus(f);
	for (b = 0; b < p->batch; b++) {
		u64 check = sort_layout_check(ksort_array(f, b), p->n, p->type, &layout);

		sum += check & ~1ULL;
		sorted &= check;
	}
	return sum | sorted;
}

static int ksort_work(struct kmb_file *f, u32 b)
{
	return ksort_sort(f, ksort_array(f, b), f->problem.n);
}

/* Counts by elements that know where: a comparator has no argument. */
static int ksort_count_elements(const struct sort_variant *v, const struct sort_job *job)
{
	struct sort_job next = {
		.n = job->n,
		.type = SORT_U64,
		.pause = job->pause,
		.layout = { .record = sizeof(struct sort_counted) },
	};
	size_t bytes = job->n * sizeof(struct sort_counted);
	struct sort_counted *elements;
	size_t i;
	int ret;

	elements = kmb_alloc(bytes + sort_layout_scratch(v, job->n, next.type, &next.layout));
	if (!elements)
		return -ENOMEM;
	for (i = 0; i < job->n; i++) {
		elements[i].key = sort_key_at(job, i);
		elements[i].counts = job->counts;
	}
	next.data = elements;
	next.scratch = elements + job->n;
	ret = v->count(&next);
	kvfree(elements);
	return ret;
}

/* Of the first array of the first repetition. */
static int ksort_count(struct kmb_file *f, struct kmodbench_counts *out)
{
	const struct sort_variant *v = f->variant->arg;
	struct ksort *k = f->state;
	struct core_counts counts = {};
	struct sort_job job = {
		.n = f->problem.n,
		.type = f->problem.type,
		.pause = kmb_pause(f),
		.layout = ksort_layout(&f->problem),
		.counts = &counts,
	};
	int ret;

	ret = ksort_reserve(k, v, &f->problem, job.n, job.n * f->problem.batch);
	if (ret)
		return ret;
	ksort_prepare(f, 0);
	job.data = k->data;
	if (sort_layout_scratch(v, job.n, job.type, &job.layout) <= k->scratch_size)
		job.scratch = k->scratch;
	ret = v->count ? ksort_count_elements(v, &job) : sort_run(v, &job);
	out->comparisons = counts.comparisons;
	out->moves = counts.moves;
	return ret;
}

static void ksort_work_by_cpu(struct kmb_file *f, struct kmodbench_work *out)
{
	struct ksort *k = f->state;
	unsigned int cpu;

	for (cpu = 0; cpu < KMODBENCH_WORK_CPUS; cpu++)
		out->ns[cpu] = atomic64_read(&k->pool.ns[cpu]);
}

static int ksort_open(struct kmb_file *f)
{
	struct ksort *k = f->state;

	ksort_pool_init(&k->pool);
	return 0;
}

static void ksort_release(struct kmb_file *f)
{
	struct ksort *k = f->state;

	kvfree(k->data);
	kvfree(k->scratch);
}

static struct kmb_variant ksort_variants[KSORT_VARIANTS] __ro_after_init;

static const struct kmb_ops ksort_ops = {
	.state_size = sizeof(struct ksort),
	.open = ksort_open,
	.release = ksort_release,
	.set = ksort_set,
	.prepare = ksort_prepare,
	.check = ksort_check,
	.count = ksort_count,
	.work = ksort_work_by_cpu,
	.last_check = ksort_last_check,
	.read = ksort_read,
	.write = ksort_write,
};

static struct kmb_device ksort_device = {
	.node = "sort",
	.variants = ksort_variants,
	.ops = &ksort_ops,
	.max_bytes = KSORT_MAX,
	.nr_patterns = SORT_PATTERNS,
	.nr_arguments = KMODBENCH_SORT_ORDER + 1,
	.too_large = E2BIG,
};

static bool __init ksort_add(const struct sort_variant *v)
{
	struct kmb_variant *row = &ksort_variants[ksort_device.nr_variants];

	if (v->flags & SORT_IDLE)
		return true;
	if (ksort_device.nr_variants == KSORT_VARIANTS - 1)
		return false;
	row->name = v->name;
	row->work = ksort_work;
	row->max_n = min_t(u64, v->max_n, KSORT_MAX / sizeof(u32));
	/* Some 100 us, also for a variant in quadratic time. */
	row->small_n = v->max_n < KSORT_MAX / sizeof(u32) ? 256 : 1024;
	row->types = v->types;
	row->flags = v->flags & SORT_STABLE ? KMODBENCH_VARIANT_STABLE : 0;
	row->arg = v;
	ksort_device.nr_variants++;
	return true;
}

/* Rows of the core and of the kernel, merged by name; nop is the last. */
static bool __init ksort_build_table(void)
{
	static const struct kmb_variant nop = KMB_NOP;
	unsigned int i = 0, j = 0;

	ksort_device.nr_variants = 0;
	while (i < sort_variant_count || j < sort_kernel_variant_count) {
		bool core = j == sort_kernel_variant_count ||
			    (i < sort_variant_count &&
			     strcmp(sort_variants[i].name, sort_kernel_variants[j].name) < 0);

		if (!ksort_add(core ? &sort_variants[i++] : &sort_kernel_variants[j++]))
			return false;
	}
	ksort_variants[ksort_device.nr_variants++] = nop;
	return true;
}

static int __init ksort_init(void)
{
	int ret;

	if (!strcmp(abi, "upstream")) {
		upstream = true;
	} else if (strcmp(abi, "native")) {
		pr_err("ksort: abi=%s is neither native nor upstream\n", abi);
		return -EINVAL;
	}
	if (!ksort_build_table()) {
		pr_err("ksort: more than %d variants\n", KSORT_VARIANTS);
		return -EINVAL;
	}
	ret = ksort_pool_create();
	if (ret)
		return ret;
	ret = kmb_register(&ksort_device);
	if (ret)
		ksort_pool_destroy();
	return ret;
}
module_init(ksort_init);

static void __exit ksort_exit(void)
{
	kmb_unregister(&ksort_device);
	ksort_pool_destroy();
}
module_exit(ksort_exit);

MODULE_VERSION("1");
MODULE_DESCRIPTION("kmodbench: sorts the caller's array");
MODULE_LICENSE("GPL");
