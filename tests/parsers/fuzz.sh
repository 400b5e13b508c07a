#!/usr/bin/env bash
# fuzz.sh: hand changed inputs to the parsers, under the sanitizers, for some time.
#
# Usage:    fuzz.sh BUILD SECONDS
# Example:  tests/parsers/fuzz.sh build 3600
# Requires: g++; better clang++ with libFuzzer (packages clang, libclang-rt-14-dev)
#
# With clang++ it is libFuzzer, which looks for inputs that reach new code; else changes at
# random. What it found to be worth keeping is in BUILD/fuzz-parsers/corpus, an input that
# broke a parser in BUILD/fuzz-parsers. Ends non-zero where one broke.
set -eu

usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d'; exit 2; }
die() { echo "fuzz.sh: $*" >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)

has_libfuzzer() {
    command -v clang++ >/dev/null || return 1
    echo 'extern "C" int LLVMFuzzerTestOneInput(const char*, unsigned long) { return 0; }' |
        clang++ -fsanitize=fuzzer -x c++ - -o "$out/probe" 2>/dev/null
}

# build TARGET CMAKE-OPTION...: under the sanitizers, apart from the build of the program.
build() {
    local target=$1
    shift
    cmake -S "$top" -B . -G Ninja --log-level=WARNING -DCMAKE_BUILD_TYPE=None \
        -DKMB_SANITIZE=address,undefined "$@" >/dev/null
    cmake --build . --target "$target"
}

main() {
    [[ $# == 2 && $2 =~ ^[0-9]+$ ]] || usage
    [[ -d $1 ]] || die "$1: no such folder; build first (make)"
    out=$(cd "$1" && pwd)/fuzz-parsers
    mkdir -p "$out/corpus"
    cd "$out"
    # Who asks for more memory than there is gets an exception, as without a sanitizer.
    export ASAN_OPTIONS=allocator_may_return_null=1
    if has_libfuzzer; then
        build fuzz_parsers -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
            -DCMAKE_CXX_FLAGS="-O1 -g -fsanitize=fuzzer-no-link"
        ./fuzz_parsers -max_total_time="$2" -max_len=8192 -timeout=20 -rss_limit_mb=2048 \
            -print_final_stats=1 corpus "$here/corpus"
    else
        echo "fuzz.sh: no clang++ with libFuzzer: changes at random" >&2
        build mutate_parsers -DCMAKE_CXX_FLAGS="-O1 -g"
        tests/mutate_parsers "$here/corpus" "$2" "$RANDOM"
    fi
}

main "$@"
