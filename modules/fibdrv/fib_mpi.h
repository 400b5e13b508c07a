/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The variant that uses lib/mpi, where the kernel has it.
 */
#ifndef FIB_MPI_H
#define FIB_MPI_H

#include "fib_core.h"

/* The longest product of a larger index would not look at the pause for 50 ms. */
#define FIB_MPI_MAX_N	1000000ULL

#ifdef __cplusplus
extern "C" {
#endif

u64 fib_mpi_scratch(u64 n, enum fib_want want);

/* 0, -EINTR, -EOVERFLOW, or -ENOMEM when lib/mpi found no memory for a product. */
int fib_mpi(struct fib_job *job);

#ifdef __cplusplus
}
#endif

#endif /* FIB_MPI_H */
