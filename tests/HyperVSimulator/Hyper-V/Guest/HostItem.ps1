# The host's items of a machine: kept with the machine, handed to its guest when that runs a daemon.

function Read-HostItem {
    <# .SYNOPSIS The items in the order in which they were added. #>
    param([guid] $MachineId)
    $items = [ordered] @{}
    $path = Get-LabPath -Part 'exchange', "$MachineId.json"
    if ([IO.File]::Exists($path)) {
        foreach ($item in @((ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($path))).items)) {
            $items[[string] $item.name] = [string] $item.value
        }
    }
    , $items
}

function Save-HostItem {
    <# .SYNOPSIS Writes the items back. #>
    param([guid] $MachineId, [Collections.IDictionary] $Item)
    $null = [IO.Directory]::CreateDirectory((Get-LabPath -Part 'exchange'))
    $list = @(foreach ($name in $Item.Keys) { @{ name = $name; value = $Item[$name] } })
    $text = ConvertTo-Json -InputObject @{ items = $list } -Depth 3
    [IO.File]::WriteAllText((Get-LabPath -Part 'exchange', "$MachineId.json"), $text)
}

function Send-HostItem {
    <# .SYNOPSIS Gives a running guest all items, as at its boot, or those that changed. #>
    param([guid] $MachineId, [Collections.IDictionary] $Set = $null, [string[]] $Remove = @())
    $machine = Get-LabMachine | Where-Object { $_.Id -eq $MachineId }
    if ($machine.State -ne 'Running' -or -not $machine.Daemon -or -not $machine.Exchange) { return }
    if ($null -eq $Set) { $Set = Read-HostItem -MachineId $MachineId }
    # Hyper-V's own items, which it sends whenever the guest's daemon starts.
    $own = [ordered] @{ VirtualMachineId = "$MachineId".ToUpperInvariant(); VirtualMachineName = $machine.Name }
    Edit-GuestPool -MachineId $MachineId -Pool 3 -Set $own
    Edit-GuestPool -MachineId $MachineId -Pool 0 -Set $Set -Remove $Remove
    Start-GuestAgent -Machine $machine
}
