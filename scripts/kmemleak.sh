#!/bin/busybox sh
# shellcheck shell=dash
# kmemleak.sh: inside a guest with the debug kernel, look for leaked kernel memory.
#
# Usage:    kmemleak mark     forget what is known so far
#           kmemleak check    print what leaked since; exit 1 when something did
# Example:  kmemleak mark; insmod x.ko; rmmod x; kmemleak check
# Exits 77 where the kernel cannot say. An object counts as leaked when a second scan,
# after the five seconds for which kmemleak trusts a young object, still finds no pointer.
file=/sys/kernel/debug/kmemleak

[ -e "$file" ] || { echo "kmemleak: this kernel has no kmemleak" >&2; exit 77; }
case "${1:-}" in
mark)
    echo scan >"$file" && sleep 6 && echo scan >"$file" && echo clear >"$file"
    ;;
check)
    echo scan >"$file" && sleep 6 && echo scan >"$file" || exit 77
    found=$(cat "$file")
    [ -z "$found" ] && exit 0
    echo "$found"
    exit 1
    ;;
*)
    echo "usage: kmemleak mark|check" >&2
    exit 2
    ;;
esac
