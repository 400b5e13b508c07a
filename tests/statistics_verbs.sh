#!/usr/bin/env bash
# statistics_verbs.sh: what stats, compare and export answer, above all to bad input.
#
# Usage:   statistics_verbs.sh KMODBENCH DATA
# Example: tests/statistics_verbs.sh build/kmodbench tests/data
set -eu

[[ $# == 2 ]] || { echo "usage: statistics_verbs.sh KMODBENCH DATA" >&2; exit 2; }
kmodbench=$1
data=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# expect CODE TEXT COMMAND...: the exit status, and a text on stdout or stderr.
expect() {
    local code=$1 text=$2 got=0 out
    shift 2
    out=$("$@" 2>&1) || got=$?
    if [[ $got != "$code" || $out != *"$text"* ]]; then
        echo "FAILED: $*: status $got (wanted $code), wanted '$text' in:" >&2
        head -c 600 <<<"$out" >&2
        failed=1
    fi
}
list() { printf '%b' "$1" >"$dir/list"; }
stats() { expect "$1" "$2" "$kmodbench" stats "$dir/list" "${@:3}"; }

list '1\n2\n3\n4\n5\n6\n7\n'; stats 0 '  median                                    4 '
list '';                     stats 2 "$dir/list: no number"
list '5\n';                  stats 0 'few: 1 values'
list '5 5 5 5 5 5 5 5';      stats 0 'all-equal'
list '1\nNaN\ninf\n2\n';     stats 0 'left-out: 0 missing, 1 NaN, 1 infinite'
list '\xef\xbb\xbf1\n2\n3\n'; stats 0 '  median                                    2 '
list 'NaN\n';                stats 2 'none a finite number'
list '1\n-2\n3\n';           stats 0 'negative'
list '1\ntwo\n3\n';          stats 2 "$dir/list:2: 'two' is no number"
list 'a,b\n1,x\n2,y\n';      stats 2 'choose one with --column'
stats 0 '  median                                  1.5 ' --column a
stats 2 "'x' is no number" --column b
stats 2 "no column 'c'" --column c
stats 0 '"value": 1.5' --column 1 --json
expect 2 'No such file' "$kmodbench" stats "$dir/none"
expect 0 '  median                                    2 ' bash -c "printf '1 2 3' | '$kmodbench' stats -"
# 10 GB of it, as far as the limits let it come: without line feeds, and of numbers.
expect 2 'more than 1048576 bytes' bash -c "head -c 10000000000 /dev/zero | '$kmodbench' stats -"
expect 2 'which is the limit' bash -c "yes 7 | head -c 10000000000 | '$kmodbench' stats -"

samples=$data/run-small/copy.ksamp
expect 2 'choose one with --point' "$kmodbench" stats "$samples"
expect 0 'work of hello/read/bytes=1, ns' "$kmodbench" stats "$samples" --point hello/read/bytes=1 --column work
expect 2 'measures of this point: user' "$kmodbench" stats "$samples" --point hello/read/bytes=1 --column x
expect 2 'no whole block' "$kmodbench" stats "$samples" --point no/such/n=1
head -c 300 "$samples" >"$dir/cut.ksamp"
expect 2 'no block is whole' "$kmodbench" stats "$dir/cut.ksamp"

run=$data/run-small
expect 2 'cannot say' "$kmodbench" compare "$run" "$samples"
expect 2 'same run; say which' "$kmodbench" compare "$run" "$run"
expect 2 'no point has algo=' "$kmodbench" compare "$run" "$run" --old algo=x --new algo=y
expect 2 'coordinates are KEY=VALUE' "$kmodbench" compare "$run" "$run" --old algo --new algo=y
mkdir "$dir/empty"
expect 2 'no .ksamp file' "$kmodbench" compare "$run" "$dir/empty"
expect 2 "$dir/cut.ksamp: no series is whole" "$kmodbench" compare "$run" "$dir/cut.ksamp"
list ''; cp "$dir/list" "$dir/nothing.ksamp"
expect 2 "$dir/nothing.ksamp: no series is whole" "$kmodbench" compare "$dir/nothing.ksamp" "$run"
expect 2 'not a kmodbench sample file' "$kmodbench" compare "$run" "$data/make_run.py"
expect 2 '"n_to_settle"' "$kmodbench" compare "$run" "$samples" --json
sed 's/^target: host/target: sim/; s/^time-unit: ns/time-unit: instructions/' "$samples" >"$dir/sim.ksamp"
expect 2 "the target of OLD is 'host', that of NEW 'sim'" "$kmodbench" compare "$run" "$dir/sim.ksamp"
cp "$dir/sim.ksamp" "$dir/again.ksamp"
expect 0 '10 equivalent' "$kmodbench" compare "$dir/sim.ksamp" "$dir/again.ksamp"

# The same bytes in every run, on one processor as on all of them (a program has as many threads).
first=$(taskset -pc $$ | sed 's/.*: *//; s/[-,].*//')
same() {
    local name=$1
    shift
    taskset -c "$first" "$@" >"$dir/$name.1" 2>/dev/null || true
    "$@" >"$dir/$name.2" 2>/dev/null || true
    "$@" >"$dir/$name.3" 2>/dev/null || true
    if [[ ! -s $dir/$name.1 ]] || ! cmp "$dir/$name.1" "$dir/$name.2" || ! cmp "$dir/$name.1" "$dir/$name.3"; then
        echo "FAILED: $*: not the same bytes each time" >&2
        failed=1
    fi
}
analysis_of() { # DIR [COMMAND...]: what analyze writes into a copy of a run
    local copy
    copy=$(mktemp -d -p "$dir")
    cp -r "$1/." "$copy"
    "${@:2}" "$kmodbench" analyze "$copy" >/dev/null
    cat "$copy/analysis.json"
}
same stats "$kmodbench" stats "$samples" --point hello/read/bytes=1 --column user --json
same compare "$kmodbench" compare "$run" "$samples" --json
same golden "$kmodbench" selftest --golden "$data/golden" --json
analysis_of "$run" taskset -c "$first" >"$dir/analysis.1"
analysis_of "$run" >"$dir/analysis.2"
if [[ ! -s $dir/analysis.1 ]] || ! cmp "$dir/analysis.1" "$dir/analysis.2"; then
    echo "FAILED: analyze: not the same bytes each time" >&2
    failed=1
fi

# One expected value changed: that case is wrong, and no other.
mkdir "$dir/golden"
cp -r "$data/golden/data" "$dir/golden"
sed '0,/"U_x": [0-9.]*/s//"U_x": 1/' "$data/golden/mann_whitney.json" >"$dir/golden/mann_whitney.json"
expect 1 'U_x: got' "$kmodbench" selftest --golden "$dir/golden"
wrong=$("$kmodbench" selftest --golden "$dir/golden" | grep -c '^WRONG') || true
[[ $wrong == 1 ]] || { echo "FAILED: $wrong wrong cases after one change" >&2; failed=1; }

expect 0 'point,target,time_unit,batch,round,rep,start' "$kmodbench" export "$run" --format csv
expect 0 '"schema": "kmodbench-samples/1"' "$kmodbench" export "$run" --format json
expect 0 'rows are not exported' bash -c "'$kmodbench' export '$dir/cut.ksamp' --format json 2>&1"
expect 2 'cannot write' bash -c "'$kmodbench' export '$run' --format csv >/dev/full"
lines=$("$kmodbench" export "$run" --format csv | wc -l)
rows=$(cat "$run"/*.ksamp | grep -c '^[0-9]')
[[ $lines == $((rows + 1)) ]] || { echo "FAILED: export has $lines lines for $rows rows" >&2; failed=1; }
exit $failed
