function Test-RagnaConfig {
    <#
    .SYNOPSIS
        Checks a ragnatramp.yaml and tells everything that is wrong with it at once.
    .DESCRIPTION
        Emits one object per file. A file with faults is also an error that shows each fault with its line, its column,
        what is allowed and what was probably meant. A base image that is not there is a warning: it may come later.
        Nothing is written, and Hyper-V is not asked.

        With -Preflight it also tells all that speaks against Start-RagnaMachine on this computer, at once and each with its
        remedy: what is missing or unusable of the base images, the folder for virtual disks, room, memory and processors, the
        Default Switch, Hyper-V's service and the account's rights. Nothing is written then either.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Preflight
        Also look at this computer and at Hyper-V: whether the machines could be created and started now. What speaks against
        it is an error, what may speak against it a warning.
    .PARAMETER Quiet
        Emit only true or false per file, without errors and warnings; with -Preflight, whether nothing was an error.
    .INPUTS
        System.String, System.IO.FileInfo. You can pipe paths and files to this cmdlet.
    .OUTPUTS
        Ragnatramp.ConfigTest: Path, Valid, Project, Machines (names), BaseImages (paths), Faults (Path, Line, Column, Length,
        Message, Suggestion, SourceLine), Findings (of -Preflight: Severity, Code, Machine, Path, Message, Remedy). With -Quiet:
        System.Boolean.
    .EXAMPLE
        Test-RagnaConfig

        Checks the config in this folder.
    .EXAMPLE
        Get-ChildItem -Recurse -Filter ragnatramp.yaml | Test-RagnaConfig -ErrorAction SilentlyContinue | Where-Object Valid -EQ $false

        Lists the configs below this folder that have faults.
    .EXAMPLE
        Test-RagnaConfig -Preflight

        Tells all that would keep Start-RagnaMachine from making the machines here.
    .EXAMPLE
        if (-not (Test-RagnaConfig -Quiet)) { exit 1 }

        Stops a script at a config with faults.
    .LINK
        Start-RagnaMachine
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.ConfigTest', [bool])]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Path,

        [switch] $Preflight,

        [switch] $Quiet
    )
    begin {
        Import-RagnaPrivate -Through $(if ($Preflight) { 'Lifecycle' } else { 'Base' })
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
    }
    process {
        Invoke-PerConfig -Cmdlet $PSCmdlet -Path $Path -Script {
            param($ConfigPath)
            $parsed = Invoke-RagnaExport config_parse @{ path = $ConfigPath }
            $failure = $parsed.Failure
            if ($Preflight -and $null -eq $failure) {
                Test-ConfigPreflight -Cmdlet $Cmdlet -Path $ConfigPath -Parsed $parsed.Response -Quiet:$Quiet
            } elseif ($Quiet -and ($null -eq $failure -or $failure.code -clike 'CONFIG_*')) {
                $null -eq $failure
            } elseif ($null -ne $failure) {
                Write-RagnaFailure -Cmdlet $Cmdlet -Failure $failure -Target $ConfigPath
                # What keeps the library from reading is no verdict on the config.
                if (-not $Quiet -and $failure.code -clike 'CONFIG_*') { New-ConfigTest -Path $ConfigPath -Failure $failure }
            } else {
                foreach ($warning in $parsed.Response.warnings) { $Cmdlet.WriteWarning($warning) }
                New-ConfigTest -Path $ConfigPath -Config $parsed.Response.config
            }
        }
    }
}
