# The machines: one JSON file each under vms/. A file is read again only when its size or time has changed, so that one
# look at 500 machines is quick.

$script:MachineCache = @{ Folder = ''; Files = @{} }

# What a machine's JSON may leave out.
$script:MachineDefault = @{
    state = 'Off'; notes = ''; generation = 2; processorCount = 2; memoryStartup = 2GB
    createdAt = '2026-11-20T08:00:00Z'; startedAt = $null; adapters = @(); failures = $null; guest = $null
}
$script:GuestDefault = @{
    os = 'linux'; osName = ''; daemon = $true; exchange = $true; userName = ''; password = ''; delay = 0; failure = ''
    agent = ''; agentLook = 0; agentFailure = ''
}
$script:AdapterDefault = @{
    name = 'Network Adapter'; mac = '000000000000'; switchName = $null; switchId = $null; addresses = @()
}

function ConvertTo-LabMachine {
    <#
    .SYNOPSIS
    Machines' JSON, with a default for everything and each adapter's answers as a list of lists.
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
                $answers = @($adapter.addresses)
                # A plain list of addresses is the one answer to every look.
                if ($answers.Count -eq 0 -or $answers[0] -is [string]) { $answers = @(, $answers) }
                $adapter.answers = @(foreach ($answer in $answers) { , [string[]] @($answer) })
                if ($answers.Count -gt $longest) { $longest = $answers.Count }
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
            Agent          = [string] $guest.agent
            # Made at the first look at them; a changed file makes a new machine.
            Intrinsic      = $null
            AgentLook      = [int] $guest.agentLook
            AgentFailure   = [string] $guest.agentFailure
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
        $texts = foreach ($file in $changed) { Use-LabFile { [IO.File]::ReadAllText($file.FullName) } }
        $parsed = ConvertFrom-Json -InputObject ('{"all":[' + ($texts -join ',') + ']}')
        $machines = @(ConvertTo-LabMachine -Json $parsed.all)
        for ($i = 0; $i -lt $changed.Count; $i++) { $next[$changed[$i].Name].Machine = $machines[$i] }
    }
    $script:MachineCache.Files = $next
    foreach ($file in $files) { $next[$file.Name].Machine }
}
