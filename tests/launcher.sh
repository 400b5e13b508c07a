#!/usr/bin/env bash
# launcher.sh: does the launcher keep its promises? Each fact is a test of its own.
#
# Usage:    launcher.sh FACT      FACT is the name of a function fact_FACT below
# Example:  tests/launcher.sh status_and_output
#
# Most facts boot a guest (5 to 20 s). Exit 77, with the reason: cannot run here.
# shellcheck disable=SC2016 # the guest expands what stands in single quotes
set -eu

here=$(cd "$(dirname "$0")" && pwd)
scripts=$here/../scripts
vm=$scripts/vm.sh
room=$(mktemp -d "${TMPDIR:-/tmp}/kmodbench-test.XXXXXX")
trap 'rm -rf "$room"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
same() { [[ $1 == "$2" ]] || fail "$3: expected '$1', got '$2'"; }
says() { grep -qE -- "$2" "$1" || { cat "$1" >&2; fail "no '$2' in the message"; }; }

# Runs the rest; its status must be $1. Output and messages are kept in $room.
ends() {
    local expected=$1 status=0
    shift
    "$@" >"$room/out" 2>"$room/err" || status=$?
    [[ $status == "$expected" ]] || { cat "$room/out" "$room/err" >&2; fail "status $status instead of $expected: $*"; }
}

# faulty SCRIPT: builds the module that does wrong, for the kernel that SCRIPT names.
faulty() {
    local kdir
    kdir=$("$scripts/$1" kdir) || skip "no kernel headers"
    mkdir -p "$room/faulty" && cp "$here"/faulty/* "$room/faulty"
    make -s -C "$kdir" M="$room/faulty" modules >"$room/log" 2>&1 || { cat "$room/log" >&2; fail "faulty does not compile"; }
}

# Arguments, environment, files, both outputs and the status arrive as they were sent.
fact_status_and_output() {
    printf 'x y\n' >"$room/file"
    : >"$room/results"
    exec 7<>"$room/results"
    LC_ALL=C awk 'BEGIN { for (i = 0; i < 256; i++) printf "%c", i }' >"$room/bytes"
    ends 42 "$vm" --put "$room/file:/a/b" --put "$room/bytes" --env "WORD=a 'b' \$c" --results-fd 7 \
        -- sh -c 'cat /a/b; echo "$WORD|$1"; echo wrong >&2; cat bytes >$KMB_RESULTS; exit 42' sh "it's  \"two\""
    same "x y"$'\n'"a 'b' \$c|it's  \"two\"" "$(cat "$room/out")" "standard output"
    same wrong "$(cat "$room/err")" "standard error"
    cmp "$room/bytes" "$room/results" || fail "results changed on their way"
}

# A program's libraries come along.
fact_program_with_libraries() {
    ends 0 "$vm" --bin "$(command -v getent)" -- getent --version
    says "$room/out" 'getent'
}

# A guest that dies before its command is no success.
fact_dead_guest() { ends 122 "$vm" -- reboot -f; }

fact_panic() {
    ends 120 "$vm" -- sh -c 'echo c >/proc/sysrq-trigger'
    says "$room/err" 'Kernel panic.*sysrq'
}

# A warning of the kernel fails what otherwise succeeded; without it the same module passes.
fact_kernel_warning() {
    faulty kernel.sh
    ends 0 "$vm" --put "$room/faulty/faulty.ko" -- insmod faulty.ko
    ends 120 "$vm" --put "$room/faulty/faulty.ko" -- sh -c 'insmod faulty.ko what=warn && echo loaded'
    same loaded "$(cat "$room/out")" "output before the verdict"
    says "$room/err" 'faulty: a warning on purpose'
}

fact_out_of_memory() {
    ends 121 "$vm" --memory 256 -- sh -c 'a=x; while :; do a=$a$a$a; done'
    says "$room/err" '--memory 256'
    ends 125 "$vm" --memory 16 -- true
    says "$room/err" 'needs at least [0-9]+ MB'
}

fact_timeout() {
    ends 124 "$vm" --timeout 3 -- sleep 100000
    says "$room/err" 'within 3 s'
}

# alive: processes of the guest that carries this test's mark.
alive() { grep -lsaF "kmb-mark=$$." /proc/[0-9]*/cmdline || true; }

# nothing_left AFTER: within 5 s, no process of the guest and no file.
nothing_left() {
    for _ in {1..50}; do
        [[ -n $(alive)$(ls -A "$room/tmp") ]] || return 0
        sleep 0.1
    done
    fail "after $1 there are still: $(ls -A "$room/tmp") $(alive)"
}

# Nothing stays behind, however the launcher or its guest is ended.
fact_nothing_left() {
    local signal launcher status qemu
    mkdir "$room/tmp"
    for signal in KILL TERM INT QEMU; do
        : >"$room/log"
        TMPDIR=$room/tmp setsid env --default-signal=INT "$vm" --append "kmb-mark=$$." -- sh -c 'echo up; sleep 100000' >"$room/log" 2>&1 &
        launcher=$!
        for _ in {1..600}; do grep -q up "$room/log" && break; sleep 0.1; done
        [[ -n $(alive) ]] || fail "no guest: $(cat "$room/log")"
        same '' "$(ls -A "$room/tmp")" "files while the guest runs"
        status=0
        case $signal in
        QEMU)
            qemu=$(alive | xargs grep -la '^qemu-system' | tr -dc '0-9\n')
            kill -KILL "$qemu"
            ;;
        INT) kill -INT -- "-$launcher" ;; # as Ctrl-C does: to the whole group
        *) kill -s "$signal" "$launcher" ;;
        esac
        wait "$launcher" 2>/dev/null || status=$?
        case $signal in
        KILL) same 137 "$status" "$signal" ;;
        TERM) same 143 "$status" "$signal" ;;
        INT) same 130 "$status" "$signal" ;;
        QEMU) same 122 "$status" "QEMU killed" ;;
        esac
        nothing_left "$signal"
    done
}

# What is missing is named with its package, what is wrong with its mend; no guest starts.
fact_clear_errors() {
    local tool
    mkdir "$room/bin"
    for tool in bash dirname sed grep awk cat; do ln -s "$(command -v "$tool")" "$room/bin/"; done
    PATH=$room/bin ends 125 "$vm" -- true
    says "$room/err" 'apt-get install qemu-system-x86'
    ln -s "$(type -P true)" "$room/bin/qemu-system-x86_64"
    PATH=$room/bin ends 125 "$vm" -- true
    says "$room/err" 'apt-get install busybox-static'
    ends 125 "$vm" --cpus 2 -- true
    says "$room/err" 'sim has one CPU'
    ends 125 "$vm"
    ends 125 "$vm" --put "$room/absent" -- true
    says "$room/err" 'absent: no such file'
    ends 125 "$vm" --kernel "$room/absent" -- true
    ends 125 "$vm" --results-fd 8 -- true 8> >(cat)
    says "$room/err" 'must be an open regular file'
    TMPDIR=$room/absent ends 125 "$vm" -- true
    says "$room/err" 'set TMPDIR'
    KERNEL=0.99 ends 1 "$scripts/kernel.sh"
    says "$room/err" 'apt knows no such kernel'
}

# The same files and command give the same times, to the last instruction, in every boot.
fact_same_times() {
    local boot
    cc -O2 -static -o "$room/ticks" "$here/ticks.c"
    for boot in 1 2; do
        : >"$room/boot$boot"
        exec 7<>"$room/boot$boot"
        ends 0 "$vm" --bin "$room/ticks" --results-fd 7 -- sh -c 'ticks >$KMB_RESULTS'
        exec 7>&-
    done
    [[ $(wc -l <"$room/boot1") == 2100 ]] || fail "rows are missing"
    cmp "$room/boot1" "$room/boot2" || fail "two boots differ"
}

# Two processors where there is no KVM.
fact_two_processors() {
    ends 0 "$vm" --target vm --accel tcg --cpus 2 --timeout 120 -- nproc
    same 2 "$(cat "$room/out")" "processors"
}

# A guest that stands still at its start is started once more.
fact_stands_still() {
    mkdir "$room/bin"
    cat >"$room/bin/qemu-system-x86_64" <<EOF
#!/bin/bash
[[ \$1 == --version || -e $room/stood ]] || { touch "$room/stood"; exec sleep 600; }
exec $(command -v qemu-system-x86_64) "\$@"
EOF
    chmod +x "$room/bin/qemu-system-x86_64"
    KMB_BOOT_LIMIT=30 PATH=$room/bin:$PATH ends 0 "$vm" --target vm --accel tcg --cpus 2 -- nproc
    same 2 "$(cat "$room/out")" "processors"
    says "$room/err" 'did not come up within 30 s; starting it once more'
}

# The probe ends in time, and keeps its verdict.
fact_kvm_probe() {
    local status=0 before verdict
    before=$SECONDS
    verdict=$("$scripts/kvm-probe.sh" --again) || status=$?
    [[ $((SECONDS - before)) -le 30 && -n $verdict ]] || fail "the probe took $((SECONDS - before)) s"
    ends "$status" "$scripts/kvm-probe.sh"
    same "$verdict" "$(cat "$room/out")" "second verdict"
}

# setup.sh installs nothing that is there, and names what it may not install.
fact_setup() {
    cp "$scripts/setup.sh" "$room"
    printf '# group package\none bash shell\ntwo no-such-package-of-ours x\n' >"$room/packages.txt"
    ends 0 "$room/setup.sh" one
    ends 1 "$room/setup.sh" --check
    says "$room/err" 'apt-get install --no-install-recommends no-such-package-of-ours$'
    ends 1 "$room/setup.sh" three
    says "$room/err" 'three: no such group'
}

# Each kind of mistake that the debug kernel is built to see, one boot each, is seen.
fact_debug_kernel_sees() {
    local boot machine fault
    "$scripts/debug-kernel.sh" --cached >/dev/null || skip "the debug kernel is not built: scripts/debug-kernel.sh"
    boot=$("$scripts/debug-kernel.sh" boot)
    machine=$("$scripts/debug-kernel.sh" machine)
    faulty debug-kernel.sh
    declare -A text=([overflow]='KASAN: slab-out-of-bounds' [use_after_free]='KASAN: .*use-after-free'
        [sleep]='BUG: sleeping function called' [order]='possible circular locking'
        [unlock]='lock held when returning to user space|still has locks held')
    for fault in nothing overflow use_after_free sleep order unlock leak; do
        case $fault in nothing) expected=0 ;; leak) expected=1 ;; *) expected=120 ;; esac
        ends $expected "$vm" --target vm --accel tcg --cpus 2 --machine "$machine" --kernel "$boot" --timeout 600 \
            --put "$room/faulty/faulty.ko" -- sh -c "insmod faulty.ko what=$fault && rmmod faulty &&
                if [ $fault = leak ]; then kmemleak check; fi"
        if [[ $fault == leak ]]; then says "$room/out" 'unreferenced object .*size 1024|do_leak'; fi
        [[ -z ${text[$fault]:-} ]] || says "$room/err" "${text[$fault]}"
        echo "$fault: seen as it should be"
    done
}

main() {
    local missing
    [[ $(type -t "fact_${1:-}") == function ]] || { echo "usage: launcher.sh FACT" >&2; exit 2; }
    missing=$("$scripts/setup.sh" --check guest 2>&1) || skip "$missing"
    "$scripts/kernel.sh" >"$room/kernel" || skip "no kernel for the guest"
    "fact_$1"
}

main "$@"
