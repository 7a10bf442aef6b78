#requires -Version 5.1

<#
.SYNOPSIS
What CHANGELOG.md says of a version; of one that is not released yet, what stands under Unreleased.
.PARAMETER Version
The version.
.PARAMETER Released
Throws where the version has no part of its own: a release is not made without.
.PARAMETER Path
The file; by default the project's.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)]
    [string] $Version,

    [switch] $Released,

    [string] $Path = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'CHANGELOG.md')
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$parts = [IO.File]::ReadAllText($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)).Replace("`r`n", "`n") -split '(?m)^## '
$own = @($parts | Where-Object { $_ -match "^\[$([regex]::Escape($Version))\]" })
if ($own.Count -eq 0 -and -not $Released) { $own = @($parts | Where-Object { $_ -match '^\[Unreleased\]' }) }
if ($own.Count -ne 1) { throw "CHANGELOG.md has $($own.Count) parts '## [$Version]'; it has to have one." }
$text = ($own[0] -split "`n", 2)[1].Trim()
if (-not $text) { throw "CHANGELOG.md says nothing of $Version." }
$text
