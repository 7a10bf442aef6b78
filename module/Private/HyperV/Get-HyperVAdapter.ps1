function Get-HyperVAdapter {
    <#
    .SYNOPSIS
        Asks Hyper-V once for the network adapters of some VMs.
    .PARAMETER Cmdlet
        The cmdlet that asks.
    .PARAMETER VM
        The VMs, as Get-VM emitted them.
    .OUTPUTS
        Ragnatramp.HyperVAnswer; Output holds one table of plain values per adapter.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVAnswer')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object[]] $VM
    )
    Invoke-HyperVCall -Cmdlet $Cmdlet -Question "Get-VMNetworkAdapter -VM ($($VM.Count) VMs)" -Script {
        foreach ($adapter in @(Get-VMNetworkAdapter -VM $VM -ErrorAction Stop)) {
            @{
                vmId        = [string] $adapter.VMId
                name        = [string] $adapter.Name
                mac         = [string] $adapter.MacAddress
                switchName  = [string] $adapter.SwitchName
                switchId    = [string] $adapter.SwitchId
                ipAddresses = [string[]] @($adapter.IPAddresses)
            }
        }
    }
}
