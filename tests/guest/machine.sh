# shellcheck shell=sh disable=SC2034,SC2154
# The whole way in a booted Debian: a real systemd in a container starts the script when the pool changes, the acknowledgement
# comes back, `getent hosts` inside knows the peers; blocks in a row, storms of rewrites. Sourced by run.sh.

group=machine
# The pool as the daemon writes it: the file is truncated and written whole, once per item.
send_update() {
    parts "$1" >"$bench/items"
    for last in $(seq "$(wc -l <"$bench/items")"); do
        head -n "$last" "$bench/items" | to_records >"$bench/records"
        cat "$bench/records" >"$(pool_in)"
    done
}
# Waits until the acknowledgement is about this block; output: the tenths of seconds that it took, or `never`.
await_acknowledgement() {
    wanted=$(sha <"$1") tenths=0
    until value_of ragnatramp.answer | grep -q "^v2 [a-z]* $wanted $vm "; do
        [ $tenths -lt 900 ] || { echo never; return; }
        sleep 0.1
        tenths=$((tenths + 1))
    done
    echo $tenths
}

check_machine() {
    guest=$bench/machine
    copy_system debian
    sh "$files/install.sh" --root "$guest" --with systemd >"$bench/said" 2>&1
    boot_systemd
    expect 'the script is announced after boot' "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* debian 12'
    sleep 2 # the first run of the service ends

    # shellcheck disable=SC2046 # fields without blanks
    block $(awk 'BEGIN { for (i = 0; i < 200; i++) printf "172.20.%d.%d machine-%d ", i / 250, i % 250 + 1, i }')
    send_update "$bench/block"
    took=$(await_acknowledgement "$bench/block")
    expect 'first block' "$(acknowledgement)" 'synced ok*'
    expect 'getent hosts inside' "$(inside getent hosts machine-77)" '172.20.0.78*machine-77'

    # Twenty more, each right after the acknowledgement of the one before: none gets lost in the moment when systemd does not
    # watch.
    slowest=0
    for number in $(seq 20); do
        block 172.21.1."$number" web 172.21.2."$number" db
        send_update "$bench/block"
        took_now=$(await_acknowledgement "$bench/block")
        [ "$took_now" != never ] || { fail "block $number: no acknowledgement"; break; }
        [ "$took_now" -le "$slowest" ] || slowest=$took_now
    done
    expect 'twenty blocks in a row' "$(acknowledgement)" 'synced ok*'
    expect 'getent hosts inside, at last' "$(inside getent hosts db)" '172.21.2.20*db'
    printf 'machine: first acknowledgement after %s tenths of a second, slowest of twenty %s\n' "$took" "$slowest"

    # Somebody writes the hosts file anew: the block comes back. A storm of rewrites: the path unit lives.
    sleep 2
    printf '127.0.0.1 localhost\n10.5.5.5 nas\n' >"$guest/etc/hosts"
    tenths=0
    until grep -q '172.21.2.20 db' "$guest/etc/hosts" || [ $tenths -gt 900 ]; do sleep 0.1; tenths=$((tenths + 1)); done
    expect 'hosts file written anew: the block is back' "$(inside getent hosts db nas | wc -l)" 2
    for number in $(seq 100); do cat "$bench/records" >"$(pool_in)"; done
    sleep 2
    expect 'after 100 rewrites' "$(inside systemctl is-active ragnatramp-guest.path ragnatramp-guest.timer | tr '\n' ' ')" 'active active *'
    expect 'no unit failed' "$(inside systemctl list-units --failed --no-legend 'ragnatramp*')" ''
    # What runs in the unit writes where the script has to, and neither to the system nor beside its own folder.
    mkdir -p "$guest/etc/systemd/system/ragnatramp-guest.service.d"
    printf '[Service]\nExecStartPost=-/usr/bin/touch /etc/touched /usr/touched /var/lib/touched\n' \
        >"$guest/etc/systemd/system/ragnatramp-guest.service.d/touch.conf"
    inside systemctl daemon-reload
    inside systemctl restart ragnatramp-guest.service
    expect 'confined: what can be written' "$(inside sh -c 'ls /etc/touched /usr/touched /var/lib/touched' 2>/dev/null)" /etc/touched
    expect 'confined: its folders' "$(inside stat -c '%a %u' /run/ragnatramp /var/lib/ragnatramp | tr '\n' ' ')" '700 0 700 0 '
    stop_systemd
    expect 'nothing left behind' "$(cd "$guest" && find etc -name '.ragnatramp*')$(ls -A "$guest/var/lib/ragnatramp")" ''
    rm -rf --one-file-system "$guest"
}

if find_systems; then check_machine; else skip "$why"; fi
