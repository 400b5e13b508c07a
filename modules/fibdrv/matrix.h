/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Powers of the matrix (1 1; 1 0), whose k-th power is (F(k+1) F(k); F(k) F(k-1)),
 * as the textbook has it: general products, every entry kept to the end.
 */
#ifndef FIB_MATRIX_H
#define FIB_MATRIX_H

#include "mul.h"

static u64 matrix_entry(u64 n)
{
	return fib_out_limbs(n) + 4;
}

static u64 matrix_scratch(const struct mul_plan *plan, u64 n)
{
	return 6 * matrix_entry(n) + mul_scratch(plan, matrix_entry(n));
}

/* r = a + b, len limbs and a carry limb. */
static void matrix_add(struct fib_job *job, u64 *r, const u64 *a, const u64 *b, u64 len)
{
	r[len] = limb_add(r, a, b, len);
	fib_count(job, 0, len);
}

/* Invariant: (a b; b d) is the k-th power, k the bits of n seen so far. */
static int fib_matrix(struct fib_job *job, const struct mul_plan *plan)
{
	u64 entry = matrix_entry(job->n), len = 1;
	u64 *a = job->scratch, *b = a + entry, *d = b + entry;
	u64 *p = d + entry, *q = p + entry, *s = q + entry, *t = s + entry, *swap;
	struct mul m = { job, plan, NULL };
	int bit;

	a[0] = 1;
	b[0] = 0;
	d[0] = 1;
	for (bit = 63; bit >= 0; bit--) {
		if (len == 1 && !b[0] && !(job->n >> bit & 1))
			continue;
		/* One limb more where a + d needs it. */
		a[len] = 0;
		b[len] = 0;
		d[len] = 0;
		matrix_add(job, s, a, d, len);
		len += s[len] != 0;
		mul_n(&m, p, a, a, len, t);
		mul_n(&m, q, b, b, len, t);
		matrix_add(job, a, p, q, 2 * len);
		mul_n(&m, p, d, d, len, t);
		matrix_add(job, d, p, q, 2 * len);
		mul_n(&m, p, b, s, len, t);
		if (job->stopped)
			return -EINTR;
		p[2 * len] = 0;
		swap = b;
		b = p;
		p = swap;
		if (job->n >> bit & 1) {
			swap = d;
			d = b;
			b = a;
			a = swap;
			matrix_add(job, a, d, b, 2 * len);
		}
		len = fib_normal(a, 2 * len + 1);
	}
	job->len = fib_normal(b, len);
	job->radix = FIB_BINARY;
	memcpy(job->out, b, job->len * sizeof(*b));
	return 0;
}

#endif /* FIB_MATRIX_H */
