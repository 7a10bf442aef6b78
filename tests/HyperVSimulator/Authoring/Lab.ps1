# The lab as a whole: its folder, its host, its neighbour table.

function New-SimulatedLab {
    <#
    .SYNOPSIS
    Makes an empty lab and makes it the lab of this process.
    .PARAMETER Path
    The folder; it may exist already.
    .OUTPUTS
    The full path of the folder.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([Parameter(Mandatory = $true, Position = 0)] [string] $Path)
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    if (-not $PSCmdlet.ShouldProcess($full, 'Make a simulated lab')) { return }
    foreach ($folder in 'vms', 'guests') { $null = [IO.Directory]::CreateDirectory([IO.Path]::Combine($full, $folder)) }
    [Environment]::SetEnvironmentVariable('RAGNA_HYPERV_FOLDER', $full)
    $full
}

function Import-SimulatedHyperV {
    <#
    .SYNOPSIS
    Imports the module Hyper-V of the simulation for the whole session, so that every caller's Get-VM is its own.
    #>
    [CmdletBinding()]
    param()
    $manifest = [IO.Path]::Combine($script:simulation, 'Hyper-V.psd1')
    Import-Module -Name $manifest -Global -Force -DisableNameChecking
}

function Edit-JsonFile {
    <# .SYNOPSIS Puts fields into a JSON file, keeping its others. #>
    param([string] $Path, [Collections.IDictionary] $Field)
    $json = if ([IO.File]::Exists($Path)) { ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Path)) } else { [pscustomobject] @{} }
    foreach ($name in $Field.Keys) { Add-Member -InputObject $json -NotePropertyName $name -NotePropertyValue $Field[$name] -Force }
    [IO.File]::WriteAllText($Path, (ConvertTo-Json -InputObject $json -Depth 8))
}

function Set-SimulatedHost {
    <#
    .SYNOPSIS
    Says how the host behaves. What is not named stays as it is.
    .PARAMETER Denied
    $true: every cmdlet is refused for want of permission. Names of cmdlets: these are.
    .PARAMETER Delay
    Milliseconds by cmdlet, '*' for all others: @{ 'Get-VM' = 200 }.
    .PARAMETER Service
    running, or stopped as when the management service is down.
    .PARAMETER Installed
    $false: the module exports nothing, as on a machine without Hyper-V. Takes effect when the module is imported.
    .PARAMETER Switch
    The switches: hashtables of name, id, type, and addresses: those that the host has on it, each as '172.20.0.1/20'.
    .PARAMETER Fault
    How cmdlets fail as a whole: @{ 'Get-VM' = @{ Id = 'OutOfMemory'; Category = 'NotSpecified'; Message = 'text' } }; a text is the
    message alone. 'Get-CimInstance Msvm_ConcreteJob' is about one class. With Throws = $true the cmdlet throws its error, which -ErrorAction
    does not reach; else it writes it.
    .PARAMETER Range
    The host's addresses on the Default Switch, which is then the only one.
    .PARAMETER JobQuery
    How many times a CIM job still runs when it is asked for, before it has ended.
    .PARAMETER Busy
    How many calls of a cmdlet fail as a whole before it answers again: @{ 'Get-VM' = 2 }.
    .PARAMETER MachinePath
    Where New-VM puts a machine without -Path; DiskPath is Get-VMHost's VirtualHardDiskPath. Both are in the lab's folder at first.
    .PARAMETER NewGuest
    What the image of a machine made by New-VM boots: Os (linux, windows), OsName, Agent, Daemon, Exchange, Boots ($false: no system at
    all), Shutdown (ok, none: no contact, hang), ShutdownQueries, CloudInit ($false: it reads no seed), Sysprepped ($true: Windows Setup reads an answer file at the first start), HostName, Vss, AddressQueries (how many queries show no address yet), Hosts.
    .PARAMETER AddressPrefix
    The first three numbers of the addresses that such guests get, 172.20.144 at first.
    .PARAMETER HiddenQuery
    How many calls of Get-VM do not see a machine that New-VM has made.
    .PARAMETER LeavingQuery
    How many calls of Get-VM for all machines write an error about a machine that Remove-VM has removed.
    .PARAMETER DynamicMemory
    Whether New-VM makes machines with dynamic memory.
    .PARAMETER Processor
    The host's logical processors, 8 at first.
    .PARAMETER Memory
    The host's memory in bytes, 16 GB at first: more than that is not started.
    .PARAMETER MergeQuery
    Two numbers: how many queries a merge waits before it begins (-1: for ever), and how many it goes on; 1, 1 at first. 0, 0: at once.
    .PARAMETER FileFailure
    Codes by full path or file name with which a disk cannot be made or started from, by 'New-VM' or 'New-VHD' with which these fail:
    @{ 'base.vhdx' = '0xC03A001A' }.
    .PARAMETER KillAfterCall
    Ends the process that makes the call of this number, counted from now, when it has had its effect; 0: never.
    .PARAMETER KillBeforeCall
    The same before the call has any.
    .PARAMETER FreezeAfterCall
    That call does not return, nor does any later one: for a run in a runspace of this process, the end of the process. Complete-FrozenRun ends
    the run and clears it away.
    .PARAMETER FreezeBeforeCall
    The same before the call has any effect.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [string] $ComputerName, [object] $Denied, [hashtable] $Delay,
        [ValidateSet('running', 'stopped')] [string] $Service, [bool] $Installed, [hashtable[]] $Switch, [int] $JobQuery,
        [hashtable] $Busy, [string] $MachinePath, [string] $DiskPath, [hashtable] $NewGuest, [string] $AddressPrefix, [int] $HiddenQuery,
        [int] $LeavingQuery, [bool] $DynamicMemory, [int] $Processor, [long] $Memory, [int[]] $MergeQuery, [hashtable] $FileFailure,
        [int] $KillAfterCall, [int] $KillBeforeCall, [int] $FreezeAfterCall, [int] $FreezeBeforeCall,
        [AllowEmptyCollection()] [string[]] $Range, [hashtable] $Fault
    )
    $names = @{
        ComputerName = 'computerName'; Denied = 'denied'; Delay = 'delays'; Service = 'service'; Installed = 'installed'
        Switch = 'switches'; JobQuery = 'jobQueries'; MachinePath = 'machinePath'; DiskPath = 'diskPath'; NewGuest = 'newGuest'
        AddressPrefix = 'addressPrefix'; HiddenQuery = 'hiddenQueries'; LeavingQuery = 'leavingQueries'
        DynamicMemory = 'dynamicMemory'; Processor = 'processors'; Memory = 'memory'; MergeQuery = 'mergeQueries'; FileFailure = 'fileFailures'; Fault = 'faults'
    }
    $fields = @{}
    foreach ($name in $names.Keys) { if ($PSBoundParameters.ContainsKey($name)) { $fields[$names[$name]] = $PSBoundParameters[$name] } }
    if ($PSBoundParameters.ContainsKey('Range')) {
        $fields['switches'] = @(@{ name = 'Default Switch'; id = $script:DefaultSwitch.id; type = 'Internal'; addresses = @($Range) })
    }
    if ($fields.ContainsKey('newGuest')) {
        $guest = @{}
        # The words of JSON begin with a small letter.
        foreach ($key in $NewGuest.Keys) { $guest[$key.Substring(0, 1).ToLowerInvariant() + $key.Substring(1)] = $NewGuest[$key] }
        $fields['newGuest'] = $guest
    }
    $path = Get-LabPath -Part 'host.json'
    if (-not $PSCmdlet.ShouldProcess($path, 'Change the simulated host')) { return }
    Edit-JsonFile -Path $path -Field $fields
    if ($null -ne $Busy) {
        $lines = [string[]] @(foreach ($name in $Busy.Keys) { "$name $($Busy[$name])" })
        [IO.File]::WriteAllLines((Get-LabPath -Part 'busy.txt'), $lines)
    }
    $kill = Get-LabPath -Part 'kill.txt'
    foreach ($word in 'Kill-After', 'Kill-Before', 'Freeze-After', 'Freeze-Before') {
        $name = "$($word.Replace('-', ''))Call"
        if (-not $PSBoundParameters.ContainsKey($name)) { continue }
        $limit = $PSBoundParameters[$name]
        if ($limit -gt 0) { [IO.File]::WriteAllText($kill, "$($word.ToLowerInvariant()) $limit 0") } else { [IO.File]::Delete($kill) }
    }
}

function Set-SimulatedNeighbor {
    <#
    .SYNOPSIS
    Replaces the host's neighbour table.
    .PARAMETER Entry
    Hashtables or objects of ip, mac (00-15-5D-01-02-03), state, interface; the last two may be missing.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([Parameter(Mandatory = $true)] [AllowEmptyCollection()] [object[]] $Entry)
    $path = Get-LabPath -Part 'neighbours.json'
    if (-not $PSCmdlet.ShouldProcess($path, 'Replace the neighbour table')) { return }
    $text = if ($Entry.Count -eq 0) { '[]' } else { ConvertTo-Json -InputObject @($Entry) -Depth 3 }
    [IO.File]::WriteAllText($path, $text)
}
