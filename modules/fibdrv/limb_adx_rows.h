/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows put together. A template of limb_adx.h, included for rows that set the
 * result (ROW_NAME adds _set) and for rows that add to it (_add).
 */

/*
 * A row of n products with the limb a: the lowest sum is stored in *r, its register
 * takes the new highest one. CF and OF are cleared first, and are both added in at
 * the end. ROW_BEGIN: does the old *r count.
 */
static __always_inline void ROW_NAME(adx_row_1)(u64 *r, u64 a, const u64 *b, u64 *x0)
{
	u64 lo, hi;

	asm volatile(ROW_BEGIN
		     "mulx (%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     "movq %[w0], %[sum]\n\t"
		     "movq %[hi], %[w0]\n\t"
		     "movl $0, %k[lo]\n\t"
		     "adcx %[lo], %[w0]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     : [w0] "+&r" (*x0), [lo] "=&r" (lo), [hi] "=&r" (hi), [sum] "+m" (*r)
		     : [b] "r" (b), "d" (a) : "cc", "memory");
}

static __always_inline void ROW_NAME(adx_row_2)(u64 *r, u64 a, const u64 *b, u64 *x0, u64 *x1)
{
	u64 lo, hi;

	asm volatile(ROW_BEGIN
		     "mulx (%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     "movq %[w0], %[sum]\n\t"
		     "adcx %[hi], %[w1]\n\t"
		     "mulx 8(%[b]), %[lo], %[w0]\n\t"
		     "adox %[lo], %[w1]\n\t"
		     "movl $0, %k[lo]\n\t"
		     "adcx %[lo], %[w0]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     : [w0] "+&r" (*x0), [w1] "+&r" (*x1), [lo] "=&r" (lo), [hi] "=&r" (hi),
		       [sum] "+m" (*r)
		     : [b] "r" (b), "d" (a) : "cc", "memory");
}

static __always_inline void ROW_NAME(adx_row_3)(u64 *r, u64 a, const u64 *b, u64 *x0, u64 *x1,
						u64 *x2)
{
	u64 lo, hi;

	asm volatile(ROW_BEGIN
		     "mulx (%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     "movq %[w0], %[sum]\n\t"
		     "adcx %[hi], %[w1]\n\t"
		     "mulx 8(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w1]\n\t"
		     "adcx %[hi], %[w2]\n\t"
		     "mulx 16(%[b]), %[lo], %[w0]\n\t"
		     "adox %[lo], %[w2]\n\t"
		     "movl $0, %k[lo]\n\t"
		     "adcx %[lo], %[w0]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     : [w0] "+&r" (*x0), [w1] "+&r" (*x1), [w2] "+&r" (*x2), [lo] "=&r" (lo),
		       [hi] "=&r" (hi), [sum] "+m" (*r)
		     : [b] "r" (b), "d" (a) : "cc", "memory");
}

static __always_inline void ROW_NAME(adx_row_4)(u64 *r, u64 a, const u64 *b, u64 *x0, u64 *x1,
						u64 *x2, u64 *x3)
{
	u64 lo, hi;

	asm volatile(ROW_BEGIN
		     "mulx (%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     "movq %[w0], %[sum]\n\t"
		     "adcx %[hi], %[w1]\n\t"
		     "mulx 8(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w1]\n\t"
		     "adcx %[hi], %[w2]\n\t"
		     "mulx 16(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w2]\n\t"
		     "adcx %[hi], %[w3]\n\t"
		     "mulx 24(%[b]), %[lo], %[w0]\n\t"
		     "adox %[lo], %[w3]\n\t"
		     "movl $0, %k[lo]\n\t"
		     "adcx %[lo], %[w0]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     : [w0] "+&r" (*x0), [w1] "+&r" (*x1), [w2] "+&r" (*x2), [w3] "+&r" (*x3),
		       [lo] "=&r" (lo), [hi] "=&r" (hi), [sum] "+m" (*r)
		     : [b] "r" (b), "d" (a) : "cc", "memory");
}

static __always_inline void ROW_NAME(adx_row_5)(u64 *r, u64 a, const u64 *b, u64 *x0, u64 *x1,
						u64 *x2, u64 *x3, u64 *x4)
{
	u64 lo, hi;

	asm volatile(ROW_BEGIN
		     "mulx (%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     "movq %[w0], %[sum]\n\t"
		     "adcx %[hi], %[w1]\n\t"
		     "mulx 8(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w1]\n\t"
		     "adcx %[hi], %[w2]\n\t"
		     "mulx 16(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w2]\n\t"
		     "adcx %[hi], %[w3]\n\t"
		     "mulx 24(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w3]\n\t"
		     "adcx %[hi], %[w4]\n\t"
		     "mulx 32(%[b]), %[lo], %[w0]\n\t"
		     "adox %[lo], %[w4]\n\t"
		     "movl $0, %k[lo]\n\t"
		     "adcx %[lo], %[w0]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     : [w0] "+&r" (*x0), [w1] "+&r" (*x1), [w2] "+&r" (*x2), [w3] "+&r" (*x3),
		       [w4] "+&r" (*x4), [lo] "=&r" (lo), [hi] "=&r" (hi), [sum] "+m" (*r)
		     : [b] "r" (b), "d" (a) : "cc", "memory");
}

static __always_inline void ROW_NAME(adx_row_6)(u64 *r, u64 a, const u64 *b, u64 *x0, u64 *x1,
						u64 *x2, u64 *x3, u64 *x4, u64 *x5)
{
	u64 lo, hi;

	asm volatile(ROW_BEGIN
		     "mulx (%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     "movq %[w0], %[sum]\n\t"
		     "adcx %[hi], %[w1]\n\t"
		     "mulx 8(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w1]\n\t"
		     "adcx %[hi], %[w2]\n\t"
		     "mulx 16(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w2]\n\t"
		     "adcx %[hi], %[w3]\n\t"
		     "mulx 24(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w3]\n\t"
		     "adcx %[hi], %[w4]\n\t"
		     "mulx 32(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w4]\n\t"
		     "adcx %[hi], %[w5]\n\t"
		     "mulx 40(%[b]), %[lo], %[w0]\n\t"
		     "adox %[lo], %[w5]\n\t"
		     "movl $0, %k[lo]\n\t"
		     "adcx %[lo], %[w0]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     : [w0] "+&r" (*x0), [w1] "+&r" (*x1), [w2] "+&r" (*x2), [w3] "+&r" (*x3),
		       [w4] "+&r" (*x4), [w5] "+&r" (*x5), [lo] "=&r" (lo), [hi] "=&r" (hi),
		       [sum] "+m" (*r)
		     : [b] "r" (b), "d" (a) : "cc", "memory");
}

static __always_inline void ROW_NAME(adx_row_7)(u64 *r, u64 a, const u64 *b, u64 *x0, u64 *x1,
						u64 *x2, u64 *x3, u64 *x4, u64 *x5, u64 *x6)
{
	u64 lo, hi;

	asm volatile(ROW_BEGIN
		     "mulx (%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     "movq %[w0], %[sum]\n\t"
		     "adcx %[hi], %[w1]\n\t"
		     "mulx 8(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w1]\n\t"
		     "adcx %[hi], %[w2]\n\t"
		     "mulx 16(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w2]\n\t"
		     "adcx %[hi], %[w3]\n\t"
		     "mulx 24(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w3]\n\t"
		     "adcx %[hi], %[w4]\n\t"
		     "mulx 32(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w4]\n\t"
		     "adcx %[hi], %[w5]\n\t"
		     "mulx 40(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w5]\n\t"
		     "adcx %[hi], %[w6]\n\t"
		     "mulx 48(%[b]), %[lo], %[w0]\n\t"
		     "adox %[lo], %[w6]\n\t"
		     "movl $0, %k[lo]\n\t"
		     "adcx %[lo], %[w0]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     : [w0] "+&r" (*x0), [w1] "+&r" (*x1), [w2] "+&r" (*x2), [w3] "+&r" (*x3),
		       [w4] "+&r" (*x4), [w5] "+&r" (*x5), [w6] "+&r" (*x6), [lo] "=&r" (lo),
		       [hi] "=&r" (hi), [sum] "+m" (*r)
		     : [b] "r" (b), "d" (a) : "cc", "memory");
}

static __always_inline void ROW_NAME(adx_row_8)(u64 *r, u64 a, const u64 *b, u64 *x0, u64 *x1,
						u64 *x2, u64 *x3, u64 *x4, u64 *x5, u64 *x6,
						u64 *x7)
{
	u64 lo, hi;

	asm volatile(ROW_BEGIN
		     "mulx (%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     "movq %[w0], %[sum]\n\t"
		     "adcx %[hi], %[w1]\n\t"
		     "mulx 8(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w1]\n\t"
		     "adcx %[hi], %[w2]\n\t"
		     "mulx 16(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w2]\n\t"
		     "adcx %[hi], %[w3]\n\t"
		     "mulx 24(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w3]\n\t"
		     "adcx %[hi], %[w4]\n\t"
		     "mulx 32(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w4]\n\t"
		     "adcx %[hi], %[w5]\n\t"
		     "mulx 40(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w5]\n\t"
		     "adcx %[hi], %[w6]\n\t"
		     "mulx 48(%[b]), %[lo], %[hi]\n\t"
		     "adox %[lo], %[w6]\n\t"
		     "adcx %[hi], %[w7]\n\t"
		     "mulx 56(%[b]), %[lo], %[w0]\n\t"
		     "adox %[lo], %[w7]\n\t"
		     "movl $0, %k[lo]\n\t"
		     "adcx %[lo], %[w0]\n\t"
		     "adox %[lo], %[w0]\n\t"
		     : [w0] "+&r" (*x0), [w1] "+&r" (*x1), [w2] "+&r" (*x2), [w3] "+&r" (*x3),
		       [w4] "+&r" (*x4), [w5] "+&r" (*x5), [w6] "+&r" (*x6), [w7] "+&r" (*x7),
		       [lo] "=&r" (lo), [hi] "=&r" (hi), [sum] "+m" (*r)
		     : [b] "r" (b), "d" (a) : "cc", "memory");
}

/*
 * Rows of width 8 until @a ends, then the window, which comes in order of its
 * places in w[0] to w[7].
 */
static __always_inline void ROW_NAME(adx_rows)(u64 *r, const u64 *a, const u64 *end, const u64 *b,
					       const u64 *w)
{
	u64 w0 = w[0], w1 = w[1], w2 = w[2], w3 = w[3], w4 = w[4], w5 = w[5], w6 = w[6], w7 = w[7];

	while (end - a >= 8) {
		ROW_NAME(adx_row_8)(r, a[0], b, &w0, &w1, &w2, &w3, &w4, &w5, &w6, &w7);
		ROW_NAME(adx_row_8)(r + 1, a[1], b, &w1, &w2, &w3, &w4, &w5, &w6, &w7, &w0);
		ROW_NAME(adx_row_8)(r + 2, a[2], b, &w2, &w3, &w4, &w5, &w6, &w7, &w0, &w1);
		ROW_NAME(adx_row_8)(r + 3, a[3], b, &w3, &w4, &w5, &w6, &w7, &w0, &w1, &w2);
		ROW_NAME(adx_row_8)(r + 4, a[4], b, &w4, &w5, &w6, &w7, &w0, &w1, &w2, &w3);
		ROW_NAME(adx_row_8)(r + 5, a[5], b, &w5, &w6, &w7, &w0, &w1, &w2, &w3, &w4);
		ROW_NAME(adx_row_8)(r + 6, a[6], b, &w6, &w7, &w0, &w1, &w2, &w3, &w4, &w5);
		ROW_NAME(adx_row_8)(r + 7, a[7], b, &w7, &w0, &w1, &w2, &w3, &w4, &w5, &w6);
		a += 8;
		r += 8;
	}
	while (a != end) {
		u64 next;

		ROW_NAME(adx_row_8)(r, *a, b, &w0, &w1, &w2, &w3, &w4, &w5, &w6, &w7);
		next = w0;
		w0 = w1;
		w1 = w2;
		w2 = w3;
		w3 = w4;
		w4 = w5;
		w5 = w6;
		w6 = w7;
		w7 = next;
		a++;
		r++;
	}
	r[0] = w0;
	r[1] = w1;
	r[2] = w2;
	r[3] = w3;
	r[4] = w4;
	r[5] = w5;
	r[6] = w6;
	r[7] = w7;
}

/* r[0..alen + 8) = a * b[0..8); _add: plus the old r[0..alen). */
static noinline void ROW_NAME(adx_mul_8)(u64 *r, const u64 *a, u64 alen, const u64 *b)
{
	const u64 none[8] = { 0 };

	ROW_NAME(adx_rows)(r, a, a + alen, b, none);
}

/* The same for the last limbs of b: here the window is moved, not renamed. */
static __always_inline void ROW_NAME(adx_mul_1)(u64 *r, const u64 *a, u64 alen, const u64 *b)
{
	u64 w0 = 0;
	u64 next;
	const u64 *end = a + alen;

	for (; a != end; a++, r++) {
		ROW_NAME(adx_row_1)(r, *a, b, &w0);
		next = w0;
		w0 = next;
	}
	r[0] = w0;
}

static __always_inline void ROW_NAME(adx_mul_2)(u64 *r, const u64 *a, u64 alen, const u64 *b)
{
	u64 w0 = 0, w1 = 0;
	u64 next;
	const u64 *end = a + alen;

	for (; a != end; a++, r++) {
		ROW_NAME(adx_row_2)(r, *a, b, &w0, &w1);
		next = w0;
		w0 = w1;
		w1 = next;
	}
	r[0] = w0;
	r[1] = w1;
}

static __always_inline void ROW_NAME(adx_mul_3)(u64 *r, const u64 *a, u64 alen, const u64 *b)
{
	u64 w0 = 0, w1 = 0, w2 = 0;
	u64 next;
	const u64 *end = a + alen;

	for (; a != end; a++, r++) {
		ROW_NAME(adx_row_3)(r, *a, b, &w0, &w1, &w2);
		next = w0;
		w0 = w1;
		w1 = w2;
		w2 = next;
	}
	r[0] = w0;
	r[1] = w1;
	r[2] = w2;
}

static __always_inline void ROW_NAME(adx_mul_4)(u64 *r, const u64 *a, u64 alen, const u64 *b)
{
	u64 w0 = 0, w1 = 0, w2 = 0, w3 = 0;
	u64 next;
	const u64 *end = a + alen;

	for (; a != end; a++, r++) {
		ROW_NAME(adx_row_4)(r, *a, b, &w0, &w1, &w2, &w3);
		next = w0;
		w0 = w1;
		w1 = w2;
		w2 = w3;
		w3 = next;
	}
	r[0] = w0;
	r[1] = w1;
	r[2] = w2;
	r[3] = w3;
}

static __always_inline void ROW_NAME(adx_mul_5)(u64 *r, const u64 *a, u64 alen, const u64 *b)
{
	u64 w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0;
	u64 next;
	const u64 *end = a + alen;

	for (; a != end; a++, r++) {
		ROW_NAME(adx_row_5)(r, *a, b, &w0, &w1, &w2, &w3, &w4);
		next = w0;
		w0 = w1;
		w1 = w2;
		w2 = w3;
		w3 = w4;
		w4 = next;
	}
	r[0] = w0;
	r[1] = w1;
	r[2] = w2;
	r[3] = w3;
	r[4] = w4;
}

static __always_inline void ROW_NAME(adx_mul_6)(u64 *r, const u64 *a, u64 alen, const u64 *b)
{
	u64 w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0;
	u64 next;
	const u64 *end = a + alen;

	for (; a != end; a++, r++) {
		ROW_NAME(adx_row_6)(r, *a, b, &w0, &w1, &w2, &w3, &w4, &w5);
		next = w0;
		w0 = w1;
		w1 = w2;
		w2 = w3;
		w3 = w4;
		w4 = w5;
		w5 = next;
	}
	r[0] = w0;
	r[1] = w1;
	r[2] = w2;
	r[3] = w3;
	r[4] = w4;
	r[5] = w5;
}

static __always_inline void ROW_NAME(adx_mul_7)(u64 *r, const u64 *a, u64 alen, const u64 *b)
{
	u64 w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0, w6 = 0;
	u64 next;
	const u64 *end = a + alen;

	for (; a != end; a++, r++) {
		ROW_NAME(adx_row_7)(r, *a, b, &w0, &w1, &w2, &w3, &w4, &w5, &w6);
		next = w0;
		w0 = w1;
		w1 = w2;
		w2 = w3;
		w3 = w4;
		w4 = w5;
		w5 = w6;
		w6 = next;
	}
	r[0] = w0;
	r[1] = w1;
	r[2] = w2;
	r[3] = w3;
	r[4] = w4;
	r[5] = w5;
	r[6] = w6;
}

/* A width of 1 to 7. */
static noinline void ROW_NAME(adx_mul_narrow)(u64 *r, const u64 *a, u64 alen, const u64 *b,
					      u64 width)
{
	switch (width) {
	case 1:
		ROW_NAME(adx_mul_1)(r, a, alen, b);
		break;
	case 2:
		ROW_NAME(adx_mul_2)(r, a, alen, b);
		break;
	case 3:
		ROW_NAME(adx_mul_3)(r, a, alen, b);
		break;
	case 4:
		ROW_NAME(adx_mul_4)(r, a, alen, b);
		break;
	case 5:
		ROW_NAME(adx_mul_5)(r, a, alen, b);
		break;
	case 6:
		ROW_NAME(adx_mul_6)(r, a, alen, b);
		break;
	case 7:
		ROW_NAME(adx_mul_7)(r, a, alen, b);
		break;
	}
}

/*
 * The products above the diagonal of one block of up to 8 limbs and all limbs that
 * follow it: row i of the block is a[i] * (a[0] .. a[i - 1]), so the window grows
 * with the rows until it has its eight sums. r stands at the square of a[0], alen
 * counts to the number's last limb. r[1..) is set, or with _add the sums of earlier
 * blocks are added. A full block stores eight sums, of which the last is 0 where
 * nothing follows it.
 */
static noinline void ROW_NAME(adx_sqr_block)(u64 *r, const u64 *a, u64 alen)
{
	u64 w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0, w6 = 0, w7 = 0;
	const u64 *b = a, *end = a + alen;

	if (alen == 1)
		return;
	ROW_NAME(adx_row_1)(r + 1, a[1], b, &w0);
	if (alen == 2) {
		r[2] = w0;
		return;
	}
	ROW_NAME(adx_row_2)(r + 2, a[2], b, &w0, &w1);
	if (alen == 3) {
		r[3] = w1;
		r[4] = w0;
		return;
	}
	ROW_NAME(adx_row_3)(r + 3, a[3], b, &w1, &w0, &w2);
	if (alen == 4) {
		r[4] = w0;
		r[5] = w2;
		r[6] = w1;
		return;
	}
	ROW_NAME(adx_row_4)(r + 4, a[4], b, &w0, &w2, &w1, &w3);
	if (alen == 5) {
		r[5] = w2;
		r[6] = w1;
		r[7] = w3;
		r[8] = w0;
		return;
	}
	ROW_NAME(adx_row_5)(r + 5, a[5], b, &w2, &w1, &w3, &w0, &w4);
	if (alen == 6) {
		r[6] = w1;
		r[7] = w3;
		r[8] = w0;
		r[9] = w4;
		r[10] = w2;
		return;
	}
	ROW_NAME(adx_row_6)(r + 6, a[6], b, &w1, &w3, &w0, &w4, &w2, &w5);
	if (alen == 7) {
		r[7] = w3;
		r[8] = w0;
		r[9] = w4;
		r[10] = w2;
		r[11] = w5;
		r[12] = w1;
		return;
	}
	ROW_NAME(adx_row_7)(r + 7, a[7], b, &w3, &w0, &w4, &w2, &w5, &w1, &w6);
	if (alen == 8) {
		r[8] = w0;
		r[9] = w4;
		r[10] = w2;
		r[11] = w5;
		r[12] = w1;
		r[13] = w6;
		r[14] = w3;
		r[15] = 0;
		return;
	}
	{
		const u64 window[8] = { w0, w4, w2, w5, w1, w6, w3, w7 };

		ROW_NAME(adx_rows)(r + 8, a + 8, end, b, window);
	}
}
