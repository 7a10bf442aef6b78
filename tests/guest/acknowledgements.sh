# shellcheck shell=sh disable=SC2034,SC2154
# What the guest acknowledges and when it does nothing: statuses, warnings, withdrawal, records, long blocks. Sourced by run.sh.

group=acknowledgements
check_acknowledgements() {
    new_guest plain
    run_guest
    expect 'no block: exit status' $? 0
    expect 'no block: no acknowledgement' "$(acknowledgement)" 'no acknowledgement'
    expect 'no block: the script is announced' "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* testos 1.2'
    run_guest --cron
    expect 'under cron: the announcement says so' "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* testos 1.2 cron'
    run_guest
    expect 'and no longer when something else starts it' "$(value_of ragnatramp.guest)" 'v2 [0-9]*.[0-9]*.[0-9]* testos 1.2'

    block 172.20.1.1 web 172.20.1.2 db
    send "$bench/block"
    run_guest
    expect 'first' "$(acknowledgement)" 'synced ok*'
    expect 'first: version and digest' "$(value_of ragnatramp.answer)" "v2 synced $(sha <"$bench/block") $vm $lab_name [0-9]*.[0-9]*.[0-9]* ok * check=????????"
    cp "$(pool_out)" "$bench/pool"
    stat -c '%i %y' "$guest/etc/hosts" >"$bench/stat"
    run_guest
    expect 'second: the hosts file is not written' "$(stat -c '%i %y' "$guest/etc/hosts")" "$(cat "$bench/stat")"
    expect 'second: still synced' "$(acknowledgement)" 'synced ok*'
    block 172.20.1.1 web 172.20.1.3 db
    send "$bench/block"
    run_guest
    expect 'new block' "$(acknowledgement)" 'synced ok*'
    expect 'new block: digest' "$(value_of ragnatramp.answer)" "v2 synced $(sha <"$bench/block") $vm $lab_name *"
    expect 'two records, no more' "$(wc -c <"$(pool_out)")" 5120

    # Records of other programs keep their place, and a torn record at the end of the pool is replaced.
    new_guest others
    { printf 'CloudInit|1\tvalue\n' | to_records; printf 'torn'; } >"$(pool_out)"
    send "$bench/block"
    cp "$guest/etc/hosts" "$bench/original"
    run_guest
    expect 'others: their record' "$(value_of 'CloudInit|1')" value
    expect 'others: whole records' "$(wc -c <"$(pool_out)")" 7680
    expect 'others: ours' "$(acknowledgement)" 'synced ok*'

    # Withdrawal by the host, by hand, and items that are gone.
    : >"$bench/empty"
    parts "$bench/empty" | to_records >"$(pool_in)"
    { cat "$bench/original"; echo; } >"$bench/wanted"
    run_guest
    expect 'withdrawn' "$(acknowledgement)" 'synced ok*'
    expect_same 'withdrawn: the block is out' "$guest/etc/hosts" "$bench/wanted"
    run_guest
    expect_same 'withdrawn twice' "$guest/etc/hosts" "$bench/wanted"
    send "$bench/block"
    run_guest
    cp "$guest/etc/hosts" "$bench/wanted"
    cp "$(pool_out)" "$bench/pool"
    : >"$(pool_in)"
    run_guest
    expect_same 'items gone: the block stays' "$guest/etc/hosts" "$bench/wanted"
    expect_same 'items gone: the acknowledgement stays' "$(pool_out)" "$bench/pool"
    run_guest --withdraw
    expect 'by hand: exit status' $? 0
    expect 'by hand: no block' "$(grep -c RAGNATRAMP "$guest/etc/hosts")" 0
    expect 'by hand: no record of ours' "$(value_of ragnatramp.answer)$(value_of ragnatramp.guest)" ''
    expect 'by hand: the other record' "$(value_of 'CloudInit|1') $(wc -c <"$(pool_out)")" 'value 2560'

    # A hosts file that is not there, or is something else.
    new_guest absent
    rm "$guest/etc/hosts"
    send "$bench/block"
    run_guest
    expect 'absent: exit status' $? 0
    expect_same 'absent: made of the block alone' "$guest/etc/hosts" "$bench/block"
    expect 'absent: mode' "$(stat -c %a "$guest/etc/hosts")" 644
    rm "$guest/etc/hosts"
    mkdir "$guest/etc/hosts"
    run_guest
    expect 'a folder' "$(acknowledgement)" 'failed write *is not a file'
    rmdir "$guest/etc/hosts"
    printf '\377\376#\000 \000' >"$guest/etc/hosts"
    run_guest
    expect 'UTF-16' "$(acknowledgement)" 'refused utf16 *'
    expect 'UTF-16: untouched' "$(wc -c <"$guest/etc/hosts")" 6

    # Warnings.
    new_guest warned
    printf "# Your system has configured 'manage_etc_hosts' as True.\n127.0.1.1\tBox.lab WEB # mine\n" >"$guest/etc/hosts"
    send "$bench/block"
    run_guest
    expect 'both warnings' "$(acknowledgement)" 'synced ok,own-name,cloud-init *line 2 of *manage_etc_hosts*'
    printf '127.0.0.1 localhost\n' >"$guest/etc/hosts"
    mkdir -p "$guest/etc/cloud/cloud.cfg.d"
    printf 'manage_etc_hosts: localhost\n' >"$guest/etc/cloud/cloud.cfg"
    run_guest
    expect 'cloud.cfg: localhost is harmless' "$(acknowledgement)" 'synced ok [!,]*'
    printf 'manage_etc_hosts: true\n' >"$guest/etc/cloud/cloud.cfg.d/90.cfg"
    run_guest
    expect 'cloud.cfg: true' "$(acknowledgement)" 'synced ok,cloud-init *'

    # Rule 6c where the vectors do not reach: a last line of CR and LF is blank, one of two CRs is not.
    new_guest blank
    for tail in '' '\r'; do
        printf '127.0.0.1 localhost\r\n%b\r\n' "$tail" >"$guest/etc/hosts"
        { cat "$guest/etc/hosts"; [ -z "$tail" ] || printf '\r\n'; sed 's/$/\r/' "$bench/block"; } >"$bench/wanted"
        send "$bench/block"
        run_guest
        expect_same "last line '$tail' CR LF" "$guest/etc/hosts" "$bench/wanted"
    done

    # Owner, mode and attributes stay; 1,000 machines; 100,000 lines of hosts.
    new_guest big
    awk 'BEGIN { for (i = 0; i < 1000; i++) printf "172.20.%d.%d machine-number-%d\n", i / 200 + 1, i % 200 + 1, i }' >"$bench/lines"
    # shellcheck disable=SC2046 # fields without blanks
    block $(cat "$bench/lines")
    send "$bench/block"
    awk 'BEGIN { for (i = 0; i < 100000; i++) print "10.1.2.3 some-name-" i }' >"$guest/etc/hosts"
    { cat "$guest/etc/hosts"; echo; cat "$bench/block"; } >"$bench/wanted"
    chown 1:2 "$guest/etc/hosts"
    chmod 640 "$guest/etc/hosts"
    run_guest
    expect 'big' "$(acknowledgement)" 'synced ok*'
    expect_same 'big: merged' "$guest/etc/hosts" "$bench/wanted"
    expect 'big: owner and mode' "$(stat -c '%u:%g %a' "$guest/etc/hosts")" '1:2 640'
    expect_clean big
}

# start_watch: the script as OpenRC runs it, on $guest.
start_watch() {
    # shellcheck disable=SC2086 # shell may be two words
    PATH=$shims:$PATH $shell "$script" --root "$guest" --watch >"$bench/said" 2>&1 &
    watcher=$!
    running="$running TERM:$watcher"
}
stop_watch() { kill $watcher; wait $watcher; }
has_looked() { grep -q 'has not run here' "$bench/said"; }
has_greeted() { [ -n "$(value_of ragnatramp.guest)" ]; }
has_answered() { case $(acknowledgement) in "$1 "*) ;; *) return 1 ;; esac; }

# Each wait is shorter than the minute after which a watch looks in any case.
check_watch() {
    new_guest watched
    rm "$(pool_in)"
    start_watch
    wait_for 20 has_looked
    : >"$(pool_in)"
    wait_for 20 has_greeted
    expect 'watch: a daemon that starts later' "$(value_of ragnatramp.guest)" 'v2 *'
    send "$bench/block"
    wait_for 20 has_answered synced
    expect 'watch: a block' "$(acknowledgement)" 'synced ok*'
    sleep 6 # the look at the hosts file that it wrote itself
    run_guest --forget
    touch -d @1000000000 "$(pool_in)"
    wait_for 20 has_answered unchanged
    expect 'watch: woken by an item that is set to the value that it has' "$(acknowledgement)" 'unchanged ok*'
    stop_watch

    new_guest retried
    rm "$guest/etc/hosts"
    mkdir "$guest/etc/hosts"
    send "$bench/block"
    # A minute is short here.
    meddle sleep <<'END'
#!/bin/sh
exec /bin/sleep 0.02
END
    start_watch
    wait_for 20 has_answered failed
    expect 'watch: a failure' "$(acknowledgement)" 'failed write *'
    rmdir "$guest/etc/hosts"
    wait_for 20 has_answered synced
    expect 'watch: is tried again' "$(acknowledgement)" 'synced ok*'
    stop_watch
    meddle_no_more
}

combinations >"$bench/combinations"
while IFS=/ read -r shell_name awk_name; do
    use "$shell_name" "$awk_name"
    check_acknowledgements
done <"$bench/combinations"
block 172.20.1.1 web 172.20.1.2 db
check_watch # in the last combination
combo=''
