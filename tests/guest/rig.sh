# shellcheck shell=sh disable=SC2034,SC2154
# The rig of the guest tests: a guest in a folder, pools, the shells and awks there are, and the counting.
# Sourced by run.sh; needs $script (the script under test) and $bench (an empty folder).

vm=11111111-abcd-4000-8000-0000000000ff lab_name=lab-34c366ff
passed=0 failed=0 skipped=0 group='' combo=''
pool_in() { printf '%s' "$guest/var/lib/hyperv/.kvp_pool_0"; }
pool_out() { printf '%s' "$guest/var/lib/hyperv/.kvp_pool_1"; }
sha() { sha256sum | cut -c 1-64; }

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); printf 'FAILED  %s: %s\n' "$group${combo:+ [$combo]}" "$*"; }
skip() { skipped=$((skipped + 1)); printf 'skipped %s: %s\n' "$group" "$*"; }

# expect NAME ACTUAL WANTED: WANTED is a shell pattern.
expect() {
    # shellcheck disable=SC2254 # the pattern is meant as one
    case $2 in $3) pass ;; *) fail "$1: got '$2', wanted '$3'" ;; esac
}

# Output: the files of $files that travel to a guest, one a line, in ordinal order.
exported_files() { (cd "$files" && find . -type f ! -name '*.md' | sed 's#^\./##' | sort); }

# expect_same NAME FILE FILE: byte for byte.
expect_same() { if cmp -s "$2" "$3"; then pass; else fail "$1: $2 differs from $3: $(cmp "$2" "$3" 2>&1)"; fi; }

# new_guest NAME: a fresh guest in $guest, with an empty pool and a hosts file.
new_guest() {
    guest=$bench/$1
    rm -rf "$guest"
    mkdir -p "$guest/etc" "$guest/var/lib/hyperv" "$guest/run"
    : >"$(pool_in)"
    : >"$(pool_out)"
    name_vm "$vm"
    printf 'ID=testos\nVERSION_ID="1.2"\n' >"$guest/etc/os-release"
    printf '127.0.0.1 localhost\n10.1.1.1 nas\n' >"$guest/etc/hosts"
}

# Standard input: lines `key TAB value`. Output: records as the daemon writes them, rubbish behind each string's NUL.
# In keys and values \376 stands for a line end.
to_records() {
    LC_ALL=C awk '
        function pad(s, size) { return length(s) >= size ? substr(s, 1, size) : s "\377" substr(rubbish, 1, size - length(s) - 1) }
        BEGIN { for (i = 0; i < 2048; i++) rubbish = rubbish (i % 7 ? "x" : "\377") }
        { tab = index($0, "\t"); printf "%s%s", pad(substr($0, 1, tab - 1), 512), pad(substr($0, tab + 1), 2048) }' | LC_ALL=C tr '\377\376' '\000\012'
}

# name_vm ID: what Hyper-V tells the guest of its VM, as it writes Ids.
name_vm() { printf 'HostName\tHOST\nVirtualMachineId\t%s\n' "$(printf '%s' "$1" | tr a-f A-F)" | to_records >"$guest/var/lib/hyperv/.kvp_pool_3"; }

# parts FILE: a block as `key TAB value` lines, cut as PROTOCOL.md says.
parts() {
    LC_ALL=C awk -v sha="$(sha <"$1")" -v binding="$vm $lab_name" '
        { if (part != "" && length(part) + 1 + length($0) > 1000) { printf "ragnatramp.block.%d\t%s\n", n++, part; part = "" }
          part = part (part != "" ? "|" : "") $0 }
        END { if (part != "") printf "ragnatramp.block.%d\t%s\n", n++, part; printf "ragnatramp.block\tv2 %d %s %s\n", n, sha, binding }' "$1"
}

# send FILE: puts the block into the guest's pool, among other records, whole and at once.
send() {
    { printf 'SomebodyElse\tvalue\n'; parts "$1"; printf 'ragnatramp.other\tvalue\n'; } | to_records >"$guest/pool.new"
    mv "$guest/pool.new" "$(pool_in)"
}

# block ADDRESS NAME ...: writes a block to the file $bench/block.
block() {
    {
        printf '# BEGIN RAGNATRAMP\n# Managed by ragnatramp - do not edit this block\n'
        while [ $# -gt 1 ]; do printf '%s %s\n' "$1" "$2"; shift 2; done
        printf '# END RAGNATRAMP\n'
    } >"$bench/block"
}

# Output: the value of a record of pool 1.
value_of() {
    LC_ALL=C tr '\000\n' '\001\002' <"$(pool_out)" | fold -b -w 2560 | LC_ALL=C awk -v key="$1" '
        substr($0, 1, length(key) + 1) == key "\001" { v = substr($0, 513); print substr(v, 1, index(v, "\001") - 1) }'
}
# Output: the acknowledgement without digest, VM, lab, version and check, as `status codes text`. A wrong check is said.
acknowledgement() {
    whole=$(value_of ragnatramp.answer)
    [ -n "$whole" ] || { printf 'no acknowledgement'; return; }
    body=${whole% check=*}
    [ "${whole##* check=}" = "$(printf '%s' "$body" | sha | cut -c 1-8)" ] || { printf 'wrong check in %s' "$whole"; return; }
    printf '%s' "$body" | cut -d ' ' -f 2,7-
}

# run_guest [OPTION...]: the script on $guest, under the combination chosen by use.
run_guest() {
    # shellcheck disable=SC2086 # shell may be two words
    PATH=$shims:$PATH $shell "$script" --root "$guest" "$@" >"$bench/said" 2>&1
}

# use SHELL AWK: from now on the script runs under these.
use() {
    combo="$1 + $2" shell=$1 shims=$bench/bin-$(printf '%s' "$1-$2" | tr -d ' ')
    [ ! -d "$shims" ] || return 0
    mkdir -p "$shims"
    [ "$1" != "busybox ash" ] || busybox --install -s "$shims"
    printf '#!/bin/sh\nexec %s "$@"\n' "$2" >"$shims/awk.new"
    chmod +x "$shims/awk.new"
    mv -f "$shims/awk.new" "$shims/awk"
}

# meddle TOOL: standard input becomes the program that the script finds as TOOL, until meddle_no_more. In a folder of its own:
# what stands in $shims may be a link to a program of this machine.
meddle() {
    rm -rf "$bench/meddler"
    mkdir "$bench/meddler"
    cat >"$bench/meddler/$1"
    chmod +x "$bench/meddler/$1"
    shims_before=$shims shims=$bench/meddler:$shims
}
meddle_no_more() { kept=$? shims=$shims_before; return $kept; } # hands the status of the run on

# Output: each combination that is asked for and that this machine can run, one a line, `shell/awk`.
combinations() {
    for s in dash 'busybox ash' bash; do
        for a in gawk mawk 'busybox awk'; do
            case ${quick:-}/$s/$a in /* | 'yes/dash/mawk' | 'yes/busybox ash/busybox awk' | 'yes/bash/gawk') ;; *) continue ;; esac
            command -v "${s%% *}" >/dev/null && command -v "${a%% *}" >/dev/null && printf '%s/%s\n' "$s" "$a"
        done
    done
}
missing_tools() { for t in dash busybox bash gawk mawk; do command -v $t >/dev/null || printf '%s\n' "$t"; done; }

# No run may leave anything but the two pool records, its lock file and the hosts file.
expect_clean() {
    left=$(cd "$guest" && find etc run var -type f -name '*ragnatramp*' -o -path 'run/ragnatramp/*' ! -name lock ! -name starts -o -name 'hosts.*' -o -name '*.new')
    expect "$1: nothing left behind" "$left" ''
}
