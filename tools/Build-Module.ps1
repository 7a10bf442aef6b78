<#
.SYNOPSIS
    Builds the module as it is shipped: one folder with everything in it.
.DESCRIPTION
    Copies module/, and adds the native library, the license and the README. The files of Public/ are put into the .psm1 in
    place of the line that reads them, and those of Private/ into one, word for word: to open a script file takes PowerShell
    several milliseconds, and an import would open six.
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
foreach ($part in 'Ragnatramp.psd1', 'Ragnatramp.Format.ps1xml', 'ragnatramp.cmd', 'ragnatramp.ps1', 'watch.ps1', 'en-US', 'guest', 'schema', 'template') {
    $from = [System.IO.Path]::Combine($source, $part)
    if (Test-Path -LiteralPath $from) { Copy-Item -LiteralPath $from -Destination $target -Recurse }
}
foreach ($part in 'LICENSE', 'README.md') {
    $from = [System.IO.Path]::Combine($root, $part)
    if (Test-Path -LiteralPath $from) { Copy-Item -LiteralPath $from -Destination $target }
}

function Get-FolderText {
    # The texts of the scripts in a folder of module/, in ordinal order: the same sources give the same file everywhere.
    param([Parameter(Mandatory)] [string] $Folder)
    $files = [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($source, $Folder), '*.ps1')
    [Array]::Sort($files, [System.StringComparer]::Ordinal)
    (@(foreach ($file in $files) { [System.IO.File]::ReadAllText($file).Replace("`r`n", "`n").Trim() }) -join "`n`n") + "`n"
}

$loader = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($source, 'Ragnatramp.psm1')).Replace("`r`n", "`n")
$before, $rest = $loader -split '#region Public\n', 2
$after = ($rest -split '#endregion Public\n', 2)[1]
$utf8 = [System.Text.UTF8Encoding]::new($false)
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($target, 'Ragnatramp.psm1'), $before + (Get-FolderText -Folder 'Public') + $after, $utf8)
$null = New-Item -ItemType Directory -Path ([System.IO.Path]::Combine($target, 'Private'))
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($target, 'Private', 'Ragnatramp.ps1'), (Get-FolderText -Folder 'Private'), $utf8)

$native = [System.IO.Path]::Combine($target, 'bin\runtimes\win-x64\native')
$null = New-Item -ItemType Directory -Path $native
Copy-Item -LiteralPath $dll -Destination ([System.IO.Path]::Combine($native, 'ragnatramp.dll'))
