#!/bin/busybox sh
# shellcheck shell=dash
# guest-init.sh: the first program of a throw-away guest; vm.sh puts it at /init.
#
# Serial ports: ttyS0 is the kernel's console; ttyS1 takes results; ttyS2 and ttyS3
# are the command's standard output and error. One byte on the I/O port 0xe9 is the
# command's exit status; a guest that never sends it was killed.
B=/bin/busybox
$B mkdir -p /proc /sys /dev /tmp /run
$B mount -t devtmpfs dev /dev
$B --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o mode=1777 tmp /tmp
mkdir -p /dev/shm
mount -t tmpfs shm /dev/shm
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
hostname kmodbench
ip link set lo up 2>/dev/null

for port in /dev/ttyS1 /dev/ttyS2 /dev/ttyS3; do
    stty -F "$port" raw -echo 2>/dev/null
done
dmesg -n 7
echo 'kmodbench: guest is up' >/dev/kmsg

# shellcheck disable=SC1091 # vm.sh writes it
. /kmodbench.env
mkdir -p /kmb && cd /kmb || exit 1
if [ -n "${KMB_INTERACTIVE:-}" ]; then
    setsid sh -c '. /kmodbench.command' </dev/ttyS2 >/dev/ttyS2 2>&1
else
    sh /kmodbench.command </dev/null >/dev/ttyS2 2>/dev/ttyS3
fi
status=$?

echo "kmodbench: command ended with $status" >/dev/kmsg
# shellcheck disable=SC2059 # the format is the byte
printf "\\$(printf %03o "$status")" | dd of=/dev/port bs=1 seek=$((0xe9)) 2>/dev/null
reboot -f
