function Start-RagnaMachine {
    <#
    .SYNOPSIS
        Creates and starts the machines of a lab, and lets them know each other by name.
    .DESCRIPTION
        For each machine of ragnatramp.yaml this cmdlet makes what is missing: its disk from the base image, its VM, the
        connection with the Default Switch, and starts it. Then it reconciles the lab as Invoke-RagnaReconcile does. A machine that is complete and runs is
        left as it is, so the command can be run again at any time; a run that was interrupted is completed by the next one.

        Nothing is overwritten, and no VM is touched that this config did not make. All that speaks against it is told before
        anything is made (Test-RagnaConfig -Preflight tells the same alone). No elevation is needed: membership in Hyper-V
        Administrators is enough.

        With auto_start: false in the config, machines are created and not started, unless they are named with -Machine.
        Machines with depends_on are started when those that they depend on have an address.
    .PARAMETER Path
        The config file, or the folder it is in (text, no wildcards). Default: ragnatramp.yaml in the current folder or
        in the nearest folder above. Takes files from the pipeline.
    .PARAMETER Machine
        Names of machines, with wildcards. Default: all.
    .PARAMETER Force
        Also brings machines that are off to what the config says of their processors, memory and switch.
    .PARAMETER SkipReconcile
        Starts the machines and leaves addresses and hosts files for Invoke-RagnaReconcile.
    .PARAMETER Credential
        As for Invoke-RagnaReconcile: an account inside Windows guests.
    .PARAMETER TimeoutSeconds
        How long to wait for addresses, in seconds: of all machines together when they are reconciled, and of those that another
        one depends on before that is started. Default: 120.
    .INPUTS
        System.String, System.IO.FileInfo, Ragnatramp.MachineStatus. You can pipe paths, files and the rows of Get-RagnaStatus
        to this cmdlet.
    .OUTPUTS
        Ragnatramp.MachineResult. One per machine: Machine, Action (created, started, resumed, completed, updated, none, refused
        or failed), State, Address, Hosts, Success, Reason, Drift, VMName, VMId.
    .EXAMPLE
        Start-RagnaMachine -WhatIf

        Says what would be created and started, and changes nothing.
    .EXAMPLE
        Start-RagnaMachine

        Creates and starts the lab in this folder, and names its machines.
    .EXAMPLE
        Get-RagnaStatus | Where-Object State -EQ Off | Start-RagnaMachine -SkipReconcile

        Starts those that are off.
    .LINK
        Stop-RagnaMachine
    .LINK
        Get-RagnaPlan
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType('Ragnatramp.MachineResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUsePSCredentialType', '', Justification = 'It takes a map too.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'A map of credentials.')]
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

        [switch] $Force,

        [switch] $SkipReconcile,

        [object] $Credential = [pscredential]::Empty,

        [ValidateRange(0, 3600)]
        [int] $TimeoutSeconds = 120
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
        Invoke-PerLab -Cmdlet $PSCmdlet -Request $request -MayBegin -Change -Script {
            param($Lab, $Name)
            $goal = @{ kind = 'start'; force = [bool] $Force }
            $look = Get-HyperVInventory -Cmdlet $Cmdlet -Lab $Lab -Drive -HostFacts
            if (-not (Test-LabPreflight -Cmdlet $Cmdlet -Lab $Lab -Inventory $look -Machine $Name)) { return }
            $results = @(Invoke-LabLifecycle -Cmdlet $Cmdlet -Lab $Lab -Goal $goal -Machine $Name -Inventory $look -TimeoutSeconds $TimeoutSeconds)
            if ($results.Count -eq 0) { return }
            # Where no machine has a VM, there is nothing to reconcile, and why was told.
            $vms = @($Lab.VMId) + @(foreach ($one in $results) { if ($null -ne $one.VMId) { $one.VMId } })
            $reconcile = if (-not $SkipReconcile -and $vms.Count -gt 0) {
                $failed = [string[]] @(foreach ($one in $results) { if (-not $one.Success) { $one.Machine } })
                Invoke-StartReconcile -Cmdlet $Cmdlet -Lab $Lab -Credential $Credential -TimeoutSeconds $TimeoutSeconds -Failed $failed
            }
            Complete-MachineResult -Cmdlet $Cmdlet -Result $results -Reconcile $reconcile
            $results
        }
    }
}
