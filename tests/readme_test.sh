#!/usr/bin/env bash
# readme_test.sh: what the README shows holds.
#
# Usage:    readme_test.sh FACT BUILD        FACT is the name of a function fact_FACT below
# Example:  tests/readme_test.sh links build
#
# Exit 77, with the reason: cannot run here.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
room=$(mktemp -d "${TMPDIR:-/tmp}/kmodbench-test.XXXXXX")
trap 'rm -rf "$room"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }

# Lines of the README's blocks of kind $1, without comments.
block() { awk -v kind="\`\`\`$1" '$0 == kind { on = 1; next } /^```/ { on = 0 } on' "$root/README.md" | sed 's/  *# .*//'; }

# Every file that the README and the documents point at is there.
fact_links() {
    local page target
    for page in "$root"/README.md "$root"/docs/*.md; do
        while read -r target; do
            [[ $target == *://* || -e $(dirname "$page")/$target ]] || fail "$(basename "$page") points at $target, which is not there"
        done < <(grep -o '](\([^)# ]*\)' "$page" | sed 's/^](//')
    done
}

# make knows the targets and variables that are shown.
fact_make() {
    local line targets word
    targets=$(make -s -C "$root" help | awk '/^[a-z-]+  / { print $1 }')
    while read -r line; do
        read -ra words <<<"$line"
        grep -qx "${words[1]}" <<<"$targets" || fail "make ${words[1]}: no such target in make help"
        for word in "${words[@]:2}"; do
            [[ $word != *=* ]] || grep -q "^#.*\<${word%%=*}=" "$root/Makefile" || fail "$line: make help does not explain ${word%%=*}"
        done
    done < <(block sh | grep '^make ')
}

# The program's lines run, on a run that was stored.
fact_program() {
    local line count=0
    mkdir -p "$room/results" && cp -r "$root/tests/data/run-small" "$room/results/latest"
    ln -s "$build" "$room/build"
    ln -s "$root/tests" "$room/tests"
    command -v gnuplot >/dev/null || skip "no gnuplot: scripts/setup.sh plots"
    while read -r line; do
        (cd "$room" && bash -c "$line") >"$room/out" 2>&1 || { cat "$room/out" >&2; fail "$line"; }
        count=$((count + 1))
    done < <(block sh | grep '^build/kmodbench ')
    [[ $count -ge 4 ]] || fail "only $count lines of the program in the README"
}

# The session at the top: the same command ends well and leaves what it says.
fact_session() {
    local line file warnings=''
    "$root/scripts/setup.sh" --check guest modules plots >"$room/out" 2>&1 || skip "$(cat "$room/out")"
    line=$(block console | sed -n 's/^\$ //p')
    [[ $line == make* ]] || fail "no session in the README"
    ! grep -q '^KMB_WERROR:BOOL=ON' "$build/CMakeCache.txt" || warnings=1
    (cd "$root" && bash -c "$line TARGET=sim BUILD='$build' WERROR=$warnings RUN_FLAGS='--results $room/results'") >"$room/out" 2>&1 ||
        { cat "$room/out" >&2; fail "$line"; }
    for file in manifest.json copy.ksamp analysis.json report.md report.html benchmark.json notes.md \
        $(block console | sed -n 's,^results/[^/]*/,,p' | sed 's/:.*//'); do
        [[ -s $room/results/latest/$file ]] || fail "the session left no $file"
    done
    grep -q 'hello/read' "$room/results/latest/report.md" || fail "the report does not speak of hello/read"
}

[[ $# == 2 && $(type -t "fact_$1") == function ]] || { echo "usage: readme_test.sh FACT BUILD" >&2; exit 2; }
build=$(cd "$2" && pwd)
"fact_$1"
