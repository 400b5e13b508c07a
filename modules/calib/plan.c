// SPDX-License-Identifier: GPL-2.0-only
#include "core_check.h"
#include "plan.h"

/* What chance decides; each has numbers of its own. */
#define CHANCE_MODE 64

static u64 chance_ppm(const struct calib_plan *plan, u64 what, u64 position)
{
	u64 random = core_mix(core_mix(core_mix(plan->seed) + what) + position);

	/* 32 bits times a million: a fair share without a division. */
	return ((random >> 32) * CALIB_PPM) >> 32;
}

u64 calib_delay(const struct calib_plan *plan, u64 position)
{
	const u64 most = 2 * CALIB_MAX_DELAY;
	u64 delay = plan->base;

	switch (plan->shape) {
	case CALIB_FIXED:
		break;
	case CALIB_TWO_MODES:
		if (chance_ppm(plan, CHANCE_MODE, position) < plan->scale)
			delay += plan->more;
		break;
	case CALIB_DRIFT:
		/* position / scale beyond this makes no difference, and no overflow. */
		if (position / plan->scale >= most)
			return most;
		delay += plan->more * (position / plan->scale) +
			 plan->more * (position % plan->scale) / plan->scale;
		break;
	case CALIB_STEP:
		if (position >= plan->scale)
			delay += plan->more;
		break;
	case CALIB_WARM_UP:
		if (position / plan->scale < 64)
			delay += plan->more >> (position / plan->scale);
		break;
	}
	return delay < most ? delay : most;
}

u64 calib_causes(const struct calib_plan *plan, u64 position)
{
	u64 causes = 0;
	u64 bit;

	for (bit = 0; bit < 8; bit++)
		if ((plan->causes & (1ULL << bit)) && chance_ppm(plan, bit, position) < plan->ppm)
			causes |= 1ULL << bit;
	return causes;
}

int calib_plan_check(const struct calib_plan *plan)
{
	if (plan->base > CALIB_MAX_DELAY || plan->more > CALIB_MAX_DELAY)
		return -E2BIG;
	if (plan->ppm > CALIB_PPM || (plan->causes && !plan->ppm) || (!plan->causes && plan->ppm))
		return -EINVAL;
	switch (plan->shape) {
	case CALIB_FIXED:
		return plan->more || plan->scale ? -EINVAL : 0;
	case CALIB_TWO_MODES:
		return plan->scale > CALIB_PPM ? -EINVAL : 0;
	case CALIB_STEP:
		return 0;
	case CALIB_DRIFT:
	case CALIB_WARM_UP:
		/* more * (position % scale) must not overflow. */
		return !plan->scale || plan->scale > (1ULL << 32) ? -EINVAL : 0;
	}
	return -EINVAL;
}
