#!/usr/bin/env bash
# hardships.sh: results are safe when the disk is full or read-only, when the clock is set
# back, and when two runs want the same directory.
#
# Usage:    hardships.sh KMODBENCH MODULES
# Example:  tests/hardships.sh build/kmodbench build/modules
#
# All of it happens in one guest, on file systems of its own. A run that cannot go on says
# why and keeps every block that was whole; once it can, --resume finishes it with every round
# of every point once, and `kmodbench analyze` takes it. Exit 77: cannot run here.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
scripts=$root/scripts

# shellcheck disable=SC2016 # the guest expands it
inside='
options="--target host --modules /kmb/modules --rounds 6 --min-samples 30 --max-samples 30"
pattern="algo=(copy|heap|pdq)/.*n=(64|256|1024)\$"

die() { echo "FAILED: $fact: $*"; cat log; exit 1; }

# POINT ROUND ROWS CHECK of each whole block.
whole() {
    cat "$1"/*.ksamp 2>/dev/null | awk "
        /kmodbench-samples: / { rows = 0; point = round = \"\" }
        /^point: / { point = \$2 }
        /^round: / { round = \$2 }
        /^[0-9]/ { rows++ }
        /^end: / { if (\$2 == rows && NF == 3) print point, round, rows, \$3; rows = 0 }" | sort
}

# The one run below $1.
only_run() {
    set -- "$1"/*-host
    [ $# = 1 ] && [ -d "$1" ] || die "not one run: $*"
    echo "$1"
}

complete() {
    whole "$1" >now
    [ -z "$(cut -d" " -f1,2 now | uniq -d)" ] || die "a round twice"
    points=$(cut -d" " -f1 now | uniq | wc -l)
    [ "$points" -gt 3 ] && [ "$(wc -l <now)" = $((points * 6)) ] || die "$points points have $(wc -l <now) rounds"
    kmodbench analyze "$1" >log 2>&1 || die "analyze refuses the run"
}

resume() { kmodbench run --resume "$1" --modules /kmb/modules >log 2>&1; }

says() { grep -qE "$1" log || die "no \"$1\" in what it said"; }

# until_blocks DIR N: waits for a run to have written N whole blocks.
until_blocks() {
    for _ in $(seq 600); do
        [ "$(whole "$1" | wc -l)" -lt "$2" ] || return 0
        usleep 50000
    done
    die "no $2 blocks within 30 s"
}

fact=full
mkdir /full && mount -t tmpfs -o size=96k none /full
kmodbench run $options --results /full "$pattern" >log 2>&1 && die "no error on a full disk"
says "No space left|disk full|disk is full"
dir=$(only_run /full)
whole "$dir" >before
[ -s before ] || die "nothing was written before the disk was full"
# The one that was cut short, and a new one, where nothing may be written.
fact=read-only
mount -o remount,ro,size=8m /full
ls -lR /full >listed
resume "$dir" && die "no error on a read-only file system"
says "Read-only"
kmodbench run $options --results /full "$pattern" >log 2>&1 && die "no error on a read-only file system"
says "Read-only"
ls -lR /full | cmp -s - listed || die "something changed on a read-only file system"
mount -o remount,rw /full
resume "$dir" || die "cannot go on with room on the disk"
complete "$dir"
[ -z "$(grep -vxFf now before)" ] || die "lost: $(grep -vxFf now before)"
echo "full disk: $(wc -l <before) of $(wc -l <now) blocks were written, none lost"
echo "read-only directory: refused, nothing changed"

fact=clock
mkdir /clock
kmodbench run $options --results /clock "$pattern" >log 2>&1 &
pid=$!
usleep 500000
for _ in $(seq 100); do [ -d "$(echo /clock/*-host)" ] && break; usleep 50000; done
dir=$(only_run /clock)
until_blocks "$dir" 3
date -s "2001-02-03 04:05:06" >/dev/null
wait $pid || die "the run ended with $? after the clock was set back"
complete "$dir"
# Stamps are those of a clock that nobody sets.
back=$(cat "$dir"/*.ksamp | awk "
    /^columns: / { for (i = 2; i <= NF; i++) if (\$i == \"start\") start = i - 1 }
    /kmodbench-samples: / { last = 0 }
    /^[0-9]/ { if (\$start < last) back++; last = \$start }
    END { print back + 0 }")
[ "$back" = 0 ] || die "$back samples begin before the one that came first"
kmodbench run $options --results /clock "algo=heap/.*n=64\$" >log 2>&1 || die "no run after the clock was set back"
[ "$(readlink /clock/latest)" = "$(cd /clock && echo 2001*-host)" ] || die "latest is $(readlink /clock/latest)"
echo "clock set back: finished, stamps in order, latest is the run that was made last"

fact=two
mkdir /two
kmodbench run $options --results /two "$pattern" >first 2>&1 &
pid=$!
for _ in $(seq 200); do [ -e "$(echo /two/*-host)/plan.tsv" ] && break; usleep 50000; done
dir=$(only_run /two)
until_blocks "$dir" 2
resume "$dir" && { cat first; die "two runs in one directory"; }
says "another run is writing there"
wait $pid || { cp first log; die "the first run was disturbed"; }
complete "$dir"
mkdir /both
finished=0
kmodbench run $options --results /both "$pattern" >first 2>&1 &
pid=$!
kmodbench run $options --results /both "$pattern" >second 2>&1
second=$?
wait $pid
for run in first:$? second:$second; do
    cp "${run%:*}" log
    if [ "${run#*:}" = 0 ]; then
        finished=$((finished + 1))
        complete "$(tail -n 1 "${run%:*}")"
    else
        says "another run measures on this machine"
    fi
done
[ $finished -gt 0 ] || die "none of two runs finished"
echo "two runs at once: refused in one directory; in two, $finished of 2 finished, each after the other"'

main() {
    local reason release module options=()
    [[ $# -eq 2 ]] || { echo "usage: hardships.sh KMODBENCH MODULES" >&2; exit 2; }
    reason=$("$scripts/setup.sh" --check guest 2>&1) || { echo "skipped: $reason"; exit 77; }
    release=$("$scripts/kernel.sh" release) || { echo "skipped: no kernel for the guest"; exit 77; }
    for module in hello ksort; do
        options+=(--put "$2/$release/$module.ko:/kmb/modules/$release/$module.ko")
    done
    exec "$scripts/vm.sh" --target vm --accel tcg --cpus 2 --memory 2048 --timeout 900 --bin "$1" "${options[@]}" -- sh -c "$inside"
}

main "$@"
