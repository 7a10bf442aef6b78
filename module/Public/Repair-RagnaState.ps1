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
    .EXAMPLE
        Get-ChildItem -Recurse -Filter ragnatramp.yaml | Repair-RagnaState | Where-Object Repaired

        Restores every damaged state below this folder, and shows which they were.
    .LINK
        Get-RagnaStatus
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Ragnatramp.StateRepair')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '',
        Justification = 'The script that it hands on asks through it.')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Path
    )
    begin {
        Import-RagnaPrivate -Through Base
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
    }
    process {
        Invoke-PerConfig -Cmdlet $PSCmdlet -Path $Path -Script {
            param($ConfigPath)
            $repair = Invoke-RagnaExport state_repair @{ path = $ConfigPath; dryRun = $true }
            if ($null -eq $repair.Failure) {
                $planned = $repair.Response
                if ($planned.operation -and $Cmdlet.ShouldProcess($planned.outcome.path, $planned.operation)) {
                    $repair = Wait-StateLock -Activity 'Repair' -Attempt {
                        param($Time)
                        Invoke-RagnaExport state_repair (@{ path = $ConfigPath; dryRun = $false } + $Time)
                    }
                }
            }
            if ($null -ne $repair.Failure) {
                Write-RagnaFailure -Cmdlet $Cmdlet -Failure $repair.Failure -Target $ConfigPath
                return
            }
            $outcome = $repair.Response.outcome
            foreach ($warning in $outcome.warnings) { $Cmdlet.WriteWarning($warning) }
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
    }
}
