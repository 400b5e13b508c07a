#!/usr/bin/env bash
# kernel.sh: say which kernel guests boot and modules for them are built against.
#
# Usage:    [KERNEL=6.1] kernel.sh [KEY]
# Example:  make -C "$(scripts/kernel.sh kdir)" M=$PWD/modules modules
#
# Prints lines KEY=VALUE, or the one value of KEY:
#   release   name of the kernel, as uname -r says inside the guest
#   image     its bzImage
#   boot      the same kernel unpacked, which saves the guest the unpacking (about 4 s)
#   machine   what to give vm.sh for it: pc
#   kdir      its headers, for make -C
# KERNEL is "default" (what the distribution installs today), a version such as 6.1, or a
# whole release. Installed packages are used where they can be read; what is missing is
# downloaded by apt-get as the ordinary user and unpacked, not installed, under
# ${XDG_CACHE_HOME:-~/.cache}/kmodbench/kernel. Needs apt, dpkg, flock, xz or zstd.
set -eu

cache=${XDG_CACHE_HOME:-$HOME/.cache}/kmodbench/kernel
apt_options=()
trash=''

die() { echo "kernel.sh: $*" >&2; exit 1; }
trap '[[ -z $trash ]] || rm -rf "$trash"' EXIT

apt_cache() { apt-cache ${apt_options[@]+"${apt_options[@]}"} "$@" 2>/dev/null; }

# Packages that $1 depends on, one a line.
depends() { apt_cache show --no-all-versions "$1" | sed -n 's/^Depends: //p' | head -n 1 | tr ',' '\n' | sed 's/^ *//; s/[ |].*//'; }

# Without room for temporary files apt says that packages are unknown.
room() {
    local file status=0
    file=$(mktemp "${TMPDIR:-/tmp}/kmodbench.XXXXXX") || return 1
    head -c 1048576 /dev/zero >"$file" || status=1
    rm -f "$file"
    return $status
}

# Own package lists, for a machine whose lists are absent or old; needs no root.
refresh() {
    local state=$cache/apt
    [[ ${#apt_options[@]} -eq 0 ]] || return 1
    room 2>/dev/null || die "${TMPDIR:-/tmp}: full, or not writable; make room or set TMPDIR"
    mkdir -p "$state/lists/partial" "$state/archives/partial"
    apt_options=(-o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state" -o APT::Sandbox::User="$(id -un)")
    echo "kernel.sh: reading the package lists" >&2
    apt-get -qq "${apt_options[@]}" update >&2
}

named() {
    case ${KERNEL:-default} in
    default)
        local meta=linux-image-amd64
        ! grep -qx 'ID=ubuntu' /etc/os-release || meta=linux-image-generic
        depends "$meta" | sed -n 's/^linux-image-\(.*-\(amd64\|generic\)\)$/\1/p' | head -n 1
        ;;
    *-*) echo "$KERNEL" ;;
    *)
        apt_cache pkgnames "linux-image-$KERNEL" | sed 's/^linux-image-//' | sort -V |
            grep -E -- '-(amd64|generic)$' | grep -E "^${KERNEL//./\\.}([.+~-]|$)" |
            grep -vE -- '-(rt|cloud|unsigned|dbg)' | tail -n 1 || true
        ;;
    esac
}

# fetch PACKAGE...: download into the current folder and unpack into ./root.
fetch() {
    local package
    echo "kernel.sh: fetching $*" >&2
    apt-get -qq ${apt_options[@]+"${apt_options[@]}"} download "$@" >&2 2>/dev/null ||
        { refresh && apt-get -qq "${apt_options[@]}" download "$@" >&2; } ||
        die "cannot download $*: is there a network? sudo apt-get install linux-headers-$release does without for headers"
    for package in ./*.deb; do dpkg-deb -x "$package" root && rm "$package"; done
}

# place NAME COMMAND: runs COMMAND in an empty folder that becomes cache/release/NAME when it is done.
place() {
    local name=$1
    shift
    [[ ! -e $cache/$release/$name ]] || return 0
    mkdir -p "$cache/$release" || die "$cache: cannot write; set XDG_CACHE_HOME"
    exec 9>"$cache/$release/lock"
    flock 9
    if [[ ! -e $cache/$release/$name ]]; then
        rm -rf "$cache/$release"/tmp.* # of a fetch that was killed
        trash=$(mktemp -d "$cache/$release/tmp.XXXXXX")
        (cd "$trash" && "$@") || die "kernel $release: $name could not be made; disk full?"
        mv -T "$trash" "$cache/$release/$name"
        trash=''
    fi
    exec 9>&-
}

fetch_image() {
    local image=linux-image-$release more
    fetch "$image"
    # Newer Debian kernels keep the image in a package of its own.
    more=$(depends "$image" | grep '^linux-binary-' || true)
    if [[ ! -e root/boot/vmlinuz-$release && -n $more ]]; then fetch "$more"; fi
    if [[ -e root/usr/lib/modules/$release/vmlinuz ]]; then
        mkdir -p root/boot
        mv "root/usr/lib/modules/$release/vmlinuz" "root/boot/vmlinuz-$release"
    fi
    [[ -e root/boot/vmlinuz-$release ]] || die "$image holds no boot/vmlinuz-$release"
    rm -rf root/lib root/usr
}

# Headers that find each other below $cache instead of /usr.
fetch_headers() {
    local headers=linux-headers-$release home=$cache/$release/headers/root parts link
    parts=$(depends "$headers" | grep -E '^linux-(headers|kbuild)-' || true)
    # shellcheck disable=SC2086 # package names
    fetch "$headers" $parts
    find root/usr/src -maxdepth 2 -name Makefile -exec sed -i "s#/usr/\(src\|lib\)/linux#$home&#" {} +
    find root -type l -lname '/usr/*' -print | while read -r link; do
        ln -sfn "$home$(readlink "$link")" "$link"
    done
    # Type information that a module would be given too, by a program that may be absent.
    rm -f "root/usr/src/$headers/vmlinux"
    [[ -e root/usr/src/$headers/Makefile ]] || die "$headers holds no Makefile"
}

# The ELF file inside a bzImage: setup_sects, payload_offset and payload_length of the
# boot protocol say where it lies, its first bytes how it is packed.
unpack() {
    local from=$1 sectors offset length tool
    sectors=$(od -An -tu1 -j $((0x1f1)) -N1 "$from")
    offset=$(od -An -tu4 -j $((0x248)) -N4 "$from")
    length=$(od -An -tu4 -j $((0x24c)) -N4 "$from")
    offset=$(((sectors + 1) * 512 + offset))
    case $(od -An -tx1 -j "$offset" -N4 "$from") in
    ' fd 37 7a 58') tool=xz ;;
    ' 28 b5 2f fd') tool=zstd ;;
    ' 1f 8b 08'*) tool=gzip ;;
    *) tool=false ;;
    esac
    # Four bytes of length follow what is packed.
    if ! tail -c "+$((offset + 1))" "$from" | head -c $((length - 4)) | $tool -dc >vmlinux 2>/dev/null; then
        cp "$from" vmlinux
    fi
}

main() {
    local release image kdir boot machine=pc
    [[ $(dpkg --print-architecture 2>/dev/null) == amd64 ]] || die "needs an amd64 Debian or Ubuntu"
    release=$(named)
    if [[ -z $release ]] && refresh; then release=$(named); fi
    [[ -n $release ]] || die "KERNEL=${KERNEL:-default}: apt knows no such kernel (apt-cache search linux-image)"

    image=/boot/vmlinuz-$release
    if [[ ! -r $image ]]; then
        place image fetch_image
        image=$cache/$release/image/root/boot/vmlinuz-$release
    fi
    kdir=/lib/modules/$release/build
    if [[ ! -e $kdir/Makefile ]]; then
        place headers fetch_headers
        kdir=$cache/$release/headers/root/usr/src/linux-headers-$release
    fi
    boot=unpacked-$(cksum <"$image" | tr ' ' '-')
    place "$boot" unpack "$image"
    boot=$cache/$release/$boot/vmlinux

    case ${1:-} in
    '') printf '%s\n' "release=$release" "image=$image" "boot=$boot" "machine=$machine" "kdir=$kdir" ;;
    release | image | boot | machine | kdir) echo "${!1}" ;;
    *) die "$1: no such key; one of release, image, boot, machine, kdir" ;;
    esac
}

main "$@"
