#requires -Version 5.1

<#
.SYNOPSIS
The project's version, from the one place that has it: Cargo.toml.
#>
[CmdletBinding()]
[OutputType([string])]
param()
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$cargo = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', 'Cargo.toml'))
$package = ([IO.File]::ReadAllText($cargo) -split '(?m)^\[package\]\r?$', 2)[1]
$found = [regex]::Match(($package -split '(?m)^\[', 2)[0], '(?m)^version = "(\d+\.\d+\.\d+)"\r?$')
if (-not $found.Success) { throw "$cargo has no version of three numbers in [package]: a module has no other." }
$found.Groups[1].Value
