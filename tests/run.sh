#!/usr/bin/env bash
# run.sh: run the tests of a build folder and say in one summary what came out.
#
# Usage:    run.sh BUILD [CTEST OPTION]...
# Example:  tests/run.sh build -R guest
#
# Ends non-zero when a test failed or when none ran. The summary has the counts, each test
# that failed and each that was skipped, with its reason. All output of all tests is in
# BUILD/tests.xml (JUnit).
set -eu

die() { echo "run.sh: $*" >&2; exit 2; }

# Prints "STATUS<TAB>NAME<TAB>REASON" a test: the attributes of <testcase>, and for a skipped
# one the first line of its output that says "skipped: ...".
cases() {
    awk '
        function attribute(name,   at) {
            if (!match($0, " " name "=\"[^\"]*\"")) return ""
            at = substr($0, RSTART, RLENGTH)
            gsub("^ " name "=\"|\"$", "", at)
            return at
        }
        function plain(text) {
            gsub("&lt;", "<", text); gsub("&gt;", ">", text); gsub("&quot;", "\"", text)
            gsub("&apos;", "\047", text); gsub("&amp;", "\\&", text)
            return text
        }
        /<testcase / { name = attribute("name"); status = attribute("status"); reason = "" }
        reason == "" && sub("^.*skipped: ", "") { sub("</system-out>.*", ""); reason = $0 }
        /<\/testcase>/ { print status "\t" name "\t" plain(reason) }
    ' "$1"
}

summary() {
    awk -F '\t' -v log_file="$1" '
        $1 == "run" { passed++ }
        $1 == "fail" { failed[++failures] = $2 }
        $1 == "notrun" || $1 == "disabled" { why = $3 == "" ? "no reason given" : $3; skips++; names[why] = names[why] " " $2 }
        END {
            for (i = 1; i <= failures; i++) print "FAILED   " failed[i]
            for (why in names) print "skipped " names[why] ": " why
            printf "all output: %s\n", log_file
            printf "tests: %d passed, %d failed, %d skipped\n", passed, failures, skips
            exit failures > 0 || passed == 0
        }'
}

main() {
    [[ $# -ge 1 && -e $1/CTestTestfile.cmake ]] || die "usage: run.sh BUILD [CTEST OPTION]...; BUILD is made by make"
    local build=$1 xml status=0
    shift
    xml=$(cd "$build" && pwd)/tests.xml
    rm -f "$xml"
    ctest --test-dir "$build" --output-on-failure --output-junit "$xml" --no-tests=error \
        --test-output-size-passed 65536 -j "${JOBS:-$(nproc)}" "$@" || status=$?
    [[ -s $xml ]] || die "ctest ended with $status and left no $xml"
    echo
    cases "$xml" | summary "$xml" || exit 1
    # What ctest calls a failure without a test that failed.
    exit "$status"
}

main "$@"
