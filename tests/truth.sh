#!/usr/bin/env bash
# truth.sh: what was planted in a simulated guest is what the analysis says of it.
#
# Usage:    truth.sh KMODBENCH MODULES
# Example:  tests/truth.sh build/kmodbench build/modules
#
# A short `make calib TARGET=sim`: causes, delays, the empty bracket, the exact recovery.
# Exit 77, with the reason: cannot run here.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
room=$(mktemp -d "${TMPDIR:-/tmp}/kmodbench-test.XXXXXX")
trap 'rm -rf "$room"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }

"$root/scripts/setup.sh" --check guest >"$room/out" 2>&1 || { echo "skipped: $(cat "$room/out")"; exit 77; }
dir=$("$1" run --target sim --modules "$2" --results "$room/results" --rounds 1 --min-samples 1000 \
    --max-samples 1000 '^calib/(exact|plant|shape)/')
"$1" analyze "$dir"
"$1" truth "$dir" >"$room/table" || { cat "$room/table"; fail "lines fall short"; }
cat "$room/table"
facts=('planted irq' 'planted sleep' 'planted fault' 'delays are held as asked for' 'every delay is recovered'
    'the empty bracket costs a constant' 'delays are recovered exactly')
for variant in drift fixed step two-modes warm-up; do
    for ppm in 0 200000; do facts+=("variant=$variant/sleep_ppm=$ppm/delay=20000: median"); done
done
for fact in "${facts[@]}"; do
    grep -q "^$fact.*  holds  " "$room/table" || fail "no line that holds for: $fact"
done
# The same samples, said to have no truth, are no proof of anything.
mkdir "$room/none" && cp "$dir"/nop.ksamp "$room/none/"
if "$1" truth "$room/none" >"$room/out" 2>&1; then fail "truth without planted samples ended well"; fi
