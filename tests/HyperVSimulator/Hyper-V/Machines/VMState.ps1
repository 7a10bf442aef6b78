# Start-VM and Stop-VM: what changes the state of machines.

function Set-CallMachineState {
    <#
    .SYNOPSIS
    Puts the machines of a call into a state and ends the call. With From, one in any other state is an error.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [string] $State, [string[]] $From, [switch] $Passthru)
    if (Test-LabRefusal -Call $Call -Caller $Caller) { return }
    $count = 0
    foreach ($machine in Select-CallMachine -Call $Call -Caller $Caller) {
        if (-not $PSCmdlet.ShouldProcess($machine.Name, $Call.Cmdlet)) { continue }
        if ($machine.State -eq $State) {
            $Caller.WriteWarning('The virtual machine is already in the specified state.')
        }
        elseif ($From -and $From -notcontains $machine.State) {
            $Caller.WriteError((Get-InvalidStateError -Cmdlet $Call.Cmdlet -Name $machine.Name))
            continue
        }
        else { Save-MachineState -Machine $machine -State $State }
        $count++
        if ($Passthru) { ConvertTo-HyperVMachine -Machine (Select-LabMachine -Cmdlet $Call.Cmdlet -Id $machine.Id).Machines }
    }
    Complete-LabCall -Call $Call -Count $count
}

function Start-VM {
    <#
    .SYNOPSIS
    Starts machines, with the parameters of the real cmdlet.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name', SupportsShouldProcess = $true, ConfirmImpact = 'Medium')]
    param(
        [Parameter(ParameterSetName = 'Name')]
        [CimSession[]] $CimSession,
        [Parameter(ParameterSetName = 'Name')]
        [string[]] $ComputerName,
        [Parameter(ParameterSetName = 'Name')]
        [pscredential[]] $Credential,
        [Parameter(ParameterSetName = 'VMObject', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.HyperV.PowerShell.VirtualMachine')] [psobject[]] $VM,
        [Parameter(ParameterSetName = 'Name', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [Alias('VMName')]
        [string[]] $Name,
        [switch] $AsJob,
        [switch] $Passthru
    )
    begin {
        if ($AsJob) { throw [NotSupportedException] 'The simulated Start-VM knows no -AsJob.' }
        $call = Enter-LabCall -Cmdlet 'Start-VM'
    }
    process { Add-LabCallParameter -Call $call -Bound $PSBoundParameters -Name $Name -Object $VM }
    end { Set-CallMachineState -Call $call -Caller $PSCmdlet -State 'Running' -From 'Off', 'Saved', 'Paused' -Passthru:$Passthru }
}

function Stop-VM {
    <#
    .SYNOPSIS
    Stops machines, with the parameters of the real cmdlet.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name', SupportsShouldProcess = $true, ConfirmImpact = 'Medium')]
    param(
        [Parameter(ParameterSetName = 'Name')]
        [CimSession[]] $CimSession,
        [Parameter(ParameterSetName = 'Name')]
        [string[]] $ComputerName,
        [Parameter(ParameterSetName = 'Name')]
        [pscredential[]] $Credential,
        [Parameter(ParameterSetName = 'VMObject', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.HyperV.PowerShell.VirtualMachine')] [psobject[]] $VM,
        [Parameter(ParameterSetName = 'Name', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [Alias('VMName')]
        [string[]] $Name,
        [switch] $Save,
        [switch] $TurnOff,
        [switch] $Force,
        [switch] $AsJob,
        [switch] $Passthru
    )
    begin {
        if ($AsJob) { throw [NotSupportedException] 'The simulated Stop-VM knows no -AsJob.' }
        $call = Enter-LabCall -Cmdlet 'Stop-VM'
    }
    process { Add-LabCallParameter -Call $call -Bound $PSBoundParameters -Name $Name -Object $VM }
    end {
        $state = if ($Save) { 'Saved' } else { 'Off' }
        $from = if (-not $TurnOff) { 'Running' }
        Set-CallMachineState -Call $call -Caller $PSCmdlet -State $state -From $from -Passthru:$Passthru
    }
}
