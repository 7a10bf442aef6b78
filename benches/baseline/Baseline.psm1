# What somebody writes who wants the same answers without this project: plain PowerShell over Hyper-V's own cmdlets. It is what the
# cmdlets are measured against (tools/bench), so it is written as well as plain PowerShell lets one: each file is read once, Hyper-V is
# asked once for all machines, everything is joined through hashtables, and XML is read only where it can matter.
#
# It reads lab.json, the config as JSON, since PowerShell reads no YAML. It does not do what a user would not miss in a script of their
# own: it checks no config, locks nothing, keeps no backup, cleans no text, chooses among no addresses and asks for no neighbour table.
Set-StrictMode -Version Latest

function Read-PlainLab {
    # The config and the state as objects.
    param([Parameter(Mandatory)] [string] $Path)
    $folder = [System.IO.Path]::GetDirectoryName($Path)
    $state = [System.IO.Path]::Combine($folder, '.ragnatramp', 'state.json')
    [pscustomobject]@{
        Path      = $Path
        StatePath = $state
        Config    = [System.IO.File]::ReadAllText($Path) | ConvertFrom-Json
        State     = [System.IO.File]::ReadAllText($state) | ConvertFrom-Json
    }
}

function Get-PlainHash {
    # What the names of a lab's VMs end with.
    param([Parameter(Mandatory)] [string] $Path)
    $sha = [System.Security.Cryptography.SHA256]::Create()
    $bytes = $sha.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($Path.Replace('\', '/').ToLowerInvariant()))
    $sha.Dispose()
    [System.BitConverter]::ToString($bytes, 0, 4).Replace('-', '').ToLowerInvariant()
}

function Get-PlainItem {
    # The value of an item that a guest left in Data Exchange, or nothing. An item is XML, and only one that names it is read.
    param([AllowNull()] [string[]] $Item, [Parameter(Mandatory)] [string] $Name)
    foreach ($text in $Item) {
        if (-not $text.Contains($Name)) { continue }
        $read = @{}
        foreach ($property in ([xml] $text).INSTANCE.PROPERTY) {
            $value = $property['VALUE']
            if ($null -ne $value) { $read[$property.NAME] = $value.InnerText }
        }
        if ($read['Name'] -eq $Name) { return $read['Data'] }
    }
}

function Get-PlainStatus {
    <#
    .SYNOPSIS
        One row per machine, with the columns of Get-RagnaStatus.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $lab = Read-PlainLab -Path $Path
    $project = $lab.Config.project.name
    $hash = Get-PlainHash -Path $lab.State.configPath
    $vms = @{}
    foreach ($vm in Hyper-V\Get-VM) { $vms[$vm.Id.ToString()] = $vm }
    $guests = @{}
    foreach ($one in CimCmdlets\Get-CimInstance -Namespace 'root/virtualization/v2' -ClassName Msvm_KvpExchangeComponent) {
        $guests[$one.SystemName] = $one
    }
    $now = [datetime]::UtcNow
    $known = @{}
    foreach ($entry in $lab.State.vms.PSObject.Properties) { $known[$entry.Name] = $entry.Value }
    $configured = @{}
    foreach ($machine in $lab.Config.machines) { $configured[$machine.name] = $machine }
    $names = @($lab.Config.machines.name) + @($known.Keys | Where-Object { -not $configured.ContainsKey($_) } | Sort-Object)
    foreach ($name in $names) {
        $machine = $configured[$name]
        $entry = $known[$name]
        $vm = if ($null -ne $entry) { $vms[$entry.id] }
        $network = if ($null -ne $entry -and $entry.PSObject.Properties['network']) { $entry.network }
        $state = if ($null -ne $vm) { [string] $vm.State } elseif ($null -ne $entry) { 'Missing' } else { 'NotCreated' }
        $drift = @(if ($null -ne $vm) {
                if ($null -ne $machine) {
                    if ($vm.ProcessorCount -ne $machine.cpu) { "cpu is $($vm.ProcessorCount), the config says $($machine.cpu)" }
                    if ($vm.MemoryStartup -ne $machine.memory * 1MB) { "memory is $($vm.MemoryStartup / 1MB) MB, the config says $($machine.memory) MB" }
                }
                if ($vm.Name -cne "$project-$name-$hash") { "its VM is named $($vm.Name)" }
                if (-not $vm.Notes.Contains('managed:true')) { 'its Notes do not say that it is managed' }
            })
        $transport = if ($state -eq 'Running' -and $null -ne $machine) {
            $guest = $guests[$entry.id.ToUpperInvariant()]
            if ($null -eq $guest -or $guest.OperationalStatus[0] -ne 2) { 'none: no contact' }
            elseif (Get-PlainItem -Item $guest.GuestExchangeItems -Name 'ragnatramp.guest') { 'KeyValuePair' }
            elseif ((Get-PlainItem -Item $guest.GuestIntrinsicExchangeItems -Name 'OSName') -like '*Windows*') { 'PowerShellDirect' }
            else { 'none: the script is not installed' }
        }
        $found = if ($null -ne $network -and $network.discoveredAt) { ([datetime] $network.discoveredAt).ToUniversalTime() }
        $seen = if ($null -ne $found) {
            $minutes = [Math]::Floor(($now - $found).TotalMinutes)
            if ($minutes -lt 1) { 'just now' } elseif ($minutes -lt 60) { "$minutes min ago" } elseif ($minutes -lt 1440) { "$([Math]::Floor($minutes / 60)) h ago" } else { "$([Math]::Floor($minutes / 1440)) d ago" }
        }
        $row = [ordered] @{
            Machine = $name; State = $state
            IPv4 = $null; ComputerName = $null; Source = $null; Seen = $seen
            VMName = if ($null -ne $vm) { $vm.Name } elseif ($null -ne $entry) { $entry.name }; VMId = if ($null -ne $entry) { [guid] $entry.id }
            AdapterName = $null; MacAddress = $null; IPv6 = @(); PreviousIPv4 = $null; DiscoveredAt = if ($null -ne $found) { $found.ToLocalTime() }
            GuestTransport = $transport; ProcessorCount = if ($null -ne $vm) { $vm.ProcessorCount }; MemoryMB = if ($null -ne $vm) { $vm.MemoryStartup / 1MB }
            Checkpoints = if ($null -ne $entry) { $entry.checkpoints }; InConfig = $null -ne $machine; Drift = $drift
            Project = $lab.Config.project.name; ConfigPath = $lab.State.configPath
        }
        if ($null -ne $network) {
            $row.IPv4 = $network.ipv4; $row.ComputerName = $network.ipv4; $row.Source = $network.source
            $row.AdapterName = $network.adapterName; $row.MacAddress = $network.mac; $row.IPv6 = $network.ipv6; $row.PreviousIPv4 = $network.previousIpv4
        }
        [pscustomobject] $row
    }
}

function Get-PlainPlan {
    <#
    .SYNOPSIS
        What would have to be done so that every machine runs. It asks for the VMs alone; Get-RagnaPlan looks at their disks and more.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $lab = Read-PlainLab -Path $Path
    $vms = @{}
    foreach ($vm in Hyper-V\Get-VM) { $vms[$vm.Id.ToString()] = $vm }
    foreach ($machine in $lab.Config.machines) {
        $entry = $lab.State.vms.PSObject.Properties[$machine.name]
        $vm = if ($null -ne $entry) { $vms[$entry.Value.id] }
        $action, $reason = if ($null -eq $entry) { 'create', 'it has no VM yet' }
        elseif ($null -eq $vm) { 'create', 'its VM is gone' }
        elseif (-not $vm.Notes.Contains('managed:true')) { 'refuse', 'it is not ours' }
        elseif ($vm.State -eq 'Running') { 'none', 'it runs' }
        else { 'start', "its VM is $($vm.State)" }
        $drift = @(if ($null -ne $vm) {
                if ($vm.ProcessorCount -ne $machine.cpu) { "cpu is $($vm.ProcessorCount), the config says $($machine.cpu)" }
                if ($vm.MemoryStartup -ne $machine.memory * 1MB) { "memory is $($vm.MemoryStartup / 1MB) MB, the config says $($machine.memory) MB" }
            })
        [pscustomobject]@{
            Machine = $machine.name; Action = $action; Reason = $reason; Drift = $drift
            VMName = if ($null -ne $vm) { $vm.Name }; VMId = if ($null -ne $vm) { $vm.Id }; Project = $lab.Config.project.name; ConfigPath = $lab.State.configPath
        }
    }
}

function Invoke-PlainReconcile {
    <#
    .SYNOPSIS
        Finds the addresses, records them, and makes the block of the hosts files; no guest is entered.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $lab = Read-PlainLab -Path $Path
    $vms = @{}
    $asked = @(foreach ($vm in Hyper-V\Get-VM) {
            $vms[$vm.Id.ToString()] = $vm
            $vm
        })
    $adapters = @{}
    foreach ($adapter in Hyper-V\Get-VMNetworkAdapter -VM $asked) {
        $id = $adapter.VMId.ToString()
        if (-not $adapters.ContainsKey($id) -and $adapter.SwitchName -eq 'Default Switch') { $adapters[$id] = $adapter }
    }
    $now = [datetime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", [cultureinfo]::InvariantCulture)
    $rows = @(foreach ($machine in $lab.Config.machines) {
            $entry = $lab.State.vms.PSObject.Properties[$machine.name]
            if ($null -eq $entry) { continue }
            $entry = $entry.Value
            $vm = $vms[$entry.id]
            $adapter = $adapters[$entry.id]
            $ipv4 = $null
            $ipv6 = @()
            if ($null -ne $vm -and $vm.State -eq 'Running' -and $null -ne $adapter) {
                foreach ($address in $adapter.IPAddresses) {
                    if ($address.Contains(':')) { $ipv6 += $address } elseif ($null -eq $ipv4 -and -not $address.StartsWith('169.254.')) { $ipv4 = $address }
                }
            }
            $before = if ($entry.PSObject.Properties['network']) { $entry.network }
            $known = if ($null -ne $before) { $before.ipv4 }
            $previous = if ($known -and $known -ne $ipv4) { $known } elseif ($null -ne $before) { $before.previousIpv4 }
            $network = [pscustomobject]@{
                ipv4 = $ipv4; ipv6 = $ipv6; mac = if ($null -ne $adapter) { $adapter.MacAddress -replace '(..)(?!$)', '$1:' }
                adapterName = if ($null -ne $adapter) { $adapter.Name }; discoveredAt = if ($ipv4) { $now }; source = 'hyperv'; previousIpv4 = $previous
            }
            $entry | Add-Member -NotePropertyName network -NotePropertyValue $network -Force
            [pscustomobject]@{
                Machine = $machine.name; VMName = $entry.name; VMId = [guid] $entry.id; IPv4 = $ipv4; IPv6 = $ipv6; Changed = $known -ne $ipv4; PreviousIPv4 = $previous
            }
        })
    $lines = @(foreach ($row in $rows | Where-Object IPv4 | Sort-Object -Property Machine -Culture '') { "$($row.IPv4) $($row.Machine)" })
    $block = (@('# BEGIN RAGNATRAMP', '# Managed by ragnatramp - do not edit this block') + $lines + '# END RAGNATRAMP') -join "`n"
    $lab.State.updatedAt = $now
    $temp = "$($lab.StatePath).tmp"
    [System.IO.File]::WriteAllText($temp, (ConvertTo-Json -Depth 8 -InputObject $lab.State))
    [System.IO.File]::Replace($temp, $lab.StatePath, "$($lab.StatePath).bak")
    [pscustomobject]@{ Success = $true; Project = $lab.Config.project.name; ConfigPath = $lab.State.configPath; Discovery = $rows; HostsBlock = $block + "`n" }
}

Export-ModuleMember -Function Get-PlainStatus, Get-PlainPlan, Invoke-PlainReconcile
