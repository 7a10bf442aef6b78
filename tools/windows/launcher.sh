# shellcheck shell=bash
# The small Windows program that gives PowerShell a console where there is no terminal (nocon.c says why).

# Sets `launcher` to the path of nocon.exe.
launcher() {
    local sum
    sum=$(sha256sum <"$here/windows/nocon.c")
    launcher=$cache/windows/nocon-${sum:0:12}.exe
    [[ ! -e $launcher ]] || return 0
    need x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32
    made "windows/${launcher##*/}" 'the launcher' make_launcher
}

make_launcher() {
    x86_64-w64-mingw32-gcc -O2 -Wall -Wextra -Werror -municode -o "$1" "$here/windows/nocon.c"
}
