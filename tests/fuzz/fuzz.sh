#!/usr/bin/env bash
# fuzz.sh: fuzz the devices on the debug kernel, and say what share of the modules was reached.
#
# Usage:    [CALLS=10000000] [SEED=1] [LIMIT=SECONDS] fuzz.sh BUILD
# Example:  CALLS=1000000 SEED=7 tests/fuzz/fuzz.sh build
#
# Splits CALLS over the configurations below by their shares, a guest each, JOBS of them at a
# time; after LIMIT a guest begins no further case and makes fewer. Fails on any complaint of
# the kernel, on a call that ended as it must not, on memory that is not given back. What it
# prints then makes the case run again. In BUILD/fuzz-SEED: output.N as a guest goes on,
# coverage.txt with the lines of the modules that no call reached. Needs the debug kernel
# (make test-debug builds it). Exit 77: cannot run here.
set -eu -o pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
scripts=$root/scripts
calls=${CALLS:-100000} seed=${SEED:-1}

# Share of the calls in percent, program, processors and modules of each guest, which has a worker
# for each processor: to switch between two is dear where memory is emulated. One processor is
# emulated faster than two; with three or more, sort/parallel goes another way.
configurations() {
    local all portable upstream
    all=$(sed -n 's#^obj-m += \(.*\)/#\1#p' "$root/modules/Kbuild" | tr '\n' ' ')
    portable=${all/fibdrv/fibdrv,portable=1}
    upstream=$(sed 's/fibdrv/fibdrv,abi=upstream/; s/ksort/ksort,abi=upstream/' <<<"$all")
    echo "30 kmb_fuzz 1 $all"
    echo "25 kmb_fuzz 1 $portable"
    echo "10 kmb_fuzz 1 $upstream"
    echo "15 kmb_fuzz 2 $all"
    echo "5 kmb_fuzz 4 $portable"
    [[ ! -e $build/tests/kmb_fuzz32 ]] || echo "15 kmb_fuzz32 1 $all"
}

die() { echo "fuzz.sh: $*" >&2; exit 1; }

# guest NUMBER LOAD PROGRAM CPUS ARGUMENT...: runs it; what the modules counted goes to
# $out/counts.NUMBER.
guest() {
    local number=$1 load=$2 program=$3 cpus=$4 module options=()
    shift 4
    for module in "$modules"/*.ko; do options+=(--put "$module"); done
    : >"$out/counts.$number"
    exec 7<>"$out/counts.$number"
    "$scripts/vm.sh" --target vm --accel tcg --cpus "$cpus" --machine "$machine" --kernel "$boot" \
        --memory 2048 --append "slub_debug=U,kmalloc-*" --results-fd 7 "${options[@]}" \
        --put "$build/tests/$program" --put "$root/tests/fuzz/inside.sh" \
        -- inside.sh "$load" "/kmb/$program" "$@"
}

# again SEED PROGRAM CPUS LOAD: how to make a case run again, and how to make it shorter; N is
# one that ran at the end.
again() {
    local line="tests/fuzz/fuzz.sh $build --guest '$4' $2 $3 --seed $1 --case N --repeat 20"
    echo "again:    $line"
    echo "shorter:  $build/tests/kmb_fuzz --minimise $line"
}

# Lines of the modules with their counts, from guest NUMBER: FILE<TAB>LINE<TAB>COUNT.
count_lines() {
    local data notes from=$out/gcov.$1
    [[ -s $out/counts.$1 ]] || { echo "guest $1 ended before it could say what it reached"; return; }
    mkdir "$from"
    tar -xf "$out/counts.$1" -C "$from"
    find "$from" -name '*.gcda' -path '*/tree/*' | while read -r data; do
        # gcov looks for the notes beside the data.
        notes=${data#"$from"}
        [[ -e ${notes%.gcda}.gcno ]] || continue
        ln -sf "${notes%.gcda}.gcno" "${data%.gcda}.gcno"
        gcov --stdout "$data" 2>/dev/null
    done | awk -F: -v OFS='\t' '
        $2 + 0 == 0 && $3 == "Source" { file = $4; keep = file ~ /\/tree\// && file !~ /\.mod\.c$/; sub(/.*\/tree\//, "", file); next }
        keep && $1 !~ /^ *-$/ { count = $1; gsub(/[ *]/, "", count); print file, $2 + 0, count ~ /[#=]/ ? 0 : count }
    ' >"$out/lines.$1"
    rm -rf "$from"
}

# Common files count once, though every module has them.
coverage() {
    awk -F'\t' -v common=" $(cd "$root/modules/common" && echo *) " '
        {
            split($1, part, "/"); file = $1
            if (index(common, " " part[2] " ")) file = "common/" part[2]
            key = file "\t" $2
            if (!(key in seen)) { seen[key] = 0; lines[file]++ }
            if ($3 > 0 && !seen[key]) { seen[key] = 1; reached[file]++ }
        }
        END {
            for (file in lines) {
                printf "%5.1f %% %5d of %5d  %s\n", 100 * reached[file] / lines[file], reached[file], lines[file], file | "sort -k6"
                all += lines[file]; hit += reached[file]
            }
            close("sort -k6")
            for (key in seen) if (!seen[key]) print "not reached: " key | "sort -t\"\t\" -k1,1 -k2n"
            close("sort -t\"\t\" -k1,1 -k2n")
            printf "coverage: %d of %d lines of the modules reached, %.1f %%\n", hit, all, 100 * hit / all
        }' "$out"/lines.* >"$out/coverage.txt"
    tail -n 1 "$out/coverage.txt"
}

# one NUMBER SHARE PROGRAM CPUS LOAD: a guest from its start to what it reached.
one() {
    local number=$1 program=$3 cpus=$4 load=$5 own=$((seed + $1))
    if ! guest "$number" "$load" "$program" "$cpus" --seed "$own" --workers "$cpus" \
        --calls $((calls * $2 / 100)) ${LIMIT:+--seconds "$LIMIT"} \
        </dev/null >"$out/output.$number" 2>"$out/errors.$number"; then
        touch "$out/failed"
        cat "$out/errors.$number"
        grep -a found "$out/output.$number" || true
        tail -n 4 "$out/output.$number"
        again "$own" "$program" "$cpus" "$load"
    fi
    echo "$program, $cpus CPUs, $load: seed $own"
    sed '/^running\|^made/d; /^kind/d' "$out/output.$number"
    count_lines "$number"
}

# Of each kind of call, over all guests, those that tried the fuzzer itself included.
kinds() {
    cat "$out"/output.* | awk '/^kind: / { calls[$2] += $3; refused[$2] += $5; all += $3 }
        END { for (kind in calls) printf "%-14s %9d calls, %9d of them refused\n", kind, calls[kind], refused[kind] | "sort"
              close("sort"); printf "calls: %d\n", all }'
}

main() {
    local kdir release number=0 share program cpus load
    [[ $# -ge 1 && -e $1/CTestTestfile.cmake ]] || die "usage: [CALLS=N] [SEED=N] fuzz.sh BUILD; BUILD is made by make"
    build=$(cd "$1" && pwd)
    shift
    kdir=$("$scripts/debug-kernel.sh" --cached kdir) || { echo "skipped: $kdir"; exit 77; }
    release=$("$scripts/debug-kernel.sh" release)
    boot=$("$scripts/debug-kernel.sh" boot)
    machine=$("$scripts/debug-kernel.sh" machine)
    make -s -C "$root/modules" KDIR="$kdir" OUT="$build/modules-gcov" GCOV_PROFILE=y >/dev/null
    modules=$build/modules-gcov/$release
    out=$build/fuzz-$seed
    rm -rf "$out"
    mkdir -p "$out"
    if [[ ${1:-} == --guest ]]; then
        shift
        guest 0 "$@"
        exit
    fi
    while read -r share program cpus load <&3; do
        while [[ $(jobs -rp | wc -l) -ge ${JOBS:-$(nproc)} ]]; do wait -n || true; done
        one "$number" "$share" "$program" "$cpus" "$load" 3<&- &
        number=$((number + 1))
    done 3< <(configurations)
    wait
    kinds
    coverage
    [[ ! -e $out/failed ]]
}

main "$@"
