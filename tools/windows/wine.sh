# shellcheck shell=bash
# The Windows that Wine pretends to be: its registry, its drive C:, the user's profile in it.

# Sets `prefix` to the folder. Needs `debian`.
prefix() {
    local base=${debian##*/}
    prefix=$cache/windows/prefix-r1-${base:-own}-$(id -u)
    [[ ! -e $prefix ]] || return 0
    made "windows/${prefix##*/}" 'a Windows profile in Wine (about 25 s, 0.8 GB)' make_prefix
}

make_prefix() {
    mkdir -p "$1/home"
    local WINEPREFIX=$1
    # Neither .NET Framework nor a browser is offered, no menu entries are written, no window is looked for.
    local WINEDLLOVERRIDES='mscoree,mshtml=;winemenubuilder.exe=d'
    export WINEPREFIX WINEDLLOVERRIDES
    in_wine run wine-stable wineboot --init
    in_wine run wine-stable reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f
    in_wine run wineserver-stable --wait
    [[ -f $1/system.reg && -d $1/drive_c/windows/system32 ]]
}

# in_wine run|exec COMMAND...: runs COMMAND where Wine is, or becomes it; WINEPREFIX says which Windows.
in_wine() {
    local how=$1
    shift
    # Wine makes links from the profile's folders to the user's own: a home of its own keeps it away from them.
    local -a command=(env -u XDG_CONFIG_HOME -u DISPLAY -u WAYLAND_DISPLAY
        "HOME=$WINEPREFIX/home" LC_ALL=C.UTF-8 "WINEDEBUG=${WINEDEBUG:--all}" "$@")
    if [[ -n $debian ]]; then
        command=(unshare --mount --propagation slave -- "$here/windows/enter.sh" "$debian" "${command[@]}")
    fi
    [[ $how != exec ]] || exec "${command[@]}"
    "${command[@]}"
}
