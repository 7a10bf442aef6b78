function Start-VM {
    <#
    .SYNOPSIS
    Starts machines, with the parameters of the real cmdlet.
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
        [switch] $AsJob,
        [switch] $Passthru
    )
    begin {
        $call = Enter-LabCall -Cmdlet 'Start-VM'
        $names = New-Object -TypeName System.Collections.ArrayList
        $objects = New-Object -TypeName System.Collections.ArrayList
        if ($AsJob) { throw [NotSupportedException] 'The simulated Start-VM knows no -AsJob.' }
    }
    process {
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        if ($null -ne $Name) { $names.AddRange($Name) }
        if ($null -ne $VM) { $objects.AddRange($VM) }
    }
    end {
        $refusal = Get-LabRefusal -Cmdlet 'Start-VM'
        if ($refusal) {
            Complete-LabCall -Call $call -Count 0
            $PSCmdlet.WriteError($refusal)
            return
        }
        $found = Select-LabMachine -Cmdlet 'Start-VM' -Name $names -Object $objects
        foreach ($fault in $found.Errors) { $PSCmdlet.WriteError($fault) }
        $count = 0
        foreach ($machine in $found.Machines) {
            if (-not $PSCmdlet.ShouldProcess($machine.Name, 'Start-VM')) { continue }
            if ($machine.State -eq 'Running') {
                $PSCmdlet.WriteWarning('The virtual machine is already in the specified state.')
            }
            elseif (@('Off', 'Saved', 'Paused') -notcontains $machine.State) {
                $PSCmdlet.WriteError((Get-InvalidStateError -Cmdlet 'Start-VM' -Name $machine.Name))
                continue
            }
            else { Save-MachineState -Machine $machine -State 'Running' }
            $count++
            if ($Passthru) { Select-LabMachine -Cmdlet 'Start-VM' -Id $machine.Id | ForEach-Object { ConvertTo-HyperVMachine -Machine $_.Machines } }
        }
        Complete-LabCall -Call $call -Count $count
    }
}
