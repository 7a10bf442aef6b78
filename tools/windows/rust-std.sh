# shellcheck shell=bash
# Rust's standard library for 64-bit Windows, to build the DLL with. Where this machine's Rust has it, or rustup can add
# it, that is it. Elsewhere it is built from the source of the very same version, as Debian packages it, into a sysroot
# of our own: the toolchain's folder stays as it is.

rust_target=x86_64-pc-windows-gnu

# Sets `rust_sysroot` to the folder to pass to rustc as --sysroot, or to nothing where rustc needs none.
rust_std() {
    local version commit name
    rust_sysroot=''
    command -v cargo >/dev/null || fail 'needs Rust (cargo); see rust-version in Cargo.toml'
    ! compgen -G "$(rustc --print target-libdir --target "$rust_target")/libstd-*.rlib" >/dev/null || return 0
    version=$(rustc --verbose --version | sed -n 's/^release: //p')
    commit=$(rustc --verbose --version | sed -n 's/^commit-hash: //p')
    name=windows/rust-std-$version-${commit:0:9}-r2
    if [[ ! -e $cache/$name ]]; then
        if command -v rustup >/dev/null; then
            say "set-up: asking rustup for Rust's standard library for Windows"
            ! rustup --quiet target add "$rust_target" </dev/null >/dev/null 2>&1 || return 0
        fi
        need apt-get apt
        need dpkg-deb dpkg
        made "$name" "Rust $version's standard library for Windows, from source (about 70 s)" make_rust_std "$version"
    fi
    # shellcheck disable=SC2034 # for whoever sourced this
    rust_sysroot=$cache/$name
}

# make_rust_std VERSION PATH
make_rust_std() {
    local work=$2.work library
    rm -rf --one-file-system "$2" "$work"
    mkdir -p "$work"
    fetch_rust_source "$1" "$work"
    library=$work/source/usr/src/rustc-$1/library
    [[ -f $library/Cargo.lock ]] || cargo generate-lockfile --manifest-path "$library/Cargo.toml"
    # As in Rust's own releases: places in the source do not name this machine's folders.
    local flags="-Zforce-unstable-if-unmarked"$'\x1f'"--remap-path-prefix=$work/source/usr/src/rustc-$1=/rustc/$1"
    flags+=$'\x1f'"--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
    # The profile in which Rust's own releases are built (with bitcode, for link-time optimisation), less debug data.
    RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS=$flags CARGO_TARGET_DIR=$work/target \
        CARGO_PROFILE_DIST_DEBUG=0 CARGO_PROFILE_DIST_CODEGEN_UNITS=16 \
        cargo build --locked --profile dist --target "$rust_target" --manifest-path "$library/sysroot/Cargo.toml"
    mkdir -p "$2/lib/rustlib/$rust_target/lib"
    cp "$work/target/$rust_target/dist/deps/"*.rlib "$2/lib/rustlib/$rust_target/lib/"
    rm -rf --one-file-system "$work"
}

# fetch_rust_source VERSION FOLDER: Debian's rust-src of that version, unpacked below FOLDER/source. A package index and
# settings of its own: the machine's package manager learns nothing of it.
fetch_rust_source() {
    local version=$1 work=$2 mirror suite exact options
    local keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    options=(-o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Status=/dev/null
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
    for mirror in $(debian_mirrors); do
        for suite in trixie-backports trixie forky sid; do
            printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$mirror" "$suite" >"$work/sources.list"
            apt-get "${options[@]}" update || continue
            exact=$(apt-cache "${options[@]}" madison rust-src | awk -v v="$version+" 'index($3, v) == 1 { print $3; exit }')
            [[ -n $exact ]] || continue
            (cd "$work" && apt-get "${options[@]}" download "rust-src=$exact")
            dpkg-deb --extract "$work"/rust-src_*.deb "$work/source"
            return
        done
    done
    echo "no Debian package holds the source of Rust $version; take another Rust, or one with the target $rust_target"
    return 1
}
