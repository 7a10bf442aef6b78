function Remove-RagnaMachine {
    <#
    .SYNOPSIS
        Removes the machines of a lab: their VMs, their disks and their checkpoints.
    .DESCRIPTION
        Removes what Start-RagnaMachine made, and nothing else: for each machine its checkpoints, its VM, exactly the disk that the state
        names with what checkpoints made on top of it, its folder if nothing else is in it, and its entry in the state. The base image stays. The files are listed in the
        question that is asked.

        A machine whose VM is not provably ours is left alone, and so is a disk that another VM or checkpoint uses. A removal that was
        interrupted is completed by the next run. The power of running machines is cut, since their data is deleted.

        The task of Register-RagnaWatch stays: where no machine is left that it could watch, a warning says so.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .PARAMETER Force
        Does not ask.
    .INPUTS
        System.String, System.IO.FileInfo, Ragnatramp.MachineStatus. You can pipe paths, files and the rows of Get-RagnaStatus
        to this cmdlet.
    .OUTPUTS
        Ragnatramp.MachineResult. One per machine: Machine, Action (what was done), State (what Hyper-V shows now), Success,
        Reason, VMName, VMId.
    .EXAMPLE
        Remove-RagnaMachine -WhatIf

        Says what would be removed, with every file, and changes nothing.
    .EXAMPLE
        Remove-RagnaMachine -Machine web

        Removes one machine, after asking.
    .EXAMPLE
        Get-RagnaStatus | Where-Object { -not $_.InConfig } | Remove-RagnaMachine -Force

        Removes the machines that the config does not name any more.
    .LINK
        Get-RagnaPlan
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

        [switch] $Force
    )
    begin {
        Import-RagnaPrivate -Through Watch
        Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
        $request = [ordered] @{}
    }
    process {
        Add-LabRequest -Cmdlet $PSCmdlet -Request $request -Path $Path -Machine $Machine
    }
    end {
        # -Force answers the question that would be asked; -Confirm, where it is given, is asked all the same.
        if ($Force -and -not $PSBoundParameters.ContainsKey('Confirm')) { $ConfirmPreference = 'None' }
        Invoke-PerLab -Cmdlet $PSCmdlet -Request $request -Change -Script {
            param($Lab, $Name)
            $results = @(Invoke-LabLifecycle -Cmdlet $Cmdlet -Lab $Lab -Goal @{ kind = 'remove' } -Machine $Name)
            if (@(foreach ($one in $results) { if ($one.Action -like '*removed*') { $one } }).Count -gt 0) {
                Update-SshConfig -Run ([pscustomobject]@{ Cmdlet = $Cmdlet; Lab = $Lab; IsSilentDryRun = $false }) -WithoutAsking
                Write-WatchTaskWarning -Cmdlet $Cmdlet -Lab $Lab
            }
            Complete-MachineResult -Cmdlet $Cmdlet -Result $results
            $results
        }
    }
}
