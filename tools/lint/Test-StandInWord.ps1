#requires -Version 5.1

<#
.SYNOPSIS
Checks that the stand-in test runner knows the words of its list, that tests use each of them, and that it knows no more.
.DESCRIPTION
The stand-in runner in tests/runner is frozen: whoever needs another word of Pester takes Pester. A word is a command, a
parameter of one ("It -ForEach"), another name of a parameter, or an operator of Should. What is bound through the
pipeline has no name in a test and is no word.

Prints a line per finding, then a line that counts. The exit code is 0 where nothing was found, 1 where something was.
.PARAMETER ListPath
The list: one word a line.
.PARAMETER RunnerPath
The manifest of the runner.
.PARAMETER TestPath
The folder whose *.Tests.ps1 files use the words. The runner's own fixtures do not count.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [string] $ListPath = [IO.Path]::Combine($PSScriptRoot, 'stand-in-words.txt'),
    [string] $RunnerPath = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'tests', 'runner', 'StandIn', 'StandIn.psd1'),
    [string] $TestPath = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'tests')
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$runner = Import-Module -Name $RunnerPath -PassThru -Force
# The command that runs a file is called by the runner itself.
$commands = @($runner.ExportedFunctions.Values | Where-Object { $_.Name -ne 'Invoke-StandInFile' })
$common = [Management.Automation.PSCmdlet]::CommonParameters + [Management.Automation.PSCmdlet]::OptionalCommonParameters

$known = [Collections.Generic.SortedSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
foreach ($command in $commands) {
    $null = $known.Add($command.Name)
    foreach ($parameter in $command.Parameters.Values | Where-Object { $common -notcontains $_.Name }) {
        $piped = @($parameter.ParameterSets.Values | Where-Object { $_.ValueFromPipeline })
        $names = @($parameter.Aliases) + @(if ($piped.Count -eq 0) { $parameter.Name })
        foreach ($name in $names) { $null = $known.Add("$($command.Name) -$name") }
    }
}
foreach ($operator in & $runner { $script:Operators.Keys }) { $null = $known.Add("Should -$operator") }

$used = [Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
$names = @($commands | ForEach-Object { $_.Name })
foreach ($file in [IO.Directory]::GetFiles($TestPath, '*.Tests.ps1')) {
    $script = [Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $null)
    foreach ($call in $script.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
        $name = $call.GetCommandName()
        if ($names -notcontains $name) { continue }
        $null = $used.Add($name)
        # As they are written, and those that are bound by their position.
        $written = @($call.CommandElements | Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] } |
                ForEach-Object { $_.ParameterName })
        $bound = [Management.Automation.Language.StaticParameterBinder]::BindCommand($call, $true).BoundParameters.Keys
        foreach ($parameter in $written + @($bound)) { $null = $used.Add("$name -$parameter") }
    }
}

$listed = [Collections.Generic.HashSet[string]]::new([string[]] @([IO.File]::ReadAllLines($ListPath) | Where-Object { $_ }), [StringComparer]::OrdinalIgnoreCase)
$findings = @(
    foreach ($word in $known) {
        if (-not $listed.Contains($word)) { "The runner knows '$word', which is not in its list: it is frozen, and what is missing in it is had from Pester." }
    }
    foreach ($word in $listed) {
        if (-not $known.Contains($word)) { "The list has '$word', which the runner does not know." }
        if (-not $used.Contains($word)) { "The list has '$word', which no test file uses: take it out of the list and of the runner." }
    }
)
$findings
'{0} words of the stand-in runner, {1} findings' -f $known.Count, $findings.Count
exit [int] ($findings.Count -gt 0)
