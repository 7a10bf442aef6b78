#requires -Version 5.1

<#
.SYNOPSIS
    Makes docs/demo.svg, the moving picture of the demo, from a run of it.
.DESCRIPTION
    Every line of the picture is one that tools/demo.ps1 printed, with the folder of the run shortened to C:\. The commands are typed, what they
    printed appears, and the picture scrolls; all by CSS, without a script. Where a viewer moves nothing, or the user wants nothing to
    move, it shows the beginning. tests/Demo.Tests.ps1 holds it to what the demo prints. Needs dist/Ragnatramp.
.PARAMETER Destination
    The file to write.
.EXAMPLE
    ./tools/docs/New-DemoPicture.ps1
#>
[CmdletBinding()]
param(
    [string] $Destination
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Picture.ps1"
$root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
if (-not $Destination) { $Destination = [IO.Path]::Combine($root, 'docs', 'demo.svg') }

$program = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
$encoding = [Console]::OutputEncoding
[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
try {
    $demo = [IO.Path]::Combine($root, 'tools', 'demo.ps1').Replace("'", "''")
    $told = @(& $program -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command "[Console]::OutputEncoding = [Text.UTF8Encoding]::new(`$false); & '$demo'")
} finally {
    [Console]::OutputEncoding = $encoding
}
if ($told.Count -lt 100 -or $told[-1] -notmatch '^The demo took') { throw "The demo did not run to its end: $($told -join "`n")" }
# How long it took says something of this computer only.
$lines = @(ConvertTo-PictureLine -Line @($told | Select-Object -SkipLast 2))
[IO.File]::WriteAllText($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination), (New-Picture -Line $lines), [Text.UTF8Encoding]::new($false))
