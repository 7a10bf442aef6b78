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
    $Path = 'module', 'tools', 'tests', 'benches', 'build.ps1' | ForEach-Object { [IO.Path]::Combine($root, $_) } | Where-Object { Test-Path -LiteralPath $_ }
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
$settingsOfTests.ExcludeRules = @(
    # A variable set in BeforeAll is read in It: the rule looks at each block alone.
    'PSUseDeclaredVarsMoreThanAssignments'
    # The simulated Hyper-V stands in for cmdlets of Windows, and the passwords of its guests are made up.
    'PSAvoidOverwritingBuiltInCmdlets'
    'PSAvoidUsingPlainTextForPassword'
    # Nobody calls these functions with -WhatIf or asks for their help.
    'PSUseShouldProcessForStateChangingFunctions'
    'PSProvideCommentHelp'
    'PSUseOutputTypeCorrectly'
    # A parameter that is read in a script block counts as unread.
    'PSReviewUnusedParameter'
)

function Invoke-Analyzer {
    <# .SYNOPSIS PSScriptAnalyzer's findings in one file. #>
    [CmdletBinding()]
    param([string] $Path, [hashtable] $Setting)
    # Its rules run side by side and now and then read what another is changing (PSScriptAnalyzer issues 1351, 1708 and
    # 2188): a rule then ends in whatever exception that makes, RULE_ERROR in the error's id, and it looks again.
    for ($try = 1; ; $try++) {
        try {
            return Invoke-ScriptAnalyzer -Path $Path -Settings $Setting
        }
        catch {
            if ($try -ge 10 -or $_.FullyQualifiedErrorId -notlike 'RULE_ERROR,*') { throw }
            Write-Verbose -Message "${Path}: try ${try}: $($_.Exception)"
        }
    }
}

$count = 0
foreach ($file in $files) {
    $name = $file.FullName
    if ($name.StartsWith($root)) { $name = $name.Substring($root.Length).TrimStart('\', '/').Replace('\', '/') }
    $use = if ($name -like 'tests/*') { $settingsOfTests } else { $settings }
    $findings = @(Invoke-Analyzer -Path $file.FullName -Setting $use)
    if ($file.Extension -ne '.psd1') {
        $findings += @(& ([IO.Path]::Combine($PSScriptRoot, 'Find-EditionFault.ps1')) -Path $file.FullName)
    }
    foreach ($finding in $findings) {
        $count++
        '{0}:{1}:{2}: {3}: {4}' -f $name, $finding.Line, $finding.Column, $finding.RuleName, $finding.Message
    }
}
'{0} PowerShell files, {1} findings' -f $files.Count, $count
exit [int]($count -gt 0)
