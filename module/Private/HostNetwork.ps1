# What is asked of the host's own network, by the rules of HyperV.ps1. It needs no elevation and nothing in a guest.

function Get-HostNeighbour {
    # The host's IPv4 neighbour table, as one table: the second source of addresses, for guests that tell Hyper-V nothing. Needs no
    # elevation and nothing in the guest.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet
    )
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-NetNeighbor -AddressFamily IPv4' -Script {
        NetTCPIP\Get-NetNeighbor -AddressFamily IPv4 -ErrorAction Continue
    } -Copy {
        param($found)
        @{
            ip        = [string[]] @(foreach ($one in $found) { $one.IPAddress })
            mac       = [string[]] @(foreach ($one in $found) { [string] $one.LinkLayerAddress })
            state     = [string[]] @(foreach ($one in $found) { $one.State })
            interface = [string[]] @(foreach ($one in $found) { [string] $one.InterfaceAlias })
        }
    }
}

function Get-HostAddress {
    # The host's own IPv4 addresses on a switch, as one table: they give the range from which that switch hands out addresses.
    # The interface is known by the GUID of the host's adapter on the switch, never by its name, which is translated.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [guid] $SwitchId
    )
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-NetIPAddress -AddressFamily IPv4 (the host on switch $SwitchId)" -Script {
        $adapters = [System.Collections.Generic.HashSet[guid]]::new()
        foreach ($one in @(Hyper-V\Get-VMNetworkAdapter -ManagementOS -ErrorAction Stop)) {
            $id = [guid]::Empty
            $isOnSwitch = [guid]::TryParse([string] $one.SwitchId, [ref] $id) -and $id -eq $SwitchId
            if ($isOnSwitch -and [guid]::TryParse([string] $one.DeviceId, [ref] $id)) { $null = $adapters.Add($id) }
        }
        # Windows may hide the interface on the Default Switch.
        $indexes = [uint32[]] @(foreach ($one in @(NetAdapter\Get-NetAdapter -IncludeHidden -ErrorAction Stop)) {
                $id = [guid]::Empty
                if ([guid]::TryParse([string] $one.InterfaceGuid, [ref] $id) -and $adapters.Contains($id)) { $one.InterfaceIndex }
            })
        if ($indexes.Count -eq 0) { return }
        NetTCPIP\Get-NetIPAddress -AddressFamily IPv4 -InterfaceIndex $indexes -ErrorAction Stop
    } -Copy {
        param($found)
        @{
            ip           = [string[]] @(foreach ($one in $found) { $one.IPAddress })
            prefixLength = [long[]] @(foreach ($one in $found) { $one.PrefixLength })
        }
    }
}
