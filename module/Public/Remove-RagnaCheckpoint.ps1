function Remove-RagnaCheckpoint {
    <#
    .SYNOPSIS
        Removes a checkpoint of the machines of a lab.
    .DESCRIPTION
        Removes the checkpoint of that name of every machine that has it, and waits until Hyper-V has merged its disks. The machines stay as they are.
        Where one of them has several of that name, or none has one, nothing is done to any.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .PARAMETER Name
        The name of the checkpoint; it is compared exactly.
    .INPUTS
        System.String, System.IO.FileInfo, Ragnatramp.MachineStatus. You can pipe paths, files and the rows of Get-RagnaStatus
        to this cmdlet.
    .OUTPUTS
        Ragnatramp.MachineResult. One per machine: Machine, Action (what was done), State (what Hyper-V shows now), Success,
        Reason, VMName, VMId.
    .EXAMPLE
        Remove-RagnaCheckpoint -Name before-update

        Removes a checkpoint of every machine of the lab in this folder.
    .EXAMPLE
        Remove-RagnaCheckpoint -Name clean -Machine web -WhatIf

        Says what would be removed.
    .EXAMPLE
        Get-RagnaCheckpoint -Name 'before*' | Select-Object -ExpandProperty Name -Unique | ForEach-Object { Remove-RagnaCheckpoint -Name $_ }

        Removes all whose names begin so.
    .LINK
        Get-RagnaCheckpoint
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('Ragnatramp.MachineResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'What it calls asks through it.')]
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

        [Parameter(Mandatory)]
        [ValidateNotNullOrEmpty()]
        [ArgumentCompleter({ & (Microsoft.PowerShell.Core\Get-Command -Name $args[0]).Module Complete-RagnaArgument @args })]
        [string] $Name
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
        Invoke-LabGoal -Cmdlet $PSCmdlet -Request $request -Goal @{ kind = 'removeCheckpoint'; name = $Name }
    }
}
