function Get-RagnaCheckpoint {
    <#
    .SYNOPSIS
        Lists the checkpoints of the machines of a lab.
    .DESCRIPTION
        Emits one object per checkpoint, the oldest of each machine first, as Hyper-V has them: those that were made with other means, too.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .PARAMETER Name
        Names of checkpoints, with wildcards. Default: all.
    .INPUTS
        System.String, System.IO.FileInfo, Ragnatramp.MachineStatus. You can pipe paths, files and the rows of Get-RagnaStatus
        to this cmdlet.
    .OUTPUTS
        Ragnatramp.Checkpoint. One per checkpoint: Machine, Name, CreatedAt, HasMemory (whether the VM is saved and not off after a restore),
        Parent, Id, VMName, VMId.
    .EXAMPLE
        Get-RagnaCheckpoint

        Lists the checkpoints of the lab in this folder.
    .EXAMPLE
        Get-RagnaCheckpoint -Name 'clean*' -Machine web

        Lists some of one machine.
    .EXAMPLE
        Get-RagnaCheckpoint | Group-Object Name

        Shows which machines have which.
    .LINK
        Checkpoint-RagnaMachine
    .LINK
        Remove-RagnaCheckpoint
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.Checkpoint')]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName', 'ConfigPath')]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Path,

        [Parameter(Position = 1, ValueFromPipelineByPropertyName)]
        [ValidateNotNullOrEmpty()]
        [SupportsWildcards()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Machine,

        [SupportsWildcards()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string[]] $Name = '*'
    )
    begin {
        Import-RagnaPrivate -Through Lifecycle
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
        $request = [ordered] @{}
    }
    process {
        Add-LabRequest -Cmdlet $PSCmdlet -Request $request -Path $Path -Machine $Machine
    }
    end {
        Invoke-PerLab -Cmdlet $PSCmdlet -Request $request -Script {
            param($Lab, $Machines)
            Get-LabCheckpoint -Cmdlet $Cmdlet -Lab $Lab -Machine $Machines -Name $Name
        }
    }
}
