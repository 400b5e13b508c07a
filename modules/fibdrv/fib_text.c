// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decimal text of a finished job.
 *
 * Binary results are divided by 10^19 again and again, the largest power of ten
 * in a limb: work grows with the square of the length.
 */
#include "fib_job.h"

#define TEN19		10000000000000000000ULL
#define TEN19_DIGITS	19

/*
 * Eight digits at once: halves, quarters, eighths of the number side by side in
 * one word, each split by a multiplication with a rounded-up reciprocal that is
 * exact for its range (4, 2 digits). Byte 0 is the first digit.
 */
static u64 eight_digits(u32 value)
{
	u64 x = value / 10000 | (u64)(value % 10000) << 32;
	u64 high;

	high = ((x * 10486) >> 20) & 0x0000007f0000007fULL;
	x = high | (x - high * 100) << 16;
	high = ((x * 103) >> 10) & 0x000f000f000f000fULL;
	x = high | (x - high * 10) << 8;
	x |= 0x3030303030303030ULL;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	x = __builtin_bswap64(x);
#endif
	return x;
}

/* Exactly @digits digits of @value, leading zeros included. */
static void put_digits(char *text, u64 value, unsigned int digits)
{
	while (digits >= 8) {
		u64 rest = value / 100000000;
		u64 eight = eight_digits((u32)(value - rest * 100000000));

		digits -= 8;
		memcpy(text + digits, &eight, 8);
		value = rest;
	}
	while (digits > 0) {
		u64 rest = value / 10;

		text[--digits] = (char)('0' + (value - rest * 10));
		value = rest;
	}
}

static unsigned int count_digits(u64 value)
{
	unsigned int digits = 1;

	while (value >= 10) {
		value /= 10;
		digits++;
	}
	return digits;
}

/*
 * Divides a number by 10^19 in place and returns the remainder. Quotient limbs
 * come from the reciprocal floor((2^128 - 1) / 10^19) - 2^64 (Moeller and
 * Granlund, "Improved division by invariant integers", algorithm 4); 10^19 has
 * its highest bit set, as the method asks.
 */
#define TEN19_RECIPROCAL	0xd83c94fb6d2ac34aULL

static u64 divide_ten19(u64 *limb, u64 len)
{
	u64 rest = 0;

	while (len-- > 0) {
		unsigned __int128 q = (unsigned __int128)TEN19_RECIPROCAL * rest;
		u64 quotient, r;

		q += (unsigned __int128)rest << 64 | limb[len];
		quotient = (u64)(q >> 64) + 1;
		r = limb[len] - quotient * TEN19;
		if (r > (u64)q) {
			quotient--;
			r += TEN19;
		}
		if (unlikely(r >= TEN19)) {
			quotient++;
			r -= TEN19;
		}
		limb[len] = quotient;
		rest = r;
	}
	return rest;
}

/* A copy to divide, and the remainders. */
u64 fib_text_scratch(u64 n, enum fib_radix radix)
{
	return radix == FIB_BINARY ? fib_out_limbs(n) + fib_text_max(n) / TEN19_DIGITS + 2 : 0;
}

/* @chunk: groups of @width digits, least significant first. */
static s64 print_chunks(struct fib_job *job, char *text, const u64 *chunk, u64 count,
			unsigned int width)
{
	unsigned int digits = count_digits(chunk[count - 1]);
	char *end = text;

	put_digits(end, chunk[count - 1], digits);
	end += digits;
	while (--count > 0) {
		if (fib_tick(job, 16))
			return -EINTR;
		put_digits(end, chunk[count - 1], width);
		end += width;
	}
	return end - text;
}

s64 fib_text(struct fib_job *job, char *text, u64 *scratch)
{
	u64 *rest = scratch, *chunk = scratch + job->len, len = job->len, count = 0;

	if (job->radix == FIB_DECIMAL)
		return print_chunks(job, text, job->out, len, FIB_DECIMAL_DIGITS);
	memcpy(rest, job->out, len * sizeof(*rest));
	do {
		if (fib_tick(job, 4 * len))
			return -EINTR;
		fib_count(job, 2 * len, 2 * len);
		chunk[count++] = divide_ten19(rest, len);
		len = fib_normal(rest, len);
	} while (len > 1 || rest[0]);
	return print_chunks(job, text, chunk, count, TEN19_DIGITS);
}
