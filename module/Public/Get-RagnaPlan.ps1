function Get-RagnaPlan {
    <#
    .SYNOPSIS
        Says what would be done with the machines of a lab, and why.
    .DESCRIPTION
        Emits one object per machine, in the order in which they would be done. Hyper-V is asked once; nothing is changed. What is
        not known is not planned: where Hyper-V does not tell of every VM, the machines that it may have left out are refused.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .PARAMETER For
        What the machines are to become: Start (the default) as Start-RagnaMachine does it, Stop as Stop-RagnaMachine, Remove as
        Remove-RagnaMachine.
    .PARAMETER Force
        Plans Start-RagnaMachine -Force.
    .INPUTS
        System.String, System.IO.FileInfo, Ragnatramp.MachineStatus. You can pipe paths, files and the rows of Get-RagnaStatus
        to this cmdlet.
    .OUTPUTS
        Ragnatramp.PlannedAction. One per machine: Machine, Action (create, complete, adopt, resume, start, update, stop, remove,
        none or refuse), Reason, Operation, Touches (the files and folders that would be made or deleted), Drift, DependsOn, VMName,
        VMId.
    .EXAMPLE
        Get-RagnaPlan

        Shows what Start-RagnaMachine would do with the lab in this folder.
    .EXAMPLE
        Get-RagnaPlan -For Remove | Select-Object -ExpandProperty Touches

        Lists the files and folders that Remove-RagnaMachine would delete.
    .EXAMPLE
        Get-RagnaPlan | Where-Object Action -EQ refuse | Format-List Machine, Reason

        Shows the machines that would be left alone, and why.
    .LINK
        Start-RagnaMachine
    .LINK
        Get-RagnaStatus
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.PlannedAction')]
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

        [ValidateSet('Start', 'Stop', 'Remove')]
        [string] $For = 'Start',

        [switch] $Force
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
        Invoke-PerLab -Cmdlet $PSCmdlet -Request $request -MayBegin -Script {
            param($Lab, $Name)
            $goal = switch ($For) {
                'Start' { @{ kind = 'start'; force = [bool] $Force } }
                'Stop' { @{ kind = 'stop' } }
                'Remove' { @{ kind = 'remove' } }
            }
            Get-PlannedAction -Cmdlet $Cmdlet -Lab $Lab -Goal $goal -Machine $Name
        }
    }
}
