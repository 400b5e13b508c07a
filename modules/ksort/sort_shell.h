/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shellsort with the gaps of Ciura (2001), continued by the factor 9/4. In place
 * and short; for n below a thousand close to a plain quicksort, far above it later.
 */
static noinline void shell_sort(struct sort_run *run, KEY *a, size_t n)
{
	static const u16 small[] = { 1, 4, 10, 23, 57, 132, 301, 701 };
	size_t gaps[64];
	size_t count = 0;

	while (count < 8 && small[count] < n) {
		gaps[count] = small[count];
		count++;
	}
	while (count >= 8 && count < 64 && gaps[count - 1] / 4 * 9 < n) {
		gaps[count] = gaps[count - 1] / 4 * 9;
		count++;
	}
	while (count-- > 0) {
		size_t gap = gaps[count];

		for (size_t i = gap; i < n; i++) {
			KEY x = a[i];
			size_t j = i;

			while (j >= gap && LESS(x, a[j - gap])) {
				a[j] = a[j - gap];
				j -= gap;
			}
			a[j] = x;
			MOVED(2 + (i - j) / gap);
			if (breathe(run, 1 + (i - j) / gap))
				return;
		}
	}
}
