# What the cmdlets change in a machine's file.

function Edit-LabMachine {
    <# .SYNOPSIS Puts fields into a machine's file, keeping its others. #>
    param([guid] $MachineId, [Collections.IDictionary] $Field)
    Use-LabLock {
        $path = Get-LabPath -Part 'vms', "$MachineId.json"
        $json = if ([IO.File]::Exists($path)) { ConvertFrom-Json -InputObject (Use-LabFile { [IO.File]::ReadAllText($path) }) } else { [pscustomobject] @{} }
        foreach ($name in $Field.Keys) { Add-Member -InputObject $json -NotePropertyName $name -NotePropertyValue $Field[$name] -Force }
        Write-LabText -Path $path -Text (ConvertTo-Json -InputObject $json -Depth 20)
    }
}

function Get-FreshMachine {
    <# .SYNOPSIS A machine as its file says now, or nothing. #>
    param([guid] $MachineId)
    foreach ($machine in Get-LabMachine) { if ($machine.Id -eq $MachineId) { return $machine } }
}

function Get-JsonTime {
    <# .SYNOPSIS This moment as the files hold it. #>
    [datetime]::UtcNow.ToString('o', [Globalization.CultureInfo]::InvariantCulture)
}

function Get-MadeAddress {
    <# .SYNOPSIS An address of the host's range that no adapter of the lab has been given. #>
    $prefix = (Get-LabHost).AddressPrefix
    $taken = @(foreach ($machine in Get-LabMachine) { foreach ($adapter in $machine.Adapters) { foreach ($shown in $adapter.series) { $shown } } })
    $number = 10
    while ($taken -contains "$prefix.$number") { $number++ }
    "$prefix.$number"
}

function Get-StartField {
    <#
    .SYNOPSIS
    What a start changes besides the state: what its guest's cloud-init does, its time, a MAC where there is none yet, and at the first start of a made machine the
    address that its guest will get.
    #>
    param([object] $Machine)
    $fields = @{ startedAt = Get-JsonTime }
    $index = 0
    $made = $Machine.Raw.newGuest
    $fields['adapters'] = @(foreach ($adapter in @($Machine.Raw.adapters)) {
            if ($adapter.mac -eq '000000000000') {
                $adapter.mac = '00155D{0}{1:X2}' -f $Machine.Id.ToString('N').Substring(0, 4).ToUpperInvariant(), $index
            }
            $index++
            if ($null -ne $made -and $null -ne (Get-Field -Source $adapter -Name 'switchId' -Default $null) -and $Machine.Boots) {
                $series = @(for ($query = 0; $query -lt [int] $made.addressQueries; $query++) { , @() }) + @(, @(Get-MadeAddress))
                Add-Member -InputObject $adapter -NotePropertyName 'addresses' -NotePropertyValue $series -Force
            }
            $adapter
        })
    if ($null -ne $made) { $fields['newGuest'] = $null }
    if ($Machine.State -eq 'Off' -and $null -ne $Machine.Raw.guest) {
        $guest = if ($Machine.Os -eq 'windows') { Invoke-WindowsSetup -Machine $Machine } else { Invoke-FirstBoot -Machine $Machine }
        if ($null -ne $guest) { $fields['guest'] = $guest }
    }
    $fields
}

function Save-MachineState {
    <#
    .SYNOPSIS
    Writes a machine's new state. A start begins a series of addresses anew and gives the guest's daemon the host's items again.
    #>
    param([object] $Machine, [string] $State, [Collections.IDictionary] $Field = @{})
    Use-LabLock {
        $fields = @{ state = $State; pending = $null }
        if ($State -eq 'Running' -and $Machine.State -ne 'Paused') {
            $started = Get-StartField -Machine $Machine
            foreach ($name in $started.Keys) { $fields[$name] = $started[$name] }
            Clear-QueryCount -MachineId $Machine.Id
        }
        foreach ($name in $Field.Keys) { $fields[$name] = $Field[$name] }
        Edit-LabMachine -MachineId $Machine.Id -Field $fields
        if ($State -eq 'Running') { Send-HostItem -MachineId $Machine.Id }
    }
}
