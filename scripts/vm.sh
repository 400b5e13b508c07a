#!/usr/bin/env bash
# vm.sh: boot a throw-away guest, run one command in it as root, and end as it ended.
#
# Usage:    vm.sh [OPTIONS] -- COMMAND [ARGUMENT]...
# Example:  vm.sh --target sim --put build/hello.ko -- sh -c 'insmod hello.ko && ls /dev/hello'
#           vm.sh --target sim --bin build/kmodbench --results-fd 7 -- kmodbench list
#
#   --target sim|vm    sim (default): one simulated CPU whose clock advances 1 ns an
#                      instruction; the same list of files and command give the same times.
#                      vm: the processor itself through KVM.
#   --accel kvm|tcg    only for vm. tcg emulates (two CPUs where there is no KVM): its times
#                      mean nothing.
#   --cpus N  --memory MB          1 (sim allows no other) and 1024
#   --kernel FILE      a bzImage or a vmlinux; default: what kernel.sh says
#   --machine pc|microvm   pc (default) starts faster; a kernel without ACPI needs microvm
#                      for more than one CPU
#   --put FILE[:PATH]  copy a file to /kmb/NAME, or to PATH, in the guest
#   --bin PROGRAM      copy a program to /bin and the libraries that it needs
#   --env NAME=VALUE   for the command, which starts in /kmb and finds KMB_RESULTS=/dev/ttyS1
#                      and how it is run in KMB_TARGET, KMB_ACCEL, KMB_CPU_MODEL, KMB_QEMU
#   --results-fd N     regular file or memfd that takes what the guest writes to KMB_RESULTS
#   --console-fd N, --console FILE   where to keep the kernel's messages
#   --timeout SECONDS  of host time; default none
#   --append WORDS     more words for the kernel's command line
#   --interactive      the command's terminal is this one
#   --gdb PORT         wait for gdb on this port of localhost (target remote :PORT)
#
# Exit: what the command ended with, or 120 the kernel complained (text on standard error),
# 121 the guest ran out of memory, 122 it was killed or died, 124 time is up, 125 it could
# not be started. Needs qemu-system-x86, seabios, busybox-static; no root. Nothing is left
# behind: files have no name while the guest runs, and QEMU dies with this script.
# shellcheck disable=SC2054 # commas belong to QEMU's options
# shellcheck disable=SC2154 # scratch() assigns its argument
set -eu

here=$(cd "$(dirname "$0")" && pwd)
target=sim accel='' cpus=1 memory=1024 kernel='' limit=0 append='' gdb='' interactive='' board=pc
results='' console='' console_file='' qemu_pid=''
files=() variables=() qemu=()

# The simulated processor. Nehalem has no ERMS and no FSRM, so the kernel copies with
# rep movsq (QEMU counts each turn of a rep as an instruction: eight bytes, not one); it
# has no SMAP, no AVX that an older QEMU lacks, and no RDRAND that would bring in chance.
SIM_CPU=Nehalem-v1
SIM_WORDS='random.trust_cpu=off nokaslr norandmaps randomize_kstack_offset=off'
PATIENT=' watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=300 workqueue.watchdog_thresh=120'
SPLAT='BUG: |WARNING: |Oops: |kernel BUG at|KASAN: |UBSAN: |general protection fault|Kernel panic'
SPLAT+='|possible circular locking|possible recursive locking|INFO: task .* blocked|detected stall|possible deadlock|suspicious RCU|bad unlock balance|inconsistent lock state|lock held when'
SPLAT+='|soft lockup|hard LOCKUP|cut here|Unable to handle|page allocation failure|still has locks held'
MEMORY='Out of memory|oom-kill|Initramfs unpacking failed|deadlocked on memory'

usage() { sed -n '2,/^# behind/s/^# \{0,1\}//p' "$0"; }
die() { echo "vm.sh: $*" >&2; exit 125; }
need() { command -v "$1" >/dev/null || die "$1 is missing: sudo apt-get install $2 (or scripts/setup.sh guest)"; }
number() { [[ $2 =~ ^[0-9]+$ ]] || die "$1: '$2' is not a number"; }
quoted() { printf "'%s' " "${1//\'/\'\\\'\'}"; }

# scratch NAME: opens a file without a name; its descriptor goes into variable NAME.
scratch() {
    local file
    file=$(mktemp "${TMPDIR:-/tmp}/kmodbench.XXXXXX") || die "${TMPDIR:-/tmp}: cannot write here; set TMPDIR"
    eval "exec {$1}<>\"\$file\""
    rm -f "$file"
}

# lists a file for the guest: entry PATH_IN_GUEST HOST_FILE
entry() {
    [[ -r $2 && -f $2 ]] || die "$2: no such file, or not readable"
    files+=("file"$'\t'"$1"$'\t'"$2")
}

program() {
    local path library missing
    path=$(command -v "$1") || die "$1: no such program"
    missing=$(ldd "$path" 2>/dev/null | grep 'not found' || true)
    [[ -z $missing ]] || die "$path needs a library that is not here:$missing"
    entry "/bin/$(basename "$path")" "$path"
    for library in $(ldd "$path" 2>/dev/null | grep -o '/[^ ]*' || true); do entry "$library" "$library"; done
}

put() {
    local path=/kmb/${1##*/}
    [[ $1 != *:* ]] || path=${1#*:}
    entry "$path" "${1%%:*}"
}

regular() {
    number "$1" "$2"
    [[ $(stat -Lc %F "/dev/fd/$2" 2>/dev/null) == regular* ]] ||
        die "$1 $2: must be an open regular file or memfd (a pipe would disturb the guest's clock)"
}

options() {
    while [[ $# -gt 0 ]]; do
        case $1 in
        -h | --help) usage; exit 0 ;;
        --interactive) interactive=1; shift; continue ;;
        --) shift; break ;;
        -*) [[ $# -ge 2 ]] || die "$1 needs a value, or is unknown; see --help" ;;
        *) break ;;
        esac
        case $1 in
        --target) target=$2 ;;
        --accel) accel=$2 ;;
        --cpus) number "$1" "$2"; cpus=$2 ;;
        --memory) number "$1" "$2"; memory=$2 ;;
        --kernel) [[ -r $2 ]] || die "$2: no readable kernel"; kernel=$2 ;;
        --machine) board=$2 ;;
        --put) put "$2" ;;
        --bin) program "$2" ;;
        --env) variables+=("$2") ;;
        --results-fd) regular "$1" "$2"; results=$2 ;;
        --console-fd) regular "$1" "$2"; console=$2 ;;
        --console) console_file=$2 ;;
        --timeout) number "$1" "$2"; limit=$2 ;;
        --append) append=$2 ;;
        --gdb) number "$1" "$2"; gdb=$2 ;;
        *) die "$1: unknown option; see --help" ;;
        esac
        shift 2
    done
    [[ $# -gt 0 ]] || die "no command; see --help"
    command=("$@")
}

# The machine of each target, in one place.
machine() {
    case $target,${accel:-} in
    sim,*)
        [[ $cpus == 1 ]] || die "--cpus $cpus: target sim has one CPU"
        [[ -z $accel ]] || die "--accel: target sim chooses it itself"
        accel=tcg-icount model=$SIM_CPU
        qemu=(-accel tcg,thread=single -icount shift=0,sleep=off -rtc base=2000-01-01,clock=vm)
        append="$SIM_WORDS tsc=reliable cryptomgr.notests $append"
        ;;
    vm,kvm | vm,)
        [[ -r /dev/kvm && -w /dev/kvm ]] || die "/dev/kvm: missing or not permitted; use --target sim or --accel tcg"
        accel=kvm model=host qemu=(-accel kvm)
        ;;
    vm,tcg)
        # A busy host makes the guest miss its clocks: the speed of the one that it reads is
        # told instead of measured, its timer is believed to tick, and those that watch for
        # stuck work have patience.
        model=max qemu=(-accel tcg)
        append="no_timer_check tsc=reliable tsc_early_khz=$(awk '/^cpu MHz/ { printf "%d", $4 * 1000; exit }' /proc/cpuinfo)$PATIENT $append"
        ;;
    *) die "--target $target --accel $accel: not known; see --help" ;;
    esac
    case $board in
    pc) qemu+=(-M pc) ;;
    microvm) qemu+=(-M microvm,acpi=off,rtc=on,pit=on,pic=on,isa-serial=off) ;;
    *) die "--machine $board: not known; pc or microvm" ;;
    esac
    qemu+=(-cpu "$model" -smp "$cpus" -m "$memory")
}

# serial DESCRIPTOR: the next serial port of the guest writes to it.
serial() { qemu+=(-chardev "file,id=serial$1,append=on,path=/dev/fd/$1" -device "isa-serial,chardev=serial$1"); }

devices() {
    if [[ -n $console_file ]]; then : >"$console_file" || die "$console_file: cannot write"; exec {console}<>"$console_file"; fi
    [[ -n $console ]] || scratch console
    [[ -n $results ]] || scratch results
    scratch status
    scratch output
    scratch errors
    serial "$console"
    serial "$results"
    if [[ -n $interactive ]]; then
        qemu+=(-chardev stdio,id=user,signal=off -device isa-serial,chardev=user)
    else
        serial "$output"
        serial "$errors"
    fi
    qemu+=(-chardev "file,id=status,append=on,path=/dev/fd/$status" -device isa-debugcon,iobase=0xe9,chardev=status)
    [[ -z $gdb ]] || qemu+=(-gdb "tcp:127.0.0.1:$gdb" -S)
}

# What the guest boots from: programs, the caller's files, the environment and the command.
initial_files() {
    local variable environment command_file
    scratch environment
    scratch command_file
    {
        echo "export KMB_RESULTS=/dev/ttyS1 KMB_TARGET=$target KMB_ACCEL=$accel KMB_CPU_MODEL=$model"
        echo "export KMB_QEMU=$(quoted "$version") HOME=/root PATH=/bin:/kmb TERM=linux ${interactive:+KMB_INTERACTIVE=1}"
        for variable in ${variables[@]+"${variables[@]}"}; do
            echo "export ${variable%%=*}=$(quoted "${variable#*=}")"
        done
    } >&"$environment"
    for variable in exec "${command[@]}"; do quoted "$variable"; done >&"$command_file"
    {
        printf 'console\tdev/console\ndir\tkmb\ndir\troot\nfile\tbin/busybox\t%s\n' "$(command -v busybox)"
        printf 'file\tinit\t%s/guest-init.sh\nfile\tbin/kmemleak\t%s/kmemleak.sh\n' "$here" "$here"
        printf 'file\tkmodbench.env\t/dev/fd/%s\nfile\tkmodbench.command\t/dev/fd/%s\n' "$environment" "$command_file"
        printf '%s\n' ${files[@]+"${files[@]}"} | awk '!seen[$0]++'
    } | "$here/initramfs.sh" >&"$1" || die "cannot write the guest's first files: is ${TMPDIR:-/tmp} full? Set TMPDIR"
}

# shellcheck disable=SC2317 # called by trap
stop() {
    trap '' INT TERM HUP
    [[ -z $qemu_pid ]] || kill -TERM "$qemu_pid" 2>/dev/null || true
    trap - "$1"
    kill -s "$1" $$
}

# Copies what the guest prints until it is gone.
follow() { setpriv --pdeathsig KILL tail -q -c +1 -s 0.2 -f --pid="$qemu_pid" <&"$1" & }

# False, and the guest ended, when several emulated processors do not get past their start: seen on
# a busy host, where the kernel then waited for the second one without an end.
comes_up() {
    local until=$((SECONDS + ${KMB_BOOT_LIMIT:-300}))
    [[ $accel == tcg && $cpus -gt 1 && -z $interactive$gdb ]] || return 0
    until grep -aqsF 'kmodbench: guest is up' "/dev/fd/$console" || ! kill -0 "$qemu_pid" 2>/dev/null; do
        if [[ $SECONDS -ge $until ]]; then
            kill -TERM "$qemu_pid" 2>/dev/null || true
            wait "$qemu_pid" || true
            return 1
        fi
        sleep 0.2
    done
}

run() {
    local tries=2 words=(console=ttyS0 loglevel=5 reboot=t panic=-1 oops=panic) image least input=/dev/null
    scratch image
    initial_files "$image"
    # Below this QEMU aborts before the kernel can say that its memory is too small.
    least=$((192 + 2 * $(stat -Lc %s "/dev/fd/$image") / 1048576))
    [[ $memory -ge $least ]] || die "--memory $memory: this guest needs at least $least MB"
    [[ -z $interactive ]] || input=/dev/stdin
    for signal in INT TERM HUP; do
        # shellcheck disable=SC2064 # the name of the signal is known now
        trap "stop $signal" "$signal"
    done
    while :; do
        # shellcheck disable=SC2086 # words
        setpriv --pdeathsig KILL timeout --foreground -k 1 "$limit" setpriv --pdeathsig KILL \
            qemu-system-x86_64 -nodefaults -no-user-config -display none -monitor none -no-reboot \
            "${qemu[@]}" -kernel "$kernel" -initrd "/dev/fd/$image" -append "${words[*]} ${append% }" <"$input" &
        qemu_pid=$!
        if comes_up; then break; fi
        : >"/dev/fd/$console"
        tries=$((tries - 1))
        [[ $tries -gt 0 ]] || { qemu_pid=''; die "the guest did not come up within ${KMB_BOOT_LIMIT:-300} s, twice; is this host very busy?"; }
        echo "vm.sh: the guest did not come up within ${KMB_BOOT_LIMIT:-300} s; starting it once more" >&2
    done
    if [[ -z $interactive ]]; then follow "$output"; follow "$errors" >&2; fi
    ended=0
    wait "$qemu_pid" || ended=$?
    qemu_pid=''
    wait
}

# Ends as the guest ended.
verdict() {
    local status_byte log=/dev/fd/$console line
    status_byte=$(od -An -tu1 -N1 "/dev/fd/$status")
    if grep -aqE "$MEMORY" "$log"; then
        grep -am1 -E "$MEMORY" "$log" >&2
        echo "vm.sh: the guest ran out of memory: give it more than --memory $memory (MB)" >&2
        exit 121
    fi
    line=$(grep -anm1 -E "$SPLAT" "$log" || true)
    if [[ -n $line ]]; then
        echo "vm.sh: the kernel complained:" >&2
        tail -n "+${line%%:*}" "$log" | head -n 80 | tr -d '\r' >&2
        exit 120
    fi
    case $ended in
    124 | 137) [[ $limit == 0 || -n $status_byte ]] || { echo "vm.sh: no end within $limit s" >&2; exit 124; } ;;
    1) [[ -s $log ]] || die "QEMU did not start; too little memory for --memory $memory, or a port taken?" ;;
    esac
    [[ -n $status_byte ]] && exit $((status_byte))
    echo "vm.sh: the guest ended before its command did; the last of its console:" >&2
    tail -n 15 "$log" | tr -d '\r' >&2
    exit 122
}

main() {
    options "$@"
    need qemu-system-x86_64 qemu-system-x86
    need busybox busybox-static
    need setpriv util-linux
    version=$(qemu-system-x86_64 --version | head -n 1)
    machine
    devices
    [[ -n $kernel ]] || kernel=$("$here/kernel.sh" boot) || die "no kernel for the guest (see above)"
    run
    verdict
}

main "$@"
