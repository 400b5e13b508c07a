#!/usr/bin/env bash
# static.sh: look at the code without running it, and say in one summary what was found.
#
# Usage:    static.sh BUILD [CHECK]...      CHECK: a row of checks() below; default: all
# Example:  scripts/static.sh build checkpatch sparse
#
#   analyzer    the modules under gcc -fanalyzer, but fibdrv/engine_adx.c,
#               which it does not finish in ten minutes
#   checkpatch  checkpatch.pl --strict; scripts/checkpatch.allow has the exceptions
#   coccicheck  the kernel's own semantic patches, each on all modules
#   format      clang-format of the C++ code
#   scripts     shellcheck of every script
#   sparse      the modules under sparse, built with W=1
#   tidy        clang-tidy on the C++ files that differ from the branch main, or on those
#               named in FILES=
#
# Only complaints about our own files count. Each check may take LIMIT seconds (default 600).
# Ends 1 when one of them found something; one whose tool is missing is skipped and named.
# Needs the group static of packages.txt; the semantic patches and checkpatch.pl come from the
# debug kernel where it is built, else from the package of the kernel's source, fetched once.
# shellcheck disable=SC2015,SC2317 # "|| true" is meant for all; checks are called by name
set -eu -o pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
scripts=$root/scripts
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kmodbench

die() { echo "static.sh: $*" >&2; exit 1; }
skip() { echo "$*"; exit 77; }
need() { command -v "$1" >/dev/null || skip "$1 is missing: sudo apt-get install $2"; }
bounded() { timeout "${LIMIT:-600}" "$@" || { [[ $? != 124 ]] || echo "not finished within ${LIMIT:-600} s: $*"; }; }

checks() {
    printf '%s\n' analyzer checkpatch coccicheck format scripts sparse tidy
}

# Folder of the kernel's own scripts, of the source that the debug kernel is made of.
kernel_scripts() {
    local tree package=linux-source-6.1 home=$cache/kernel-scripts
    if tree=$("$scripts/debug-kernel.sh" --cached kdir 2>/dev/null); then echo "$tree/scripts"; return; fi
    if [[ ! -e $home/scripts/checkpatch.pl ]]; then
        rm -rf "$home.new" && mkdir -p "$home.new"
        (cd "$home.new" && apt-get -qq download "$package" >&2 2>/dev/null &&
            dpkg-deb --fsys-tarfile ./*.deb | tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
            tar -xJ --strip-components=1 --wildcards '*/scripts/*' && rm ./*.deb) || return 1
        rm -rf "$home" && mv "$home.new" "$home"
    fi
    echo "$home/scripts"
}

# module_build NAME WORD...: builds the modules apart; what the compiler says of our files.
module_build() {
    local name=$1 kdir
    shift
    kdir=$("$scripts/kernel.sh" kdir) || skip "no kernel headers"
    bounded make -s -C "$root/modules" KDIR="$kdir" OUT="$build/static-$name" "$@" 2>&1 |
        grep -E "/tree/.*(warning|error):|^make.*Error|not finished" | sed 's#^.*/tree/##' | sort -u || true
}

# It takes the shift of a vector by a constant for one of a word of two bits.
check_analyzer() {
    module_build analyzer KCFLAGS="-fanalyzer -Wno-analyzer-shift-count-overflow" \
        CFLAGS_REMOVE_engine_adx.o=-fanalyzer
}

check_sparse() {
    need sparse sparse
    module_build sparse W=1 C=2
}

check_checkpatch() {
    local from room
    need perl perl
    from=$(kernel_scripts) || skip "no source of the kernel's scripts"
    room=$(mktemp -d) # it leaves a file where it runs
    (cd "$room" && git -C "$root" ls-files -z 'modules/*.[ch]' 'tests/faulty/*.c' |
        grep -zvxFf <(awk '$2 == "*" { print $1 }' "$scripts/checkpatch.allow") | sed -z "s#^#$root/#" |
        bounded xargs -0 perl "$from/checkpatch.pl" --no-tree --strict --terse --no-summary --show-types -f) |
        sed "s#^$root/##" | awk '
            NR == FNR { if ($1 !~ /^#/ && NF) allowed[$1 " " $2]; next }
            { split($0, part, ":"); if (!((part[1] " " part[4]) in allowed)) print }
        ' "$scripts/checkpatch.allow" - || true
    rm -rf "$room"
}

check_coccicheck() {
    local from patch options
    need spatch coccinelle
    from=$(kernel_scripts) || skip "no source of the kernel's scripts"
    # Those that need OCaml or only change code do not run here. min(), swap() and ARRAY_SIZE()
    # are words that the cores, which compile in user space as well, do without.
    find -L "$from/coccinelle" -name '*.cocci' | sort | while read -r patch; do
        if ! grep -q '^virtual report' "$patch" || grep -q 'script:ocaml' "$patch" ||
            [[ $patch =~ /(array_size|minmax|swap)\.cocci$ ]]; then continue; fi
        options=$(sed -n 's#^// *Options: *##p' "$patch" | tr '\n' ' ')
        # shellcheck disable=SC2086 # options
        bounded spatch -D report --no-show-diff --very-quiet --cocci-file "$patch" $options \
            --dir "$root/modules" -I "$root/modules/common" -I "$root/modules/include/uapi" 2>/dev/null |
            sed "s#^$root/##; s#\$# (${patch##*/})#" || true
    done | grep . || true
}

check_format() {
    need clang-format clang-format
    (cd "$root" && git ls-files -z '*.cpp' '*.hpp' 'bench/*.h' 'analysis/*.h' 'plots/*.h' 'report/*.h' 'cli/*.h' 'tests/*.h' \
        ':!bench/cores/kernel_shim' |
        bounded xargs -0 clang-format --dry-run 2>&1 | grep 'warning:' || true)
}

check_scripts() {
    need shellcheck shellcheck
    (cd "$root" && git ls-files -z '*.sh' | bounded xargs -0 shellcheck -f gcc || true)
}

check_tidy() {
    need clang-tidy clang-tidy
    [[ -e $build/compile_commands.json ]] || skip "$build/compile_commands.json: cmake makes it"
    local files=${FILES:-}
    [[ -n $files ]] || files=$(cd "$root" && git diff --name-only --diff-filter=d main -- '*.cpp' | grep -vE '^tests/(fuzz|kernel)/|cores/' || true)
    [[ -n $files ]] || skip "no C++ file differs from main; name some in FILES="
    # shellcheck disable=SC2086 # names
    (cd "$root" && printf '%s\n' $files | bounded xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$build" 2>/dev/null |
        grep -E "^$root/.*(warning|error):" | sed "s#^$root/##" | sort -u || true)
}

main() {
    local check found status=0 code from
    [[ $# -ge 1 && -d $1 ]] || die "usage: static.sh BUILD [CHECK]...; BUILD is made by make"
    build=$(cd "$1" && pwd)
    shift
    # shellcheck disable=SC2046 # words
    [[ $# -gt 0 ]] || set -- $(checks)
    for check in "$@"; do
        checks | grep -qxF "$check" || die "$check: no such check; one of $(checks | tr '\n' ' ')"
        from=$SECONDS code=0
        found=$("check_$check") || code=$?
        if [[ $code == 77 ]]; then
            echo "static: $check: skipped: $found"
        elif [[ -n $found || $code != 0 ]]; then
            status=1
            echo "static: $check: $(wc -l <<<"$found") found ($((SECONDS - from)) s)"
            echo "  ${found//$'\n'/$'\n'  }"
        else
            echo "static: $check: nothing found ($((SECONDS - from)) s)"
        fi
    done
    exit $status
}

main "$@"
