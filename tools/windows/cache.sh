# shellcheck shell=bash
# Where everything that is made for this machine lives, and the one way to make it.
#
# A made thing is a file or a folder whose name holds its version. It is built under another name and renamed when it
# is whole: a name that exists is therefore finished, whatever became of the run that made it, and a changed recipe
# (a new version, so a new name) makes the thing anew beside the old one.

cache=${RAGNATRAMP_CACHE:-${XDG_CACHE_HOME:-${HOME:?neither RAGNATRAMP_CACHE nor HOME is set}/.cache}/ragnatramp}

# build_folder ROOT: where the DLL of the checkout ROOT is built. GNU ld orders the import table by the paths of what it links, so
# these lie in the same place beside the toolchain for every checkout.
build_folder() {
    printf '%s/build/%s\n' "$cache" "$(printf '%s' "$1" | sha256sum | cut -c 1-16)"
}

# say TEXT...: one line of progress, on standard error.
say() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# fail TEXT...: one line that says what is wrong and what to do, then the end with 125, which no script gives by chance.
fail() {
    say "$@"
    exit 125
}

# made NAME TEXT COMMAND...: sees to it that $cache/NAME exists; COMMAND gets one more argument, the path to make it at.
# Two runs at once: one makes it, the other waits. What COMMAND prints goes to a log that is shown where it fails.
made() {
    local target=$cache/$1 text=$2 log=$cache/log/${1//\//-}.log
    [[ ! -e $target ]] || return 0
    shift 2
    mkdir -p "${target%/*}" "$cache/log" || fail "cannot make folders below $cache; set RAGNATRAMP_CACHE to a folder that can be written"
    exec 9>"$target.lock"
    if ! flock --nonblock 9; then
        say "waits for another run: $text"
        flock 9
    fi
    if [[ ! -e $target ]]; then
        say "set-up: $text"
        rm -rf --one-file-system "$target.part"
        # In a subshell of its own, so that errexit holds inside and the lock is not handed to what outlives the run.
        set +e
        (
            exec 9>&-
            set -e
            "$@" "$target.part"
        ) </dev/null >"$log" 2>&1
        local status=$?
        set -e
        if [[ $status -ne 0 ]]; then
            tail -n 15 "$log" >&2
            fail "set-up failed: $text (the whole log: $log); it can be started again"
        fi
        mv -T "$target.part" "$target"
    fi
    exec 9>&-
}
