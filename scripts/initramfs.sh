#!/usr/bin/env bash
# initramfs.sh: write an initial file system for a guest, from a list.
#
# Usage:    initramfs.sh < LIST > ARCHIVE
# Example:  printf 'dir\tbin\nfile\tbin/busybox\t/bin/busybox\n' | initramfs.sh > guest.cpio
#
# LIST has one entry a line, its fields parted by tabs:
#   dir NAME            file NAME HOST_FILE [MODE]
#   link NAME TARGET    console NAME        (the character device 5:1)
# Folders above an entry are made as needed. The archive is in the kernel's
# "newc" format, uncompressed. Names, order, owners (root) and times (0) depend on
# the list alone, so that two guests from one list boot through the same instructions.
# Needs: bash and cat. No root, no staging folder.
set -eu
export LC_ALL=C

die() { echo "initramfs.sh: $*" >&2; exit 1; }

inode=0
declare -A made=()

# pad SIZE: zeros up to the next multiple of four bytes.
pad() {
    local zeros='\0\0\0'
    # shellcheck disable=SC2059 # the zeros are the format
    printf "${zeros:0:$((2 * ((4 - $1 % 4) % 4)))}"
}

# header NAME MODE SIZE [MAJOR MINOR]: the fixed part of an entry and its name.
header() {
    local name=$1 length
    inode=$((inode + 1))
    length=$((${#name} + 1))
    printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X' \
        "$inode" "$2" 0 0 1 0 "$3" 0 0 "${4:-0}" "${5:-0}" "$length" 0
    printf '%s\0' "$name"
    pad $((110 + length))
}

# folders NAME: NAME and the folders above it, each once.
folders() {
    local name=$1
    [[ $name == */* ]] && folders "${name%/*}"
    [[ -n $name && -z ${made[$name]:-} ]] || return 0
    made[$name]=1
    header "$name" $((8#040755)) 0
}

above() { [[ $1 != */* ]] || folders "${1%/*}"; }

main() {
    local kind name from mode size
    [[ $# -eq 0 ]] || die "takes no arguments: the list comes on standard input"
    while IFS=$'\t' read -r kind name from mode; do
        name=${name#/}
        case $kind in
        '') ;;
        dir) folders "$name" ;;
        file)
            above "$name"
            [[ -f $from && -r $from ]] || die "$from: not a readable file"
            size=$(stat -Lc %s -- "$from")
            header "$name" $((8#100000 | 8#${mode:-755})) "$size"
            cat -- "$from"
            pad "$size"
            ;;
        link)
            above "$name"
            header "$name" $((8#120777)) ${#from}
            printf '%s' "$from"
            pad ${#from}
            ;;
        console) above "$name"; header "$name" $((8#020600)) 0 5 1 ;;
        *) die "'$kind': not a kind of entry (dir, file, link, console)" ;;
        esac
    done
    header 'TRAILER!!!' 0 0
}

main "$@"
