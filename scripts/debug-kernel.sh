#!/usr/bin/env bash
# debug-kernel.sh: build, once, a small kernel that catches what modules do wrong.
#
# Usage:    [KERNEL=6.1] [JOBS=2] debug-kernel.sh [KEY]
# Example:  make -C "$(scripts/debug-kernel.sh kdir)" M=$PWD/modules modules
#           scripts/vm.sh --target vm --accel tcg --cpus 2 --machine microvm \
#               --kernel "$(scripts/debug-kernel.sh boot)" ...
#
# Prints lines KEY=VALUE, or the one value of KEY: release, boot (bzImage), machine (what to
# give vm.sh: without ACPI the other one has a single CPU), kdir (what modules are built
# against), config (the whole configuration). With --cached it does not build: exit 77.
# The source is the distribution's package linux-source-$KERNEL, downloaded and unpacked, not
# installed; the configuration is debug.config beside this script. Kept under
# ${XDG_CACHE_HOME:-~/.cache}/kmodbench/debug-kernel by a hash of both and of the compiler.
# The first call takes 5 to 15 minutes and 2 GB for a while, 0.2 GB stay.
# Needs the packages of the groups modules and debug in packages.txt; no root.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
version=${KERNEL:-6.1}
fragment=$here/debug.config
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kmodbench/debug-kernel
package=linux-source-$version
trash=''

die() { echo "debug-kernel.sh: $*" >&2; exit 1; }
say() { echo "debug-kernel.sh: $*" >&2; }
need() { command -v "$1" >/dev/null || die "$1 is missing: sudo apt-get install $2 (or scripts/setup.sh modules debug)"; }
trap '[[ -z $trash ]] || rm -rf "$trash"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

source_version() { apt-cache show --no-all-versions "$package" 2>/dev/null | sed -n 's/^Version: //p' | head -n 1; }

unpack() {
    say "fetching $package"
    apt-get -qq download "$package" >&2 || die "cannot download $package: sudo apt-get update, or no network"
    dpkg-deb --fsys-tarfile ./*.deb | tar -xO --wildcards './usr/src/linux-source-*.tar.xz' | tar -xJ --strip-components=1
    rm ./*.deb
}

# Every line of the fragment must have survived.
check() {
    local line name lost=''
    while read -r line; do
        [[ $line == CONFIG_* ]] || continue
        name=${line%%=*}
        case $line in
        *=n) ! grep -q "^$name=" .config || lost+=" $line" ;;
        *) grep -qxF "$line" .config || lost+=" $line" ;;
        esac
    done <"$fragment"
    [[ -z $lost ]] || die "$fragment: not taken, for want of a condition:$lost"
}

# Keeps what building modules and booting need.
prune() {
    local objtool=tools/objtool/objtool
    cp arch/x86/boot/bzImage ..
    [[ ! -e $objtool ]] || cp $objtool ../objtool
    find . -mindepth 1 -maxdepth 1 -type d ! -name arch ! -name include ! -name scripts -exec rm -rf {} +
    find arch -mindepth 1 -maxdepth 1 -type d ! -name x86 -exec rm -rf {} +
    find . -name '*.[oa]' -delete
    rm -rf vmlinux* .tmp_* .git
    if [[ -e ../objtool ]]; then mkdir -p "${objtool%/*}" && mv ../objtool $objtool; fi
}

build() {
    local log=$cache/build.log
    mkdir tree && cd tree
    unpack
    make -s KCONFIG_ALLCONFIG="$fragment" allnoconfig >"$log" 2>&1 || die "configuration failed, see $log"
    check
    say "building (log: $log)"
    nice -n 19 make -j"${JOBS:-$(nproc)}" bzImage modules >>"$log" 2>&1 ||
        die "the build failed: $(grep -m3 -iE 'error|No space' "$log" || tail -n 3 "$log"); whole log: $log"
    make -s kernelrelease >../release
    prune
    rm "$log"
}

main() {
    local hash home release boot kdir config source machine=microvm
    source=$(source_version)
    [[ -n $source ]] || die "$package: apt knows no such package (sudo apt-get update?)"
    need gcc g++
    hash=$({ grep '^CONFIG' "$fragment" && echo "$source" && gcc --version | head -n 1; } | sha256sum | cut -c1-16)
    home=$cache/$hash
    if [[ ${1:-} == --cached ]]; then
        shift
        [[ -e $home ]] || { echo "the debug kernel is not built yet: scripts/debug-kernel.sh builds it"; exit 77; }
    fi
    if [[ ! -e $home ]]; then
        need make make; need flex flex; need bison bison; need bc bc; need xz xz-utils; need perl perl
        [[ -e /usr/include/libelf.h ]] || die "libelf.h is missing: sudo apt-get install libelf-dev"
        mkdir -p "$cache" || die "$cache: cannot write; set XDG_CACHE_HOME"
        exec 9>"$cache/lock"
        flock 9
    fi
    if [[ ! -e $home ]]; then
        rm -rf "$cache"/tmp.* # of a build that was killed
        trash=$(mktemp -d "$cache/tmp.XXXXXX")
        (cd "$trash" && build) || exit 1
        mv -T "$trash" "$home"
        trash=''
    fi
    release=$(cat "$home/release")
    boot=$home/bzImage kdir=$home/tree config=$home/tree/.config
    case ${1:-} in
    '') printf '%s\n' "release=$release" "boot=$boot" "machine=$machine" "kdir=$kdir" "config=$config" ;;
    release | boot | machine | kdir | config) echo "${!1}" ;;
    *) die "$1: no such key; one of release, boot, machine, kdir, config" ;;
    esac
}

main "$@"
