#!/usr/bin/env bash
# matrix.sh: build the modules on the kernels of several distributions, each with its own
# compiler, boot each in a guest and run the tests of the devices there.
#
# Usage:    matrix.sh BUILD KERNEL...       KERNEL: 5.10, 6.1, 6.12 or newest
# Example:  scripts/matrix.sh build 5.10 newest
#
# Writes the table of what passed to docs/kernels.md, and between the lines
# <!-- kernels --> and <!-- /kernels --> of README.md where it has them: the row of each kernel
# that was ever tried with this BUILD, with its day. Ends non-zero when a kernel failed. A compiler and headers live in a folder of their own (about 0.5 GB) under
# ${XDG_CACHE_HOME:-~/.cache}/kmodbench/matrix, made once by mmdebstrap from the mirror that
# apt uses here (MIRROR= for another). Needs mmdebstrap and the group guest, and root or a
# user that may have namespaces.
set -eu -o pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kmodbench/matrix

die() { echo "matrix.sh: $*" >&2; exit 1; }

# KERNEL  SUITE  SUITE OF THE KERNEL  LIBRARY OF OBJTOOL
table() {
    cat <<'END'
5.10    bullseye  -                  libelf1
6.1     bookworm  -                  libelf1
6.12    trixie    -                  libelf1t64
newest  trixie    trixie-backports   libelf1t64
END
}

mirror() {
    local site=${MIRROR:-}
    # shellcheck disable=SC2016 # apt expands it
    [[ -n $site ]] || site=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' | head -n 1)
    [[ -n $site ]] || die "no Debian mirror among the sources of apt; name one with MIRROR="
    echo "${site%/}"
}

# Runs a command inside $home as root of it.
inside() {
    # shellcheck disable=SC2016 # the shell inside expands it
    unshare ${unprivileged:+-r} -m --pid --fork sh -c '
        mount --bind /proc "$1/proc" 2>/dev/null || mount -t proc proc "$1/proc"
        cp /etc/resolv.conf "$1/etc/resolv.conf"
        root=$1; shift
        exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root XDG_CACHE_HOME=/var/cache LC_ALL=C "$@"' sh "$home" "$@"
}

# make_home SUITE NEWER LIBRARY: a folder with a compiler, under $home.
make_home() {
    local site lines options=()
    [[ ! -e $home/usr/bin/gcc ]] || return 0
    command -v mmdebstrap >/dev/null || die "mmdebstrap is missing: sudo apt-get install mmdebstrap"
    site=$(mirror)
    lines="deb $site $1 main"
    if [[ $2 != - ]]; then
        lines+=$'\n'"deb $site $2 main"
        options=(--aptopt="APT::Default-Release \"$2\"")
    fi
    mkdir -p "$cache"
    rm -rf "$home.new"
    mmdebstrap --quiet --variant=apt --include="gcc,make,kmod,bc,xz-utils,zstd,perl-base,$3" ${options[@]+"${options[@]}"} \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' "$1" "$home.new" - <<<"$lines"
    mv -T "$home.new" "$home"
}

# Modules and kernel of $home, into $modules/RELEASE and $boot.
build() {
    rm -rf "$home/kmodbench"
    mkdir -p "$home/kmodbench/scripts"
    cp -r "$root/modules" "$home/kmodbench/"
    cp "$root/scripts/kernel.sh" "$home/kmodbench/scripts/"
    inside sh -c 'cd /kmodbench && [ -e /var/cache/updated ] || { apt-get -qq -o APT::Sandbox::User=root update && touch /var/cache/updated; }' || return 1
    inside /kmodbench/scripts/kernel.sh >"$work/kernel" || return 1
    release=$(sed -n 's/^release=//p' "$work/kernel")
    boot=$home$(sed -n 's/^boot=//p' "$work/kernel")
    # For kernels-cost.sh.
    echo "$release" >"$work/release"
    echo "$boot" >"$work/boot"
    compiler=$(inside gcc -dumpfullversion)
    inside make -s -C /kmodbench/modules OUT=/kmodbench/out KDIR="$(sed -n 's/^kdir=//p' "$work/kernel")" >"$work/make" 2>&1 || { tail -n 20 "$work/make" >&2; return 1; }
    # A warning is a failure here as it is at home.
    if grep -i 'warning:' "$work/make" | grep -vE 'BTF|pahole'; then return 1; fi
    mkdir -p "$modules/$release"
    cp "$home/kmodbench/out/$release"/*.ko "$modules/$release/"
}

# try NAME PROGRAM ARGUMENT...: a test program in a guest of this kernel; its result is a word.
try() {
    local name=$1 log=$work/$1.log code=0
    shift
    "$root/tests/guest.sh" --boot "$boot" --release "$release" --modules "$modules" --timeout 900 \
        "$@" >"$log" 2>&1 || code=$?
    case $code in
    0) result=passed ;;
    77) result=skipped ;;
    *)
        result=FAILED
        status=1
        tail -n 30 "$log" >&2
        ;;
    esac
    echo "  $name: $result"
}

one() {
    local suite newer library word compiler='' release='' boot='' contract=- fib=- sort=- built=FAILED
    read -r word suite newer library < <(table | awk -v k="$1" '$1 == k') || die "$1: no such kernel; one of $(table | awk '{ printf "%s ", $1 }')"
    home=$cache/$word work=$build/matrix/$word modules=$build/matrix/modules
    mkdir -p "$work" "$modules"
    echo "kernel $word ($suite${newer#-})"
    make_home "$suite" "$newer" "$library"
    if build; then
        built=passed
        try contract --cpus 2 "$build/tests/kernel_contract" /kmb
        contract=$result
        try fibdrv --load fibdrv "$build/tests/fibdrv_device_test"
        fib=$result
        try ksort --cpus 2 --load ksort "$build/tests/ksort_device_test"
        sort=$result
    else
        status=1
    fi
    [[ $newer == - ]] || suite=$newer
    echo "| ${release:-$word} | $suite | gcc ${compiler:-?} | $built | $contract | $fib | $sort | $(date -u +%F) |" >"$work/row"
}

# Rows of all kernels that were tried, oldest kernel first: from here, else as they were reported.
rows() {
    local word suite newer
    table | while read -r word suite newer _; do
        [[ $newer == - ]] || suite=$newer
        cat "$build/matrix/$word/row" 2>/dev/null || grep -m 1 -F "| $suite | gcc" "$root/docs/kernels.md" || true
    done
}

# report FILE: puts the table between the marks of FILE.
report() {
    [[ -e $1 ]] && grep -q '^<!-- kernels -->$' "$1" || return 0
    awk -v rows="$(rows)" '
        /^<!-- kernels -->$/ {
            print; print ""
            print "| kernel | Debian | compiler | builds | contract | fibdrv | ksort | day |"
            print "|---|---|---|---|---|---|---|---|"
            print rows
            print ""
            skip = 1
        }
        /^<!-- \/kernels -->$/ { skip = 0 }
        !skip' "$1" >"$1.new"
    mv "$1.new" "$1"
}

main() {
    local kernel status=0 unprivileged='' result=''
    [[ $# -ge 2 && -e $1/CTestTestfile.cmake ]] || die "usage: matrix.sh BUILD KERNEL...; BUILD is made by make"
    build=$(cd "$1" && pwd)
    shift
    [[ $(id -u) == 0 ]] || unprivileged=1
    for kernel in "$@"; do one "$kernel"; done
    rows
    report "$root/docs/kernels.md"
    report "$root/README.md"
    exit $status
}

main "$@"
