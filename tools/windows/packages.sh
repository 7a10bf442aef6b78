# shellcheck shell=bash
# Programs of this machine that the set-up needs, from its own package manager. Needs cache.sh.

# need COMMAND PACKAGE: installs PACKAGE where COMMAND is missing and that can be done, else says what to do.
need() {
    ! command -v "$1" >/dev/null || return 0
    if ! command -v apt-get >/dev/null || [[ $(id -u) -ne 0 ]]; then
        fail "needs $1: install it (Debian's package: $2), or run this once as root so that it can do so"
    fi
    (
        # The lists are fetched where the package is not known: a fresh machine has none.
        # In a folder of ours: under a name in /tmp another user could have put a link, and root would write through it.
        mkdir -p "$cache"
        exec 8>"$cache/apt.lock"
        flock 8
        ! command -v "$1" >/dev/null || exit 0
        say "set-up: installing $2"
        export DEBIAN_FRONTEND=noninteractive
        apt-get install -qq -y --no-install-recommends "$2" </dev/null >/dev/null 2>&1 8>&- && exit 0
        apt-get update -qq </dev/null >/dev/null 8>&- || true
        apt-get install -qq -y --no-install-recommends "$2" </dev/null >/dev/null 8>&-
    ) || fail "could not install $2, which holds $1; install it by hand (apt-get update; apt-get install $2)"
}
