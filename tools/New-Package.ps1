#requires -Version 5.1

<#
.SYNOPSIS
Packs the built module into Ragnatramp-VERSION.zip.
.DESCRIPTION
The same files give the same archive: entries stand in ordinal order and carry one fixed time. The archive holds one
folder, Ragnatramp, to be unpacked into a folder of PSModulePath. Prints the archive's path. A library that needs what not
every Windows has is not packed.
.PARAMETER Module
The built module's folder.
.PARAMETER Destination
The folder for the archive. An archive of the same version is replaced.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)]
    [string] $Module,

    [Parameter(Mandatory)]
    [string] $Destination
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.IO.Compression

$folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Module).TrimEnd('\', '/')
$target = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
& ([IO.Path]::Combine($PSScriptRoot, 'build', 'Test-LibraryImport.ps1')) -Path ([IO.Path]::Combine($folder, 'bin', 'runtimes', 'win-x64', 'native', 'ragnatramp.dll'))
$version = (Import-PowerShellDataFile -LiteralPath ([IO.Path]::Combine($folder, 'Ragnatramp.psd1'))).ModuleVersion
$archive = [IO.Path]::Combine($target, "Ragnatramp-$version.zip")
# The earliest time that a zip file can hold: when the files were built says nothing about them.
$time = New-Object -TypeName System.DateTimeOffset -ArgumentList 1980, 1, 1, 0, 0, 0, ([TimeSpan]::Zero)

$names = @([IO.Directory]::GetFiles($folder, '*', 'AllDirectories') |
        ForEach-Object { 'Ragnatramp/' + $_.Substring($folder.Length + 1).Replace('\', '/') })
[Array]::Sort($names, [StringComparer]::Ordinal)

$stream = New-Object -TypeName System.IO.FileStream -ArgumentList "$archive.part", 'Create'
try {
    $zip = New-Object -TypeName System.IO.Compression.ZipArchive -ArgumentList $stream, 'Create'
    try {
        foreach ($name in $names) {
            $entry = $zip.CreateEntry($name)
            $entry.LastWriteTime = $time
            $bytes = [IO.File]::ReadAllBytes([IO.Path]::Combine($folder, $name.Substring('Ragnatramp/'.Length)))
            $content = $entry.Open()
            try { $content.Write($bytes, 0, $bytes.Length) } finally { $content.Dispose() }
        }
    } finally {
        $zip.Dispose()
    }
} finally {
    $stream.Dispose()
}
[IO.File]::Delete($archive)
[IO.File]::Move("$archive.part", $archive)
$archive
