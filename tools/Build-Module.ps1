<#
.SYNOPSIS
    Builds the module as it is shipped: one folder with everything in it.
.DESCRIPTION
    Copies module/ as it is, and adds the native library, the license and the README.
    Runs in Windows PowerShell 5.1 and PowerShell 7.
.PARAMETER Library
    The native library.
.PARAMETER Destination
    The folder to build; it is made anew.
.EXAMPLE
    ./tools/Build-Module.ps1 -Library target/release/ragnatramp.dll -Destination dist/Ragnatramp
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Library,

    [Parameter(Mandatory)]
    [string] $Destination
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
$source = [System.IO.Path]::Combine($root, 'module')
$target = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$dll = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Library)

# A session that has just ended may hold its library for a moment longer.
for ($attempt = 1; [System.IO.Directory]::Exists($target); $attempt++) {
    try {
        [System.IO.Directory]::Delete($target, $true)
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        if ($attempt -ge 20) { throw "$target is in use. Close the PowerShell sessions that have loaded it. ($($_.Exception.GetBaseException().Message))" }
        Start-Sleep -Milliseconds 250
    }
}
$null = New-Item -ItemType Directory -Path $target
foreach ($part in 'Ragnatramp.psd1', 'Ragnatramp.psm1', 'Ragnatramp.Format.ps1xml', 'Public', 'Private', 'en-US', 'guest', 'schema', 'template') {
    $from = [System.IO.Path]::Combine($source, $part)
    if (Test-Path -LiteralPath $from) { Copy-Item -LiteralPath $from -Destination $target -Recurse }
}
foreach ($part in 'LICENSE', 'README.md') {
    $from = [System.IO.Path]::Combine($root, $part)
    if (Test-Path -LiteralPath $from) { Copy-Item -LiteralPath $from -Destination $target }
}

$native = [System.IO.Path]::Combine($target, 'bin\runtimes\win-x64\native')
$null = New-Item -ItemType Directory -Path $native
Copy-Item -LiteralPath $dll -Destination ([System.IO.Path]::Combine($native, 'ragnatramp.dll'))
