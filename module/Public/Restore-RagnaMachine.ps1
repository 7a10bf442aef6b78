function Restore-RagnaMachine {
    <#
    .SYNOPSIS
        Takes the machines of a lab back to a checkpoint.
    .DESCRIPTION
        Takes every machine back to its checkpoint of that name. Where one of them has none, or several, nothing is done to any. What changed
        since the checkpoint is lost, unless -CheckpointFirst keeps it. A checkpoint also brings back the VM's settings of its time; its name, its Notes and its switch
        are set again to what makes it this lab's.

        Whether a machine runs, is saved or is off afterwards depends on the checkpoint; State of the result says what it is. Start-RagnaMachine
        starts or resumes the machines and gives them their names again.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .PARAMETER Name
        The name of the checkpoint; it is compared exactly.
    .PARAMETER CheckpointFirst
        Makes a checkpoint of what is now before, named after the restored one and the time.
    .INPUTS
        System.String, System.IO.FileInfo, Ragnatramp.MachineStatus. You can pipe paths, files and the rows of Get-RagnaStatus
        to this cmdlet.
    .OUTPUTS
        Ragnatramp.MachineResult. One per machine: Machine, Action (what was done), State (what Hyper-V shows now), Success,
        Reason, VMName, VMId.
    .EXAMPLE
        Restore-RagnaMachine -Name clean

        Takes every machine of the lab in this folder back to the checkpoint clean, after asking.
    .EXAMPLE
        Restore-RagnaMachine -Name clean -CheckpointFirst -Confirm:$false; Start-RagnaMachine

        Keeps what is now in a checkpoint, goes back, and starts the lab.
    .EXAMPLE
        Restore-RagnaMachine -Name clean -Machine web*

        Takes only some machines back.
    .LINK
        Checkpoint-RagnaMachine
    .LINK
        Start-RagnaMachine
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
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
        [string] $Name,

        [switch] $CheckpointFirst
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
        $goal = @{ kind = 'restore'; name = $Name }
        if ($CheckpointFirst) {
            $time = [datetime]::Now.ToString('yyyy-MM-dd HH.mm.ss', [cultureinfo]::InvariantCulture)
            $short = if ($Name.Length -gt 60) { $Name.Substring(0, 60) } else { $Name }
            $goal.first = "before $short ($time)"
        }
        Invoke-LabGoal -Cmdlet $PSCmdlet -Request $request -Goal $goal
    }
}
