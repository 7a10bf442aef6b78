function Checkpoint-RagnaMachine {
    <#
    .SYNOPSIS
        Makes a checkpoint of the machines of a lab.
    .DESCRIPTION
        Makes a checkpoint of one name of every machine, so that Restore-RagnaMachine can take the whole lab back to it. Where one of them has
        a checkpoint of that name already, nothing is done to any. Hyper-V keeps at most 50 checkpoints of a VM.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .PARAMETER Name
        The name of the checkpoint; at most 100 characters.
    .PARAMETER Type
        Production: by the guest's own means, without its memory; with its memory where the guest has no such means.
        ProductionOnly: by the guest's own means or not at all. Standard: with its memory. Default: as each VM is set.
    .INPUTS
        System.String, System.IO.FileInfo, Ragnatramp.MachineStatus. You can pipe paths, files and the rows of Get-RagnaStatus
        to this cmdlet.
    .OUTPUTS
        Ragnatramp.MachineResult. One per machine: Machine, Action (what was done), State (what Hyper-V shows now), Success,
        Reason, VMName, VMId.
    .EXAMPLE
        Checkpoint-RagnaMachine -Name clean

        Makes the checkpoint clean of every machine of the lab in this folder.
    .EXAMPLE
        Checkpoint-RagnaMachine -Name before-update -Machine db -Type Standard

        Makes one of a single machine, with its memory.
    .EXAMPLE
        Checkpoint-RagnaMachine -Name (Get-Date -Format 'yyyy-MM-dd HHmm')

        Makes one that has the date as its name.
    .LINK
        Restore-RagnaMachine
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
        [string] $Name,

        [ValidateSet('Production', 'ProductionOnly', 'Standard')]
        [string] $Type
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
        $json = $script:RagnaJson
        if ((Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject (Microsoft.PowerShell.Utility\ConvertTo-Json -InputObject $Name) @json) -isnot [string]) {
            Write-RagnaFailure -Cmdlet $PSCmdlet -Failure (New-RagnaFailure -Code 'CHECKPOINT_NAME_INVALID' `
                    -Message "This PowerShell takes the name $Name for a date, and would give the checkpoint another one." `
                    -Remedy 'Choose another name, or use PowerShell 7.5 or later.')
            return
        }
        $goal = @{ kind = 'checkpoint'; name = $Name }
        if ($Type) { $goal.type = $Type }
        Invoke-LabGoal -Cmdlet $PSCmdlet -Request $request -Goal $goal
    }
}
