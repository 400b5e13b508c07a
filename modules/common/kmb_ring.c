// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "compat.h"
#include "kmb_ring.h"

/* Samples begin at a cache line of their own. */
#define SAMPLES_OFFSET 64

void kmb_ring_init(struct kmb_ring *ring)
{
	spin_lock_init(&ring->lock);
}

void kmb_ring_free(struct kmb_ring *ring)
{
	vfree(ring->memory);
	ring->memory = NULL;
}

int kmb_ring_setup(struct kmb_ring *ring, u64 capacity)
{
	struct kmodbench_ring *memory;
	struct kmodbench_ring *old;
	u64 bytes;

	BUILD_BUG_ON(sizeof(struct kmodbench_ring) > SAMPLES_OFFSET);
	if (!capacity)
		return -EINVAL;
	if (capacity > KMB_RING_MAX_SAMPLES)
		return -E2BIG;
	bytes = PAGE_ALIGN(SAMPLES_OFFSET + capacity * sizeof(struct kmodbench_sample));
	/* A ring that needs the last memory would be paid for by other programs. */
	if (bytes >> PAGE_SHIFT > si_mem_available() / 2)
		return -ENOMEM;
	memory = vmalloc_user(bytes);
	if (!memory)
		return -ENOMEM;
	memory->sample_size = sizeof(struct kmodbench_sample);
	memory->offset = SAMPLES_OFFSET;
	memory->capacity = capacity;

	spin_lock(&ring->lock);
	if (ring->mappings) {
		spin_unlock(&ring->lock);
		vfree(memory);
		return -EBUSY;
	}
	old = ring->memory;
	ring->memory = memory;
	ring->samples = (void *)memory + SAMPLES_OFFSET;
	ring->bytes = bytes;
	ring->capacity = capacity;
	spin_unlock(&ring->lock);
	vfree(old);
	return 0;
}

static void mapping_open(struct vm_area_struct *vma)
{
	struct kmb_ring *ring = vma->vm_private_data;

	spin_lock(&ring->lock);
	ring->mappings++;
	spin_unlock(&ring->lock);
}

static void mapping_close(struct vm_area_struct *vma)
{
	struct kmb_ring *ring = vma->vm_private_data;

	spin_lock(&ring->lock);
	ring->mappings--;
	spin_unlock(&ring->lock);
}

static const struct vm_operations_struct mapping_ops = {
	.open = mapping_open,
	.close = mapping_close,
};

int kmb_ring_mmap(struct kmb_ring *ring, struct vm_area_struct *vma)
{
	struct kmodbench_ring *memory;
	u64 bytes;
	int ret;

	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EACCES;
	if (vma->vm_pgoff)
		return -EINVAL;

	/* Counted as mapped first, so that the memory stays while pages go in. */
	spin_lock(&ring->lock);
	memory = ring->memory;
	bytes = ring->bytes;
	ring->mappings++;
	spin_unlock(&ring->lock);

	if (!memory)
		ret = -ENXIO;
	else if (vma->vm_end - vma->vm_start > bytes)
		ret = -EINVAL;
	else
		ret = remap_vmalloc_range(vma, memory, 0);
	if (ret) {
		spin_lock(&ring->lock);
		ring->mappings--;
		spin_unlock(&ring->lock);
		return ret;
	}
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	vma->vm_private_data = ring;
	vma->vm_ops = &mapping_ops;
	return 0;
}

void kmb_ring_clear(struct kmb_ring *ring)
{
	WRITE_ONCE(ring->memory->count, 0);
}

void kmb_ring_push(struct kmb_ring *ring, const struct kmodbench_sample *sample)
{
	struct kmodbench_ring *memory = ring->memory;
	u64 count = memory->count;

	ring->samples[count] = *sample;
	/* Whoever sees the new count sees the sample. */
	smp_store_release(&memory->count, count + 1);
}

u64 kmb_ring_count(const struct kmb_ring *ring)
{
	return ring->memory ? ring->memory->count : 0;
}
