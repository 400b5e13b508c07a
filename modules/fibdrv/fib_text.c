// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decimal text of a finished job.
 *
 * Decimal limbs are printed. Short binary results are divided by 10^19 again and
 * again, the largest power of ten in a limb; the work grows with the square of the
 * length. Longer ones are cut into 2^k pieces of equal length, which are turned into
 * decimal limbs each, and put together pair by pair: low + high 2^(64 length), all of
 * it in decimal arithmetic, whose products are transforms when they are long. No
 * division of long numbers is needed, only the powers of 2, by squaring.
 */
#include "decimal.h"

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

/* Longest binary result, and longest piece, that is converted in quadratic time. */
#define TEXT_PIECE	60

static const struct mul_plan text_plan = {
	.dec_kara_mul = 26, .dec_kara_sqr = 50, .dec_ntt_mul = 420, .dec_ntt_sqr = 450,
};

/* 2^depth pieces of @piece binary limbs, each of them @slot decimal limbs. */
struct text_tree {
	u64 piece;
	u64 slot;
	unsigned int depth;
};

static u64 min_u64(u64 a, u64 b)
{
	return a < b ? a : b;
}

static struct text_tree text_tree(u64 len)
{
	struct text_tree tree = { len, 0, 0 };

	for (; tree.piece > TEXT_PIECE; tree.depth++)
		tree.piece = (tree.piece + 1) / 2;
	/* 64 log10(2) / 16 = 1.204119983 */
	tree.slot = tree.piece * 120412 / 100000 + 2;
	return tree;
}

/*
 * The decimal limbs of all slots for results of up to @len limbs: pieces are 30 to 60
 * limbs, so the rounding up of both lengths is 3.3 limbs in 30 at most.
 */
static u64 text_slots(u64 len)
{
	return len * 27 / 20 + 64;
}

/*
 * The slots, a power of 2, the columns of a product and what that needs; or a copy to
 * divide, and the remainders.
 */
u64 fib_text_scratch(u64 n, enum fib_radix radix)
{
	u64 len = fib_out_limbs(n), slots = text_slots(len), half = slots / 2 + 1;
	u64 quick = len + fib_text_max(n) / TEN19_DIGITS + 2;

	if (radix == FIB_DECIMAL)
		return 0;
	if (len <= TEXT_PIECE)
		return quick;
	return slots + half + 2 * dec_columns(half) + dec_scratch(half) +
	       dec_roots(&text_plan, half) + quick;
}

/* floor(2^118 / 10^16) - 2^64 */
#define PER_BASE	14783955820913345206ULL

/* digit[0..count) = digit 2^64 + limb; returns the limbs it takes. */
static u64 text_append(u64 *digit, u64 count, u64 limb)
{
	u64 i;

	for (i = 0; i < count || limb; i++) {
		unsigned __int128 v = (unsigned __int128)(i < count ? digit[i] : 0) << 64 | limb;
		u64 top = (u64)(v >> 54), q = top + limb_high(top, PER_BASE);
		u64 r = (u64)v - q * FIB_DECIMAL_BASE;

		/* The quotient is too small by 3 at most. */
		for (; r >= FIB_DECIMAL_BASE; r -= FIB_DECIMAL_BASE)
			q++;
		digit[i] = r;
		limb = q;
	}
	return i;
}

static void text_piece(u64 *slot, u64 room, const u64 *limb, u64 len)
{
	u64 count = 0;

	while (len > 0)
		count = text_append(slot, count, limb[--len]);
	memset(slot + count, 0, (room - count) * sizeof(*slot));
}

/* Decimal limbs at @digit; returns how many, 0 when the pause asked to stop. */
static u64 text_convert(struct fib_job *job, u64 *digit)
{
	struct text_tree tree = text_tree(job->len);
	u64 room = tree.slot, pieces = 1ULL << tree.depth, half = tree.slot << tree.depth >> 1, i;
	u64 *power = digit + 2 * half, *t = power + half + 2 * dec_columns(half);
	struct dec_columns c = { power + half, power + half + dec_columns(half) };
	struct mul m = { job, &text_plan, NULL };
	struct ntt ntt;

	if (dec_roots(&text_plan, half)) {
		ntt_init(&ntt, dec_columns(half), t + dec_scratch(half));
		m.ntt = &ntt;
	}
	for (i = 0; i < pieces; i++) {
		u64 at = min_u64(i * tree.piece, job->len);

		if (fib_tick(job, tree.piece * room))
			return 0;
		fib_count(job, tree.piece * room, tree.piece * room);
		text_piece(digit + i * room, room, job->out + at,
			   min_u64(tree.piece, job->len - at));
	}
	/* 2^(64 piece) */
	room = text_append(power, 0, 1);
	for (i = 0; i < tree.piece; i++)
		room = text_append(power, room, 0);
	memset(power + room, 0, (tree.slot - room) * sizeof(*power));
	for (room = tree.slot; pieces > 1; room *= 2) {
		pieces /= 2;
		for (i = 0; i < pieces; i++) {
			u64 *low = digit + i * 2 * room;

			dec_mul(&m, &c, low + room, power, room, t);
			dec_carry(job, low, &c, 2 * room, room);
		}
		if (pieces > 1) {
			dec_mul(&m, &c, power, power, room, t);
			dec_carry(job, power, &c, 2 * room, 0);
		}
		if (job->stopped)
			return 0;
	}
	return fib_normal(digit, room);
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
	if (len > TEXT_PIECE) {
		len = text_convert(job, scratch);
		return len ? print_chunks(job, text, scratch, len, FIB_DECIMAL_DIGITS) : -EINTR;
	}
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
