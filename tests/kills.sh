#!/usr/bin/env bash
# kills.sh: kill a measurement at random moments, go on with it, and look for what was lost.
#
# Usage:    [KILLS=200] [SEED=1] kills.sh KMODBENCH MODULES
# Example:  KILLS=200 tests/kills.sh build/kmodbench build/modules
#
# All of it happens in one guest: `kmodbench run` of the points of hello and ksort that match,
# killed with SIGKILL after 0 to 3 s, resumed, and so on; a run that finishes is followed by
# another. After each kill, every block that was whole before is still there, to the byte, and
# no point has a round twice. After each finish all rounds of all points are there and
# `kmodbench analyze` accepts them. Exit 77: cannot run here.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
scripts=$root/scripts

# shellcheck disable=SC2016 # the guest expands it
inside='
RANDOM=$SEED
kills=0 finished=0 blocks=0 cut=0 started=0
options="--target host --modules /kmb/modules --rounds 6 --min-samples 30 --max-samples 30"
pattern="algo=(copy|heap|pdq)/.*n=(64|256|1024)\$"

# POINT ROUND ROWS CHECK of each whole block.
whole() {
    cat "$1"/*.ksamp 2>/dev/null | awk "
        /kmodbench-samples: / { rows = 0; point = round = \"\" }
        /^point: / { point = \$2 }
        /^round: / { round = \$2 }
        /^[0-9]/ { rows++ }
        /^end: / { if (\$2 == rows && NF == 3) print point, round, rows, \$3; rows = 0 }" | sort
}

die() { echo "FAILED after $kills kills: $*"; exit 1; }

look() {
    whole "$dir" >now
    lost=$(grep -vxFf now before)
    [ -z "$lost" ] || die "lost: $lost"
    twice=$(cut -d" " -f1,2 now | uniq -d)
    [ -z "$twice" ] || die "twice: $twice"
    cp now before
}

while [ "$kills" -lt "$KILLS" ]; do
    if [ -z "${dir:-}" ]; then
        rm -rf results; mkdir results; : >before
        kmodbench run $options --results results "$pattern" >log 2>&1 &
        started=$((started + 1))
    else
        kmodbench run --resume "$dir" --modules /kmb/modules >log 2>&1 &
    fi
    pid=$!
    usleep $((RANDOM * 91))
    ended=""
    if kill -KILL "$pid" 2>/dev/null; then
        wait "$pid" 2>/dev/null
        code=$?
        [ "$code" = 137 ] || ended=$code
    else
        wait "$pid"
        ended=$?
    fi
    # A run that was killed before it had said what it is for has nothing to resume.
    dir=$(ls -d results/*/ 2>/dev/null | grep -v latest | head -n 1)
    [ -n "$dir" ] && [ -e "$dir/manifest.json" ] && [ -e "$dir/plan.tsv" ] || { [ -n "$ended" ] && { cat log; die "ended with $ended and left no run"; }; kills=$((kills + 1)); dir=""; continue; }
    look
    if [ -z "$ended" ]; then
        kills=$((kills + 1))
        continue
    fi
    [ "$ended" = 0 ] || { cat log; die "resume ended with $ended"; }
    points=$(cut -d" " -f1 now | uniq | wc -l)
    [ "$(wc -l <now)" = $((points * 6)) ] && [ "$points" -gt 3 ] || die "$points points have $(wc -l <now) rounds"
    kmodbench analyze "$dir" >log 2>&1 || { cat log; die "analyze refuses the run"; }
    blocks=$((blocks + $(wc -l <now)))
    finished=$((finished + 1))
    dir=""
done
echo "kills: $kills, in $started runs of which $finished were finished with $blocks blocks: none lost, none twice"
[ "$finished" -gt 0 ]'

main() {
    local release module options=()
    [[ $# -eq 2 ]] || { echo "usage: [KILLS=N] [SEED=N] kills.sh KMODBENCH MODULES" >&2; exit 2; }
    reason=$("$scripts/setup.sh" --check guest 2>&1) || { echo "skipped: $reason"; exit 77; }
    release=$("$scripts/kernel.sh" release) || { echo "skipped: no kernel for the guest"; exit 77; }
    for module in hello ksort; do
        options+=(--put "$2/$release/$module.ko:/kmb/modules/$release/$module.ko")
    done
    exec "$scripts/vm.sh" --target vm --accel tcg --cpus 2 --memory 2048 --bin "$1" "${options[@]}" \
        --env "KILLS=${KILLS:-10}" --env "SEED=${SEED:-1}" -- sh -c "$inside"
}

main "$@"
