// SPDX-License-Identifier: GPL-2.0-only
/*
 * fibdrv: /dev/fibonacci, exact Fibonacci numbers by many ways.
 *
 * The index k is the file's position; lseek() takes every position from 0 on, its
 * SEEK_END is the largest index, and the calls below leave it where it is.
 *
 *	read(fd, buf, size)	F(k) as decimal text by the variant that was set;
 *				-EOVERFLOW and nothing written where size is too
 *				small, or where k is too large for the variant
 *	write(fd, buf, size)	computes F(k) by the variant of index size and
 *				returns the ktime in ns; buf is not looked at
 *	KMODBENCH_RUN		computes F(n); pattern says what is measured
 *
 * Phases: work is the computation. Where there is text, read() counts making it
 * and handing it over as copy_out. KMODBENCH_RUN has the text as a pattern:
 *
 *	0 FIB_RUN_LIMBS		F(n) in limbs: binary, but for the variant decimal
 *	1 FIB_RUN_TEXT		F(n) as text, computation and text together
 *	2 FIB_RUN_CONVERT	the text alone, of a result that is there
 *	3 FIB_RUN_FRESH		F(n) in limbs, in memory taken inside the clock: that
 *				is counted as copy_in. Not with flags, it may sleep
 *
 * check is F(n) modulo 2^61 - 1, of the limbs or the text that came out.
 *
 * Otherwise memory is taken before the clock starts and kept until the file is closed: some
 * 17 bytes of result, text and scratch for each digit at most, see docs/fibdrv.md.
 *
 * On CPUs with BMI2 and ADX the variants use mulx, adcx and adox, and with AVX2 and FMA
 * there is one more; portable=1 keeps to C, and reads Y where the CPU left no choice.
 *
 * abi=upstream is the behaviour of the published course module: indices are
 * clamped to 0 to 92, read() returns the value itself, write() returns 1.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#ifdef CONFIG_X86_64
#include <asm/cpufeature.h>
#include <asm/fpu/api.h>
#endif

#include "compat.h"
#include "fib_job.h"
#include "fib_mpi.h"
#include "kmb_device.h"

#define UPSTREAM_MAX_N 92

enum fib_run {
	FIB_RUN_LIMBS,
	FIB_RUN_TEXT,
	FIB_RUN_CONVERT,
	FIB_RUN_FRESH,
	FIB_RUNS,
};

static char *abi = "kmodbench";
module_param(abi, charp, 0444);
MODULE_PARM_DESC(abi, "kmodbench (default) or upstream, the published course module's");

static bool portable;
module_param(portable, bool, 0444);
MODULE_PARM_DESC(portable, "use portable C even where the CPU has mulx, adx and vectors (default N)");

/* Set once when the module is loaded. */
static bool upstream __ro_after_init;
static struct kmb_variant fib_rows[FIB_VARIANTS_FMA + 1] __ro_after_init;

/**
 * struct fib_file - one open file
 * @job: the computation that ran last
 * @row: who computes: the variant's row, or the one it chose when memory was reserved
 * @out: its result
 * @scratch: memory for it and for making text
 * @text: the text
 * @out_limbs: size of @out
 * @scratch_limbs: size of @scratch
 * @text_bytes: size of @text
 * @text_len: characters in @text
 * @has_result: the last read() or write() computed something
 */
struct fib_file {
	struct fib_job job;
	const struct fib_variant *row;
	u64 *out;
	u64 *scratch;
	char *text;
	u64 out_limbs;
	u64 scratch_limbs;
	u64 text_bytes;
	u64 text_len;
	bool has_result;
};

static const struct fib_variant *row_of(const struct kmb_variant *v)
{
	return v->arg;
}

static enum fib_want want_of(u32 pattern)
{
	return pattern == FIB_RUN_LIMBS || pattern == FIB_RUN_FRESH ? FIB_WANT_LIMBS :
								     FIB_WANT_TEXT;
}

#ifdef CONFIG_X86_64
static bool vector_begin(void)
{
	if (!irq_fpu_usable())
		return false;
	kernel_fpu_begin();
	return true;
}

static void vector_end(void)
{
	kernel_fpu_end();
}

static const struct core_vector vector = { vector_begin, vector_end };
#else
static const struct core_vector vector;	/* no variant asks */
#endif

static u64 *alloc_limbs(u64 limbs)
{
	return kmb_alloc(array_size(limbs, sizeof(u64)));
}

/* Who computes F(n) for a variant, and memory for it; on failure the old memory stays. */
static int reserve(struct fib_file *h, const struct fib_variant *row, u64 n, enum fib_want want)
{
	u64 out_limbs = fib_out_limbs(n), text_bytes = 0, scratch_limbs;
	u64 *out = NULL, *scratch = NULL;
	char *text = NULL;

	h->row = fib_choice(row, n, want);
	scratch_limbs = max_t(u64, h->row->scratch(n, want), 1);
	if (want == FIB_WANT_TEXT) {
		text_bytes = fib_text_max(n);
		scratch_limbs = max3(scratch_limbs, fib_text_scratch(n, FIB_BINARY),
				     fib_text_scratch(n, FIB_DECIMAL));
	}
	if (out_limbs > h->out_limbs) {
		out = alloc_limbs(out_limbs);
		if (!out)
			goto no_memory;
	}
	if (scratch_limbs > h->scratch_limbs) {
		scratch = alloc_limbs(scratch_limbs);
		if (!scratch)
			goto no_memory;
	}
	if (text_bytes > h->text_bytes) {
		text = kmb_alloc(text_bytes);
		if (!text)
			goto no_memory;
	}
	if (out) {
		kvfree(h->out);
		h->out = out;
		h->out_limbs = out_limbs;
	}
	if (scratch) {
		kvfree(h->scratch);
		h->scratch = scratch;
		h->scratch_limbs = scratch_limbs;
	}
	if (text) {
		kvfree(h->text);
		h->text = text;
		h->text_bytes = text_bytes;
	}
	return 0;

no_memory:
	kvfree(out);
	kvfree(scratch);
	return -ENOMEM;
}

static void drop(struct fib_file *h)
{
	kvfree(h->out);
	kvfree(h->scratch);
	kvfree(h->text);
	h->out = NULL;
	h->scratch = NULL;
	h->text = NULL;
	h->out_limbs = 0;
	h->scratch_limbs = 0;
	h->text_bytes = 0;
}

static void set_job(struct kmb_file *f, u64 n, enum fib_want want)
{
	struct fib_file *h = f->state;

	memset(&h->job, 0, sizeof(h->job));
	h->job.n = n;
	h->job.want = want;
	h->job.out = h->out;
	h->job.scratch = h->scratch;
	h->job.pause = kmb_pause(f);
	h->job.vector = &vector;
	h->text_len = 0;
}

static int make_text(struct fib_file *h)
{
	s64 len = fib_text(&h->job, h->text, h->scratch);

	if (len < 0)
		return len;
	h->text_len = len;
	return 0;
}

static int fib_prepare(struct kmb_file *f, u64 rep)
{
	struct fib_file *h = f->state;
	const struct fib_variant *row = row_of(f->variant);
	u32 pattern = f->problem.pattern;
	u64 n = f->problem.n;
	int ret;

	if (pattern == FIB_RUN_FRESH) {
		drop(h);
		set_job(f, n, FIB_WANT_LIMBS);
		return 0;
	}
	/* read() and write() in between may have been at other sizes, never at smaller memory. */
	ret = reserve(h, row, n, want_of(pattern));
	if (ret)
		return ret;
	set_job(f, n, want_of(pattern));
	if (pattern != FIB_RUN_LIMBS)
		memset(h->text, 0, fib_text_max(n));
	/* Wrong limbs must not look right because they were right last time. */
	h->out[0] = ~0ULL;
	h->job.len = 1;
	if (pattern == FIB_RUN_CONVERT)
		return h->row->compute(&h->job);
	return 0;
}

static int fresh_work(struct kmb_file *f, u32 b)
{
	struct fib_file *h = f->state;
	int ret;

	if (b)
		drop(h);
	ret = reserve(h, row_of(f->variant), f->problem.n, FIB_WANT_LIMBS);
	if (ret)
		return ret;
	h->out[0] = ~0ULL;
	h->job.len = 1;
	h->job.out = h->out;
	h->job.scratch = h->scratch;
	kmb_mark(&f->probe, KMB_COPY_IN);
	ret = h->row->compute(&h->job);
	kmb_mark(&f->probe, KMB_WORK);
	return ret;
}

static int fib_work(struct kmb_file *f, u32 b)
{
	struct fib_file *h = f->state;
	u32 pattern = f->problem.pattern;
	int ret;

	if (pattern == FIB_RUN_FRESH)
		return fresh_work(f, b);
	if (pattern != FIB_RUN_CONVERT) {
		ret = h->row->compute(&h->job);
		if (ret || pattern == FIB_RUN_LIMBS)
			return ret;
	}
	return make_text(h);
}

static u64 result_check(const struct fib_file *h)
{
	return h->text_len ? fib_text_check(h->text, h->text_len) : fib_check(&h->job);
}

static u64 fib_last_check(struct kmb_file *f)
{
	struct fib_file *h = f->state;

	return h->has_result ? result_check(h) : 0;
}

static u64 fib_run_check(struct kmb_file *f)
{
	return result_check(f->state);
}

static int fib_set(struct kmb_file *f, const struct kmodbench_problem *next)
{
	if (next->pattern == FIB_RUN_FRESH && next->flags)
		return -EINVAL;
	return reserve(f->state, row_of(&f->dev->variants[next->variant]), next->n,
		       want_of(next->pattern));
}

static int fib_count_pass(struct kmb_file *f, struct kmodbench_counts *counts)
{
	struct fib_file *h = f->state;
	struct core_counts counted = {};
	int ret = fib_prepare(f, 0);

	if (ret)
		return ret;
	h->job.counts = &counted;
	ret = fib_work(f, 0);
	counts->comparisons = counted.comparisons;
	counts->moves = counted.moves;
	counts->multiplications = counted.multiplications;
	counts->additions = counted.additions;
	return ret;
}

static loff_t fib_llseek(struct kmb_file *f, struct file *file, loff_t offset, int whence)
{
	if (!upstream)
		return generic_file_llseek_size(file, offset, whence, LLONG_MAX, FIB_MAX_N);
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		offset = clamp_t(loff_t, offset, -UPSTREAM_MAX_N, UPSTREAM_MAX_N) + file->f_pos;
		break;
	case SEEK_END:
		/* Counted backwards, as published. */
		offset = UPSTREAM_MAX_N - max_t(loff_t, offset, -UPSTREAM_MAX_N);
		break;
	default:
		return -EINVAL;
	}
	file->f_pos = clamp_t(loff_t, offset, 0, UPSTREAM_MAX_N);
	return file->f_pos;
}

static ssize_t upstream_read(loff_t pos)
{
	return fib_table64[clamp_t(loff_t, pos, 0, UPSTREAM_MAX_N)];
}

/* Computation, text, copy; the caller has reserved memory. */
static ssize_t read_text(struct kmb_file *f, char __user *buf, size_t size)
{
	struct fib_file *h = f->state;
	int ret;

	kmb_begin(&f->probe);
	ret = h->row->compute(&h->job);
	kmb_mark(&f->probe, KMB_WORK);
	if (!ret)
		ret = make_text(h);
	if (!ret && h->text_len > size)
		ret = -EOVERFLOW;
	if (!ret && copy_to_user(buf, h->text, h->text_len))
		ret = -EFAULT;
	kmb_end(&f->probe, KMB_COPY_OUT);
	if (ret)
		return ret;
	h->has_result = true;
	kmb_record(f);
	return h->text_len;
}

static ssize_t fib_read(struct kmb_file *f, char __user *buf, size_t size, loff_t *pos)
{
	int ret;

	if (upstream)
		return upstream_read(*pos);
	if (*pos > f->variant->max_n || size < fib_text_min(*pos))
		return -EOVERFLOW;
	ret = reserve(f->state, row_of(f->variant), *pos, FIB_WANT_TEXT);
	if (ret)
		return ret;
	set_job(f, *pos, FIB_WANT_TEXT);
	return read_text(f, buf, size);
}

static ssize_t fib_write(struct kmb_file *f, const char __user *buf, size_t size, loff_t *pos)
{
	struct fib_file *h = f->state;
	const struct kmb_variant *v;
	int ret;

	if (upstream)
		return 1;
	if (size >= f->dev->nr_variants)
		return -EINVAL;
	v = &f->dev->variants[size];
	if (*pos > v->max_n)
		return -EOVERFLOW;
	if (v->work != kmb_nop) {
		ret = reserve(h, row_of(v), *pos, FIB_WANT_LIMBS);
		if (ret)
			return ret;
		set_job(f, *pos, FIB_WANT_LIMBS);
	}
	kmb_begin(&f->probe);
	ret = v->work == kmb_nop ? 0 : h->row->compute(&h->job);
	kmb_end(&f->probe, KMB_WORK);
	if (ret)
		return ret;
	h->has_result = v->work != kmb_nop;
	kmb_record(f);
	return kmb_time(f->probe.sample.total_ns);
}

static void fib_release(struct kmb_file *f)
{
	drop(f->state);
}

static const struct kmb_ops fib_ops = {
	.state_size = sizeof(struct fib_file),
	.release = fib_release,
	.set = fib_set,
	.prepare = fib_prepare,
	.check = fib_run_check,
	.last_check = fib_last_check,
	.count = fib_count_pass,
	.llseek = fib_llseek,
	.read = fib_read,
	.write = fib_write,
};

static struct kmb_device fib_device = {
	.node = "fibonacci",
	.variants = fib_rows,
	.ops = &fib_ops,
	.nr_patterns = FIB_RUNS,
	.too_large = EOVERFLOW,
};

#ifdef CONFIG_X86_64
/* A kernel that does not save what they use takes these flags away from its CPU. */
static bool __init has_fma(void)
{
	return boot_cpu_has(X86_FEATURE_AVX2) && boot_cpu_has(X86_FEATURE_FMA);
}
#endif

static enum fib_isa __init best_isa(void)
{
#ifdef CONFIG_X86_64
	if (!portable && boot_cpu_has(X86_FEATURE_BMI2) && boot_cpu_has(X86_FEATURE_ADX))
		return has_fma() ? FIB_FMA : FIB_ADX;
#endif
	portable = true;
	return FIB_PORTABLE;
}

#ifdef KMB_EXPORTS_MPI_MUL
static const struct fib_variant mpi_row = { "mpi", FIB_MPI_MAX_N, fib_mpi_scratch, fib_mpi, NULL };
#endif

static void __init add_row(const struct fib_variant *row)
{
	fib_rows[fib_device.nr_variants++] = (struct kmb_variant){
		.name = row->name,
		.work = fib_work,
		.max_n = row->max_n,
		.small_n = min_t(u64, row->max_n, 2000),
		.arg = row,
	};
}

/*
 * The core's table, by name, with lib/mpi where the kernel has it, and the glue's nop
 * for the core's, which is the last row.
 */
static void __init make_rows(void)
{
	static const struct kmb_variant nop = KMB_NOP;
	u32 count, i;
	const struct fib_variant *row = fib_variants(best_isa(), &count);

	for (i = 0; i + 1 < count; i++) {
#ifdef KMB_EXPORTS_MPI_MUL
		if (i && strcmp(row[i - 1].name, mpi_row.name) < 0 &&
		    strcmp(row[i].name, mpi_row.name) > 0)
			add_row(&mpi_row);
#endif
		add_row(&row[i]);
	}
	fib_rows[fib_device.nr_variants++] = nop;
	fib_device.max_bytes = fib_text_max(FIB_MAX_N);
}

static int __init fibdrv_init(void)
{
	upstream = !strcmp(abi, "upstream");
	if (!upstream && strcmp(abi, "kmodbench")) {
		pr_err("fibdrv: abi=%s: must be kmodbench or upstream\n", abi);
		return -EINVAL;
	}
	make_rows();
	return kmb_register(&fib_device);
}

static void __exit fibdrv_exit(void)
{
	kmb_unregister(&fib_device);
}

module_init(fibdrv_init);
module_exit(fibdrv_exit);

MODULE_DESCRIPTION("kmodbench: exact Fibonacci numbers by many ways");
MODULE_LICENSE("GPL");
