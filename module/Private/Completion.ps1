# What Tab inserts for machines, checkpoints and configs. Asks Hyper-V nothing, and finds nothing rather than to fail.

function Get-MachineCompletion {
    # Names of machines of a lab, those of the config where there is no state.
    [CmdletBinding()]
    [OutputType([System.Management.Automation.CompletionResult])]
    param(
        # What was typed of it; may begin with a quote.
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Word,

        # The -Path that was typed so far, if any.
        [AllowNull()]
        [string] $Path
    )
    foreach ($name in Get-MachineName -Path $Path | Microsoft.PowerShell.Utility\Sort-Object -Unique) {
        Select-Completion -Word $Word -Name $name -Text ([System.Management.Automation.WildcardPattern]::Escape($name))
    }
}

function Get-MachineName {
    # The names of a lab's machines for argument completion, those of the config where there is no state. Asks Hyper-V
    # nothing and never fails.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        # The -Path that was typed so far, if any.
        [AllowNull()]
        [string] $Path
    )
    $request = @{ path = Resolve-ConfigPath -Cmdlet $PSCmdlet -Path $Path }
    $opened = Invoke-RagnaExport lab_open $request
    if ($null -eq $opened.Failure) {
        Close-RagnaLab -Lab $opened.Response
        foreach ($name in $opened.Response.machineNames) { $name }
        return
    }
    $parsed = Invoke-RagnaExport config_parse $request
    if ($null -eq $parsed.Failure) { foreach ($machine in $parsed.Response.config.machines) { $machine.name } }
}

function Get-CheckpointCompletion {
    # Names of checkpoints that the state knows of a lab.
    [CmdletBinding()]
    [OutputType([System.Management.Automation.CompletionResult])]
    param(
        # What was typed of it; may begin with a quote.
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Word,

        # The -Path that was typed so far, if any.
        [AllowNull()]
        [string] $Path,

        # The parameter takes wildcards, so that those in a name are escaped.
        [switch] $AsPattern
    )
    $opened = Invoke-RagnaExport lab_open @{ path = Resolve-ConfigPath -Cmdlet $PSCmdlet -Path $Path }
    if ($null -ne $opened.Failure) { return }
    try {
        $status = Invoke-RagnaExport machine_status -Lab $opened.Response @{ snapshot = $null; exchange = @() }
    } finally {
        Close-RagnaLab -Lab $opened.Response
    }
    if ($null -ne $status.Failure) { return }
    $names = foreach ($ofMachine in $status.Response.Machines.Checkpoints) {
        foreach ($checkpoint in $ofMachine) { if ($checkpoint.PSObject.Properties['name'] -and $checkpoint.name -is [string]) { $checkpoint.name } }
    }
    foreach ($name in $names | Microsoft.PowerShell.Utility\Sort-Object -Unique -CaseSensitive) {
        $text = if ($AsPattern) { [System.Management.Automation.WildcardPattern]::Escape($name) } else { $name }
        Select-Completion -Word $Word -Name $name -Text $text
    }
}

function Get-ConfigCompletion {
    # The configs in the folder that was typed and in the folders in it, and those of these folders that have none.
    [CmdletBinding()]
    [OutputType([System.Management.Automation.CompletionResult])]
    param(
        # What was typed of it; may begin with a quote.
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Word
    )
    $typed = $Word.Trim('"', "'")
    $at = $typed.LastIndexOfAny([char[]] '\/') + 1
    $front = $typed.Substring(0, $at)
    $folder = $PSCmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath($(if ($front) { $front } else { '.' }))
    # To look on another computer would send it the user's credentials.
    if ($folder.StartsWith('\\') -or -not [System.IO.Directory]::Exists($folder)) { return }
    $found = [System.Collections.Generic.SortedSet[string]]::new([System.StringComparer]::OrdinalIgnoreCase)
    try {
        foreach ($file in [System.IO.Directory]::EnumerateFiles($folder, '*.yaml')) { $null = $found.Add([System.IO.Path]::GetFileName($file)) }
        foreach ($inner in [System.IO.Directory]::EnumerateDirectories($folder)) {
            $name = [System.IO.Path]::GetFileName($inner)
            if ([System.IO.File]::Exists([System.IO.Path]::Combine($inner, 'ragnatramp.yaml'))) { $name += '\ragnatramp.yaml' }
            $null = $found.Add($name)
        }
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        Remove-HandledError -Record $_
    }
    foreach ($name in $found) { Select-Completion -Word $typed.Substring($at) -Name $name -Text "$front$name" }
}

function Select-Completion {
    # What is inserted for a name that begins with what was typed; nothing for another one. A name is a text from a file: one that is no
    # plain word is quoted, and one with control or format characters is left out.
    [CmdletBinding()]
    [OutputType([System.Management.Automation.CompletionResult])]
    param(
        # Each character means itself. May begin with a quote.
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Word,

        # What stands in the list.
        [Parameter(Mandatory)]
        [string] $Name,

        # What is inserted, before it is quoted.
        [Parameter(Mandatory)]
        [string] $Text
    )
    if ($Name -cmatch '\p{C}' -or -not $Name.StartsWith($Word.Trim('"', "'"), [System.StringComparison]::OrdinalIgnoreCase)) { return }
    if ($Text -cnotmatch '\A[A-Za-z0-9.~\\/][A-Za-z0-9.~\\/:_-]*\z') {
        $Text = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Text) + "'"
    }
    [System.Management.Automation.CompletionResult]::new($Text, $Name, 'ParameterValue', $Name)
}
