function Get-HyperVLook {
    <#
    .SYNOPSIS
        Takes one look: all VMs, and the adapters of those among them that are asked for and run.
    .PARAMETER Cmdlet
        The cmdlet that looks.
    .PARAMETER VMId
        The Ids of the VMs whose adapters are asked for.
    .OUTPUTS
        Ragnatramp.HyperVLook: Plain (a hashtable as the library reads it: vms, adapters, neighbours) and Failure.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVLook')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $VMId
    )
    $look = [pscustomobject]@{
        PSTypeName = 'Ragnatramp.HyperVLook'
        Plain      = @{ vms = @(); adapters = @(); neighbours = $null }
        Failure    = $null
    }
    $machines = Get-HyperVMachine -Cmdlet $Cmdlet
    if ($null -ne $machines.Failure) {
        $look.Failure = $machines.Failure
        return $look
    }
    $look.Plain.vms = @(foreach ($machine in $machines.Output) { $machine.Plain })

    $wanted = [System.Collections.Generic.HashSet[string]]::new($VMId, [System.StringComparer]::OrdinalIgnoreCase)
    $asked = @(foreach ($machine in $machines.Output) {
            if ($machine.Plain.state -eq 'Running' -and $wanted.Contains($machine.Plain.id)) { $machine.VM }
        })
    if ($asked.Count -gt 0) {
        $adapters = Get-HyperVAdapter -Cmdlet $Cmdlet -VM $asked
        if ($null -ne $adapters.Failure) {
            $look.Failure = $adapters.Failure
            return $look
        }
        $look.Plain.adapters = $adapters.Output
    }
    $look
}
