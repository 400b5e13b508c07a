#!/usr/bin/env bash
# setup.sh: install what is missing from packages.txt, the one list of packages.
#
# Usage:    setup.sh [--check] [GROUP]...      groups stand in packages.txt; default: all
# Example:  scripts/setup.sh build plots modules guest
#
# Says which packages it is about to install and asks for sudo when it is not root. With
# --check, or where it may not install, it prints the line that would and exits 1.
# Fast (one dpkg-query) and silent when nothing is missing. Debian and Ubuntu only.
set -eu

list=$(cd "$(dirname "$0")" && pwd)/packages.txt
check=''

usage() { sed -n '2,/^# Fast/s/^# \{0,1\}//p' "$0"; }
die() { echo "setup.sh: $*" >&2; exit 1; }

# Names of the packages of the groups $@, each once. RUNNING stands for the running kernel's
# release; a package of it that apt does not know (a kernel of one's own) is left out.
wanted() {
    local group known
    known=$(awk '!/^#/ && NF { print $1 }' "$list" | sort -u)
    for group in "$@"; do
        grep -qxF -- "$group" <<<"$known" || die "$group: no such group in $list; known: ${known//$'\n'/ }"
    done
    awk -v groups=" $* " -v running="$(uname -r)" '
        !/^#/ && NF && (groups == "  " || index(groups, " " $1 " ")) {
            own = sub("RUNNING", running, $2)
            if ((!own || system("apt-cache show " $2 " >/dev/null 2>&1") == 0) && !seen[$2]++) print $2
        }' "$list"
}

# Those of the packages on standard input that are not installed.
missing() {
    awk 'NR == FNR { if ($2 == "installed") have[$1]; next } !($1 in have)' \
        <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null) -
}

# Runs apt-get as root; fails when that may not be done without a question nobody can answer.
apt() {
    if [[ $(id -u) == 0 ]]; then
        DEBIAN_FRONTEND=noninteractive apt-get "$@"
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]; }; then
        sudo DEBIAN_FRONTEND=noninteractive apt-get "$@"
    else
        return 1
    fi
}

install() {
    apt -q install -y --no-install-recommends "$@" ||
        { apt -q update && apt -q install -y --no-install-recommends "$@"; }
}

main() {
    local names packages line
    case ${1:-} in
    -h | --help) usage; exit 0 ;;
    --check) check=1; shift ;;
    esac
    command -v dpkg-query >/dev/null ||
        die "this is neither Debian nor Ubuntu: install the like of what $list names"
    names=$(wanted "$@") || exit 1
    packages=$(missing <<<"$names")
    [[ -n $packages ]] || exit 0
    packages=${packages//$'\n'/ }
    line="sudo apt-get update && sudo apt-get install --no-install-recommends $packages"
    if [[ -n $check ]]; then die "missing: $packages
  $line"; fi
    echo "setup.sh: installing $packages" >&2
    # shellcheck disable=SC2086 # names
    install $packages >&2 || die "could not install. As a user who may:
  $line"
    packages=$(missing <<<"$names")
    [[ -z $packages ]] || die "still missing after installing: ${packages//$'\n'/ }"
}

main "$@"
