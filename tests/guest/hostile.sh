# shellcheck shell=sh disable=SC2034,SC2154
# A host that means harm: 1,000 blocks whose digest fits and whose form does not, unreadable items, pools that are no pools.
# Nothing changes in the guest but its acknowledgement. Sourced by run.sh.

group=hostile
refuse_block() {
    send "$1"
    run_guest
    expect "block ${1##*/}: acknowledgement" "$? $(acknowledgement)" '1 refused form *'
    expect_same "block ${1##*/}: untouched" "$guest/etc/hosts" "$bench/original"
}

# refuse_item VALUE: the whole pool is one good block, but for this value of `ragnatramp.block`.
refuse_item() {
    { parts "$bench/block" | sed '$d'; printf 'ragnatramp.block\t%s\n' "$1"; } | to_records >"$(pool_in)"
    run_guest
    expect "item '$1': acknowledgement" "$? $(acknowledgement)" '1 refused version *'
    expect_same "item '$1': untouched" "$guest/etc/hosts" "$bench/original"
}

# A block may not give an address to a name that name resolution gives a meaning, by the vectors of the host's config.
check_resolver_names() {
    grep '^{"name"' "$here/../vectors/resolver-names.json" | while IFS= read -r line; do
        name=$(printf '%s\n' "$line" | sed 's/.*"name": "\([^"]*\)".*/\1/')
        cp "$bench/original" "$guest/etc/hosts"
        block 172.20.1.1 web 172.20.1.2 "$name"
        send "$bench/block"
        run_guest
        case $line in
        *'"refuse": true'*)
            expect "the name $name" "$? $(acknowledgement)" '1 refused form *line 4 gives an address to a name that has a meaning of its own'
            expect_same "the name $name: untouched" "$guest/etc/hosts" "$bench/original" ;;
        *) expect "the name $name" "$? $(acknowledgement)" '0 synced ok*' ;;
        esac
        printf '%s %s\n' "$passed" "$failed" >"$bench/counted"
    done
    read -r passed failed <"$bench/counted"
    cp "$bench/original" "$guest/etc/hosts"
}

new_guest hostile
cp "$guest/etc/hosts" "$bench/original"
mkdir -p "$bench/blocks"
awk -v folder="$bench/blocks" -f "$here/hostile.awk"
expect 'blocks written' "$(find "$bench/blocks" -type f | wc -l)" 1000
combinations >"$bench/combinations"
turn=0 of=$(wc -l <"$bench/combinations")
number=1 step=1
[ -z "${quick:-}" ] || step=9
while [ $number -le 1000 ]; do
    turn=$((turn % of + 1))
    pair=$(sed -n "${turn}p" "$bench/combinations")
    use "${pair%/*}" "${pair#*/}"
    refuse_block "$bench/blocks/$number"
    number=$((number + step))
done

while IFS=/ read -r shell_name awk_name; do
    use "$shell_name" "$awk_name"
    check_resolver_names
done <"$bench/combinations"

block 172.20.1.1 web
good=$(sha <"$bench/block")
while IFS=/ read -r shell_name awk_name; do
    use "$shell_name" "$awk_name"
    refuse_item ''
    refuse_item "v3 1 $good $vm $lab_name"
    refuse_item "v2 1 $good"
    refuse_item "v2 1 $good $vm"
    refuse_item "v2 1 $good $vm $lab_name extra"
    refuse_item "v2 1 $good ${vm}0 $lab_name"
    refuse_item "v2 1 $good * $lab_name"
    refuse_item "v2 1 $good $vm /etc"
    refuse_item "v2 1 $good $vm $(printf '%061d' 0)"
    refuse_item "v2 -1 $good $vm $lab_name"
    refuse_item "v2 513 $good $vm $lab_name"
    refuse_item "v2 99999999999 $good $vm $lab_name"
    refuse_item "v2 1 ${good}0 $vm $lab_name"
    refuse_item "v2  1 $good $vm $lab_name"
    refuse_item "v2 1 $(printf '%s' "$good" | tr a-f A-F)X $vm $lab_name"
    refuse_item "v1 1 $good extra"
    # shellcheck disable=SC2016 # meant as it stands
    refuse_item "v2 1 \$(reboot) $vm $lab_name"

    # Pools that are no pools: nothing to do, nothing written.
    head -c 3000000 /dev/zero | tr '\000' 'x' >"$(pool_in)"
    run_guest
    expect 'a megabyte line' "$?" 0
    yes 'ragnatramp.block' | head -c 1000001 >"$(pool_in)"
    run_guest
    expect 'text instead of records' "$?" 0
    expect_same 'no pool: untouched' "$guest/etc/hosts" "$bench/original"
    expect_clean 'no pool'
done <"$bench/combinations"
combo=''
