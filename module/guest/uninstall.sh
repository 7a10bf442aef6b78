#!/bin/sh
# Takes ragnatramp-guest out of this Linux system, or out of one that is mounted. Safe to repeat.
#
#   ./uninstall.sh [--root DIR] [--keep-block]
#
# The block leaves /etc/hosts too, unless --keep-block is given; a hosts file that does not hold one ordered pair of markers
# is left as it is.
set -eu
umask 022
root='' block=remove starters_only=''

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "uninstall.sh: $*" >&2; exit 1; }

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
[ -d "$root/etc" ] || die "${root:-/} is not the root of a Linux system: it has no etc"

system=$root/etc/systemd/system
if [ -z "$root" ] && [ -d /run/systemd/system ] && [ -e "$system/ragnatramp-guest.path" ]; then
    systemctl stop ragnatramp-guest.path ragnatramp-guest.timer || true
fi
if [ -z "$root" ] && [ -d /run/openrc ] && [ -e /etc/init.d/ragnatramp-guest ]; then
    rc-service ragnatramp-guest stop || true
fi
rm -f "$system"/*.wants/ragnatramp-guest.* "$system"/ragnatramp-guest.* \
    "$root/etc/runlevels/default/ragnatramp-guest" "$root/etc/init.d/ragnatramp-guest" "$root/etc/cron.d/ragnatramp-guest"
table=$root/etc/crontabs/root
if [ -f "$table" ] && grep -q /ragnatramp-guest "$table"; then
    grep -v /ragnatramp-guest "$table" >"$table.ragnatramp-new" || true
    cat "$table.ragnatramp-new" >"$table"
    rm -f "$table.ragnatramp-new"
    [ -s "$table" ] || rm -f "$table"
fi
[ -z "$root" ] && [ -d /run/systemd/system ] && systemctl daemon-reload
[ -z "$starters_only" ] || exit 0

script=$root/usr/local/sbin/ragnatramp-guest
if [ -f "$script" ]; then
    if [ $block = keep ]; then option=--forget; else option=--withdraw; fi
    sh "$script" ${root:+--root "$root"} $option || say "the block stays in $root/etc/hosts, see above"
fi
rm -f "$script"
rm -rf "$root/run/ragnatramp" "$root/var/lib/ragnatramp"
say "ragnatramp-guest is gone from ${root:-/}"
