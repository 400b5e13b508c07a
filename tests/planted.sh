#!/usr/bin/env bash
# planted.sh: put a bug into one of our modules, one at a time: do the tests on the debug
# kernel find it?
#
# Usage:    planted.sh BUILD [BUG]...       BUG: a row of bugs() below; default all
# Example:  tests/planted.sh build overflow
#
# Copies modules/ to a folder of its own, changes one line there, builds, and runs the tests
# of `make test-debug` that meet that line (tests/kernel), in the same way. They must fail
# with the kernel's word for the bug, and pass without it ("none", which comes first). A lock
# that stays taken makes the next call wait; that is cut short. Exit 77, with the reason:
# cannot run here.
set -eu -o pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
room=$(mktemp -d "${TMPDIR:-/tmp}/kmodbench-planted.XXXXXX")
trap 'rm -rf "$room"' EXIT

die() { echo "planted.sh: $*" >&2; exit 1; }

# NAME  FILE  STATUS OF THE TESTS  THOSE THAT MEET IT  WHAT THE KERNEL SAYS
bugs() {
    cat <<'END'
none      -                    0    Hello.Write*:*Quiet*/hello:*CapacityHasBounds*/hello  PASSED
unlock    common/kmb_device.c  120  *Quiet*/hello              lock held when returning|still has locks held
overflow  hello/main.c         120  Hello.Write*               KASAN: (slab|vmalloc)-out-of-bounds
leak      hello/main.c         1    Hello.Write*               unreferenced object
sleep     common/kmb_ring.c    120  *CapacityHasBounds*/hello  sleeping function called from invalid context
END
}

# What is done to the file of a bug: a sed script.
change() {
    case $1 in
    # A read() that is refused returns with the file's lock.
    unlock) echo '/^static ssize_t kmb_read/,/^}/s/ret = -EINVAL;/return -EINVAL;/' ;;
    # One byte more is cleared than was taken.
    overflow) echo 's/memset(in, 0, size);/memset(in, 0, size + 1);/' ;;
    # One of two buffers stays when its file is closed.
    leak) echo '/^static void hello_release/,/^}/{/kvfree(h->in);/d}' ;;
    # The ring that is replaced is freed, which may sleep, under the spinlock.
    sleep) printf '%s\n' '/^\tvfree(old);/d; s/^\tring->capacity = capacity;/&\n\tvfree(old);/' ;;
    esac
}

plant() {
    rm -rf "$room/modules" && cp -r "$root/modules" "$room/modules"
    [[ $1 != none ]] || return 0
    sed -i "$(change "$1")" "$room/modules/$2"
    ! cmp -s "$root/modules/$2" "$room/modules/$2" || die "$1: $2 no longer has the line to change"
}

try() {
    local bug=$1 file=$2 expected=$3 filter=$4 says=$5 status=0
    plant "$bug" "$file"
    make -s -C "$room/modules" KDIR="$kdir" OUT="$room/out" >"$room/log" 2>&1 || { cat "$room/log" >&2; die "$bug: does not compile"; }
    GTEST_FILTER=$filter "$root/tests/guest.sh" --debug --leaks --cpus 2 --timeout 600 \
        --modules "$room/out" --put "$build/tests/kernel_contract" \
        "$(command -v timeout)" -s KILL 100 /kmb/kernel_contract /kmb >"$room/log" 2>&1 || status=$?
    if [[ $status != "$expected" ]] || ! grep -qE "$says" "$room/log"; then
        tail -n 40 "$room/log" >&2
        die "$bug: the tests ended with $status, expected $expected with '$says'"
    fi
    echo "$bug: $(grep -oEm1 "$says.*" "$room/log")"
}

main() {
    local reason bug file status filter says wanted
    [[ $# -ge 1 && -e $1/CTestTestfile.cmake ]] || die "usage: planted.sh BUILD [BUG]...; BUILD is made by make"
    build=$(cd "$1" && pwd)
    shift
    wanted=" ${*:-$(bugs | awk '{ printf "%s ", $1 }')} "
    reason=$("$root/scripts/setup.sh" --check guest 2>&1) || { echo "skipped: $reason"; exit 77; }
    kdir=$("$root/scripts/debug-kernel.sh" --cached kdir) || { echo "skipped: $kdir"; exit 77; }
    while read -r bug file status filter says <&3; do
        [[ $wanted != *" $bug "* ]] || try "$bug" "$file" "$status" "$filter" "$says"
    done 3< <(bugs)
}

main "$@"
