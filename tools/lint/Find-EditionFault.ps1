#requires -Version 5.1

<#
.SYNOPSIS
Finds what Windows PowerShell 5.1 lacks and PSScriptAnalyzer does not see.
.DESCRIPTION
Its compatibility profiles know commands, parameters and types. They do not know new overloads (File.Move with three
arguments), new values (-Encoding utf8NoBOM), Join-Path with three parts, and the variables that only PowerShell 6 and
later set: under strict mode, reading one of them ends a script in 5.1.
.PARAMETER Path
The script file to look through.
.OUTPUTS
An object per fault with Line, Column, RuleName and Message.
#>
[CmdletBinding()]
[OutputType([pscustomobject])]
param(
    [Parameter(Mandatory)]
    [string] $Path
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function New-Fault {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes an object in memory.')]
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param($Ast, [string] $Message)

    [pscustomobject]@{
        Line = $Ast.Extent.StartLineNumber
        Column = $Ast.Extent.StartColumnNumber
        RuleName = 'RagnaEditionFault'
        Message = $Message
    }
}

$newVariables = 'IsWindows', 'IsLinux', 'IsMacOS', 'IsCoreCLR', 'PSStyle', 'EnabledExperimentalFeatures'
$newEncodings = 'utf8NoBOM', 'utf8BOM', 'ansi'
$tokens = $null
$parseErrors = $null
$script = [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $tokens, [ref] $parseErrors)

foreach ($variable in $script.FindAll({ $args[0] -is [Management.Automation.Language.VariableExpressionAst] }, $true)) {
    if ($newVariables -contains $variable.VariablePath.UserPath) {
        New-Fault -Ast $variable -Message ('${0} does not exist in Windows PowerShell 5.1; ask Get-Variable or Test-Path for it.' -f $variable.VariablePath.UserPath)
    }
}

foreach ($call in $script.FindAll({ $args[0] -is [Management.Automation.Language.InvokeMemberExpressionAst] }, $true)) {
    $isMove = $call.Static -and $call.Member.Extent.Text -eq 'Move' -and $call.Expression.Extent.Text -match '^\[(System\.)?IO\.File\]$'
    if ($isMove -and $null -ne $call.Arguments -and $call.Arguments.Count -gt 2) {
        New-Fault -Ast $call -Message 'File.Move takes two arguments in Windows PowerShell 5.1; use File.Replace.'
    }
}

foreach ($command in $script.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
    $elements = @($command.CommandElements)
    for ($i = 1; $i -lt $elements.Count; $i++) {
        if ($elements[$i] -isnot [Management.Automation.Language.CommandParameterAst] -or $elements[$i].ParameterName -ne 'Encoding') {
            continue
        }
        $value = $elements[$i].Argument
        if ($null -eq $value -and $i + 1 -lt $elements.Count) {
            $value = $elements[$i + 1]
        }
        if ($null -ne $value -and $newEncodings -contains $value.Extent.Text.Trim("'", '"')) {
            New-Fault -Ast $value -Message ('-Encoding {0} does not exist in Windows PowerShell 5.1; write bytes with [IO.File].' -f $value.Extent.Text)
        }
    }
    if ($command.GetCommandName() -eq 'Join-Path') {
        $parts = @($elements | Select-Object -Skip 1 | Where-Object { $_ -isnot [Management.Automation.Language.CommandParameterAst] })
        if ($parts.Count -gt 2) {
            New-Fault -Ast $command -Message 'Join-Path takes two parts in Windows PowerShell 5.1; nest it or use [IO.Path]::Combine.'
        }
    }
}
