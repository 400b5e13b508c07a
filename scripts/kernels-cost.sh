#!/usr/bin/env bash
# kernels-cost.sh: what a newer kernel costs: the same points, instruction for instruction, on
# every kernel that `make matrix` has built the modules for.
#
# Usage:    kernels-cost.sh BUILD [KERNEL]...     KERNEL: a folder of BUILD/matrix; default: all
# Example:  scripts/kernels-cost.sh build 5.10 newest
#
# Runs `kmodbench run --target sim` once a kernel (results in BUILD/matrix/KERNEL/results) and
# writes the table between the lines <!-- cost --> and <!-- /cost --> of docs/kernels.md: the
# fewest instructions of any sample of a point, which in sim is what it takes when no timer
# comes. Program, compiler of the program, processor and inputs are the same on all kernels; the
# modules are built by each kernel's own compiler. Needs the group guest of packages.txt.
set -eu -o pipefail

root=$(cd "$(dirname "$0")/.." && pwd)

die() { echo "kernels-cost.sh: $*" >&2; exit 1; }

# WHAT IS COMPARED | POINT | INSTRUCTIONS: columns of the samples, "a-b" is a difference
rows() {
    cat <<'END'
system call: read(), the work in it aside|hello/read/bytes=1|user-total
system call: write(), the work in it aside|hello/write/bytes=1|user-total
copying 1 byte out|hello/read/bytes=1|copy_out
copying 4 KiB out|hello/read/bytes=4096|copy_out
copying 64 KiB out|hello/read/bytes=65536|copy_out
copying 1 byte in|hello/write/bytes=1|copy_in
copying 4 KiB in|hello/write/bytes=4096|copy_in
copying 64 KiB in|hello/write/bytes=65536|copy_in
sorting 4000 keys, ours|ksort/sort/where=kernel/algo=pdq/type=i32/pattern=random/n=4000|work
sorting 4000 keys, lib/sort.c|ksort/sort/where=kernel/algo=kernel_sort/type=i32/pattern=random/n=4000|work
F(1000), ours|fibdrv/fib/where=kernel/algo=auto/n=1000|work
F(1000), lib/mpi|fibdrv/fib/where=kernel/algo=mpi/n=1000|work
END
}

# The script that kmodbench asks for a kernel, answering with this one.
answer() {
    local from
    mkdir -p "$work/scripts"
    for from in "$root"/scripts/*; do ln -sf "$from" "$work/scripts/"; done
    rm "$work/scripts/kernel.sh"
    {
        echo '#!/bin/sh'
        printf "printf '%%s\\\\n' 'release=%s' 'boot=%s' 'kdir=/nonexistent' 'machine=pc'\n" "$1" "$2"
    } >"$work/scripts/kernel.sh"
    chmod +x "$work/scripts/kernel.sh"
}

measure() {
    local release boot pattern
    [[ -s $work/release && -s $work/boot ]] || die "$work: no kernel; make matrix KERNELS=${work##*/}"
    release=$(cat "$work/release") boot=$(cat "$work/boot")
    answer "$release" "$boot"
    pattern=$(rows | awk -F'|' '{ print "^" $2 "$" }' | sort -u | paste -sd'|')
    rm -rf "$work/results"
    KMODBENCH_SCRIPTS=$work/scripts KMODBENCH_MODULES=$build/matrix/modules \
        "$build/kmodbench" run --target sim --results "$work/results" "$pattern" >/dev/null ||
        [[ $? == 1 ]] # a point that this kernel does not have; it shows as a dash
}

# fewest POINT COLUMNS: over all whole samples of the point; a dash where there is none.
fewest() {
    awk -v point="$1" -v wanted="$2" '
        BEGIN { parts = split(wanted, name, "-") }
        /^point: / { ours = $2 == point }
        /^columns: / { for (i = 2; i <= NF; i++) place[$i] = i - 1 }
        ours && /^[0-9]/ {
            value = $place[name[1]] - (parts > 1 ? $place[name[2]] : 0)
            if (!seen++ || value < least) least = value
        }
        END { print seen ? least : "-" }' "$work"/results/latest/*.ksamp
}

table() {
    local what point columns kernel line first value
    line='| instructions |'
    for kernel in "$@"; do line+=" $(cat "$build/matrix/$kernel/release") |"; done
    echo "$line last to first |"
    printf '|---|'; printf -- '---|%.0s' "$@" x; echo
    while IFS='|' read -r what point columns; do
        line="| $what |" first=''
        for kernel in "$@"; do
            work=$build/matrix/$kernel
            value=$(fewest "$point" "$columns")
            [[ -n $first ]] || first=$value
            line+=" $value |"
        done
        echo "$line $(awk -v a="$first" -v b="$value" 'BEGIN { if (a > 0 && b != "-") printf "%.2f", b / a; else printf "-" }') |"
    done < <(rows)
}

main() {
    local kernel file=$root/docs/kernels.md
    [[ $# -ge 1 && -x $1/kmodbench ]] || die "usage: kernels-cost.sh BUILD [KERNEL]...; BUILD is made by make"
    build=$(cd "$1" && pwd)
    shift
    # shellcheck disable=SC2046 # names
    [[ $# -gt 0 ]] || set -- $(cd "$build/matrix" 2>/dev/null && for kernel in 5.10 6.1 6.12 newest; do [[ ! -s $kernel/release ]] || echo "$kernel"; done)
    [[ $# -gt 0 ]] || die "$build/matrix: no kernel was built; make matrix"
    for kernel in "$@"; do
        work=$build/matrix/$kernel
        echo "kernel $kernel" >&2
        measure
    done
    table "$@" | tee "$build/matrix/cost.md"
    awk -v table="$(cat "$build/matrix/cost.md")" -v day="$(date -u +%F)" '
        /^<!-- cost -->$/ { print; print ""; print table; print ""; print "Measured on " day "."; print ""; skip = 1 }
        /^<!-- \/cost -->$/ { skip = 0 }
        !skip' "$file" >"$file.new"
    mv "$file.new" "$file"
}

main "$@"
