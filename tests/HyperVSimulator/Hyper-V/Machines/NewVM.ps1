# New-VM, Remove-VM, and the folders and files of a machine's configuration.

function Get-SwitchField {
    <# .SYNOPSIS The fields of an adapter on the switch of a name; nothing where there is none of that name. #>
    param([string] $Name)
    foreach ($switch in (Get-LabHost).Switches) {
        if ($switch.name -eq $Name) { return @{ switchName = [string] $switch.name; switchId = [string] $switch.id } }
    }
}

function Get-NewMachineFault {
    <# .SYNOPSIS Why a machine cannot be made so; nothing where it can. #>
    param([hashtable] $Bound, [int] $Generation)
    $argument = @{ Cmdlet = 'New-VM' }
    if ($Bound.ContainsKey('SwitchName') -and $Bound.SwitchName -and -not (Get-SwitchField -Name $Bound.SwitchName)) {
        return Get-InvalidArgumentError @argument -Message "Hyper-V was unable to find a virtual switch with name `"$($Bound.SwitchName)`"." -Target $Bound.SwitchName
    }
    $boot = [string] $Bound['BootDevice']
    if ($Generation -eq 2 -and $boot -in 'Floppy', 'LegacyNetworkAdapter', 'IDE') {
        return Get-InvalidArgumentError @argument -Message "A generation 2 virtual machine cannot boot from $boot."
    }
    $memory = [long] $Bound['MemoryStartupBytes']
    if ($Bound.ContainsKey('MemoryStartupBytes') -and ($memory -lt 32MB -or $memory % 2MB -ne 0)) {
        return Get-InvalidArgumentError @argument -Message "Invalid startup memory amount assigned for '$($Bound.Name)'. The amount must be at least 32 MB and a multiple of 2 MB."
    }
    foreach ($name in 'VHDPath', 'NewVHDPath') {
        if (-not $Bound.ContainsKey($name)) { continue }
        $fault = Get-AttachFault -Cmdlet 'New-VM' -Path $Bound[$name] -Generation $Generation -New:($name -eq 'NewVHDPath')
        if ($fault) { return $fault }
    }
}

function Invoke-NewVM {
    <# .SYNOPSIS New-VM. The folder of a -Path gets one of the machine's name; without -Path all share the host's. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $lab = Get-LabHost
    $name = if ($Bound.ContainsKey('Name')) { [string] $Bound.Name } else { 'New Virtual Machine' }
    $Call.Names = @($name)
    $generation = if ($Bound.ContainsKey('Generation')) { [int] $Bound.Generation } else { 1 }
    $staged = Get-Field -Source $lab.FileFailures -Name 'New-VM' -Default $null
    $fault = if ($staged) { Get-StagedError -Cmdlet 'New-VM' -Fault $staged -Target $name } else { Get-NewMachineFault -Bound $Bound -Generation $generation }
    if ($fault) { Write-LabFault -Call $Call -Caller $Caller -Fault $fault; return }
    if (-not (Test-LabConsent -Caller $Caller -Target $name -Action 'New-VM')) { return }
    Use-LabLock {
        $id = [guid]::NewGuid()
        $folder = if ($Bound.ContainsKey('Path')) { [IO.Path]::Combine((Get-FullPath -Caller $Caller -Path $Bound.Path), $name) } else { $lab.MachinePath }
        $drives = @()
        if ($generation -eq 1) { $drives += New-DriveField -Kind 'dvd' -Controller 'IDE' -Number 1 -Location 0 }
        $disk = if ($Bound.ContainsKey('VHDPath')) { $Bound.VHDPath } elseif ($Bound.ContainsKey('NewVHDPath')) { $Bound.NewVHDPath }
        if ($disk) {
            $disk = Get-FullPath -Caller $Caller -Path $disk
            if ($Bound.ContainsKey('NewVHDPath')) { Write-NewDisk -Path $disk -Size $Bound.NewVHDSizeBytes }
            $drives += New-DriveField -Kind 'disk' -Controller $(if ($generation -eq 1) { 'IDE' } else { 'SCSI' }) -Number 0 -Location 0 -Path $disk
        }
        $adapter = @{ name = 'Network Adapter'; mac = '000000000000'; addresses = @() }
        if ($Bound.ContainsKey('SwitchName') -and $Bound.SwitchName) { $adapter += Get-SwitchField -Name $Bound.SwitchName }
        foreach ($part in 'Virtual Machines', 'Snapshots') { $null = [IO.Directory]::CreateDirectory([IO.Path]::Combine($folder, $part)) }
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'Virtual Machines', "$("$id".ToUpperInvariant()).vmcx"), $name)
        $null = [IO.Directory]::CreateDirectory((Get-LabPath -Part 'vms'))
        Edit-LabMachine -MachineId $id -Field @{
            id = "$id"; name = $name; state = 'Off'; notes = ''; generation = $generation; processorCount = 1
            memoryStartup = $(if ($Bound.ContainsKey('MemoryStartupBytes')) { [long] $Bound.MemoryStartupBytes } else { 1GB })
            dynamicMemory = $lab.DynamicMemory; automaticCheckpoints = $true; createdAt = Get-JsonTime; adapters = @($adapter)
            path = $folder; drives = $drives; hidden = $lab.HiddenQueries; guest = Get-NewGuestField -Guest $lab.NewGuest
            newGuest = @{ addressQueries = [int] (Get-Field -Source $lab.NewGuest -Name 'addressQueries' -Default 0) }
        }
        Add-GuestFolder -MachineId $id -Guest $lab.NewGuest
        ConvertTo-HyperVMachine -Machine (Get-FreshMachine -MachineId $id)
    }
}

function Get-NewGuestField {
    <# .SYNOPSIS The guest of a made machine as its JSON holds it: what the lab says of images. #>
    param([object] $Guest)
    $field = @{}
    foreach ($one in $Guest.PSObject.Properties) { if ($one.Name -notin 'addressQueries', 'hosts') { $field[$one.Name] = $one.Value } }
    if (-not $field.ContainsKey('os')) { $field['os'] = 'linux' }
    if (-not $field.ContainsKey('osName')) { $field['osName'] = if ($field['os'] -eq 'windows') { 'Windows 11 Pro' } else { 'Debian GNU/Linux' } }
    $field
}

function Add-GuestFolder {
    <# .SYNOPSIS The guest's files: its hosts file, and what its ragnatramp says at its first run. #>
    param([guid] $MachineId, [object] $Guest)
    $windows = (Get-Field -Source $Guest -Name 'os' -Default 'linux') -eq 'windows'
    $part = if ($windows) { 'Windows', 'System32', 'drivers', 'etc', 'hosts' } else { 'etc', 'hosts' }
    $default = if ($windows) { "# Windows hosts`r`n127.0.0.1 localhost`r`n" } else { "127.0.0.1 localhost`n::1 localhost`n" }
    $path = Get-LabPath -Part (@('guests', "$MachineId") + $part)
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path))
    [IO.File]::WriteAllText($path, (Get-Field -Source $Guest -Name 'hosts' -Default $default))
    if ((Get-Field -Source $Guest -Name 'agent' -Default '') -eq 'ragnatramp') {
        Edit-GuestPool -MachineId $MachineId -Pool 1 -Set @{ 'ragnatramp.guest' = 'v2 2.0.0 debian 12' }
    }
}

function Invoke-RemoveVM {
    <#
    .SYNOPSIS
    Remove-VM. It takes the configuration away, not the disks; checkpoints are merged into them afterwards, when no machine is left to
    be watched. It asks, unless -Force is given.
    #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) {
        if ($machine.State -notin 'Off', 'Saved', 'OffCritical', 'SavedCritical', 'FastSaved') {
            Write-LabFault -Call $Call -Caller $Caller -Fault (Get-InvalidStateError -Cmdlet 'Remove-VM' -Name $machine.Name)
            continue
        }
        if (-not (Test-LabConsent -Caller $Caller -Target $machine.Name -Action 'Remove-VM')) { continue }
        $question = "Are you sure you want to remove virtual machine `"$($machine.Name)`"?"
        if (-not $Bound['Force'] -and -not (Test-LabAnswer -Caller $Caller -Question $question)) { continue }
        Use-LabLock {
            $shown = ConvertTo-HyperVMachine -Machine $machine
            Remove-AllSnapshot -Machine $machine
            Add-LeavingMachine -Machine $machine
            foreach ($folder in 'vms', 'exchange') {
                $file = Get-LabPath -Part $folder, "$($machine.Key).json"
                if ([IO.File]::Exists($file)) { Use-LabFile { [IO.File]::Delete($file) } }
            }
            if ($null -ne $machine.Raw.path) {
                foreach ($ending in 'vmcx', 'vmrs') {
                    $file = [IO.Path]::Combine($machine.Raw.path, 'Virtual Machines', "$($machine.Key.ToUpperInvariant()).$ending")
                    if ([IO.File]::Exists($file)) { [IO.File]::Delete($file) }
                }
            }
            if ($Bound['Passthru']) {
                $shown.IsDeleted = $true
                $shown
            }
        }
    }
}
