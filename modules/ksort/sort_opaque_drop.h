/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nearly sorted elements through an opaque comparator, stable: part of sort_opaque.h. What
 * is out of place is marked first, and nothing has moved if that is too much; then it is
 * taken out, sorted and put back; see sort_drop.h. About one comparison an element.
 *
 * Of two neighbours that fall the left is taken where the right fits behind the one before
 * (LARGE), else the right (SMALL). An element that is SMALL is below one that stays, its
 * anchor, and so below all that are kept later: those equal to it stood before it. What
 * is LARGE is above all that are kept before it: those equal to it stood behind it. So the
 * ones go back behind their equals, the others before them, and no SMALL one equals a
 * LARGE one.
 */

#define OPAQUE_FREE	8	/* elements out of place, and more: */
#define OPAQUE_SHARE	16	/* one in so many */
#define OPAQUE_ROW	8	/* SMALL ones in a row: LARGE ones before them were overlooked */
#define OPAQUE_NEAR	64	/* elements from such a row to the next that make it suspicious */
#define OPAQUE_FALLS	3	/* suspicious rows: this is no swap, the keys fall */

enum opaque_mark { STAYS, SMALL, LARGE };

/**
 * struct opaque_marks - what is out of place
 * @mark: enum opaque_mark of each element
 * @rising: elements of the run at the start
 * @small: how many are SMALL
 * @large: or LARGE
 */
struct opaque_marks {
	u8 *mark;
	size_t rising;
	size_t small;
	size_t large;
};

/* The one before @i that stays; a[0] always does. */
static size_t opaque_before(const struct opaque_marks *m, size_t i)
{
	while (i > 0 && m->mark[--i] != STAYS)
		;
	return i;
}

static __always_inline bool opaque_too_many(const struct opaque_marks *m, size_t k)
{
	return m->small + m->large > OPAQUE_FREE + k / OPAQUE_SHARE;
}

/*
 * Marks what is out of place behind the run at the start; false: that is too much. Of the
 * elements that stay @top is the last, @second the one before, @anchor the last that some
 * SMALL one needs.
 */
static bool opaque_find(struct opaque_run *run, const KEY *a, size_t n, struct opaque_marks *m)
{
	size_t top = m->rising - 1, second = top ? top - 1 : 0;
	size_t anchor = 0, earlier = 0, row = 0, undone = 0;
	unsigned int falls = 0;

	memset(m->mark, STAYS, n);
	for (size_t k = m->rising; k < n; k++) {
		if (unlikely(!(k % OPAQUE_BREATH)) && opaque_breathe(run, OPAQUE_BREATH))
			return false;
		if (likely(!opaque_less(run, a + k, a + top))) {
			second = top;
			top = k;
			row = 0;
			continue;
		}
		if (top > 0 && !opaque_less(run, a + k, a + second)) {
			m->mark[top] = LARGE;
			m->large++;
			top = k;
			row = 0;
		} else {
			earlier = row++ ? earlier : anchor;
			anchor = second;
			m->mark[k] = SMALL;
			m->small++;
		}
		if (row >= OPAQUE_ROW && top > earlier) {
			k -= row - 1;
			falls += k - undone < OPAQUE_NEAR;
			undone = k;
			if (falls == OPAQUE_FALLS)
				return false;
			memset(m->mark + k, STAYS, row);
			m->small -= row;
			anchor = earlier;
			row = 0;
			do {
				if (top <= anchor || opaque_too_many(m, k))
					return false;
				m->mark[top] = LARGE;
				m->large++;
				top = opaque_before(m, top);
			} while (opaque_less(run, a + k, a + top));
			second = opaque_before(m, top);
			k--;
		}
		if (opaque_too_many(m, k))
			return false;
	}
	return true;
}

/* Puts b[0..dropped-1] back between a[0..kept-1], both sorted, @after their equals or before. */
static void opaque_put_back(struct opaque_run *run, KEY *a, size_t kept, KEY *b, size_t dropped,
			    bool after)
{
	/* invariant: the elements behind kept + dropped are in place */
	while (dropped > 0 && !opaque_breathe(run, 32)) {
		const KEY *x = b + --dropped;
		size_t at = opaque_search(run, a, kept, x, after);

		memmove(a + at + dropped + 1, a + at, (kept - at) * sizeof(*a));
		a[at + dropped] = *x;
		kept = at;
	}
	memcpy(a + kept, b, dropped * sizeof(*a));
}

/*
 * Sorts a[0..n-1], which begins with a run of @rising elements, if it is nearly sorted;
 * false: it is not, and nothing was moved.
 */
static bool opaque_mend(struct opaque_run *run, KEY *a, KEY *b, size_t n, size_t rising)
{
	struct opaque_marks m = { .mark = (u8 *)b, .rising = rising };
	KEY *small, *large;
	size_t kept = 0;

	if (rising == n)
		return true;
	if (n <= OPAQUE_SMALL || !opaque_find(run, a, n, &m))
		return false;
	/* a sixteenth of the elements and a few: they do not reach down to the marks */
	small = b + n - m.small - m.large;
	large = small + m.small;
	for (size_t i = 0; i < n; i++) {
		if (likely(m.mark[i] == STAYS))
			a[kept++] = a[i];
		else if (m.mark[i] == SMALL)
			*small++ = a[i];
		else
			*large++ = a[i];
	}
	small -= m.small;
	large -= m.large;
	opaque_power(run, small, b, m.small, true, 0);
	opaque_power(run, large, b, m.large, true, 0);
	opaque_put_back(run, a, kept, small, m.small, true);
	opaque_put_back(run, a, kept + m.small, large, m.large, false);
	return true;
}
