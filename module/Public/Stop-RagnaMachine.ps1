function Stop-RagnaMachine {
    <#
    .SYNOPSIS
        Stops the machines of a lab.
    .DESCRIPTION
        Asks the guest of each running machine to shut down, and waits for it. Where the guest cannot be asked, because its shutdown service
        does not answer, that is told at once. The power is cut only with -TurnOff. Machines are stopped in the reverse order of their
        depends_on; those that only the state knows are stopped, too.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .PARAMETER TimeoutSeconds
        How long each guest may take to shut down, in seconds. Default: 120. After that it is an error, and the guest may still
        shut down.
    .PARAMETER TurnOff
        Cuts the power, as pulling the plug does. What the guest has not written is lost.
    .PARAMETER Save
        Saves the memory; Start-RagnaMachine resumes from it.
    .INPUTS
        System.String, System.IO.FileInfo, Ragnatramp.MachineStatus. You can pipe paths, files and the rows of Get-RagnaStatus
        to this cmdlet.
    .OUTPUTS
        Ragnatramp.MachineResult. One per machine: Machine, Action (what was done), State (what Hyper-V shows now), Success,
        Reason, VMName, VMId.
    .EXAMPLE
        Stop-RagnaMachine

        Shuts down the lab in this folder.
    .EXAMPLE
        Stop-RagnaMachine -Machine web -TurnOff

        Cuts the power of one machine.
    .EXAMPLE
        Get-RagnaStatus | Where-Object State -EQ Running | Stop-RagnaMachine -Save

        Saves those that run.
    .LINK
        Start-RagnaMachine
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium', DefaultParameterSetName = 'ShutDown')]
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

        [Parameter(ParameterSetName = 'ShutDown')]
        [ValidateRange(1, 3600)]
        [int] $TimeoutSeconds = 120,

        [Parameter(ParameterSetName = 'TurnOff', Mandatory)]
        [switch] $TurnOff,

        [Parameter(ParameterSetName = 'Save', Mandatory)]
        [switch] $Save
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
        $mode = if ($TurnOff) { 'TurnOff' } elseif ($Save) { 'Save' } else { 'ShutDown' }
        Invoke-LabGoal -Cmdlet $PSCmdlet -Request $request -Goal @{ kind = 'stop'; mode = $mode } -TimeoutSeconds $TimeoutSeconds
    }
}
