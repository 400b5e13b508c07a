#!/bin/sh
# Finds out what a kernel offers to modules and writes it down as a C header.
#
#   probe.sh KDIR WORK HEADER MAKE
#
# KDIR    kernel headers        WORK   folder to build the probes in
# HEADER  file to write         MAKE   make program
set -eu

die() { echo "modules: $*" >&2; exit 1; }

[ $# -eq 4 ] || die "usage: probe.sh KDIR WORK HEADER MAKE"
kdir=$1 work=$2 header=$3 make=$4
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$work"
mkdir -p "$work" "$(dirname "$header")"
cp "$here"/*.c "$here"/Kbuild "$work"/

# Probes that fail are the point, so make's own verdict is not.
$make -k -C "$kdir" M="$work" W= C= modules >"$work/log" 2>&1 || true
[ -e "$work/control_good.o" ] || {
	tail -n 20 "$work/log" >&2
	die "the headers in $kdir cannot compile an empty module; is the compiler of that kernel installed?"
}
[ ! -e "$work/control_bad.o" ] || die "broken code compiles against $kdir; see $work/log"

{
	echo "/* Made by probes/probe.sh from $kdir. */"
	for source in "$here"/*.c; do
		name=$(basename "$source" .c)
		case $name in control_*) continue ;; esac
		grep -q "^obj-m += $name\.o$" "$here/Kbuild" || die "$name is not listed in probes/Kbuild"
		if [ -e "$work/$name.o" ]; then
			echo "#define KMB_HAVE_$name 1"
		else
			echo "/* no KMB_HAVE_$name */"
		fi | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^KMB_/) $i = toupper($i); print }'
	done
	while read -r symbol; do
		if awk -F '\t' -v s="$symbol" '$2 == s { found = 1 } END { exit !found }' \
			"$kdir/Module.symvers"; then
			echo "#define KMB_EXPORTS_$symbol 1"
		else
			echo "/* no KMB_EXPORTS_$symbol */"
		fi | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^KMB_/) $i = toupper($i); print }'
	done <"$here/exports"
} >"$header.new"
mv "$header.new" "$header"
