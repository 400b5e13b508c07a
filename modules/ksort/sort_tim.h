/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two merge sorts that live on natural runs, both stable: timsort (Peters 2002)
 * with galloping, powersort (Munro, Wild 2018), which finds a nearly optimal order
 * of merging from the position of runs alone and merges without branches. Scratch:
 * half the elements for timsort, all for powersort; without it merging goes by
 * rotation, in O(n log n) a merge.
 */

#define TIM_GALLOP	7	/* wins in a row of one side before galloping starts */

/* First place in a[0..n-1] whose element is not below x, or, with @after, above it. */
static __always_inline size_t tim_search(struct sort_run *run, const KEY *a, size_t n, KEY x,
					 bool after)
{
	size_t low = 0;

	while (n > 0) {
		size_t half = n / 2;
		bool right = after ? !LESS(x, a[low + half]) : LESS(a[low + half], x);

		low = right ? low + half + 1 : low;
		n = right ? n - half - 1 : half;
	}
	return low;
}

/* The same, from the front in steps that double: log2 of the distance. */
static size_t tim_gallop(struct sort_run *run, const KEY *a, size_t n, KEY x, bool after)
{
	size_t low = 0, step = 1;

	while (step < n && (after ? !LESS(x, a[step - 1]) : LESS(a[step - 1], x))) {
		low = step;
		step *= 2;
	}
	if (step > n)
		step = n;
	return low + tim_search(run, a + low, step - low, x, after);
}

/* The same from the back. */
static size_t tim_gallop_back(struct sort_run *run, const KEY *a, size_t n, KEY x, bool after)
{
	size_t high = n, step = 1;

	while (step < n && (after ? LESS(x, a[n - step]) : !LESS(a[n - step], x))) {
		high = n - step;
		step *= 2;
	}
	if (step > n)
		step = n;
	return n - step + tim_search(run, a + n - step, high - (n - step), x, after);
}

static void tim_rotate(struct sort_run *run, KEY *a, size_t left, size_t n)
{
	reverse_keys(run, a, left);
	reverse_keys(run, a + left, n - left);
	reverse_keys(run, a, n);
}

/* Merges neighbours without memory: halve the larger, find its border, rotate. */
static void tim_merge_in_place(struct sort_run *run, KEY *a, size_t left, size_t n)
{
	while (left > 0 && left < n) {
		size_t right = n - left, i, j;

		if (breathe(run, n))
			return;
		if (n == 2) {
			if (LESS(a[1], a[0]))
				swap_keys(run, &a[0], &a[1]);
			return;
		}
		if (left > right) {
			i = left / 2;
			j = tim_search(run, a + left, right, a[i], false);
		} else {
			j = right / 2;
			i = tim_search(run, a, left, a[left + j], true);
		}
		tim_rotate(run, a + i, left - i, left - i + j);
		tim_merge_in_place(run, a, i, i + j);
		a += i + j;
		n -= i + j;
		left -= i;
	}
}

/* The shorter left run is in @b; merges forward into the gap that it left. */
static void tim_merge_low(struct sort_run *run, KEY *to, const KEY *b, size_t left, size_t right)
{
	const KEY *r = to + left, *r_end = r + right, *b_end = b + left;
	unsigned int wins = 0;
	bool last = false;

	while (b < b_end && r < r_end) {
		bool take = LESS(*r, *b);

		*to++ = take ? *r : *b;
		r += take;
		b += !take;
		MOVED(1);
		wins = take == last ? wins + 1 : 1;
		last = take;
		if (breathe(run, 1))
			return;
		if (wins >= TIM_GALLOP && b < b_end && r < r_end) {
			size_t many = take ? tim_gallop(run, r, (size_t)(r_end - r), *b, false) :
					     tim_gallop(run, b, (size_t)(b_end - b), *r, true);

			if (take) {
				memmove(to, r, many * sizeof(*to));
				r += many;
			} else {
				memcpy(to, b, many * sizeof(*to));
				b += many;
			}
			to += many;
			MOVED(many);
			wins = 0;
		}
	}
	memcpy(to, b, (size_t)(b_end - b) * sizeof(*to));
	MOVED((size_t)(b_end - b));
}

/* The shorter right run is in @b; merges backward. @a: start of the left run. */
static void tim_merge_high(struct sort_run *run, KEY *a, const KEY *b, size_t left, size_t right)
{
	size_t l = left, r = right;
	unsigned int wins = 0;
	bool last = false;

	while (l > 0 && r > 0) {
		bool take = LESS(b[r - 1], a[l - 1]);

		a[l + r - 1] = take ? a[l - 1] : b[r - 1];
		l -= take;
		r -= !take;
		MOVED(1);
		wins = take == last ? wins + 1 : 1;
		last = take;
		if (breathe(run, 1))
			return;
		if (wins >= TIM_GALLOP && l > 0 && r > 0) {
			size_t keep = take ? tim_gallop_back(run, a, l, b[r - 1], true) :
					     tim_gallop_back(run, b, r, a[l - 1], false);

			if (take) {
				memmove(a + keep + r, a + keep, (l - keep) * sizeof(*a));
				MOVED(l - keep);
				l = keep;
			} else {
				memcpy(a + l + keep, b + keep, (r - keep) * sizeof(*a));
				MOVED(r - keep);
				r = keep;
			}
			wins = 0;
		}
	}
	memcpy(a, b, r * sizeof(*a));
	MOVED(r);
}

/*
 * Merges the neighbours a[0..left-1] and a[left..left+right-1]: for @power without
 * branches into @b and back, for timsort in place round a copy of the shorter.
 */
static void tim_merge(struct sort_run *run, KEY *a, size_t left, size_t right, KEY *b, bool power)
{
	size_t skip = tim_gallop(run, a, left, a[left], true);

	/* what is in place at both ends stays there */
	a += skip;
	left -= skip;
	if (left == 0)
		return;
	right = tim_gallop_back(run, a + left, right, a[left - 1], false);
	if (!b) {
		tim_merge_in_place(run, a, left, left + right);
	} else if (power) {
		merge_runs(run, a, left, right, b);
		copy_keys(run, a, b, left + right);
	} else if (left <= right) {
		copy_keys(run, b, a, left);
		tim_merge_low(run, a, b, left, right);
	} else {
		copy_keys(run, b, a + left, right);
		tim_merge_high(run, a, b, left, right);
	}
}

/* A natural run, made at least @least long by insertion. */
static size_t tim_take_run(struct sort_run *run, KEY *a, size_t n, size_t least)
{
	size_t length = take_run(run, a, n);

	if (least > n)
		least = n;
	for (size_t i = length; i < least; i++) {
		KEY x = a[i];
		size_t at = tim_search(run, a, i, x, true);

		memmove(a + at + 1, a + at, (i - at) * sizeof(*a));
		a[at] = x;
		MOVED(2 + i - at);
	}
	breathe(run, length + 4 * least);
	return length > least ? length : least;
}

static void tim_merge_at(struct sort_run *run, struct run_stack *s, size_t i, KEY *a, KEY *b,
			 bool power)
{
	tim_merge(run, a + s->run[i].at, s->run[i].length, s->run[i + 1].length, b, power);
	stack_join(s, i);
}

/* Shortest run: 32 to 64, so that their number is just below a power of two. */
static size_t tim_least(size_t n)
{
	size_t odd = 0;

	while (n >= 64) {
		odd |= n & 1;
		n /= 2;
	}
	return n + odd;
}

/*
 * Merges until lengths on the stack fall: each longer than the next two together,
 * as corrected by de Gouw et al. (2015), who found it broken four deep.
 */
static void tim_collapse(struct sort_run *run, struct run_stack *s, KEY *a, KEY *b)
{
	while (s->count > 1 && !run->stopped) {
		size_t i = s->count - 2;

		if ((i >= 1 && s->run[i - 1].length <= s->run[i].length + s->run[i + 1].length) ||
		    (i >= 2 && s->run[i - 2].length <= s->run[i - 1].length + s->run[i].length)) {
			if (s->run[i - 1].length < s->run[i + 1].length)
				i--;
		} else if (s->run[i].length > s->run[i + 1].length) {
			return;
		}
		tim_merge_at(run, s, i, a, b, false);
	}
}

static noinline void tim_sort(struct sort_run *run, KEY *a, KEY *b, size_t n)
{
	struct run_stack s = { .count = 0 };
	size_t least = tim_least(n);

	for (size_t at = 0; at < n && !run->stopped;) {
		stack_push(&s, at, tim_take_run(run, a + at, n - at, least));
		at += s.run[s.count - 1].length;
		tim_collapse(run, &s, a, b);
	}
	while (s.count > 1 && !run->stopped) {
		size_t i = s.count - 2;

		if (i > 0 && s.run[i - 1].length < s.run[i + 1].length)
			i--;
		tim_merge_at(run, &s, i, a, b, false);
	}
}

/*
 * A natural run, or where that is short the next elements through a network: of
 * integers nobody can tell equal ones apart, so this is stable too.
 */
static size_t power_take_run(struct sort_run *run, KEY *a, size_t n)
{
	size_t length = take_run(run, a, n);

	breathe(run, length + 4 * SMALL_MAX);
	if (length >= SMALL_MAX / 2 || length == n)
		return length;
	length = n < SMALL_MAX ? n : SMALL_MAX;
	small_sort(run, a, length);
	return length;
}

static noinline void power_sort(struct sort_run *run, KEY *a, KEY *b, size_t n)
{
	struct run_stack s = { .count = 0 };
	size_t at = 0;

	while (at < n && !run->stopped) {
		size_t length = power_take_run(run, a + at, n - at);
		unsigned int power = 0;

		if (s.count > 0)
			power = power_of(s.run[s.count - 1].at, at, at + length, n);
		/* the border before this run stands above all deeper ones */
		while (s.count > 1 && s.run[s.count - 2].power > power && !run->stopped)
			tim_merge_at(run, &s, s.count - 2, a, b, true);
		if (s.count > 0)
			s.run[s.count - 1].power = power;
		stack_push(&s, at, length);
		at += length;
	}
	while (s.count > 1 && !run->stopped)
		tim_merge_at(run, &s, s.count - 2, a, b, true);
}
