#!/bin/sh
# The later stages through the program: a stored run is analysed and drawn.
#
# usage:   analyze_plot_test.sh KMODBENCH RUN
# example: tests/analyze_plot_test.sh build/kmodbench tests/data/run-small
# requirements: gnuplot for the second half; without it, exit 77 (skipped) after the first
set -eu

die() {
    echo "FAILED: $*" >&2
    exit 1
}

# fails TEXT COMMAND...: the command ends 2 and says TEXT on stderr, nothing on stdout.
fails() {
    text=$1
    shift
    status=0
    "$@" >"$work/out" 2>"$work/err" || status=$?
    [ "$status" = 2 ] || die "$* ended $status, not 2"
    [ -s "$work/out" ] && die "$* wrote to stdout: $(cat "$work/out")"
    grep -qF "$text" "$work/err" || die "$* says '$(cat "$work/err")', not '$text'"
}

analyses() {
    "$program" analyze "$run" >"$work/out"
    grep -q '^.*/analysis.json: 55 series' "$work/out" || die "analyze says: $(cat "$work/out")"
    cp "$run/analysis.json" "$work/first.json"
    "$program" analyze "$run" >/dev/null
    cmp "$run/analysis.json" "$work/first.json" || die "two analyses of one run differ"
    "$program" analyze "$run" --rule tukey >/dev/null
    grep -q '^"rule": "tukey"' "$run/analysis.json" || die "--rule tukey was not used"
    "$program" analyze "$run" >/dev/null
    [ -z "$(find "$run" -name '*.tmp')" ] || die "a temporary file was left"
}

refuses() {
    mkdir "$work/empty"
    fails "no .ksamp file" "$program" analyze "$work/empty"
    fails "kmodbench analyze" "$program" plot "$work/empty"
    fails "best not in" "$program" analyze "$run" --rule best
    printf 'a,b\n1,2\n' >"$work/empty/foreign.ksamp"
    fails "foreign.ksamp:1: not a kmodbench sample file" "$program" analyze "$work/empty"
}

# A run that was killed in mid-series: finished blocks count, the cut one is named.
survives_a_cut() {
    mkdir "$work/cut"
    size=$(wc -c <"$run/fib.ksamp")
    head -c "$((size - 200))" "$run/fib.ksamp" >"$work/cut/fib.ksamp"
    "$program" analyze "$work/cut" >/dev/null 2>"$work/err"
    grep -q 'truncated: fib.ksamp:[0-9]*: fibdrv/fib/.* rows not used' "$work/err" ||
        die "the cut is not named: $(cat "$work/err")"
    grep -q '"rounds-missing: 1 of 2 rounds were measured"' "$work/cut/analysis.json" ||
        die "the missing round is not in analysis.json"
}

draws() {
    "$program" plot "$run" --series hello/write/bytes=4096 >"$work/out"
    for name in copy-overhead fibonacci-scaling kernel-phases samples sort-comparison \
        sort-patterns; do
        for suffix in svg png gp; do
            [ -s "$run/figures/$name.$suffix" ] || die "no figures/$name.$suffix"
        done
        grep -q "/figures/$name.svg\$" "$work/out" || die "plot does not name $name.svg"
        grep -q "\"name\": \"$name\"" "$run/figures/figures.json" || die "$name is not listed"
    done
    grep -q 'hello/write/bytes=4096' "$run/figures/samples.svg" || die "--series was not drawn"
    cp "$run/figures/copy-overhead.png" "$work/first.png"
    "$program" plot "$run" >/dev/null
    cmp "$run/figures/copy-overhead.png" "$work/first.png" || die "two drawings differ"
    fails "no series 'x/y'" "$program" plot "$run" --series x/y
    cat "$run/copy.ksamp" >"$run/copy2.ksamp"
    sed -i 's/^round: 1$/round: 2/; s/^round: 0$/round: 3/' "$run/copy2.ksamp"
    fails "run 'kmodbench analyze" "$program" plot "$run" --series hello/write/bytes=4096
}

[ $# = 2 ] || die "usage: analyze_plot_test.sh KMODBENCH RUN"
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run=$work/run
cp -r "$2" "$run"

analyses
refuses
survives_a_cut
fails "gnuplot-nox" env "PATH=$work/empty" "$program" plot "$run"
if ! command -v gnuplot >/dev/null; then
    echo "SKIPPED in part: gnuplot is not installed" >&2
    exit 77
fi
draws
echo "analyze and plot: passed"
