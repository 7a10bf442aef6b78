#requires -Version 5.1

<#
.SYNOPSIS
Runs PSScriptAnalyzer and Find-EditionFault over every PowerShell file of the project; any finding fails.
.DESCRIPTION
Prints a line per finding, "file:line:column: rule: message", then a line that counts. The exit code is 0 where nothing
was found, 1 where something was, 2 where it could not look.
.PARAMETER Path
Files and folders to look through; by default all of the project's.
.PARAMETER AnalyzerPath
The manifest of PSScriptAnalyzer, where it is not installed as a module.
.PARAMETER ProfileFolder
A folder with the compatibility profiles that the settings name, and no others: reading all takes half a minute.
#>
[CmdletBinding()]
param(
    [string[]] $Path,
    [string] $AnalyzerPath = 'PSScriptAnalyzer',
    [string] $ProfileFolder
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$root = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..'))
if (-not $Path) {
    $Path = 'module', 'tools', 'tests', 'build.ps1' | ForEach-Object { [IO.Path]::Combine($root, $_) } | Where-Object { Test-Path -LiteralPath $_ }
}
$files = @(Get-ChildItem -LiteralPath $Path -Recurse -File | Where-Object { '.ps1', '.psm1', '.psd1' -contains $_.Extension } | Sort-Object -Property FullName)
if ($files.Count -eq 0) {
    [Console]::Error.WriteLine('lint: found no PowerShell file to look through')
    exit 2
}

Import-Module -Name $AnalyzerPath
$settings = Import-PowerShellDataFile -LiteralPath ([IO.Path]::Combine($PSScriptRoot, 'ScriptAnalyzerSettings.psd1'))
if ($ProfileFolder) {
    $settings.Rules.PSUseCompatibleCommands.ProfileDirPath = $ProfileFolder
    $settings.Rules.PSUseCompatibleTypes.ProfileDirPath = $ProfileFolder
}
# Clones, because what Import-PowerShellDataFile returns is not taken for a hashtable: most rules would stay off, unsaid.
$settings = $settings.Clone()
$settingsOfTests = $settings.Clone()
# A variable set in BeforeAll is read in It: that rule looks at each block alone.
$settingsOfTests.ExcludeRules = @('PSUseDeclaredVarsMoreThanAssignments')

$count = 0
foreach ($file in $files) {
    $use = if ($file.Name -match '\.(Tests|fixture)\.ps1$') { $settingsOfTests } else { $settings }
    $findings = @(Invoke-ScriptAnalyzer -Path $file.FullName -Settings $use)
    if ($file.Extension -ne '.psd1') {
        $findings += @(& ([IO.Path]::Combine($PSScriptRoot, 'Find-EditionFault.ps1')) -Path $file.FullName)
    }
    $name = $file.FullName.Substring($root.Length).TrimStart('\', '/').Replace('\', '/')
    foreach ($finding in $findings) {
        $count++
        '{0}:{1}:{2}: {3}: {4}' -f $name, $finding.Line, $finding.Column, $finding.RuleName, $finding.Message
    }
}
'{0} PowerShell files, {1} findings' -f $files.Count, $count
exit [int]($count -gt 0)
