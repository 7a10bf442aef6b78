#requires -Version 5.1

<#
.SYNOPSIS
Checks that the module calls every command that is not its own by the name of the module that has it.
.DESCRIPTION
A bare Get-VM is whatever the user's session makes of it: a function of the user, or VMware.PowerCLI's cmdlet. Hyper-V\Get-VM
is Hyper-V's. Every command name in the module's scripts, and in the script blocks of its format file, must have a module's name before it, or be that of a function that
the module defines. Aliases and programs have no module, so they are found too.

Prints a line per finding, "file:line:column: message", then a line that counts. The exit code is 0 where nothing was found,
1 where something was.
.PARAMETER Path
The module's folder.
#>
[CmdletBinding()]
[OutputType([string])]
param([string] $Path = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'module'))

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# What may be called by its bare name, by file: each with its reason. One that is not needed any more is a finding.
$exceptions = @{
    # They run in a session inside the guest, where nothing of the user's session is loaded; the simulated guest answers
    # the first with its own registry.
    'Private/DirectScript.ps1' = @{
        'Get-ItemProperty' = 'runs inside the guest'
        'New-Object'       = 'runs inside the guest'
        'Start-Sleep'      = 'runs inside the guest'
    }
}

$folder = [IO.Path]::GetFullPath($Path)
$files = @([IO.Directory]::GetFiles($folder, '*', [IO.SearchOption]::AllDirectories) |
        Where-Object { '.ps1', '.psm1', '.ps1xml' -contains [IO.Path]::GetExtension($_) } | Sort-Object)
$scripts = [ordered] @{}
$own = [Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
foreach ($file in $files) {
    $text = [IO.File]::ReadAllText($file)
    if ($file.EndsWith('.ps1xml')) {
        # The script blocks of a format file, each where it stands: all else becomes blank.
        $blocks = [regex]::Matches($text, '(?s)(?<=<ScriptBlock>).*?(?=</ScriptBlock>)')
        $blank = [regex]::Replace($text, '[^\r\n]', ' ').ToCharArray()
        foreach ($block in $blocks) { $block.Value.CopyTo(0, $blank, $block.Index, $block.Length) }
        $text = [string]::new($blank)
    }
    $script = [Management.Automation.Language.Parser]::ParseInput($text, [ref] $null, [ref] $null)
    $scripts[$file.Substring($folder.Length).TrimStart('\', '/').Replace('\', '/')] = $script
    foreach ($function in $script.FindAll({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] }, $true)) {
        $null = $own.Add($function.Name)
    }
}

$needed = [Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
$findings = @(
    foreach ($name in $scripts.Keys) {
        $excepted = if ($exceptions.ContainsKey($name)) { $exceptions[$name] } else { @{} }
        foreach ($call in $scripts[$name].FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
            $command = $call.GetCommandName()
            # & $script and . $file have no name. A module's name stands before exactly one backslash.
            if (-not $command -or $own.Contains($command) -or $command -match '^[A-Za-z][\w.-]*\\[A-Za-z]+-[A-Za-z]+$') { continue }
            if ($excepted.ContainsKey($command)) {
                $null = $needed.Add("$name $command")
                continue
            }
            '{0}:{1}:{2}: {3} is called by its bare name: write MODULE\{3}, with the module that has it.' -f
            $name, $call.Extent.StartLineNumber, $call.Extent.StartColumnNumber, $command
        }
    }
    foreach ($name in $exceptions.Keys) {
        foreach ($command in $exceptions[$name].Keys | Sort-Object) {
            if ($scripts.Contains($name) -and -not $needed.Contains("$name $command")) {
                "$($name): $command is an exception that nothing needs: take it out of Test-CommandName.ps1."
            }
        }
    }
)
$findings
'{0} scripts of the module, {1} findings' -f $files.Count, $findings.Count
exit [int] ($findings.Count -gt 0 -or $files.Count -eq 0)
