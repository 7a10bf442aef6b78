# The folder, its host.json, and reading JSON that may leave things out.

$script:HostCache = @{ Stamp = ''; Value = $null }

# The switch that every Windows has; the host's own address on it gives its range.
$script:DefaultSwitch = [pscustomobject] @{
    name = 'Default Switch'; id = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'; type = 'Internal'; addresses = @('172.20.0.1/20')
}

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

function Use-LabFile {
    <# .SYNOPSIS Runs what opens a file of the lab; where another run has it open, again for a moment. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $Script)
    for ($try = 1; ; $try++) {
        try { return & $Script }
        # A file that is being replaced is denied for a moment.
        catch [IO.IOException], [UnauthorizedAccessException] {
            if ($_.Exception.GetBaseException() -is [IO.FileNotFoundException] -or $try -ge 200) { throw }
            Start-Sleep -Milliseconds 10
        }
    }
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
        $script:HostCache.Value = [pscustomobject] @{
            ComputerName = [string] (Get-Field -Source $json -Name 'computerName' -Default 'LABHOST')
            Installed    = [bool] (Get-Field -Source $json -Name 'installed' -Default $true)
            Service      = [string] (Get-Field -Source $json -Name 'service' -Default 'running')
            Denied       = Get-Field -Source $json -Name 'denied' -Default $false
            Faults       = Get-Field -Source $json -Name 'faults' -Default ([pscustomobject] @{})
            Delays       = Get-Field -Source $json -Name 'delays' -Default ([pscustomobject] @{})
            JobQueries   = [int] (Get-Field -Source $json -Name 'jobQueries' -Default 0)
            Switches     = @(Get-Field -Source $json -Name 'switches' -Default @($script:DefaultSwitch))
            # What a made machine is put into, and what its image boots.
            MachinePath    = [string] (Get-Field -Source $json -Name 'machinePath' -Default (Get-LabPath -Part 'Hyper-V'))
            DiskPath       = [string] (Get-Field -Source $json -Name 'diskPath' -Default (Get-LabPath -Part 'Hyper-V', 'Virtual Hard Disks'))
            NewGuest       = Get-Field -Source $json -Name 'newGuest' -Default ([pscustomobject] @{})
            AddressPrefix  = [string] (Get-Field -Source $json -Name 'addressPrefix' -Default '172.20.144')
            HiddenQueries  = [int] (Get-Field -Source $json -Name 'hiddenQueries' -Default 0)
            LeavingQueries = [int] (Get-Field -Source $json -Name 'leavingQueries' -Default 0)
            DynamicMemory  = [bool] (Get-Field -Source $json -Name 'dynamicMemory' -Default $false)
            Processors     = [int] (Get-Field -Source $json -Name 'processors' -Default 8)
            Memory         = [long] (Get-Field -Source $json -Name 'memory' -Default 16GB)
            MergeQueries   = @(Get-Field -Source $json -Name 'mergeQueries' -Default @(1, 1))
            FileFailures   = Get-Field -Source $json -Name 'fileFailures' -Default ([pscustomobject] @{})
        }
        $script:HostCache.Stamp = $stamp
    }
    $script:HostCache.Value
}
