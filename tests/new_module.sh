#!/usr/bin/env bash
# new_module.sh: a module made from the template and its case touch only the files that the
# architecture names, build, and are measured.
#
# Usage:    new_module.sh BUILD
# Example:  tests/new_module.sh build
#
# In a copy of the tree: scripts/new-module.sh makes a module; git says what changed; module
# and case are built there, the rest of the program comes from BUILD; a run in sim verifies
# every byte and has phases and causes. Exit 77: cannot run here.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
[[ $# -eq 1 && -e $1/CMakeCache.txt ]] || { echo "usage: new_module.sh BUILD; BUILD is made by make" >&2; exit 2; }
build=$(cd "$1" && pwd)
reason=$("$root/scripts/setup.sh" --check guest modules 2>&1) || { echo "skipped: $reason"; exit 77; }
kdir=$("$root/scripts/kernel.sh" kdir) || { echo "skipped: no kernel headers for the guest"; exit 77; }
work=$(mktemp -d "${TMPDIR:-/tmp}/kmodbench-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
tree=$work/tree name=tally

die() { echo "FAILED: $*" >&2; exit 1; }
ours() { git -C "$tree" -c user.name=test -c user.email=test@localhost "$@"; }

copy() {
    mkdir "$tree"
    (cd "$root" && tar -c --exclude=./.git '--exclude=./build*' --exclude=./results .) | tar -x -C "$tree"
    ours init -q
    ours add -A
    ours commit -qm "as it was"
}

# Two new places, and one line more in each of three lists.
touches_what_is_named() {
    "$tree/scripts/new-module.sh" "$name"
    ours add -A
    ours diff --cached --no-renames --numstat | awk '{ print $1, $2, $3 }' | sort >"$work/changed"
    sort >"$work/named" <<END
$(wc -l <"$tree/modules/$name/Kbuild") 0 modules/$name/Kbuild
$(wc -l <"$tree/modules/$name/main.c") 0 modules/$name/main.c
$(wc -l <"$tree/bench/cases/$name.cpp") 0 bench/cases/$name.cpp
1 0 modules/Kbuild
1 0 bench/cases/CMakeLists.txt
1 0 bench/cases/cases.def
END
    diff "$work/named" "$work/changed" >&2 || die "other files were touched than the architecture names"
    for list in modules/Kbuild bench/cases/cases.def bench/cases/CMakeLists.txt; do
        grep -E '^(obj-m|KMB_CASE|    [a-z_]+\.cpp$)' "$tree/$list" | LC_ALL=C sort -C || die "$list is not sorted"
    done
}

refuses() {
    ! "$tree/scripts/new-module.sh" "$1" 2>"$work/said" || die "accepted: $1"
    grep -qF -- "$2" "$work/said" || { cat "$work/said" >&2; die "$1: no word of: $2"; }
}

# The other modules are built by another test; the list is proven above.
module() {
    sed -i "/^obj-m/{/ $name\//!d}" "$tree/modules/Kbuild"
    make -s -C "$tree/modules" KDIR="$kdir" OUT="$work/modules" >"$work/log" 2>&1 || { cat "$work/log" >&2; die "the module does not build"; }
}

# Configures the copy, compiles what is new there, and links it with all else from BUILD.
program() {
    local type part objects=bench/cases/CMakeFiles/kmb_cases.dir
    type=$(sed -n 's/^CMAKE_BUILD_TYPE:[A-Z]*=//p' "$build/CMakeCache.txt")
    {
        cmake -S "$tree" -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE="$type" --log-level=WARNING
        ninja -C "$work/build" "$objects/$name.cpp.o" "$objects/cases.cpp.o"
        (cd "$build" && find . '(' -name '*.a' -o -path './cli/*.o' ')' -print0 | tar -c --null -T -) | tar -x -C "$work/build"
        (cd "$work/build" && ar rs bench/cases/libkmb_cases.a "$objects/$name.cpp.o" "$objects/cases.cpp.o")
        part=$(ninja -C "$work/build" -t commands kmodbench | tail -n 1)
        (cd "$work/build" && sh -c "$part")
    } >"$work/log" 2>&1 || { cat "$work/log" >&2; die "the case does not build"; }
}

measured() {
    local dir
    "$work/build/kmodbench" list | grep -q "^$name" || die "the case is not listed"
    dir=$("$work/build/kmodbench" run --target sim --quick --modules "$work/modules" --results "$work/results" \
        --rounds 1 --min-samples 20 --max-samples 20 "^$name/(nop|read|write)/.*=(1|4096|read|bracket)\$" 2>"$work/said") ||
        { cat "$work/said" >&2; die "the run failed"; }
    [[ $(grep -c '^end: 20 ' "$dir/$name.ksamp") == 4 ]] || die "blocks are missing"
    awk '/^columns: / { for (i = 2; i <= NF; i++) at[$i] = i - 1 }
        /^[0-9]/ { n++; good += $at["total"] > 0 && $at["irqs"] != "-" && $at["nvcsw"] != "-" && $at["copy_in"] + $at["copy_out"] > 0 }
        END { exit n == 0 || good != n }' "$dir/$name.ksamp" || die "samples without phases or causes"
    "$work/build/kmodbench" analyze "$dir" >/dev/null
    "$work/build/kmodbench" report "$dir" >/dev/null
    grep -q "$name/read" "$dir/report.md" || die "the report does not know the module"
}

main() {
    copy
    touches_what_is_named
    refuses "$name" "is there already"
    refuses copy "is there already"
    refuses 9lives "a letter first"
    refuses null "is a device of this machine"
    module
    program
    measured
    echo "a new module: made, built and measured; nothing else was touched"
}

main "$@"
