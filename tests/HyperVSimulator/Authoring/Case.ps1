# A lab from a case of reconcile-vectors.json: its machines, adapters and neighbours.

function Import-SimulatedCase {
    <#
    .SYNOPSIS
    Fills the lab with what a case says of Hyper-V and the host.
    .PARAMETER Case
    An object with vms {id, name, state, notes}, adapters {vmId, name, mac, switchName, switchId, ipAddresses} and
    neighbours {ip, mac, state, interface}.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, Position = 0)] [object] $Case)
    foreach ($machine in @($Case.vms)) {
        $adapters = @(foreach ($adapter in @($Case.adapters)) {
                if ([guid] $adapter.vmId -ne [guid] $machine.id) { continue }
                @{
                    name = $adapter.name; mac = $adapter.mac; switchName = $adapter.switchName; switchId = $adapter.switchId
                    addresses = @(, @($adapter.ipAddresses))
                }
            })
        $notes = if ($null -eq $machine.notes) { '' } else { $machine.notes }
        $null = Add-SimulatedVM -Name $machine.name -Id $machine.id -State $machine.state -Notes $notes -Adapter $adapters
    }
    Set-SimulatedNeighbor -Entry @(@($Case.neighbours) | Where-Object { $null -ne $_ })
}
