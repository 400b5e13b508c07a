/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Schoolbook products of blocks of eight limbs, see limb_adx.h.
 */
#ifndef FIB_SCHOOL_ADX_H
#define FIB_SCHOOL_ADX_H

#include "fib_job.h"
#include "limb_adx.h"

/* r[0..2len) = a * b. r overlaps neither. */
static void mul_school(struct fib_job *job, u64 *r, const u64 *a, const u64 *b, u64 len)
{
	u64 i;

	fib_count(job, len * len, len * (len - 1));
	if (fib_tick(job, 8 * len))
		return;
	if (len < 8) {
		adx_mul_narrow_set(r, a, len, b, len);
		return;
	}
	adx_mul_8_set(r, a, len, b);
	for (i = 8; len - i >= 8; i += 8) {
		if (fib_tick(job, 8 * len))
			return;
		adx_mul_8_add(r + i, a, len, b + i);
	}
	if (i < len)
		adx_mul_narrow_add(r + i, a, len, b + i, len - i);
}

/* r[0..2len) = a^2: the products above the diagonal once, doubled, and the diagonal. */
static void sqr_school(struct fib_job *job, u64 *r, const u64 *a, u64 len)
{
	u64 i;

	if (len < 6) {	/* whose doubling costs more than it saves */
		mul_school(job, r, a, a, len);
		return;
	}
	fib_count(job, len * (len + 1) / 2, len * (len + 1) / 2 + 2 * len);
	if (fib_tick(job, 8 * len))
		return;
	r[0] = 0;
	adx_sqr_block_set(r, a, len);
	for (i = 8; i + 1 < len; i += 8) {
		if (fib_tick(job, 8 * (len - i)))
			return;
		adx_sqr_block_add(r + 2 * i, a + i, len - i);
	}
	r[2 * len - 1] = 0;
	adx_sqr_diagonal(r, a, len);
}

#endif /* FIB_SCHOOL_ADX_H */
