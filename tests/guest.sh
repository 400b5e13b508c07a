#!/usr/bin/env bash
# guest.sh: run a test program inside a throw-away guest with our modules in it.
#
# Usage:    guest.sh [OPTIONS] PROGRAM [ARGUMENT]...
# Example:  tests/guest.sh --load ksort build/ksort_device_test --gtest_filter='Sort.*'
#
#   --load "NAME[,PARAMETER=VALUE]..."  modules to load before and unload after
#   --modules DIR   folder of RELEASE/NAME.ko; default build/modules (make modules)
#   --cpus N        more than one needs target vm, under KVM where that works
#   --debug         on the debug kernel (scripts/debug-kernel.sh) instead of the usual one
#   --boot FILE --release NAME   on this kernel
#   --leaks         fail when kernel memory leaked (only with --debug)
#   --memory MB     of the guest; default 1024
#   --timeout S     default 600
#   --put FILE[:PATH], --env NAME=VALUE   as vm.sh
# All modules of DIR lie in /kmb in the guest, where PROGRAM starts. Of this environment
# GTEST_FILTER and KMB_TEST_ROUNDS reach it. Exit: PROGRAM's status, or that of vm.sh; a
# complaint of the kernel fails. 77, with the reason: this cannot run here.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
scripts=$root/scripts
boot='' release='' load='' modules=$root/build/modules cpus=1 debug='' leaks='' limit=600 memory=1024 options=()

usage() { sed -n '2,/^# complaint/s/^# \{0,1\}//p' "$0"; }
die() { echo "guest.sh: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }

# shellcheck disable=SC2016 # the guest expands it
# What the guest runs: modules in, program, modules out, leaks.
inside='
status=0
for entry in $KMB_LOAD; do
    name=${entry%%,*}
    [ "$name" = "$entry" ] && entry= || entry=$(echo "${entry#*,}" | tr , " ")
    insmod "/kmb/$name.ko" $entry || exit 1
    loaded="$name ${loaded:-}"
done
"$@" || status=$?
for name in ${loaded:-}; do
    rmmod "$name" || status=1
done
if [ -n "$KMB_LEAKS" ]; then kmemleak check >&2 || status=1; fi
exit $status'

options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
        -h | --help) usage; exit 0 ;;
        --debug) debug=1; shift; continue ;;
        --leaks) leaks=1; shift; continue ;;
        --*) [[ $# -ge 2 && $2 != --* ]] || die "$1 needs a value, or is unknown; see --help" ;;
        *) break ;;
        esac
        case $1 in
        --load) load=$2 ;;
        --modules) modules=$2 ;;
        --boot) boot=$2 ;;
        --release) release=$2 ;;
        --cpus) cpus=$2 ;;
        --memory) memory=$2 ;;
        --timeout) limit=$2 ;;
        --put | --env) options+=("$1" "$2") ;;
        *) die "$1: unknown option; see --help" ;;
        esac
        shift 2
    done
    [[ $# -gt 0 ]] || die "no program; see --help"
    program=("$@")
}

main() {
    local missing machine=pc module name
    options "$@"
    missing=$("$scripts/setup.sh" --check guest 2>&1) || skip "$missing"
    if [[ -n $debug ]]; then
        release=$("$scripts/debug-kernel.sh" --cached release) || skip "$release"
        boot=$("$scripts/debug-kernel.sh" boot)
        machine=$("$scripts/debug-kernel.sh" machine)
    elif [[ -z $boot ]]; then
        boot=$("$scripts/kernel.sh" boot) || skip "no kernel for the guest"
        release=$("$scripts/kernel.sh" release)
        machine=$("$scripts/kernel.sh" machine)
    fi
    for module in "$modules/$release"/*.ko; do
        [[ -e $module ]] || die "$modules/$release: no modules for the guest; make modules builds them"
        options+=(--put "$module")
    done
    for name in GTEST_FILTER KMB_TEST_ROUNDS; do
        [[ -z ${!name:-} ]] || options+=(--env "$name=${!name}")
    done
    if [[ $cpus == 1 && -z $debug ]]; then
        options+=(--target sim)
    elif [[ -z $debug ]] && "$scripts/kvm-probe.sh" >/dev/null; then
        options+=(--target vm --cpus "$cpus")
    else
        options+=(--target vm --accel tcg --cpus "$cpus")
    fi
    exec "$scripts/vm.sh" "${options[@]}" --kernel "$boot" --machine "$machine" --memory "$memory" \
        --timeout "$limit" --env "KMB_LOAD=$load" --env "KMB_LEAKS=$leaks" --bin "${program[0]}" \
        -- sh -c "$inside" sh "$(basename "${program[0]}")" "${program[@]:1}"
}

main "$@"
