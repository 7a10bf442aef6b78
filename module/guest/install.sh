#!/bin/sh
# Installs ragnatramp-guest in this Linux system, or in one that is mounted: a running guest or a base image. Safe to repeat.
# In a mounted system every link is followed as that system takes it; nothing outside DIR is written.
#
#   ./install.sh [--root DIR] [--with systemd|openrc|cron]
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
root='' with=''

say() { printf '%s\n' "$*"; }
die() { printf '%s\n' "install.sh: $*" >&2; exit 1; }
# shellcheck source=module/guest/paths.sh
. "$here/paths.sh"

while [ $# -gt 0 ]; do
    case $1 in
    --root) [ $# -gt 1 ] || die "--root needs a folder"; root=${2%/}; shift ;;
    --with) [ $# -gt 1 ] || die "--with needs systemd, openrc or cron"; with=$2; shift ;;
    *) die "unknown argument: $1 (known: --root DIR, --with systemd|openrc|cron)" ;;
    esac
    shift
done
[ "$(id -u)" = 0 ] || die "needs root: sudo $0"
has_folder() { resolve "$1" && [ -d "$resolved" ]; }
has_program() { resolve "$1" && [ -x "$resolved" ]; }
has_folder /etc || die "${root:-/} is not the root of a Linux system: it has no etc"

if [ -z "$with" ]; then
    if has_program /usr/lib/systemd/systemd || has_program /lib/systemd/systemd; then
        with=systemd
    elif has_program /sbin/openrc-run || has_program /usr/sbin/openrc-run; then
        with=openrc
    elif has_folder /etc/cron.d || has_folder /etc/crontabs; then
        with=cron
    else
        die "found neither systemd nor OpenRC nor cron in ${root:-/}; choose one: --with systemd|openrc|cron"
    fi
fi
case $with in systemd | openrc | cron) ;; *) die "unknown: --with $with (known: systemd, openrc, cron)" ;; esac

# target PATH: the entry PATH in `resolved`, its folder made, no link there.
target() {
    place "$1" || die "$root$1 is behind a link that leads back to itself"
    mkdir -p "${resolved%/*}"
    drop_link "$resolved"
    [ ! -d "$resolved" ] || die "$resolved is a folder"
}
# put MODE SOURCE PATH: whole or not at all.
put() {
    target "$3"
    rm -rf "$resolved.ragnatramp-new"
    cp "$here/$2" "$resolved.ragnatramp-new"
    chmod "$1" "$resolved.ragnatramp-new"
    chown 0:0 "$resolved.ragnatramp-new"
    mv -f "$resolved.ragnatramp-new" "$resolved"
    say "installed $resolved"
}
# link TO PATH
link() { target "$2"; ln -sf "$1" "$resolved"; }
# enable_unit TARGET UNIT
enable_unit() { link "/etc/systemd/system/$2" "/etc/systemd/system/$1.wants/$2"; }

# The unit may write /etc. A hosts file that is a link to another folder needs that one, too.
open_hosts_folder() {
    resolve /etc && etc=$resolved && resolve /etc/hosts || return 0
    folder=${resolved%/*} folder=${folder#"$root"}
    case $resolved in "$etc"/*) return 0 ;; esac
    case $folder in '' | *[!A-Za-z0-9/._-]*) return 0 ;; esac
    target /etc/systemd/system/ragnatramp-guest.service.d/hosts.conf
    printf '[Service]\nReadWritePaths=-%s\n' "$folder" >"$resolved"
}

# What an earlier installation put elsewhere, or had started otherwise, goes first.
sh "$here/uninstall.sh" ${root:+--root "$root"} --starters-only >/dev/null
put 755 ragnatramp-guest /usr/sbin/ragnatramp-guest
put 644 paths.sh /usr/lib/ragnatramp/paths.sh
put 644 hosts.sh /usr/lib/ragnatramp/hosts.sh
resolve /var/lib/ragnatramp || die "$root/var/lib/ragnatramp is behind a link that leads back to itself"
mkdir -p "$resolved"
chmod 700 "$resolved"
case $with in
systemd)
    for unit in service path timer; do
        put 644 systemd/ragnatramp-guest.$unit /etc/systemd/system/ragnatramp-guest.$unit
    done
    open_hosts_folder
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
    link /etc/init.d/ragnatramp-guest /etc/runlevels/default/ragnatramp-guest
    if [ -z "$root" ] && [ -d /run/openrc ]; then
        rc-service ragnatramp-guest restart || say "it could not be started; see: rc-service ragnatramp-guest status"
    fi ;;
cron)
    if has_folder /etc/cron.d; then
        put 644 cron/ragnatramp-guest /etc/cron.d/ragnatramp-guest
    else
        resolve /etc/crontabs/root || die "$root/etc/crontabs/root is a link that leads back to itself"
        mkdir -p "${resolved%/*}"
        [ ! -d "$resolved" ] || die "$resolved is a folder"
        # Replaced and not added to: busybox' crond reads its tables anew when their folder changes, else once an hour.
        rm -rf "$resolved.ragnatramp-new"
        if [ -f "$resolved" ]; then cp -p "$resolved" "$resolved.ragnatramp-new"; fi
        (
            umask 077
            # A last line without an end is ended first.
            if [ -s "$resolved" ] && [ -n "$(tail -c 1 "$resolved")" ]; then echo >>"$resolved.ragnatramp-new"; fi
            printf '%s\n' '* * * * * /usr/sbin/ragnatramp-guest --cron 2>/dev/null' >>"$resolved.ragnatramp-new"
        )
        mv -f "$resolved.ragnatramp-new" "$resolved"
        say "added a line to $resolved"
    fi
    say "cron looks once a minute: the host sees the answer in its next run" ;;
esac

daemon=''
resolve /usr/lib/linux-tools || resolved=/dev/null
tools=$resolved
for folder in /usr/sbin /sbin /usr/bin "$tools"/*; do
    case $folder in "$tools"/*) folder=/usr/lib/linux-tools/${folder##*/} ;; esac
    for name in hv_kvp_daemon hypervkvpd hv-kvp-daemon; do
        if has_program "$folder/$name"; then daemon=$resolved; fi
    done
done
if [ -n "$daemon" ]; then
    say "done; started by $with. Data Exchange daemon: $daemon"
else
    say "done; started by $with. Hyper-V's Data Exchange daemon is not installed yet:"
    say "  Debian, RHEL, Fedora: hyperv-daemons; Ubuntu: linux-cloud-tools-virtual; openSUSE: hyper-v; Alpine: hvtools"
fi
