#!/usr/bin/env bash
# fuzz.sh: fuzz the devices on the debug kernel, and say what share of the modules was reached.
#
# Usage:    [CALLS=10000000] [SEED=1] fuzz.sh BUILD
# Example:  CALLS=1000000 SEED=7 tests/fuzz/fuzz.sh build
#
# Splits CALLS evenly over the configurations below, a guest each. Fails on any complaint of
# the kernel, on a call that ended as it must not, on memory that is not given back. What it
# prints then makes the case run again. BUILD/fuzz-SEED/coverage.txt has the lines of the modules
# that no call reached. Needs the debug kernel (make test-debug builds it). Exit 77: cannot
# run here.
set -eu -o pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
scripts=$root/scripts
calls=${CALLS:-100000} seed=${SEED:-1}

# Program, processors and modules of each guest. One processor is emulated faster than two.
configurations() {
    local all
    all=$(sed -n 's#^obj-m += \(.*\)/#\1#p' "$root/modules/Kbuild" | tr '\n' ' ')
    echo "kmb_fuzz 2 $all"
    echo "kmb_fuzz 1 ${all/fibdrv/fibdrv,portable=1}"
    echo "kmb_fuzz 1 $(sed 's/fibdrv/fibdrv,abi=upstream/; s/ksort/ksort,abi=upstream/' <<<"$all")"
    [[ ! -e $build/tests/kmb_fuzz32 ]] || echo "kmb_fuzz32 2 $all"
}

die() { echo "fuzz.sh: $*" >&2; exit 1; }

# guest LOAD PROGRAM CPUS ARGUMENT...: runs it; what the modules counted goes to $out/counts.tar.
guest() {
    local load=$1 program=$2 cpus=$3 module options=()
    shift 3
    for module in "$modules"/*.ko; do options+=(--put "$module"); done
    : >"$out/counts.tar"
    exec 7<>"$out/counts.tar"
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

# Lines of the modules with their counts, from all guests: FILE<TAB>LINE<TAB>COUNT.
count_lines() {
    local data
    tar -xf "$out/counts.tar" -C "$out/gcov"
    find "$out/gcov" -name '*.gcda' -path '*/tree/*' | while read -r data; do
        # gcov looks for the notes beside the data.
        local notes=${data#"$out/gcov"}
        [[ -e ${notes%.gcda}.gcno ]] || continue
        ln -sf "${notes%.gcda}.gcno" "${data%.gcda}.gcno"
        gcov --stdout "$data" 2>/dev/null
    done | awk -F: -v OFS='\t' '
        $2 + 0 == 0 && $3 == "Source" { file = $4; keep = file ~ /\/tree\// && file !~ /\.mod\.c$/; next }
        keep && $1 !~ /^ *-$/ { count = $1; gsub(/[ *]/, "", count); print file, $2 + 0, count ~ /[#=]/ ? 0 : count }
    ' | while IFS=$'\t' read -r file line count; do
        printf '%s\t%s\t%s\n' "${file#*/tree/}" "$line" "$count"
    done >>"$out/lines.txt"
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
        }' "$out/lines.txt" >"$out/coverage.txt"
    tail -n 1 "$out/coverage.txt"
}

main() {
    local kdir release status=0 number=0 count program cpus load
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
    mkdir -p "$out/gcov"
    if [[ ${1:-} == --guest ]]; then
        shift
        guest "$@"
        exit
    fi
    count=$(configurations | wc -l)
    while read -r program cpus load; do
        echo "$program on $load, seed $((seed + number))"
        if ! guest "$load" "$program" "$cpus" --seed $((seed + number)) --calls $((calls / count)) </dev/null 2>"$out/errors" |
            tee "$out/output.$number" | sed '/^running/d'; then
            status=1
            cat "$out/errors"
            tail -n 4 "$out/output.$number"
            again $((seed + number)) "$program" "$cpus" "$load"
        fi
        count_lines
        number=$((number + 1))
    done < <(configurations)
    coverage
    exit $status
}

main "$@"
