#requires -Version 5.1

<#
.SYNOPSIS
Checks that a DLL for x64 or ARM64 needs no other DLLs than every Windows from 10 on has.
.DESCRIPTION
Reads the import table of the file and throws with the names that are not among those of Windows: the runtime of Visual C++,
for one, is not, so the library must have it in itself.
.PARAMETER Path
The DLL.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$ofWindows = 'advapi32', 'bcrypt', 'bcryptprimitives', 'kernel32', 'msvcrt', 'ntdll', 'ole32', 'shell32', 'user32', 'userenv', 'ws2_32'
$bytes = [IO.File]::ReadAllBytes($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path))
$header = [BitConverter]::ToInt32($bytes, 60)
if ([BitConverter]::ToUInt32($bytes, $header) -ne 0x4550 -or [BitConverter]::ToUInt16($bytes, $header + 24) -ne 0x20B) {
    throw "$Path is no library for 64-bit Windows."
}
$sections = @(for ($one = 0; $one -lt [BitConverter]::ToUInt16($bytes, $header + 6); $one++) {
        $at = $header + 24 + [BitConverter]::ToUInt16($bytes, $header + 20) + 40 * $one
        @{
            Address = [BitConverter]::ToUInt32($bytes, $at + 12)
            Length  = [BitConverter]::ToUInt32($bytes, $at + 16)
            Place   = [BitConverter]::ToUInt32($bytes, $at + 20)
        }
    })

function Get-FilePlace {
    # Where in the file an address of the loaded library is.
    param([uint32] $Address)
    foreach ($section in $sections) {
        if ($Address -ge $section.Address -and $Address - $section.Address -lt $section.Length) {
            return [int] ($Address - $section.Address + $section.Place)
        }
    }
    throw "$Path names the address $Address, which is in none of its sections."
}

function Get-ImportName {
    # The names of the DLLs in one of the two import tables, whose entries are so long and have the name's address so far in.
    param([int] $Directory, [int] $Size, [int] $Name)
    $table = [BitConverter]::ToUInt32($bytes, $header + 24 + 112 + 8 * $Directory)
    if ($table -eq 0) { return }
    for ($at = Get-FilePlace -Address $table; [BitConverter]::ToUInt32($bytes, $at + $Name) -ne 0; $at += $Size) {
        $from = Get-FilePlace -Address ([BitConverter]::ToUInt32($bytes, $at + $Name))
        [Text.Encoding]::ASCII.GetString($bytes, $from, [Array]::IndexOf($bytes, [byte] 0, $from) - $from)
    }
}

$names = @(Get-ImportName -Directory 1 -Size 20 -Name 12) + @(Get-ImportName -Directory 13 -Size 32 -Name 4)
if ($names.Count -eq 0) { throw "$Path imports nothing, which no library does." }
$others = @(foreach ($name in $names) {
        $plain = $name.ToLowerInvariant() -replace '\.dll$', ''
        if ($ofWindows -notcontains $plain -and $plain -notlike 'api-ms-win-*') { $name }
    })
if ($others.Count -gt 0) { throw "$Path needs DLLs that not every Windows has: $($others -join ', ')." }
