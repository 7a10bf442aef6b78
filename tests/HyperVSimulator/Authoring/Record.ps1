# What was asked of the lab, and what lies in its guests' pools.

function Get-SimulatedCall {
    <#
    .SYNOPSIS
    The calls so far, in order: Cmdlet, Detail (the class or method of a CIM call), Parameters, Target (the names, ids and paths that it
    was about), Objects (how many it gave), At, Ms.
    .PARAMETER Cmdlet
    Only this cmdlet's.
    #>
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string] $Cmdlet)
    $path = Get-LabPath -Part 'calls.jsonl'
    if (-not [IO.File]::Exists($path)) { return }
    foreach ($line in Use-LabFile { [IO.File]::ReadAllLines($path) }) {
        $call = ConvertFrom-Json -InputObject $line
        if ($Cmdlet -and $call.cmdlet -ne $Cmdlet) { continue }
        [pscustomobject] @{
            Cmdlet = $call.cmdlet; Detail = $call.detail; Parameters = @($call.parameters); Target = @($call.target); Objects = [int] $call.count
            At = Get-Moment -Value $call.at; Ms = [int] $call.ms
        }
    }
}

function Clear-SimulatedCall {
    <# .SYNOPSIS Forgets the calls so far. #>
    [CmdletBinding()]
    param()
    [IO.File]::Delete((Get-LabPath -Part 'calls.jsonl'))
}

function Get-SimulatedGuestItem {
    <#
    .SYNOPSIS
    The Data Exchange items in a guest: Name, Value. Pool 0 came from the host, pool 1 is the guest's own.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, ValueFromPipelineByPropertyName = $true)] [guid] $Id, [int] $Pool = 0)
    process { Read-GuestPool -MachineId $Id -Pool $Pool }
}

function Set-SimulatedGuestItem {
    <#
    .SYNOPSIS
    Writes items as a program in the guest would, for the host to read. An item whose value is $null is taken out.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, ValueFromPipelineByPropertyName = $true)] [guid] $Id,
        [Parameter(Mandatory = $true)] [Collections.IDictionary] $Item,
        [int] $Pool = 1
    )
    process {
        if (-not $PSCmdlet.ShouldProcess($Id, 'Write items into a simulated guest')) { return }
        $set = [ordered] @{}
        foreach ($name in $Item.Keys) { if ($null -ne $Item[$name]) { $set[$name] = $Item[$name] } }
        $gone = @($Item.Keys | Where-Object { $null -eq $Item[$_] })
        Edit-GuestPool -MachineId $Id -Pool $Pool -Set $set -Remove $gone
    }
}

function Get-SimulatedHostItem {
    <# .SYNOPSIS The items that the host keeps with a machine, in or out of its guest: Name, Value. #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true, ValueFromPipelineByPropertyName = $true)] [guid] $Id)
    process {
        $items = Read-HostItem -MachineId $Id
        foreach ($name in $items.Keys) { [pscustomobject] @{ Name = $name; Value = $items[$name] } }
    }
}
