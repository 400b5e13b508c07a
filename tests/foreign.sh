#!/usr/bin/env bash
# foreign.sh: a module that knows nothing of us, from its .ko to its report by one command each.
#
# Usage:    foreign.sh KMODBENCH
# Example:  tests/foreign.sh build/kmodbench
#
# Builds tests/foreign/fibplain.c for the guest's kernel, as a course does, and measures it in
# sim: its results are those of Fibonacci, its times agree with the work, a run that is cut and
# resumed has all blocks, with the probe put in its samples have phases and causes, and what is wrong with a module or a device is said with its mend.
# Exit 77: cannot run here.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
[[ $# -eq 1 ]] || { echo "usage: foreign.sh KMODBENCH" >&2; exit 2; }
kmodbench=$(realpath "$1")
reason=$("$root/scripts/setup.sh" --check guest modules 2>&1) || { echo "skipped: $reason"; exit 77; }
kdir=$("$root/scripts/kernel.sh" kdir) || { echo "skipped: no kernel headers for the guest"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
node=/dev/fibplain ko=$work/fibplain.ko

die() { echo "FAILED: $*" >&2; exit 1; }

# measure OPTIONS...: a run in sim; its directory in $dir, what it says in $work/said.
measure() {
    dir=$("$kmodbench" run --target sim --quick --device "$node" --ko "$ko" \
        --results "$work/results" "$@" 2>"$work/said")
}

# must_fail TEXT OPTIONS...: no run, and TEXT says why.
must_fail() {
    local text=$1
    shift
    ! measure "$@" || die "accepted: $*"
    grep -qF -- "$text" "$work/said" || { cat "$work/said" >&2; die "no word of: $text"; }
}

fibonacci() { awk 'BEGIN { a = 0; b = 1; for (k = 0; k <= 78; k++) { printf "%d %.0f\n", k, a; s = a + b; a = b; b = s } }'; }

# value POINT COLUMN: the smallest sample.
value() { awk -v p="point: $1" -v c="$2" '/^point: / { on = $0 == p } on && /^[0-9]/ && (m == "" || $c < m) { m = $c } END { print m }' "$dir/device.ksamp"; }

whole_road() {
    local low middle high
    fibonacci >"$work/expected"
    measure --op read --op write:returns=ns --op "ioctl:nr=0x6601" --sweep n=0..78:2 --expect "$work/expected" ||
        { cat "$work/said" >&2; die "the run failed"; }
    [[ $(grep -c '^end: ' "$dir/device.ksamp") == 162 ]] || die "blocks are missing" # 81 points, 2 rounds
    # The loop does the same for each k: its time is a straight line, to the instruction.
    low=$(value fibplain/write/size=1/n=10 3) middle=$(value fibplain/write/size=1/n=40 3)
    high=$(value fibplain/write/size=1/n=70 3)
    [[ $((high - middle)) == $((middle - low)) && $low -lt $middle ]] || die "no line: $low $middle $high"
    [[ $(value fibplain/write/size=1/n=70 4) -gt $high ]] || die "the caller waited less than the device worked"
    "$kmodbench" analyze "$dir" >/dev/null
    "$kmodbench" plot "$dir" >/dev/null
    "$kmodbench" report "$dir" >/dev/null
    grep -q 'fibplain/write' "$dir/report.md" || die "the report does not know the module"
    [[ -s $dir/figures/device-sweep.svg ]] || die "no figure of the sweep"
    grep -q "build ID" "$dir/report.md" || die "the report does not say what was measured"
}

# A run whose last block is cut is taken up and completed, unless the module is another one now.
resumed() {
    measure --op read --sweep n=1..4 --ko-params max_k=50
    sed -i '$d' "$dir/device.ksamp"
    sed -i '/"finished"/d' "$dir/manifest.json"
    "$kmodbench" run --resume "$dir" >/dev/null 2>"$work/said" || { cat "$work/said" >&2; die "resume"; }
    [[ $(grep -c '^end: ' "$dir/device.ksamp") == 8 ]] || die "resume left out blocks"
    grep -q '"max_k": "50"' "$dir/manifest.json" || die "parameters got lost"
}

# The lines that docs/own-module.md adds put the probe in, and its samples have phases and causes.
with_probe() {
    local out
    node=/dev/fibplain must_fail "KMODBENCH_LAST" --op read:probe=yes --sweep n=5
    mkdir "$work/fibplain"
    cp "$root"/tests/foreign/* "$work/fibplain"
    awk '/^```/ { on = /diff/; next } on' "$root/docs/own-module.md" >"$work/probe.diff"
    [[ $(grep -c '^+[^+]' "$work/probe.diff") -le 8 ]] || die "the probe takes more lines than docs say"
    (cd "$work/fibplain" && GIT_CEILING_DIRECTORIES=$work git apply --unidiff-zero "$work/probe.diff") || die "the lines of the docs do not fit"
    make -s -C "$root/modules" KDIR="$kdir" NAMES='' ALSO="$work/fibplain" OUT="$work/out" >"$work/log" 2>&1 ||
        { cat "$work/log" >&2; die "fibplain with the probe does not build"; }
    out=$(echo "$work"/out/*/fibplain.ko)
    ko=$out measure --op read:probe=yes --op write:returns=ns --sweep n=5,78 --expect "$work/expected" ||
        { cat "$work/said" >&2; die "the run with the probe failed"; }
    # rep start total user copy_in work copy_out cpu cpu_end irqs softirqs nvcsw nivcsw faults off_cpu
    awk '/^point: / { on = /read/ } on && /^[0-9]/ { n++
            good += $3 > 0 && $3 < $4 && $6 > 0 && $7 > 0 && $6 + $7 == $3 && $10 != "-" && $11 != "-" && $15 != "-" }
        END { exit n == 0 || good != n }' "$dir/device.ksamp" || die "samples without phases or causes"
    [[ $(value fibplain/read/size=4096/n=78 6) -gt $(value fibplain/read/size=4096/n=5 6) ]] || die "no work in the phase of work"
    "$kmodbench" analyze "$dir" >/dev/null
    "$kmodbench" report "$dir" >/dev/null
    grep -q 'Why samples differ' "$dir/report.md" || die "the report tells no causes"
}

mends() {
    echo "5 7" >"$work/seven"
    must_fail "gave '5' and must give '7'" --op read --sweep n=5 --expect "$work/seven"
    must_fail "Invalid argument" --op read --sweep n=5 --ko-params max_k=3
    must_fail "Value too large" --op read:size=1
    must_fail "the module has: max_k" --op read --ko-params depth=3
    node=/dev/fibonacci must_fail "give that to --device" --op read
    sed 's/vermagic=[0-9]/vermagic=9/' "$ko" >"$work/other.ko"
    ko=$work/other.ko must_fail "make -C $kdir M=$work modules" --op read
    # A name that no kernel has, as where a module was built against another one.
    sed 's/alloc_chrdev_region/alloc_chrdev_regiox/' "$ko" >"$work/other.ko"
    ko=$work/other.ko must_fail "Unknown symbol alloc_chrdev_regiox" --op read
}

main() {
    cp "$root"/tests/foreign/* "$work"
    make -s -C "$kdir" M="$work" modules >"$work/log" 2>&1 || { cat "$work/log" >&2; die "fibplain does not build"; }
    whole_road
    resumed
    with_probe
    mends
    echo "a foreign module: measured, resumed, and its faults named"
}

main "$@"
