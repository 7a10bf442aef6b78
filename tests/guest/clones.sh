# shellcheck shell=sh disable=SC2034,SC2154
# A block is for one VM: a system whose disk was copied from another guest does not apply what that one was sent, blocks that
# name no VM are applied by nobody, and each acknowledgement names VM and lab. Sourced by run.sh.

group=clones
clone=22222222-abcd-4000-8000-0000000000ee
# boot_clone: $guest as a copy in another VM, booted: Hyper-V has said which one.
boot_clone() {
    name_vm $clone
    mkdir -p "$guest/sys/class/dmi/id"
    printf 'BBBBBBBB-0000-0000-0000-000000000002\n' >"$guest/sys/class/dmi/id/product_uuid"
}

check_clones() {
    new_guest used
    mkdir -p "$guest/sys/class/dmi/id"
    printf 'AAAAAAAA-0000-0000-0000-000000000001\n' >"$guest/sys/class/dmi/id/product_uuid"
    cp "$guest/etc/hosts" "$bench/original"
    block 172.20.1.1 web 172.20.1.2 db
    send "$bench/block"
    run_guest
    expect 'the guest itself' "$(value_of ragnatramp.answer)" "v2 synced $(sha <"$bench/block") $vm $lab_name 2.*"
    cp "$(pool_out)" "$bench/parent-pool"

    # The copy, with the first hosts file of its own. Hyper-V has not said anything yet: what it said to the other VM stands.
    cp "$bench/original" "$guest/etc/hosts"
    printf 'BBBBBBBB-0000-0000-0000-000000000002\n' >"$guest/sys/class/dmi/id/product_uuid"
    run_guest
    expect 'a clone before Hyper-V spoke' "$? $(acknowledgement)" '1 refused vm *still names the VM that this disk was copied from*'
    expect_same 'a clone before Hyper-V spoke: untouched' "$guest/etc/hosts" "$bench/original"
    cp "$bench/parent-pool" "$(pool_out)"
    boot_clone
    run_guest
    expect 'a clone: exit status' $? 0
    expect 'a clone: said' "$(cat "$bench/said")" "*the block of another VM, $vm of lab $lab_name; this one is $clone"
    expect_same 'a clone: untouched' "$guest/etc/hosts" "$bench/original"
    expect_same 'a clone: it acknowledges nothing' "$(pool_out)" "$bench/parent-pool"
    parent=$vm vm=$clone
    send "$bench/block"
    run_guest
    expect 'a clone that is sent its own' "$? $(value_of ragnatramp.answer)" "0 v2 synced $(sha <"$bench/block") $clone $lab_name *"
    vm=$parent

    # A withdrawal for another VM is not carried out either.
    : >"$bench/empty"
    cp "$guest/etc/hosts" "$bench/written"
    parts "$bench/empty" | to_records >"$(pool_in)"
    run_guest
    expect 'a withdrawal for another VM' $? 0
    expect_same 'a withdrawal for another VM: the block stays' "$guest/etc/hosts" "$bench/written"

    # Nothing says which VM it is: it waits, and says so. It comes meanwhile: taken.
    new_guest unnamed
    : >"$guest/var/lib/hyperv/.kvp_pool_3"
    send "$bench/block"
    run_guest
    expect 'no VM known' "$? $(value_of ragnatramp.answer)" "1 v2 refused $(sha <"$bench/block") - $lab_name 2.* vm Hyper-V has not said *"
    expect_same 'no VM known: untouched' "$guest/etc/hosts" "$bench/original"
    printf 'VirtualMachineId\tnothing like it\n' | to_records >"$guest/var/lib/hyperv/.kvp_pool_3"
    run_guest
    expect 'a VM that is none' "$? $(acknowledgement)" '1 refused vm *'
    (sleep 1; name_vm "$vm") &
    run_guest
    expect 'the VM is known after a second' "$? $(acknowledgement)" '0 synced ok*'
    wait $!

    # What a host of version 1 sends: not applied, and answered so that such a host reads it.
    new_guest version-one
    parts "$bench/block" | sed 's/v2 \([0-9]* [0-9a-f]*\) .*/v1 \1/' | to_records >"$(pool_in)"
    run_guest
    expect 'version 1' "$? $(value_of ragnatramp.answer)" "0 v1 refused $(sha <"$bench/block") 2.* version *update the host's module*"
    expect_same 'version 1: untouched' "$guest/etc/hosts" "$bench/original"
    send "$bench/block"
    run_guest
    expect 'version 2 after version 1' "$? $(value_of ragnatramp.answer)" "0 v2 synced $(sha <"$bench/block") $vm *"
    expect_clean 'version 1'
}

# The host's items, as the host's tests have them, are taken, and the answer to them is the one that the host reads.
check_cases() {
    grep '^{"name"' "$here/../vectors/kvp-update-cases.json" | while IFS= read -r line; do
        new_guest case
        name_vm "$(printf '%s\n' "$line" | sed 's/.*"vm": "\([^"]*\)".*/\1/')"
        printf '%s\n' "$line" | grep -o '\["[^"]*", "[^"]*"\]' | sed 's/^\["//; s/"\]$//; s/", "/\t/' | to_records >"$(pool_in)"
        run_guest
        status=$?
        name=$(printf '%s\n' "$line" | sed 's/.*"name": "\([^"]*\)".*/\1/')
        wanted=$(printf '%s\n' "$line" | sed 's/.*"answer": "\([^"]*\)".*/\1/')
        expect "the case $name" "$status $(value_of ragnatramp.answer)" "0 $wanted *"
        printf '%s %s\n' "$passed" "$failed" >"$bench/counted"
    done
    read -r passed failed <"$bench/counted"
}

combinations >"$bench/combinations"
while IFS=/ read -r shell_name awk_name; do
    use "$shell_name" "$awk_name"
    check_clones
    check_cases
done <"$bench/combinations"
combo=''
