function Stop-VM {
    <#
    .SYNOPSIS
    Stops machines, with the parameters of the real cmdlet.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '',
        Justification = 'The parameters are those of the real cmdlet.')]
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
        $call = Enter-LabCall -Cmdlet 'Stop-VM'
        $names = New-Object -TypeName System.Collections.ArrayList
        $objects = New-Object -TypeName System.Collections.ArrayList
        if ($AsJob) { throw [NotSupportedException] 'The simulated Stop-VM knows no -AsJob.' }
    }
    process {
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        if ($null -ne $Name) { $names.AddRange($Name) }
        if ($null -ne $VM) { $objects.AddRange($VM) }
    }
    end {
        $refusal = Get-LabRefusal -Cmdlet 'Stop-VM'
        if ($refusal) {
            Complete-LabCall -Call $call -Count 0
            $PSCmdlet.WriteError($refusal)
            return
        }
        $found = Select-LabMachine -Cmdlet 'Stop-VM' -Name $names -Object $objects
        foreach ($fault in $found.Errors) { $PSCmdlet.WriteError($fault) }
        $count = 0
        foreach ($machine in $found.Machines) {
            if (-not $PSCmdlet.ShouldProcess($machine.Name, 'Stop-VM')) { continue }
            $next = if ($Save) { 'Saved' } else { 'Off' }
            if ($machine.State -eq $next) {
                $PSCmdlet.WriteWarning('The virtual machine is already in the specified state.')
            }
            elseif ($machine.State -ne 'Running' -and -not $TurnOff) {
                $PSCmdlet.WriteError((Get-InvalidStateError -Cmdlet 'Stop-VM' -Name $machine.Name))
                continue
            }
            else { Save-MachineState -Machine $machine -State $next }
            $count++
            if ($Passthru) { Select-LabMachine -Cmdlet 'Stop-VM' -Id $machine.Id | ForEach-Object { ConvertTo-HyperVMachine -Machine $_.Machines } }
        }
        Complete-LabCall -Call $call -Count $count
    }
}
