# shellcheck shell=sh disable=SC2034,SC2154
# Systems that really run: a Debian booted by its systemd, a busybox system by OpenRC, a Debian with nothing but cron. Each is
# a copy in a folder, in namespaces of its own, and ends with the tests. And the module, the host's half. Sourced by run.sh.

container='-q -M ragnatramp-test --register=no --keep-unit --private-network'

# Sets `systems` to the folder of make-systems.sh, or `why` to the reason why nothing can be booted here.
find_systems() {
    [ -z "${systems:-}" ] || return 0
    [ "$(id -u)" = 0 ] || { why='needs root'; return 1; }
    command -v systemd-nspawn >/dev/null || { why='systemd-nspawn is not installed (Debian: systemd-container)'; return 1; }
    { bash "$here/make-systems.sh" 2>&1 >"$bench/systems" | tee "$bench/why" >&2; } 2>&1
    found=$(cat "$bench/systems")
    [ -n "$found" ] || { why=$(tail -n 1 "$bench/why"); return 1; }
    # shellcheck disable=SC2086 # words
    why=$(systemd-nspawn $container -D "$found/debian" true </dev/null 2>&1) || { why="systemd-nspawn does not run here: $why"; return 1; }
    systems=$found
}
# copy_system NAME: a fresh system in the folder $guest, its pools empty as the guest's daemon leaves them at its start.
copy_system() {
    mkdir -p "$guest"
    cp -a "$systems/$1/." "$guest"
    mkdir -p "$guest/var/lib/hyperv"
    for number in 0 1 2 3; do : >"$guest/var/lib/hyperv/.kvp_pool_$number"; done
    name_vm "$vm"
    printf '127.0.0.1 localhost\n' >"$guest/etc/hosts"
}

# Boots the Debian in $guest; `machine` is then its process here, `leader` its first process.
boot_systemd() {
    # shellcheck disable=SC2086 # words
    systemd-nspawn $container -D "$guest" -b </dev/null >"$bench/console" 2>&1 &
    machine=$!
    running="$running TERM:$machine"
    wait_for 60 is_booted
}
# Its first children come and go.
is_booted() { find_leader && inside systemctl is-active -q multi-user.target 2>/dev/null; }

# boot_plain COMMAND: a system in $guest whose first process is a shell that runs COMMAND.
boot_plain() {
    unshare --mount --uts --ipc --net --pid --fork --kill-child chroot "$guest" \
        /bin/sh -c "mount -t proc proc /proc; $1; while :; do sleep 1; done" </dev/null >"$bench/console" 2>&1 &
    machine=$!
    running="$running KILL:$machine" # unshare ignores TERM
    wait_for 10 find_leader
}
find_leader() { leader=$(pgrep -P "$machine" | head -n 1) && [ -n "$leader" ]; }

# inside COMMAND...: in the system whose first process is $leader.
inside() { nsenter -t "$leader" -m -u -i -n -p -r -w "$@"; }

stop_systemd() { inside systemctl poweroff >/dev/null 2>&1; wait "$machine"; }
stop_plain() { kill -KILL "$machine"; wait "$machine" 2>/dev/null; }

# wait_for SECONDS COMMAND...: until COMMAND succeeds.
wait_for() {
    tenths=$(($1 * 10))
    shift
    until "$@"; do
        [ $tenths -gt 0 ] || return 1
        tenths=$((tenths - 1))
        sleep 0.1
    done
}

# Builds the module as it is now, once; the host's side is then in dist/. Needs what ./build.sh needs.
build_host() {
    [ -z "${built:-}" ] || return 0
    (cd "$here/../.." && bash -c 'set -e; . tools/build/module.sh; build_module') >"$bench/said" 2>&1 && built=yes
}
