/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Few elements: sorting networks without a branch on the data, and insertion for
 * what is nearly sorted. A mispredicted branch costs as much as ten instructions,
 * so up to 16 elements a network of 60 exchanges beats 60 comparisons that jump.
 */

/* Puts a[i] behind what is sorted already, a[0..i-1]; how many it passes. */
static __always_inline size_t insert_one(struct sort_run *run, KEY *a, size_t i)
{
	KEY x = a[i];
	size_t j = i;

	while (j > 0 && LESS(x, a[j - 1])) {
		a[j] = a[j - 1];
		j--;
	}
	a[j] = x;
	MOVED(2 + i - j);
	return i - j;
}

static noinline void insertion_sort(struct sort_run *run, KEY *a, size_t n)
{
	/* invariant: a[0..i-1] is sorted */
	for (size_t i = 1; i < n; i++)
		if (breathe(run, 1 + insert_one(run, a, i)))
			return;
}

/* v[i] <= v[j] afterwards; compiles to two conditional moves. */
static __always_inline void exchange(struct sort_run *run, KEY *v, unsigned int i,
				     unsigned int j)
{
	KEY x = v[i];
	KEY y = v[j];
	bool swap = LESS(y, x);

	v[i] = swap ? y : x;
	v[j] = swap ? x : y;
	MOVED(2);
}

/* 19 exchanges, 6 deep: the least for 8 elements (Knuth, volume 3, 5.3.4). */
static __always_inline void network8(struct sort_run *run, KEY *v)
{
	exchange(run, v, 0, 2); exchange(run, v, 1, 3); exchange(run, v, 4, 6);
	exchange(run, v, 5, 7);
	exchange(run, v, 0, 4); exchange(run, v, 1, 5); exchange(run, v, 2, 6);
	exchange(run, v, 3, 7);
	exchange(run, v, 0, 1); exchange(run, v, 2, 3); exchange(run, v, 4, 5);
	exchange(run, v, 6, 7);
	exchange(run, v, 2, 4); exchange(run, v, 3, 5);
	exchange(run, v, 1, 4); exchange(run, v, 3, 6);
	exchange(run, v, 1, 2); exchange(run, v, 3, 4); exchange(run, v, 5, 6);
}

/* 60 exchanges, 10 deep: Green's network (Knuth, volume 3, 5.3.4). */
static noinline void network16(struct sort_run *run, KEY *v)
{
	for (unsigned int i = 0; i < 16; i += 2)
		exchange(run, v, i, i + 1);
	for (unsigned int i = 0; i < 16; i += 4) {
		exchange(run, v, i, i + 2);
		exchange(run, v, i + 1, i + 3);
	}
	for (unsigned int i = 0; i < 4; i++) {
		exchange(run, v, i, i + 4);
		exchange(run, v, i + 8, i + 12);
	}
	for (unsigned int i = 0; i < 8; i++)
		exchange(run, v, i, i + 8);
	exchange(run, v, 5, 10); exchange(run, v, 6, 9); exchange(run, v, 3, 12);
	exchange(run, v, 13, 14);
	exchange(run, v, 4, 8); exchange(run, v, 7, 11); exchange(run, v, 1, 2);
	exchange(run, v, 1, 4); exchange(run, v, 7, 13); exchange(run, v, 2, 8);
	exchange(run, v, 11, 14);
	exchange(run, v, 2, 4); exchange(run, v, 5, 6); exchange(run, v, 9, 10);
	exchange(run, v, 11, 13);
	exchange(run, v, 3, 8); exchange(run, v, 7, 12);
	exchange(run, v, 6, 8); exchange(run, v, 10, 12); exchange(run, v, 3, 5);
	exchange(run, v, 7, 9);
	exchange(run, v, 3, 4); exchange(run, v, 5, 6); exchange(run, v, 7, 8);
	exchange(run, v, 9, 10);
	exchange(run, v, 11, 12);
	exchange(run, v, 6, 7); exchange(run, v, 8, 9);
}

/* Largest KEY, the filler of networks: it sorts behind, and is as good as any equal. */
#define KEY_MAX ((KEY)((UKEY)~(UKEY)0 ^ (UKEY)KEY_FLIP))

/* Sorts up to 16 elements from @from to @to, which may be the same. */
static __always_inline void sort_to16(struct sort_run *run, const KEY *from, KEY *to, size_t n)
{
	KEY v[16];
	size_t i;

	if (n <= 8) {
		for (i = 0; i < n; i++)
			v[i] = from[i];
		for (; i < 8; i++)
			v[i] = KEY_MAX;
		network8(run, v);
	} else {
		for (i = 0; i < n; i++)
			v[i] = from[i];
		for (; i < 16; i++)
			v[i] = KEY_MAX;
		network16(run, v);
	}
	for (i = 0; i < n; i++)
		to[i] = v[i];
	MOVED(2 * n);
}

/*
 * Merges the sorted halves from[0..half-1] and from[half..n-1] into @to from both
 * ends at once: two chains without branches, half <= n - half <= half + 1, so
 * neither end can run out of its half before the middle.
 */
static __always_inline void merge_halves(struct sort_run *run, const KEY *from, size_t half,
					 size_t n, KEY *to)
{
	const KEY *left = from, *right = from + half;
	const KEY *left_end = right - 1, *right_end = from + n - 1;
	KEY *front = to, *back = to + n - 1;

	for (size_t i = 0; i < half; i++) {
		bool take = LESS(*right, *left);

		*front++ = take ? *right : *left;
		right += take;
		left += !take;
		take = LESS(*right_end, *left_end);
		*back-- = take ? *left_end : *right_end;
		left_end -= take;
		right_end -= !take;
	}
	if (n & 1)
		*front = left <= left_end ? *left : *right;
	MOVED(n);
}

#define SMALL_MAX 32	/* elements that small_sort() takes */

/* Sorts up to SMALL_MAX elements in place. */
static noinline void small_sort(struct sort_run *run, KEY *a, size_t n)
{
	KEY v[SMALL_MAX];
	size_t half = n / 2;

	if (n <= 16) {
		if (n > 1)
			sort_to16(run, a, a, n);
		return;
	}
	sort_to16(run, a, v, half);
	sort_to16(run, a + half, v + half, n - half);
	merge_halves(run, v, half, n, a);
}
