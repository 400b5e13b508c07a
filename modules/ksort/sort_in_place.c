// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way out where there is no memory: stable, in place, for elements of any size.
 * Insertion makes short runs; neighbours are merged by halving the larger, finding
 * its border in the other and rotating what lies between (Dudzinski, Dydek 1981), in
 * O(n log n) a level. Heapsort would be O(n log n) in all, and not stable.
 */
#include "sort_callback.h"

#define BLOCK 8U		/* elements that insertion sorts */
#define BREATH 0x40000UL	/* bytes moved, some 0.2 ms */

struct in_place {
	size_t size;
	int (*compare)(const void *left, const void *right, const void *arg);
	const void *arg;
	const struct core_pause *pause;
	size_t since;
	bool stopped;
};

static bool before(const struct in_place *run, const char *x, const char *y)
{
	return run->compare(x, y, run->arg) < 0;
}

static void swap_bytes(char *x, char *y, size_t size)
{
	while (size >= sizeof(u64)) {
		u64 left, right;

		memcpy(&left, x, sizeof(left));
		memcpy(&right, y, sizeof(right));
		memcpy(x, &right, sizeof(right));
		memcpy(y, &left, sizeof(left));
		x += sizeof(u64);
		y += sizeof(u64);
		size -= sizeof(u64);
	}
	while (size--) {
		char keep = *x;

		*x++ = *y;
		*y++ = keep;
	}
}

static void reverse(struct in_place *run, char *a, size_t n)
{
	for (size_t i = 0, j = n; i + 1 < j--; i++) {
		swap_bytes(a + i * run->size, a + j * run->size, run->size);
		run->since += 2 * run->size;
		if (run->since >= BREATH) {
			run->since = 0;
			run->stopped = run->stopped || core_stop(run->pause);
		}
	}
}

/* First of a[0..n-1] that is not before x, or, with @after, that x is before. */
static size_t border(const struct in_place *run, const char *a, size_t n, const char *x, bool after)
{
	size_t low = 0;

	while (n > 0) {
		size_t half = n / 2;
		const char *at = a + (low + half) * run->size;

		if (after ? !before(run, x, at) : before(run, at, x)) {
			low += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return low;
}

/* a[0..left-1] and a[left..n-1] are sorted; the first part is a call, log2 n deep. */
static void merge(struct in_place *run, char *a, size_t left, size_t n)
{
	while (left > 0 && left < n && !run->stopped) {
		size_t right = n - left, i, j;

		if (!before(run, a + left * run->size, a + (left - 1) * run->size))
			return;
		if (n == 2) {
			swap_bytes(a, a + run->size, run->size);
			return;
		}
		if (left > right) {
			i = left / 2;
			j = border(run, a + left * run->size, right, a + i * run->size, false);
		} else {
			j = right / 2;
			i = border(run, a, left, a + (left + j) * run->size, true);
		}
		reverse(run, a + i * run->size, left - i);
		reverse(run, a + left * run->size, j);
		reverse(run, a + i * run->size, left - i + j);
		/* the parts are a[0..i+j-1] and what follows; the smaller is the call */
		if (i + j < n - i - j) {
			merge(run, a, i, i + j);
			a += (i + j) * run->size;
			n -= i + j;
			left -= i;
		} else {
			merge(run, a + (i + j) * run->size, left - i, n - i - j);
			n = i + j;
			left = i;
		}
	}
}

int sort_in_place(void *data, size_t n, size_t size,
		  int (*compare)(const void *left, const void *right, const void *arg),
		  const void *arg, const struct core_pause *pause)
{
	struct in_place run = { .size = size, .compare = compare, .arg = arg, .pause = pause };
	char *a = data;

	for (size_t start = 0; start < n; start += BLOCK) {
		size_t end = n - start < BLOCK ? n : start + BLOCK;

		for (size_t i = start + 1; i < end; i++)
			for (size_t j = i; j > start && before(&run, a + j * size,
							       a + (j - 1) * size); j--)
				swap_bytes(a + j * size, a + (j - 1) * size, size);
	}
	for (size_t width = BLOCK; width < n && !run.stopped; width *= 2)
		for (size_t i = 0; n - i > width && !run.stopped; i += 2 * width) {
			merge(&run, a + i * size, width, n - i < 2 * width ? n - i : 2 * width);
			if (n - i <= 2 * width)
				break;
		}
	return run.stopped ? -EINTR : 0;
}
