# The machines: one JSON file each under vms/. A file is read again only when its size or time has changed, so that one
# query of 500 machines is quick.

$script:MachineCache = @{ Folder = ''; Files = @{} }

# What a machine's JSON may leave out.
$script:MachineDefault = @{
    state = 'Off'; notes = ''; generation = 2; processorCount = 2; memoryStartup = 2GB
    createdAt = '2026-11-20T08:00:00Z'; startedAt = $null; adapters = @(); failures = $null; guest = $null
    path = $null; snapshotPath = $null; parentSnapshotId = $null; drives = @(); snapshots = @(); firmware = $null; services = $null
    dynamicMemory = $false; memoryMinimum = 512MB; memoryMaximum = 1TB; automaticCheckpoints = $false; checkpointType = 'Production'
    startAction = 'StartIfRunning'; startDelay = 0; stopAction = 'Save'
    # What goes on: a shutdown, merges, an operation of a name in VMOperationalStatus; how many queries do not see a new machine.
    pending = $null; merges = @(); operation = ''; hidden = 0
    # The image that a made machine boots at its first start, while it has not.
    newGuest = $null
}
$script:GuestDefault = @{
    os = 'linux'; osName = ''; daemon = $true; exchange = $true; userName = ''; password = ''; delay = 0; failure = ''; hang = ''; saying = ''
    hostName = 'WIN-4E7Q0L2ABCD'
    agent = ''; agentQueries = 0; agentFailure = ''
    # boots: there is a system at all. shutdown: ok, none (no contact), hang. shutdownQueries: how long it takes.
    boots = $true; shutdown = 'ok'; shutdownQueries = 0; vss = $null
}
$script:AdapterDefault = @{
    name = 'Network Adapter'; mac = '000000000000'; switchName = $null; switchId = $null; addresses = @()
}

function ConvertTo-LabMachine {
    <#
    .SYNOPSIS
    Machines' JSON, with a default for everything and each adapter's addresses as a list per query.
    .DESCRIPTION
    One loop without calls in it: a call costs more than all the rest, and there may be 500 machines.
    #>
    param([object[]] $Json)
    foreach ($source in $Json) {
        $machine = $script:MachineDefault.Clone()
        foreach ($field in $source.PSObject.Properties) { if ($null -ne $field.Value) { $machine[$field.Name] = $field.Value } }
        $guest = $script:GuestDefault.Clone()
        if ($null -ne $machine.guest) {
            foreach ($field in $machine.guest.PSObject.Properties) { if ($null -ne $field.Value) { $guest[$field.Name] = $field.Value } }
        }
        $longest = 1
        $adapters = @(foreach ($one in @($machine.adapters)) {
                $adapter = $script:AdapterDefault.Clone()
                foreach ($field in $one.PSObject.Properties) { if ($null -ne $field.Value) { $adapter[$field.Name] = $field.Value } }
                $series = @($adapter.addresses)
                # A plain list of addresses is what every query shows.
                if ($series.Count -eq 0 -or $series[0] -is [string]) { $series = @(, $series) }
                $adapter.series = @(foreach ($shown in $series) { , [string[]] @($shown) })
                if ($series.Count -gt $longest) { $longest = $series.Count }
                if ($null -ne $adapter.switchId) { $adapter.switchId = [guid] $adapter.switchId }
                $adapter
            })
        $id = [guid] $machine.id
        [pscustomobject] @{
            Id             = $id
            Key            = $id.ToString()
            Name           = [string] $machine.name
            State          = [Microsoft.HyperV.PowerShell.VMState] $machine.state
            Running        = $machine.state -eq 'Running'
            Notes          = [string] $machine.notes
            Generation     = [int] $machine.generation
            ProcessorCount = [long] $machine.processorCount
            MemoryStartup  = [long] $machine.memoryStartup
            # 5.1 reads dates as text, 7 as dates.
            CreatedAt      = ([datetime] $machine.createdAt).ToLocalTime()
            StartedAt      = if ($null -ne $machine.startedAt) { ([datetime] $machine.startedAt).ToLocalTime() } else { $null }
            Adapters       = $adapters
            Changing       = $longest -gt 1
            Failures       = $machine.failures
            Os             = [string] $guest.os
            OsName         = [string] $guest.osName
            Daemon         = [bool] $guest.daemon
            Exchange       = [bool] $guest.exchange
            UserName       = [string] $guest.userName
            Password       = [string] $guest.password
            GuestDelay     = [int] $guest.delay
            GuestFailure   = [string] $guest.failure
            GuestHang      = [string] $guest.hang
            GuestSaying    = [string] $guest.saying
            HostName       = [string] $guest.hostName
            Agent          = [string] $guest.agent
            # Made when they are first asked for; a changed file makes a new machine.
            Intrinsic      = $null
            AgentQueries   = [int] $guest.agentQueries
            AgentFailure   = [string] $guest.agentFailure
            Boots          = [bool] $guest.boots
            Guest          = $guest
            # Its settings, with a default for everything.
            Raw            = $machine
            Hidden         = $machine.hidden -gt 0
            Waiting        = $machine.hidden -gt 0 -or $null -ne $machine.pending -or @($machine.merges).Count -gt 0
        }
    }
}

function Get-LabMachine {
    <# .SYNOPSIS All machines, in the order of their files: by id, which is no order that a caller could rely on. #>
    $folder = Get-LabPath -Part 'vms'
    if ($script:MachineCache.Folder -ne $folder) { $script:MachineCache = @{ Folder = $folder; Files = @{} } }
    if (-not [IO.Directory]::Exists($folder)) { return }
    $known = $script:MachineCache.Files
    $next = @{}
    $files = @((New-Object -TypeName System.IO.DirectoryInfo -ArgumentList $folder).GetFiles('*.json'))
    $changed = New-Object -TypeName System.Collections.ArrayList
    foreach ($file in $files) {
        $stamp = "$($file.LastWriteTimeUtc.Ticks)|$($file.Length)"
        $old = $known[$file.Name]
        if ($null -ne $old -and $old.Stamp -eq $stamp) { $next[$file.Name] = $old; continue }
        $next[$file.Name] = @{ Stamp = $stamp; Machine = $null }
        $null = $changed.Add($file)
    }
    if ($changed.Count -gt 0) {
        # All changed files as one document: far quicker than as many small ones.
        $read = New-Object -TypeName System.Collections.ArrayList
        $texts = foreach ($file in $changed) {
            try {
                Use-LabFile { [IO.File]::ReadAllText($file.FullName) }
                $null = $read.Add($file.Name)
            }
            # Another run has removed the machine since the folder was listed.
            catch [IO.FileNotFoundException] { $next.Remove($file.Name) }
        }
        $parsed = ConvertFrom-Json -InputObject ('{"all":[' + ($texts -join ',') + ']}')
        $machines = @(ConvertTo-LabMachine -Json $parsed.all)
        for ($i = 0; $i -lt $read.Count; $i++) { $next[$read[$i]].Machine = $machines[$i] }
    }
    $script:MachineCache.Files = $next
    foreach ($file in $files) { if ($next.ContainsKey($file.Name)) { $next[$file.Name].Machine } }
}

# How often each machine's adapters have been asked for. Kept in looks.txt, so that a new process goes on where the last
# one stopped. Only machines whose addresses differ from query to query are counted.

function Get-QueryCount {
    <# .SYNOPSIS The counts, by machine id. #>
    $counts = @{}
    $path = Get-LabPath -Part 'looks.txt'
    if ([IO.File]::Exists($path)) {
        foreach ($line in Use-LabFile { [IO.File]::ReadAllLines($path) }) {
            $part = $line.Split(' ')
            if ($part.Length -eq 2) { $counts[$part[0]] = [int] $part[1] }
        }
    }
    $counts
}

function Save-QueryCount {
    <# .SYNOPSIS Writes the counts back. #>
    param([hashtable] $Count)
    $lines = foreach ($key in $Count.Keys) { $key + ' ' + $Count[$key] }
    $path = Get-LabPath -Part 'looks.txt'
    Use-LabFile { [IO.File]::WriteAllLines($path, [string[]] @($lines)) }
}

function Clear-QueryCount {
    <# .SYNOPSIS Begins a machine's series of addresses anew. #>
    param([guid] $MachineId)
    $counts = Get-QueryCount
    if (-not $counts.ContainsKey("$MachineId")) { return }
    $counts.Remove("$MachineId")
    Save-QueryCount -Count $counts
}
