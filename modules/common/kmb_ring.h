/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sample ring of one open file: memory taken before the first repetition,
 * mapped read-only into user space.
 *
 * Locking: the owner serialises set-up, pushing and freeing. mmap() comes with
 * the caller's address space locked, under which the owner's lock may not be
 * taken (a user copy under that lock would close the circle), so the memory and
 * its mappings have a lock of their own, held for a few instructions only.
 */
#ifndef KMB_RING_H
#define KMB_RING_H

#include <linux/bits.h>
#include <linux/mm_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <kmodbench.h>

#define KMB_RING_MAX_SAMPLES BIT_ULL(20)

/**
 * struct kmb_ring - samples of one open file
 * @lock: guards @memory against @mappings
 * @memory: what user space sees, NULL before set-up
 * @samples: within @memory
 * @bytes: length of @memory, whole pages
 * @capacity: samples that fit
 * @mappings: mappings of @memory that exist
 */
struct kmb_ring {
	spinlock_t lock; /* memory against mappings */
	struct kmodbench_ring *memory;
	struct kmodbench_sample *samples;
	u64 bytes;
	u64 capacity;
	unsigned int mappings;
};

void kmb_ring_init(struct kmb_ring *ring);
/* Frees the memory; no mapping is left when a file is released. */
void kmb_ring_free(struct kmb_ring *ring);
/* Replaces the memory. -EINVAL, -E2BIG, -ENOMEM, -EBUSY leave the old ring. */
int kmb_ring_setup(struct kmb_ring *ring, u64 capacity);
int kmb_ring_mmap(struct kmb_ring *ring, struct vm_area_struct *vma);
void kmb_ring_clear(struct kmb_ring *ring);
/* Appends a sample. The caller has checked that it fits. */
void kmb_ring_push(struct kmb_ring *ring, const struct kmodbench_sample *sample);
/* Samples pushed since the last kmb_ring_clear(). */
u64 kmb_ring_count(const struct kmb_ring *ring);

#endif /* KMB_RING_H */
