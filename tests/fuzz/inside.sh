#!/bin/busybox sh
# shellcheck shell=dash
# inside.sh: what a guest of fuzz.sh runs.
#
# Usage:    inside.sh "NAME[,PARAMETER=VALUE]..." PROGRAM [ARGUMENT]...
#
# Loads the modules, runs PROGRAM once round all that is valid, which touches what is made only
# once, then PROGRAM ARGUMENT..., and compares what the modules own in the kernel before and
# after that: objects in slabs by who took them (needs slub_debug=U), areas of vmalloc, and
# after unloading what kmemleak finds. Writes the modules' gcov counts as a tar to KMB_RESULTS.
load=$1
shift
# The kernel writes to a program's rseq area behind its back, and ends the program where a fault
# meets that: a page shared with a child, say, that cannot be copied.
export GLIBC_TUNABLES=glibc.pthread.rseq=0
status=0
names=''

# What modules of ours hold, and how much of it. Freed objects that KASAN keeps back for a
# while are let go first.
owned() {
    for cache in /sys/kernel/slab/kmalloc-*; do echo 1 >"$cache/shrink" 2>/dev/null; done
    cat /sys/kernel/debug/slab/kmalloc-*/alloc_traces 2>/dev/null |
        sed -n 's/^ *\([0-9]*\) \([a-z_0-9]*+[^ ]* \[\('"$pattern"'\)\]\).*/slab \1 \2/p' | sort
    sed -n 's/^[^ ]* *\([0-9]*\) \([a-z_0-9]*+[^ ]* \[\('"$pattern"'\)\]\).*/vmalloc \1 \2/p' /proc/vmallocinfo | sort
}

all_objects() {
    for cache in /sys/kernel/slab/kmalloc-*; do
        echo 1 >"$cache/shrink" 2>/dev/null
        sed 's/ .*//' "$cache/objects"
    done | awk '{ sum += $1 } END { print sum }'
}

load_all() {
    for entry in $load; do
        name=${entry%%,*}
        [ "$name" = "$entry" ] && entry='' || entry=$(echo "${entry#*,}" | tr , ' ')
        # shellcheck disable=SC2086 # parameters
        insmod "/kmb/$name.ko" $entry || exit 1
        names="$name $names"
    done
}

unload_all() {
    for name in $names; do rmmod "$name" || status=1; done
    names=''
}

coverage() {
    cd /sys/kernel/debug/gcov || return
    find . -name '*.gcda' | while read -r file; do
        mkdir -p "/tmp/gcov/${file%/*}"
        cat "$file" >"/tmp/gcov/$file"
    done
    tar -c -C /tmp/gcov . >"$KMB_RESULTS"
}

[ -e /sys/kernel/debug/slab/kmalloc-64/alloc_traces ] || { echo "inside.sh: needs slub_debug=U" >&2; exit 1; }
pattern=$(for entry in $load; do echo "${entry%%,*}"; done | tr '\n' '|' | sed 's/|$//; s/|/\\|/g')

# Parameters that no module may take.
for entry in $load; do
    for wrong in mode=07777 abi=other; do
        case $wrong,${entry%%,*} in mode*,* | abi*,fibdrv | abi*,ksort) ! insmod "/kmb/${entry%%,*}.ko" $wrong 2>/dev/null || exit 1 ;; esac
    done
done

# Once round before anything is counted: files, caches and threads that are made only once.
load_all
case " $* " in *" --case "*) ;; *) "$1" --round || exit 1 ;; esac
"$1" --seed 0 --calls 4000 || exit 1
unload_all
total=$(all_objects)

load_all
before=$(owned)
"$@" || status=1
after=$(owned)
echo "owned before: $(echo "$before" | grep -c .) kinds; after: $(echo "$after" | grep -c .) kinds"
if [ "$before" != "$after" ]; then
    echo "found: the modules hold other memory than before:"
    echo "$before" | sed 's/^/  before /'
    echo "$after" | sed 's/^/  after  /'
    status=1
fi
unload_all
echo "slab objects of kmalloc caches: $total before loading, $(all_objects) after unloading"
kmemleak check || { echo "found: memory leaked"; status=1; }
[ ! -d /sys/kernel/debug/gcov ] || coverage
exit $status
