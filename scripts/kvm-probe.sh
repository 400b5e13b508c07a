#!/usr/bin/env bash
# kvm-probe.sh: say in one line whether guests run under KVM here.
#
# Usage:    kvm-probe.sh [--again]
# Example:  if reason=$(scripts/kvm-probe.sh); then echo fast; else echo "slow: $reason"; fi
#
# Exit 0 and "works", or exit 1 and the reason. On some machines /dev/kvm opens and the guest
# then hangs in its firmware, so a guest is booted, for at most 10 seconds. The verdict is
# kept for this boot of the machine, this kernel and this QEMU; --again asks anew.
# Needs what vm.sh needs. No root.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kmodbench
limit=10

no() { echo "$*"; exit 1; }

# The first line of what a program complained of, without the name it has for itself.
first_words() {
    local line=${1%%$'\n'*}
    line=${line#qemu-system-x86_64: }
    line=${line#error: }
    echo "${line:0:120}"
}

# Boots a guest; prints the verdict.
try() {
    local status=0 errors
    errors=$("$here/vm.sh" --target vm --accel kvm --memory 512 --timeout "$limit" -- true 2>&1) || status=$?
    case $status in
    0) echo works ;;
    124) echo "/dev/kvm opens, but a guest did not get to its first program within $limit s" ;;
    *) echo "a guest under KVM does not start: $(first_words "$errors")" ;;
    esac
}

main() {
    local key verdict file
    [[ -e /dev/kvm ]] || no "no /dev/kvm: no virtualization, or switched off in the firmware"
    [[ -r /dev/kvm && -w /dev/kvm ]] ||
        no "no permission for /dev/kvm: sudo usermod -aG kvm $(id -un), then log in again"
    command -v qemu-system-x86_64 >/dev/null || no "no qemu-system-x86_64: sudo apt-get install qemu-system-x86"
    key=$({ qemu-system-x86_64 --version; uname -srv; cat /proc/sys/kernel/random/boot_id; } |
        sha256sum | cut -c1-16)
    file=$cache/kvm/$key
    if [[ ${1:-} != --again && -s $file ]]; then
        verdict=$(cat "$file")
    else
        # The kernel first: fetching it must not count against the guest's time.
        "$here/kernel.sh" boot >/dev/null || exit 1
        verdict=$(try)
        # Verdicts of earlier boots are of no use; one that cannot be kept is asked for again.
        { rm -rf "$cache/kvm" && mkdir -p "$cache/kvm" && echo "$verdict" >"$file.$$" && mv "$file.$$" "$file"; } 2>/dev/null || true
    fi
    echo "$verdict"
    [[ $verdict == works ]]
}

main "$@"
