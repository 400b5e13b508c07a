// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fast doubling on the kernel's own big numbers, lib/mpi: what a driver's author
 * would have reached for, and so the peer of the other variants.
 *
 * The numbers lie in the job's memory, so that lib/mpi has nothing to resize. What
 * it does allocate, at every product from 16 limbs on, is scratch for Karatsuba, and
 * mpi_mul() of the kernels up to 6.13 says nothing when that fails. Small allocations
 * do not fail but in a task that the kernel is killing for its memory; products long
 * enough for large ones are checked modulo 2^61 - 1, and no length is trusted. One product is also
 * the longest time without a look at the pause, hence FIB_MPI_MAX_N.
 */
#include "fib_mpi.h"

#include <linux/mpi.h>

#include "fib_job.h"

/* From this length on Karatsuba's scratch is more than eight pages. */
#define MPI_CHECKED	2048

/* Limbs that a number below F(n) and small multiples of it is kept in. */
static u64 mpi_room(u64 n)
{
	return fib_out_limbs(n / 2) + 4;
}

u64 fib_mpi_scratch(u64 n, enum fib_want want)
{
	(void)want;
	return n > FIB_MAX_N_64 ? 5 * mpi_room(n) : 0;
}

static struct gcry_mpi mpi_at(u64 *limb, u64 room)
{
	return (struct gcry_mpi){ .alloced = (int)room, .d = (mpi_limb_t *)limb };
}

/* a = value, which is not 0. 6.12 has no mpi_from(). */
static void mpi_from(MPI a, u64 value)
{
	a->d[0] = (mpi_limb_t)value;
	a->nlimbs = 1;
}

static u64 mpi_residue(MPI a)
{
	struct fib_job job = { .out = (u64 *)a->d, .len = (u64)a->nlimbs };

	return fib_check(&job);
}

/* w = u v. False: the job is to end, or lib/mpi got no memory. */
static bool mpi_product(struct fib_job *job, MPI w, MPI u, MPI v)
{
	u64 len = (u64)u->nlimbs;

	if (u->nlimbs + v->nlimbs > w->alloced || fib_tick(job, FIB_BREATH))
		return false;
	mpi_mul(w, u, v);
	fib_count(job, len * (u64)v->nlimbs, len * (u64)v->nlimbs);
	return len < MPI_CHECKED ||
	       mpi_residue(w) == fib_m61_times(mpi_residue(u), mpi_residue(v));
}

/* w = u - v; v keeps its sign. Without the copy that mpi_sub() allocates. */
static void mpi_difference(MPI w, MPI u, MPI v)
{
	v->sign = 1;
	mpi_add(w, u, v);
	v->sign = 0;
}

static void mpi_twice(MPI a)
{
	mpi_add(a, a, a);
}

/* a + 2 (-1)^k */
static void mpi_cassini(MPI a, u64 k)
{
	mpi_limb_t limb = 2;
	struct gcry_mpi two = { .alloced = 1, .nlimbs = 1, .sign = k & 1, .d = &limb };

	mpi_add(a, a, &two);
}

struct mpi_ladder {
	struct gcry_mpi f, g, ff, gg, s;
};

/* From F(k), F(k - 1) to those of 2k + odd, by the identities of ladder.h. */
static bool mpi_double(struct fib_job *job, struct mpi_ladder *l, u64 k, bool odd)
{
	if (!mpi_product(job, &l->ff, &l->f, &l->f) || !mpi_product(job, &l->gg, &l->g, &l->g))
		return false;
	fib_count(job, 0, 5 * (u64)l->ff.nlimbs);
	mpi_add(&l->s, &l->ff, &l->gg);
	mpi_twice(&l->ff);
	mpi_twice(&l->ff);
	mpi_difference(&l->f, &l->ff, &l->gg);
	mpi_cassini(&l->f, k);
	mpi_difference(&l->g, &l->f, &l->s);
	if (!odd) {
		struct gcry_mpi even = l->g;

		l->g = l->s;
		l->s = l->f;
		l->f = even;
	}
	return true;
}

/* The last bit by one product, as in ladder.h. */
static bool mpi_last(struct fib_job *job, struct mpi_ladder *l, u64 k)
{
	struct gcry_mpi out = mpi_at(job->out, fib_out_limbs(job->n));
	bool odd = job->n & 1;

	if (odd) {
		mpi_twice(&l->f);
		mpi_difference(&l->s, &l->f, &l->g);
		mpi_add(&l->g, &l->g, &l->f);
	} else {
		mpi_twice(&l->g);
		mpi_add(&l->g, &l->g, &l->f);
	}
	fib_count(job, 0, (odd ? 3 : 2) * (u64)l->f.nlimbs);
	if (!mpi_product(job, &out, &l->g, odd ? &l->s : &l->f))
		return false;
	if (odd)
		mpi_cassini(&out, k);
	job->len = fib_normal(job->out, (u64)out.nlimbs);
	job->radix = FIB_BINARY;
	return true;
}

int fib_mpi(struct fib_job *job)
{
	u64 n = job->n, room = mpi_room(n), *limb = job->scratch, k;
	unsigned int shift = 0;
	struct mpi_ladder l;

	if (n > FIB_MPI_MAX_N)
		return -EOVERFLOW;
	if (n <= FIB_MAX_N_64)
		return fib_small(job, fib_table64[n]);
	l.f = mpi_at(limb, room);
	l.g = mpi_at(limb + room, room);
	l.ff = mpi_at(limb + 2 * room, room);
	l.gg = mpi_at(limb + 3 * room, room);
	l.s = mpi_at(limb + 4 * room, room);
	while (n >> shift > FIB_MAX_N_64)
		shift++;
	k = n >> shift;
	mpi_from(&l.f, fib_table64[k]);
	mpi_from(&l.g, fib_table64[k - 1]);
	while (--shift) {
		bool odd = (n >> shift) & 1;

		if (!mpi_double(job, &l, k, odd))
			return job->stopped ? -EINTR : -ENOMEM;
		k = 2 * k + odd;
	}
	if (!mpi_last(job, &l, k))
		return job->stopped ? -EINTR : -ENOMEM;
	return 0;
}
