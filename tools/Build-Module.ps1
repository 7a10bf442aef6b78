#requires -Version 5.1

<#
.SYNOPSIS
Builds the module as it is installed: DESTINATION/VERSION with everything in it.
.DESCRIPTION
Copies module/, and adds the native libraries, the license, the notices and the README. The files of Public/ are put into the .psm1
in place of the line that reads them, and those of Private/ into one for each part that is read at once: to open a script file takes
PowerShell several milliseconds. They are there word for word, but that the functions of a part are named as those of the module. The manifest gets its version from Cargo.toml and its release notes from
CHANGELOG.md. SHA256SUMS lists every file; tools/build/Test-Package.ps1 checks it. Prints the folder that was built.
Runs in Windows PowerShell 5.1 and PowerShell 7.
.PARAMETER Library
The native library for x64.
.PARAMETER Arm64Library
The native library for ARM64. Without it the module says on ARM64 that it has none.
.PARAMETER Destination
The module's folder, which gets a folder for the version. It is made anew.
.PARAMETER ProjectUri
Where the project lives; the manifest's links are made of it. Without it the manifest has none.
.EXAMPLE
./tools/Build-Module.ps1 -Library target/release/ragnatramp.dll -Destination dist/Ragnatramp
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)]
    [string] $Library,

    [string] $Arm64Library,

    [Parameter(Mandatory)]
    [string] $Destination,

    [uri] $ProjectUri = $env:RAGNATRAMP_PROJECT_URI
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = [IO.Path]::GetDirectoryName($PSScriptRoot)
$source = [IO.Path]::Combine($root, 'module')
$base = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$version = & ([IO.Path]::Combine($PSScriptRoot, 'build', 'Get-Version.ps1'))
$target = [IO.Path]::Combine($base, $version)
$utf8 = [Text.UTF8Encoding]::new($false)

# A session that has just ended may hold its library for a moment longer.
for ($attempt = 1; [IO.Directory]::Exists($base); $attempt++) {
    try {
        [IO.Directory]::Delete($base, $true)
    } catch [IO.IOException], [UnauthorizedAccessException] {
        if ($attempt -ge 20) { throw "$base is in use. Close the PowerShell sessions that have loaded it. ($($_.Exception.GetBaseException().Message))" }
        Start-Sleep -Milliseconds 250
    }
}
$null = New-Item -ItemType Directory -Path $target
foreach ($entry in Get-ChildItem -LiteralPath $source -Force) {
    if ('Ragnatramp.psd1', 'Ragnatramp.psm1', 'Public', 'Private', 'bin' -notcontains $entry.Name) {
        Copy-Item -LiteralPath $entry.FullName -Destination $target -Recurse
    }
}
foreach ($part in 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt') { Copy-Item -LiteralPath ([IO.Path]::Combine($root, $part)) -Destination $target }

function Get-SourceText {
    # A file's text with the line ends of the repository, whatever the checkout made of them.
    param([Parameter(Mandatory)] [string] $Path)
    [IO.File]::ReadAllText($Path).Replace("`r`n", "`n")
}

# The part that a file of Private/ belongs to (Import-RagnaPrivate), by the beginning of its name; every other file is of Base.
$partOf = [ordered] @{
    HyperV      = 'HyperV', 'HostNetwork', 'DataExchange', 'Status'
    Reconcile   = 'Reconcile', 'GuestTransport', 'GuestExchange', 'Direct', 'PowerShellDirect', 'Worker', 'SshConfig'
    Lifecycle   = 'Lifecycle', 'Inventory', 'Preflight', 'StepFailure'
    Watch       = @('Watch')
    CommandLine = @('CommandLine')
}

function Get-PartName {
    # The part of a file.
    param([Parameter(Mandatory)] [string] $Path)
    $name = [IO.Path]::GetFileName($Path)
    foreach ($part in $partOf.Keys) {
        foreach ($beginning in $partOf[$part]) { if ($name.StartsWith($beginning, [StringComparison]::Ordinal)) { return $part } }
    }
    'Base'
}

function Get-FolderText {
    # The texts of the scripts in a folder of module/, or those of one part, in ordinal order: the same sources give the same file everywhere.
    param([Parameter(Mandatory)] [string] $Folder, [string] $Part)
    $files = [string[]] @(foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($source, $Folder), '*.ps1')) {
            if (-not $Part -or (Get-PartName -Path $file) -eq $Part) { $file }
        })
    [Array]::Sort($files, [StringComparer]::Ordinal)
    (@(foreach ($file in $files) { (Get-SourceText -Path $file).Trim() }) -join "`n`n") + "`n"
}

$loader = Get-SourceText -Path ([IO.Path]::Combine($source, 'Ragnatramp.psm1'))
$before, $rest = $loader -split '#region Public\n', 2
$after = ($rest -split '#endregion Public\n', 2)[1]
[IO.File]::WriteAllText([IO.Path]::Combine($target, 'Ragnatramp.psm1'), $before + (Get-FolderText -Folder 'Public') + $after, $utf8)
$null = New-Item -ItemType Directory -Path ([IO.Path]::Combine($target, 'Private'))
foreach ($part in @('Base') + $partOf.Keys) {
    # A part is read inside a function, and what that defines without a scope is gone when it returns.
    $text = (Get-FolderText -Folder 'Private' -Part $part) -creplace '(?m)^function (?=[A-Z])', 'function script:'
    [IO.File]::WriteAllText([IO.Path]::Combine($target, 'Private', "$part.part.ps1"), $text, $utf8)
}

$fields = @{ ReleaseNotes = & ([IO.Path]::Combine($PSScriptRoot, 'build', 'Get-ReleaseNote.ps1')) -Version $version }
if ($ProjectUri) {
    $at = $ProjectUri.AbsoluteUri.TrimEnd('/')
    $fields += @{ ProjectUri = $at; LicenseUri = "$at/blob/v$version/LICENSE"; IconUri = "$at/raw/v$version/docs/icon.png" }
}
& ([IO.Path]::Combine($PSScriptRoot, 'build', 'Write-Manifest.ps1')) -Source ([IO.Path]::Combine($source, 'Ragnatramp.psd1')) `
    -Destination ([IO.Path]::Combine($target, 'Ragnatramp.psd1')) -Version $version -Field $fields

$libraries = @{ 'win-x64' = $Library }
if ($Arm64Library) { $libraries['win-arm64'] = $Arm64Library }
foreach ($runtime in $libraries.Keys) {
    $native = [IO.Path]::Combine($target, 'bin', 'runtimes', $runtime, 'native')
    $null = New-Item -ItemType Directory -Path $native
    Copy-Item -LiteralPath $PSCmdlet.GetUnresolvedProviderPathFromPSPath($libraries[$runtime]) -Destination ([IO.Path]::Combine($native, 'ragnatramp.dll'))
}

# Forward slashes and ordinal order, so that the list is the same everywhere and sha256sum --check reads it.
$names = @([IO.Directory]::GetFiles($target, '*', 'AllDirectories') | ForEach-Object { $_.Substring($target.Length + 1).Replace('\', '/') })
[Array]::Sort($names, [StringComparer]::Ordinal)
$lines = foreach ($name in $names) { "$((Get-FileHash -LiteralPath ([IO.Path]::Combine($target, $name)) -Algorithm SHA256).Hash.ToLowerInvariant())  $name`n" }
[IO.File]::WriteAllText([IO.Path]::Combine($target, 'SHA256SUMS'), -join $lines, $utf8)
$target
