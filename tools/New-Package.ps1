#requires -Version 5.1

<#
.SYNOPSIS
Packs the built module into Ragnatramp-VERSION.zip and Ragnatramp.VERSION.nupkg.
.DESCRIPTION
The same files give the same archive: entries stand in ordinal order and carry one fixed time. It holds Ragnatramp/VERSION, to be
unpacked into a folder of PSModulePath. The package for the gallery is made by PSResourceGet, which PowerShell 7.4 and later
have and which can be installed elsewhere; its container carries the time of its making, the files in it are the same. Prints the
paths of both, and SHA256SUMS with their hashes beside them. A library that needs what not every Windows has is not packed.
.PARAMETER Module
The built module's folder, which holds the folder of its version.
.PARAMETER Destination
The folder for both. What is there of the same version is replaced.
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

$base = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Module).TrimEnd('\', '/')
$target = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$version = & ([IO.Path]::Combine($PSScriptRoot, 'build', 'Get-Version.ps1'))
$folder = [IO.Path]::Combine($base, $version)
foreach ($library in [IO.Directory]::GetFiles([IO.Path]::Combine($folder, 'bin'), '*.dll', 'AllDirectories')) {
    & ([IO.Path]::Combine($PSScriptRoot, 'build', 'Test-LibraryImport.ps1')) -Path $library
}
$null = Test-ModuleManifest -Path ([IO.Path]::Combine($folder, 'Ragnatramp.psd1'))
$archive = [IO.Path]::Combine($target, "Ragnatramp-$version.zip")
$package = [IO.Path]::Combine($target, "Ragnatramp.$version.nupkg")
# The earliest time that a zip file can hold: when the files were built says nothing about them.
$time = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)

$names = @([IO.Directory]::GetFiles($folder, '*', 'AllDirectories') |
        ForEach-Object { "Ragnatramp/$version/" + $_.Substring($folder.Length + 1).Replace('\', '/') })
[Array]::Sort($names, [StringComparer]::Ordinal)

$stream = [IO.FileStream]::new("$archive.part", 'Create')
try {
    $zip = [IO.Compression.ZipArchive]::new($stream, 'Create')
    try {
        foreach ($name in $names) {
            $entry = $zip.CreateEntry($name)
            $entry.LastWriteTime = $time
            $bytes = [IO.File]::ReadAllBytes([IO.Path]::Combine($base, $name.Substring('Ragnatramp/'.Length)))
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

if (-not (Get-Module -ListAvailable -Name Microsoft.PowerShell.PSResourceGet | Where-Object { $_.Version -ge '1.1.0' })) {
    throw 'Microsoft.PowerShell.PSResourceGet 1.1 or later is needed for the .nupkg: PowerShell 7.5 has it, elsewhere Install-Module brings it.'
}
[IO.File]::Delete($package)
Compress-PSResource -Path $folder -DestinationPath $target

$sums = foreach ($file in $archive, $package) {
    "$((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash.ToLowerInvariant())  $([IO.Path]::GetFileName($file))`n"
}
[IO.File]::WriteAllText([IO.Path]::Combine($target, 'SHA256SUMS'), -join $sums, [Text.UTF8Encoding]::new($false))
$archive, $package
