function Get-HostNeighbour {
    <#
    .SYNOPSIS
        Asks the host once for its IPv4 neighbour table.
    .DESCRIPTION
        The second source of addresses, for guests that tell Hyper-V nothing. Needs no elevation and nothing in the guest.
    .PARAMETER Cmdlet
        The cmdlet that asks.
    .OUTPUTS
        Ragnatramp.HyperVAnswer; Output holds one table of plain values per entry.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVAnswer')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet
    )
    Invoke-HyperVCall -Cmdlet $Cmdlet -Question 'Get-NetNeighbor -AddressFamily IPv4' -Script {
        foreach ($neighbour in @(Get-NetNeighbor -AddressFamily IPv4 -ErrorAction Stop)) {
            @{
                ip        = [string] $neighbour.IPAddress
                mac       = [string] $neighbour.LinkLayerAddress
                state     = [string] $neighbour.State
                interface = [string] $neighbour.InterfaceAlias
            }
        }
    }
}
