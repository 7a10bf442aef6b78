#!/usr/bin/env bash
# Builds the native library of the last commit twice, in two folders whose names and depths differ and of which one lies in this
# checkout, and prints both hashes. The exit code is 0 where they are one.
set -euo pipefail
here=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
root=$(dirname -- "$here")
# shellcheck source-path=SCRIPTDIR/..
. "$here/windows/cache.sh"

# Known once: a commit that is made meanwhile is another source.
commit=$(git -C "$root" rev-parse HEAD)
work=$(mktemp -d)
# No blanks: the dlltool of MinGW takes none.
folders=("$work/a" "$root/target/reproduce/below-it")
clear_away() {
    local folder
    for folder in "${folders[@]}"; do rm -rf --one-file-system "$folder" "$(build_folder "$folder")"; done
    rm -rf --one-file-system "$work"
}
trap clear_away EXIT
for folder in "${folders[@]}"; do
    mkdir -p "$folder"
    git -C "$root" archive "$commit" | tar --extract --directory "$folder"
    library=$("$folder/tools/windows/build-dll.sh")
    sha256sum "$library" | cut -d ' ' -f 1
done | tee "$work/hashes"
[[ $(wc -l <"$work/hashes") -eq 2 && $(sort -u "$work/hashes" | wc -l) -eq 1 ]] ||
    { printf 'The library differs with the folder that it is built in.\n' >&2; exit 1; }
