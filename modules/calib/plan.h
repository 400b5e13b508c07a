/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What calib plants where: a function of the problem and of the position alone, so
 * that a program in user space can say the same beforehand.
 */
#ifndef CALIB_PLAN_H
#define CALIB_PLAN_H

#include "core.h"

#define CALIB_MAX_DELAY 10000000ULL	/* ns, or turns of the loop */
#define CALIB_PPM 1000000ULL

enum calib_shape {
	CALIB_FIXED,
	CALIB_TWO_MODES,
	CALIB_DRIFT,
	CALIB_STEP,
	CALIB_WARM_UP,
};

/**
 * struct calib_plan - what to plant
 * @shape: how the delay depends on the position
 * @base: the delay, in the problem's unit
 * @more: a second delay
 * @scale: what @shape makes of it, see calib_delay()
 * @causes: KMODBENCH_TRUTH_* bits that may be planted
 * @ppm: probability of each, independent of the others, in parts per million
 * @seed: seed of all chance
 */
struct calib_plan {
	enum calib_shape shape;
	u64 base;
	u64 more;
	u64 scale;
	u64 causes;
	u64 ppm;
	u64 seed;
};

/*
 * The delay at a position (0 is the first repetition after KMODBENCH_SET, warm-up
 * repetitions included), at most twice CALIB_MAX_DELAY:
 *
 *	fixed		base
 *	two-modes	base, or base + more with a probability of scale ppm
 *	drift		base + more * position / scale
 *	step		base before position scale, base + more from there on
 *	warm-up		base + more halved every scale positions
 */
u64 calib_delay(const struct calib_plan *plan, u64 position);

/* The causes at a position, a subset of plan->causes. */
u64 calib_causes(const struct calib_plan *plan, u64 position);

/* 0, -EINVAL for numbers without a meaning, -E2BIG for too long a delay. */
int calib_plan_check(const struct calib_plan *plan);

#endif /* CALIB_PLAN_H */
