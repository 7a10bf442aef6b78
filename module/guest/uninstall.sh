#!/bin/sh
# Takes ragnatramp-guest out of this Linux system, or out of one that is mounted. Safe to repeat. In a mounted system every
# link is followed as that system takes it; nothing outside DIR is touched, and nothing of DIR is run.
#
#   ./uninstall.sh [--root DIR] [--keep-block]
#
# The block leaves /etc/hosts too, unless --keep-block is given; a hosts file that does not hold one ordered pair of markers
# is left as it is.
set -eu
umask 077
here=$(cd "$(dirname "$0")" && pwd)
root='' block=remove starters_only=''

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "uninstall.sh: $*" >&2; exit 1; }
# shellcheck source=module/guest/paths.sh
. "$here/paths.sh"

while [ $# -gt 0 ]; do
    case $1 in
    --root) [ $# -gt 1 ] || die "--root needs a folder"; root=${2%/}; shift ;;
    --keep-block) block=keep ;;
    --starters-only) starters_only=yes ;; # for install.sh
    *) die "unknown argument: $1 (known: --root DIR, --keep-block)" ;;
    esac
    shift
done
[ "$(id -u)" = 0 ] || die "needs root: sudo $0"
if ! resolve /etc || [ ! -d "$resolved" ]; then die "${root:-/} is not the root of a Linux system: it has no etc"; fi

# remove PATH...: these entries; where one is a link, the link.
remove() {
    for each in "$@"; do
        if place "$each"; then rm -rf "$resolved"; fi
    done
}

if [ -z "$root" ] && [ -d /run/systemd/system ] && [ -e /etc/systemd/system/ragnatramp-guest.path ]; then
    systemctl stop ragnatramp-guest.path ragnatramp-guest.timer || true
fi
if [ -z "$root" ] && [ -d /run/openrc ] && [ -e /etc/init.d/ragnatramp-guest ]; then
    rc-service ragnatramp-guest stop || true
fi
for unit in service path timer service.d; do
    for target in multi-user paths timers; do remove "/etc/systemd/system/$target.target.wants/ragnatramp-guest.$unit"; done
    remove "/etc/systemd/system/ragnatramp-guest.$unit"
done
remove /etc/runlevels/default/ragnatramp-guest /etc/init.d/ragnatramp-guest /etc/cron.d/ragnatramp-guest
# Where version 1 was installed.
remove /usr/local/sbin/ragnatramp-guest
if resolve /etc/crontabs/root && [ -f "$resolved" ] && grep -q /ragnatramp-guest "$resolved"; then
    table=$resolved
    rm -rf "$table.ragnatramp-new"
    grep -v /ragnatramp-guest "$table" >"$table.ragnatramp-new" || true
    cat "$table.ragnatramp-new" >"$table"
    rm -f "$table.ragnatramp-new"
    [ -s "$table" ] || rm -f "$table"
fi
[ -z "$root" ] && [ -d /run/systemd/system ] && systemctl daemon-reload
[ -z "$starters_only" ] || exit 0

if place /usr/sbin/ragnatramp-guest && [ -f "$resolved" ]; then
    if [ $block = keep ]; then option=--forget; else option=--withdraw; fi
    # The script that came with this one: what stands in a mounted system may be anything.
    sh "$here/ragnatramp-guest" ${root:+--root "$root"} $option || say "the block stays in $root/etc/hosts, see above"
fi
remove /usr/sbin/ragnatramp-guest /usr/lib/ragnatramp /run/ragnatramp /var/lib/ragnatramp
say "ragnatramp-guest is gone from ${root:-/}"
