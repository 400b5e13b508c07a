/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Products and squares of two numbers of equal length.
 *
 * Included by an engine after its limb operations (limb_*, mul_rows, sqr_rows), so
 * that each engine has its own copy without an indirect call in between. Which
 * algorithm a length takes is said by a struct mul_plan, by measurement.
 */
#ifndef FIB_MUL_H
#define FIB_MUL_H

#include "plan.h"

static void mul_n(const struct mul *m, u64 *r, const u64 *a, const u64 *b, u64 len, u64 *t);
static void sqr_n(const struct mul *m, u64 *r, const u64 *a, u64 len, u64 *t);

#include "ntt_limbs.h"
#include "karatsuba.h"
#include "toom3.h"
#include "toom4.h"

/*
 * Scratch for one product of len limbs. Karatsuba takes 2 (len + 1) / 2 limbs and
 * half of that again at each level; Toom-3 takes 12 (len / 3 + 2) and a third again;
 * Toom-4 takes 20 (len / 4 + 2) and a quarter again.
 */
static u64 mul_scratch(const struct mul_plan *plan, u64 len)
{
	u64 limbs = (len < plan->toom4_mul && len < plan->toom4_sqr ? 6 : 7) * len + 1024;
	u64 ntt = 0;

	if (len >= plan->ntt_mul || len >= plan->ntt_sqr)
		ntt = ntt_scratch(len);
	return limbs > ntt ? limbs : ntt;
}

/* r[0..2len) = a * b; r overlaps neither; t is mul_scratch() limbs. */
static void mul_n(const struct mul *m, u64 *r, const u64 *a, const u64 *b, u64 len, u64 *t)
{
	if (len < m->plan->kara_mul)
		mul_school(m->job, r, a, b, len);
	else if (m->job->stopped)
		return;
	else if (len >= m->plan->ntt_mul)
		mul_ntt(m, r, a, b, len, t);
	else if (len >= m->plan->toom4_mul)
		mul_toom4(m, r, a, b, len, t);
	else if (len >= m->plan->toom3_mul)
		mul_toom3(m, r, a, b, len, t);
	else
		mul_kara(m, r, a, b, len, t);
}

/* r[0..2len) = a^2, as above. */
static void sqr_n(const struct mul *m, u64 *r, const u64 *a, u64 len, u64 *t)
{
	if (len < m->plan->kara_sqr)
		sqr_school(m->job, r, a, len);
	else if (m->job->stopped)
		return;
	else if (len >= m->plan->ntt_sqr)
		mul_ntt(m, r, a, a, len, t);
	else if (len >= m->plan->toom4_sqr)
		sqr_toom4(m, r, a, len, t);
	else if (len >= m->plan->toom3_sqr)
		sqr_toom3(m, r, a, len, t);
	else
		sqr_kara(m, r, a, len, t);
}

#endif /* FIB_MUL_H */
