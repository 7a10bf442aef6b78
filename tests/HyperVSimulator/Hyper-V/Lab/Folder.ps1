# Reads the folder. A file is read again only when its size or time has changed, so that one look at 500 machines is quick.

$script:HostCache = @{ Stamp = ''; Value = $null }
$script:MachineCache = @{ Folder = ''; Files = @{} }

function Get-LabFolder {
    <# .SYNOPSIS The folder of the lab, as a full path. #>
    $folder = [Environment]::GetEnvironmentVariable('RAGNA_HYPERV_FOLDER')
    if (-not $folder) { throw 'RAGNA_HYPERV_FOLDER names no simulated lab. New-SimulatedLab makes one.' }
    $full = [IO.Path]::GetFullPath($folder)
    if (-not [IO.Directory]::Exists($full)) { throw "The simulated lab '$full' (RAGNA_HYPERV_FOLDER) is not there." }
    $full
}

function Get-LabPath {
    <# .SYNOPSIS A path inside the lab's folder. #>
    param([Parameter(Mandatory = $true)] [string[]] $Part)
    [IO.Path]::Combine([string[]] (@(Get-LabFolder) + $Part))
}

function Get-Field {
    <# .SYNOPSIS A field of a JSON object, or what it is when absent. #>
    param([object] $Source, [string] $Name, [object] $Default)
    $field = $Source.PSObject.Properties[$Name]
    if ($null -eq $field -or $null -eq $field.Value) { return $Default }
    $field.Value
}

function Get-Moment {
    <# .SYNOPSIS A local time from JSON, where 5.1 gives text and 7 a date; null stays null. #>
    param([object] $Value)
    if ($null -eq $Value) { return $null }
    if ($Value -is [datetime]) { return $Value.ToLocalTime() }
    [datetime]::Parse($Value, [Globalization.CultureInfo]::InvariantCulture,
        [Globalization.DateTimeStyles]::RoundtripKind).ToLocalTime()
}

function Get-LabHost {
    <# .SYNOPSIS What host.json says, with a default for everything. #>
    $path = Get-LabPath -Part 'host.json'
    $file = New-Object -TypeName System.IO.FileInfo -ArgumentList $path
    $stamp = if ($file.Exists) { "$path|$($file.LastWriteTimeUtc.Ticks)|$($file.Length)" } else { "$path|none" }
    if ($script:HostCache.Stamp -ne $stamp) {
        $json = if ($file.Exists) { ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($path)) } else { [pscustomobject] @{} }
        $default = [pscustomobject] @{ name = 'Default Switch'; id = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'; type = 'Internal' }
        $script:HostCache.Value = [pscustomobject] @{
            ComputerName = [string] (Get-Field -Source $json -Name 'computerName' -Default 'LABHOST')
            Installed    = [bool] (Get-Field -Source $json -Name 'installed' -Default $true)
            Service      = [string] (Get-Field -Source $json -Name 'service' -Default 'running')
            Denied       = Get-Field -Source $json -Name 'denied' -Default $false
            Delays       = Get-Field -Source $json -Name 'delays' -Default ([pscustomobject] @{})
            JobLooks     = [int] (Get-Field -Source $json -Name 'jobLooks' -Default 0)
            Switches     = @(Get-Field -Source $json -Name 'switches' -Default @($default))
        }
        $script:HostCache.Stamp = $stamp
    }
    $script:HostCache.Value
}

function ConvertTo-LabMachine {
    <# .SYNOPSIS One machine's JSON with a default for everything. #>
    param([object] $Json)
    $guest = Get-Field -Source $Json -Name 'guest' -Default ([pscustomobject] @{})
    [pscustomobject] @{
        Id             = [guid] $Json.id
        Name           = [string] $Json.name
        State          = [Microsoft.HyperV.PowerShell.VMState] (Get-Field -Source $Json -Name 'state' -Default 'Off')
        Notes          = [string] (Get-Field -Source $Json -Name 'notes' -Default '')
        Generation     = [int] (Get-Field -Source $Json -Name 'generation' -Default 2)
        ProcessorCount = [long] (Get-Field -Source $Json -Name 'processorCount' -Default 2)
        MemoryStartup  = [long] (Get-Field -Source $Json -Name 'memoryStartup' -Default 2GB)
        CreatedAt      = Get-Moment -Value (Get-Field -Source $Json -Name 'createdAt' -Default '2026-11-20T08:00:00Z')
        StartedAt      = Get-Moment -Value (Get-Field -Source $Json -Name 'startedAt' -Default $null)
        Adapters       = @(Get-Field -Source $Json -Name 'adapters' -Default @())
        Failures       = Get-Field -Source $Json -Name 'failures' -Default ([pscustomobject] @{})
        Os             = [string] (Get-Field -Source $guest -Name 'os' -Default 'linux')
        OsName         = [string] (Get-Field -Source $guest -Name 'osName' -Default '')
        Daemon         = [bool] (Get-Field -Source $guest -Name 'daemon' -Default $true)
        Exchange       = [bool] (Get-Field -Source $guest -Name 'exchange' -Default $true)
        UserName       = [string] (Get-Field -Source $guest -Name 'userName' -Default '')
        Password       = [string] (Get-Field -Source $guest -Name 'password' -Default '')
        GuestDelay     = [int] (Get-Field -Source $guest -Name 'delay' -Default 0)
        GuestFailure   = [string] (Get-Field -Source $guest -Name 'failure' -Default '')
        Agent          = [string] (Get-Field -Source $guest -Name 'agent' -Default '')
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
        $texts = foreach ($file in $changed) { [IO.File]::ReadAllText($file.FullName) }
        $parsed = ConvertFrom-Json -InputObject ('{"all":[' + ($texts -join ',') + ']}')
        for ($i = 0; $i -lt $changed.Count; $i++) {
            $next[$changed[$i].Name].Machine = ConvertTo-LabMachine -Json $parsed.all[$i]
        }
    }
    $script:MachineCache.Files = $next
    foreach ($file in $files) { $next[$file.Name].Machine }
}
