function Repair-RagnaState {
    <#
    .SYNOPSIS
        Restores a damaged state file from its backup.
    .DESCRIPTION
        Each save keeps the last good state as state.json.bak. Where state.json is damaged, this cmdlet puts that backup
        in its place and keeps the damaged file beside it, under a name with the time. A state file that is sound is left
        alone, and where the backup is not good either, nothing is changed.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .INPUTS
        System.String, System.IO.FileInfo. You can pipe paths and files to this cmdlet.
    .OUTPUTS
        Ragnatramp.StateRepair: Path, Damage (null where the file is sound), Source, SavedAt, Machines, KeptAside,
        Repaired, Warnings.
    .EXAMPLE
        Repair-RagnaState -WhatIf

        Says what is damaged and what would be restored.
    .EXAMPLE
        Repair-RagnaState

        Restores the state of the lab in this folder.
    .LINK
        Get-RagnaStatus
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Ragnatramp.StateRepair')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string[]] $Path
    )
    begin {
        Import-RagnaPrivate
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
    }
    process {
        $given = if ($Path) { $Path } else { @('') }
        foreach ($item in $given) {
            $result = try {
                $configPath = Resolve-ConfigPath -Cmdlet $PSCmdlet -Path $item
                $look = Invoke-RagnaNative state_repair (ConvertTo-Json -Compress -InputObject @{ path = $configPath; dryRun = $true })
                $answer = $look
                if ($null -eq $look.Failure) {
                    $found = $look.Json | ConvertFrom-Json
                    if ($found.operation -and $PSCmdlet.ShouldProcess($found.outcome.path, $found.operation)) {
                        $answer = Invoke-RagnaNative state_repair (
                            ConvertTo-Json -Compress -InputObject @{ path = $configPath; dryRun = $false })
                    }
                }
                if ($null -ne $answer.Failure) {
                    Write-RagnaFailure -Cmdlet $PSCmdlet -Failure $answer.Failure -Target $configPath
                } else {
                    $outcome = ($answer.Json | ConvertFrom-Json).outcome
                    foreach ($warning in $outcome.warnings) { $PSCmdlet.WriteWarning($warning) }
                    ConvertTo-RagnaObject -InputObject $outcome -TypeName 'Ragnatramp.StateRepair'
                }
            } catch {
                Stop-RagnaCmdlet -Cmdlet $PSCmdlet -Record $_
            }
            $result
        }
    }
}
