#!/bin/sh
# Installs ragnatramp-guest in this Linux system, or in one that is mounted: a running guest or a base image. Safe to repeat.
#
#   ./install.sh [--root DIR] [--with systemd|openrc|cron]
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
root='' with=''

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "install.sh: $*" >&2; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
    --root) [ $# -gt 1 ] || die "--root needs a folder"; root=${2%/}; shift ;;
    --with) [ $# -gt 1 ] || die "--with needs systemd, openrc or cron"; with=$2; shift ;;
    *) die "unknown argument: $1 (known: --root DIR, --with systemd|openrc|cron)" ;;
    esac
    shift
done
[ "$(id -u)" = 0 ] || die "needs root: sudo $0"
[ -d "$root/etc" ] || die "${root:-/} is not the root of a Linux system: it has no etc"

if [ -z "$with" ]; then
    if [ -x "$root/usr/lib/systemd/systemd" ] || [ -x "$root/lib/systemd/systemd" ]; then
        with=systemd
    elif [ -x "$root/sbin/openrc-run" ] || [ -x "$root/usr/sbin/openrc-run" ]; then
        with=openrc
    elif [ -d "$root/etc/cron.d" ] || [ -d "$root/etc/crontabs" ]; then
        with=cron
    else
        die "found neither systemd nor OpenRC nor cron in ${root:-/}; choose one: --with systemd|openrc|cron"
    fi
fi
case $with in systemd | openrc | cron) ;; *) die "unknown: --with $with (known: systemd, openrc, cron)" ;; esac

# put MODE SOURCE TARGET: whole or not at all.
put() {
    mkdir -p "$root${3%/*}"
    cp "$here/$2" "$root$3.ragnatramp-new"
    chmod "$1" "$root$3.ragnatramp-new"
    chown 0:0 "$root$3.ragnatramp-new"
    mv -f "$root$3.ragnatramp-new" "$root$3"
    say "installed $root$3"
}
# enable_unit TARGET UNIT
enable_unit() {
    mkdir -p "$root/etc/systemd/system/$1.wants"
    ln -sf "/etc/systemd/system/$2" "$root/etc/systemd/system/$1.wants/$2"
}

# Another way of being started that an earlier installation chose goes first.
sh "$here/uninstall.sh" ${root:+--root "$root"} --starters-only >/dev/null
put 755 ragnatramp-guest /usr/local/sbin/ragnatramp-guest
mkdir -p "$root/var/lib/ragnatramp"
case $with in
systemd)
    for unit in service path timer; do
        put 644 systemd/ragnatramp-guest.$unit /etc/systemd/system/ragnatramp-guest.$unit
    done
    enable_unit multi-user.target ragnatramp-guest.service
    enable_unit paths.target ragnatramp-guest.path
    enable_unit timers.target ragnatramp-guest.timer
    if [ -z "$root" ] && [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        systemctl restart ragnatramp-guest.path ragnatramp-guest.timer
        systemctl start ragnatramp-guest.service || say "the first look failed; see: systemctl status ragnatramp-guest.service"
    fi ;;
openrc)
    put 755 openrc/ragnatramp-guest /etc/init.d/ragnatramp-guest
    mkdir -p "$root/etc/runlevels/default"
    ln -sf /etc/init.d/ragnatramp-guest "$root/etc/runlevels/default/ragnatramp-guest"
    if [ -z "$root" ] && [ -d /run/openrc ]; then
        rc-service ragnatramp-guest restart || say "it could not be started; see: rc-service ragnatramp-guest status"
    fi ;;
cron)
    if [ -d "$root/etc/cron.d" ]; then
        put 644 cron/ragnatramp-guest /etc/cron.d/ragnatramp-guest
    else
        mkdir -p "$root/etc/crontabs"
        printf '%s\n' '* * * * * /usr/local/sbin/ragnatramp-guest --cron 2>/dev/null' >>"$root/etc/crontabs/root"
        say "added a line to $root/etc/crontabs/root"
    fi
    say "cron looks once a minute: the host sees the answer in its next run" ;;
esac

daemon=''
for name in hv_kvp_daemon hypervkvpd hv-kvp-daemon; do
    for folder in /usr/sbin /sbin /usr/bin /usr/lib/linux-tools/*; do
        # shellcheck disable=SC2231 # the wildcard in folder is meant
        for file in "$root"$folder/$name; do [ ! -x "$file" ] || daemon=$file; done
    done
done
if [ -n "$daemon" ]; then
    say "done; started by $with. Data Exchange daemon: $daemon"
else
    say "done; started by $with. Hyper-V's Data Exchange daemon is not installed yet:"
    say "  Debian, RHEL, Fedora: hyperv-daemons; Ubuntu: linux-cloud-tools-virtual; openSUSE: hyper-v; Alpine: hvtools"
fi
