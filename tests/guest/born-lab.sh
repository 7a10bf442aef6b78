# shellcheck shell=sh disable=SC2034,SC2154
# A lab whose machines Start-RagnaMachine of the built module makes on a simulated Hyper-V, which plays nothing of their systems
# but the daemon of Data Exchange: it fills their pools. Sourced by the groups that boot such a system with its disc; $lab is
# its folder.

# host ARGUMENT...: what it said is then in $bench/host.
host() {
    "$here/../../tools/pwsh" -NoProfile -NonInteractive -File "$here/Invoke-Born.ps1" -Folder "Z:$lab" "$@" </dev/null 2>&1 |
        tr -d '\r' >"$bench/host"
}
said() { sed -n "s/^$1: //p" "$bench/host"; }

# use_machine NAME: sets `guest`, `id`, `creation` and `disc` to those of a machine.
use_machine() {
    # shellcheck disable=SC2046 # fields without blanks
    set -- $(sed -n "s/^$1: //p" "$bench/machines")
    id=$1 creation=$2 disc=$lab/$3 guest=$lab/hyper-v/guests/$1
}

script_is_announced() { [ -n "$(value_of ragnatramp.guest)" ]; }

# make_lab TEXT: makes the lab with the machines web and db; web's user-data is TEXT, for printf. Their pools are then as the
# daemon leaves them at its start.
make_lab() {
    mkdir -p "$lab"
    # shellcheck disable=SC2059 # a format is what it is meant to be
    printf "$1" >"$lab/web.yaml"
    host -New
    cp "$bench/host" "$bench/machines"
    expect 'the machines are made' "$(grep -c -e '^web: ' -e '^db: ' "$bench/machines") $(said error)$(said warning)" '2 '
    for name in web db; do
        use_machine $name
        for number in 0 1 2 3; do : >>"$guest/var/lib/hyperv/.kvp_pool_$number"; done
    done
}
# address_of NAME: as the last reconcile gave it.
address_of() { sed -n "s/ $1\$//p" "$lab/block"; }
