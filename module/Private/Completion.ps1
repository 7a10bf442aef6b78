# What Tab inserts for checkpoints and configs. Asks Hyper-V nothing, and finds nothing rather than to fail.

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
    $names = foreach ($row in $status.Response.Machines) {
        foreach ($checkpoint in $row.Checkpoints) { if ($checkpoint.PSObject.Properties['name'] -and $checkpoint.name -is [string]) { $checkpoint.name } }
    }
    foreach ($name in $names | Microsoft.PowerShell.Utility\Sort-Object -Unique -CaseSensitive) {
        # A character that a terminal acts on would be typed.
        if ($name -cmatch '\p{C}' -or -not $name.StartsWith($Word.Trim('"', "'"), [System.StringComparison]::OrdinalIgnoreCase)) { continue }
        $text = if ($AsPattern) { [System.Management.Automation.WildcardPattern]::Escape($name) } else { $name }
        New-Completion -Text $text -Shown $name
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
    foreach ($name in $found) {
        if ($name -cmatch '\p{C}' -or -not $name.StartsWith($typed.Substring($at), [System.StringComparison]::OrdinalIgnoreCase)) { continue }
        New-Completion -Text "$front$name" -Shown $name
    }
}

function New-Completion {
    # What is inserted for a text: itself where it is a plain word, else in quotes.
    [CmdletBinding()]
    [OutputType([System.Management.Automation.CompletionResult])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $Text,

        # What stands in the list.
        [Parameter(Mandatory)]
        [string] $Shown
    )
    $word = $Text
    if ($word -cnotmatch '\A[A-Za-z0-9.~\\/][A-Za-z0-9.~\\/:_-]*\z') {
        $word = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($word) + "'"
    }
    [System.Management.Automation.CompletionResult]::new($word, $Shown, 'ParameterValue', $Shown)
}
