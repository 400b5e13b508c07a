#!/usr/bin/env bash
# new-module.sh: make a new module with its case from the template, hello and its case copy.
#
# Usage:    new-module.sh NAME
# Example:  scripts/new-module.sh mystack && make bench CASES=mystack
#
# Makes modules/NAME/ (a char device /dev/NAME) and bench/cases/NAME.cpp, and adds one line
# each to modules/Kbuild, bench/cases/cases.def and bench/cases/CMakeLists.txt; nothing else
# is touched. What it makes builds and measures at once: it copies bytes, as hello does. Put
# your own work in its place. NAME: small letters, digits and _, a letter first.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)

usage() { sed -n '2,/^# your own/s/^# \{0,1\}//p' "$0"; }
die() { echo "new-module.sh: $*" >&2; exit 1; }

# add_line FILE PATTERN LINE: puts LINE among those of FILE that PATTERN finds, which are sorted.
add_line() {
    local first count
    first=$(grep -nEm1 "$2" "$1" | cut -d: -f1) count=$(grep -cE "$2" "$1")
    {
        head -n $((first - 1)) "$1"
        { grep -E "$2" "$1"; echo "$3"; } | LC_ALL=C sort
        tail -n +$((first + count)) "$1"
    } >"$1.new"
    mv "$1.new" "$1"
}

check() {
    local file
    [[ $name =~ ^[a-z][a-z0-9_]{0,30}$ ]] || die "'$name': small letters, digits and _, a letter first, 31 at most"
    for file in "modules/$name" "bench/cases/$name.cpp"; do
        [[ ! -e $root/$file ]] || die "$file is there already"
    done
    [[ ! -e /dev/$name ]] || die "/dev/$name is a device of this machine"
}

make_module() {
    local from
    mkdir "$root/modules/$name"
    for from in "$root"/modules/hello/*; do
        sed "s/hello: the smallest complete module, and the device that/hello: made from a template, and still what/
            s/hello/$name/g; s/HELLO/${name^^}/g" "$from" >"$root/modules/$name/${from##*/}"
    done
}

make_case() {
    sed "s/hello/$name/g; s/return \"copy\"/return \"$name\"/; s/make_copy/make_$name/" \
        "$root/bench/cases/copy.cpp" >"$root/bench/cases/$name.cpp"
}

main() {
    case ${1:-} in -h | --help) usage; exit 0 ;; esac
    [[ $# -eq 1 ]] || die "one name; see --help"
    name=$1
    check
    make_module
    make_case
    add_line "$root/modules/Kbuild" '^obj-m \+= ' "obj-m += $name/"
    add_line "$root/bench/cases/cases.def" '^KMB_CASE\(' "KMB_CASE($name)"
    add_line "$root/bench/cases/CMakeLists.txt" '^    [a-z_]+\.cpp$' "    $name.cpp"
    echo "modules/$name/main.c and bench/cases/$name.cpp; 'make bench CASES=$name' measures them"
}

main "$@"
