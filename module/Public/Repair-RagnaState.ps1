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
                $repair = Invoke-RagnaExport state_repair @{ path = $configPath; dryRun = $true }
                if ($null -eq $repair.Failure) {
                    $planned = $repair.Response
                    if ($planned.operation -and $PSCmdlet.ShouldProcess($planned.outcome.path, $planned.operation)) {
                        $repair = Invoke-RagnaExport state_repair @{ path = $configPath; dryRun = $false }
                    }
                }
                if ($null -ne $repair.Failure) {
                    Write-RagnaFailure -Cmdlet $PSCmdlet -Failure $repair.Failure -Target $configPath
                } else {
                    $outcome = $repair.Response.outcome
                    foreach ($warning in $outcome.warnings) { $PSCmdlet.WriteWarning($warning) }
                    [pscustomobject]@{
                        PSTypeName = 'Ragnatramp.StateRepair'
                        Path       = $outcome.path
                        Damage     = $outcome.damage
                        Source     = $outcome.source
                        SavedAt    = ConvertTo-LocalTime -Value $outcome.savedAt
                        Machines   = $outcome.machines
                        KeptAside  = $outcome.keptAside
                        Repaired   = $outcome.repaired
                        Warnings   = $outcome.warnings
                    }
                }
            } catch {
                Stop-RagnaCmdlet -Cmdlet $PSCmdlet -Record $_
            }
            $result
        }
    }
}
