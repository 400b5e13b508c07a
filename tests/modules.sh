#!/usr/bin/env bash
# modules.sh: build the modules for the guest's kernel, as the tests in guests need them.
#
# Usage:    modules.sh [--debug] OUT
# Example:  tests/modules.sh build/modules
#
# --debug builds for the debug kernel. Exit 77, with the reason: cannot be done here.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)

main() {
    local kdir reason
    if [[ ${1:-} == --debug ]]; then
        shift
        kdir=$("$root/scripts/debug-kernel.sh" --cached kdir) || { echo "skipped: $kdir"; exit 77; }
    else
        reason=$("$root/scripts/setup.sh" --check modules 2>&1) || { echo "skipped: $reason"; exit 77; }
        kdir=$("$root/scripts/kernel.sh" kdir) || { echo "skipped: no kernel headers for the guest"; exit 77; }
    fi
    [[ $# -eq 1 ]] || { echo "usage: modules.sh [--debug] OUT" >&2; exit 2; }
    mkdir -p "$1"
    exec 9>"$1/lock"
    flock 9
    make -s -C "$root/modules" KDIR="$kdir" OUT="$(cd "$1" && pwd)"
}

main "$@"
