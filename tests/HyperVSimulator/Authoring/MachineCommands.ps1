# The two commands that write a machine, and the settings that both of them take as parameters.

# Each setting: the parameter's type, what it means, and the field of the machine's JSON in which its value is kept as it
# is. A setting without a field is written by Save-MachineField in its own way.
$script:MachineSetting = [ordered] @{
    State          = @{ Type = [string]; Field = 'state'; Help = 'A word of VMState.'
        Word = 'Running', 'Off', 'Saved', 'Paused', 'Starting', 'Stopping', 'Saving', 'Reset', 'Hibernated', 'Other', 'Resuming', 'Pausing',
        'FastSaved', 'RunningCritical', 'OffCritical', 'SavedCritical', 'PausedCritical'
    }
    Notes          = @{ Type = [string]; Field = 'notes'; Help = "The machine's Notes." }
    ConfigPath     = @{ Type = [string]; Help = 'Writes the Notes of a machine that ragnatramp made for this config.' }
    Address        = @{ Type = [string[]]; Help = 'What its first adapter (on the Default Switch) shows at every query.' }
    AddressSeries  = @{ Type = [object[]]; Help = "One list of addresses per query, the last one stays:
        @(@(), @('169.254.3.1'), @('172.20.1.5', 'fe80::1')). A new series begins anew."
    }
    Adapter        = @{ Type = [object[]]; Field = 'adapters'; Help = 'All adapters: hashtables of name, mac (12 digits), switchName,
        switchId, addresses (a list, or a list of lists).'
    }
    Os             = @{ Type = [string]; Field = 'guest.os'; Help = 'linux (PowerShell Direct never gets through) or windows.'; Word = 'linux', 'windows' }
    OsName         = @{ Type = [string]; Field = 'guest.osName'; Help = "What the guest's daemon says its system is." }
    Daemon         = @{ Type = [bool]; Field = 'guest.daemon'; Help = '$false: no daemon in the guest; no addresses, no Data Exchange.' }
    DataExchange   = @{ Type = [bool]; Field = 'guest.exchange'; Help = '$false: the integration service is off.' }
    Credential     = @{ Type = [pscredential]; Help = 'The only one that the guest takes; without it every one is right.' }
    GuestDelay     = @{ Type = [int]; Field = 'guest.delay'; Help = 'Milliseconds before a PowerShell Direct session responds.' }
    GuestFailure   = @{ Type = [string]; Field = 'guest.failure'; Help = 'The message with which every PowerShell Direct session fails.' }
    GuestHang      = @{ Type = [string]; Field = 'guest.hang'; Help = 'Where PowerShell Direct never goes on and cannot be stopped: in the
        handshake, before there is a session, or in the session.'; Word = 'handshake', 'session'
    }
    GuestSaying    = @{ Type = [string]; Field = 'guest.saying'; Help = 'The text of a script that the guest runs instead of what it is sent.' }
    HostName       = @{ Type = [string]; Field = 'guest.hostName'; Help = 'What a Windows guest calls itself; at first a name of Windows'' own.' }
    Agent          = @{ Type = [string]; Field = 'guest.agent'; Help = "ragnatramp: the guest has ragnatramp's script installed, which
        acknowledges. Or the path of a script that is run with -GuestFolder whenever the guest was given items."
    }
    AgentQuery     = @{ Type = [int]; Field = 'guest.agentQueries'; Help = "How many times the host must ask for the guest's items before
        ragnatramp's script has acknowledged; 0: at once."
    }
    AgentFailure   = @{ Type = [string]; Field = 'guest.agentFailure'; Help = "What ragnatramp's script acknowledges instead of writing:
        'failed read-only The file system is read-only.'"
    }
    Boots          = @{ Type = [bool]; Field = 'guest.boots'; Help = '$false: no system starts in it; nothing answers.' }
    Shutdown       = @{ Type = [string]; Field = 'guest.shutdown'; Help = 'ok; none: the shutdown service has no contact; hang: it never ends.'
        Word = 'ok', 'none', 'hang'
    }
    ShutdownQuery  = @{ Type = [int]; Field = 'guest.shutdownQueries'; Help = 'How many queries a shutdown begun with -AsJob takes.' }
    Vss            = @{ Type = [bool]; Field = 'guest.vss'; Help = 'Whether the guest can freeze its file systems; without it, as its daemon.' }
    Operation      = @{ Type = [string]; Field = 'operation'; Help = 'A word of VMOperationalStatus that stands beside Ok.' }
    Path           = @{ Type = [string]; Field = 'path'; Help = 'The folder of its configuration.' }
    Drive          = @{ Type = [object[]]; Field = 'drives'; Help = 'All drives: hashtables of kind (disk, dvd), controller (SCSI, IDE), number,
        location, path.'
    }
    AutomaticCheckpoint = @{ Type = [bool]; Field = 'automaticCheckpoints'; Help = 'Whether a start makes a checkpoint.' }
    CheckpointType = @{ Type = [string]; Field = 'checkpointType'; Help = 'Disabled, Production, ProductionOnly or Standard.' }
    Failure        = @{ Type = [hashtable]; Field = 'failures'; Help = "How cmdlets fail for this machine: @{ 'Get-VMNetworkAdapter' = 'text' },
        or with @{ Id = 'ObjectInUse'; Category = 'ResourceBusy'; Message = 'text' } in place of the text. Invoke-CimMethod fails by
        an error ('HRESULT 0x80041069' is an Id of CIM), or with @{ Job = 32774 } by the job that it begins. A code such as
        '0x80070020' gives its real error."
    }
    Hosts          = @{ Type = [object]; Help = "Text or bytes of the guest's hosts file." }
    ProcessorCount = @{ Type = [long]; Field = 'processorCount'; Help = 'As Get-VM shows it.' }
    MemoryStartup  = @{ Type = [long]; Field = 'memoryStartup'; Help = 'As Get-VM shows it, in bytes.' }
    Generation     = @{ Type = [int]; Field = 'generation'; Help = '1 or 2.' }
    StartedAt      = @{ Type = [datetime]; Help = 'When it was started.' }
    CreatedAt      = @{ Type = [datetime]; Help = 'When it was made.' }
}

function Get-MachineParameter {
    <# .SYNOPSIS The settings as parameters of a command. #>
    $parameters = [Management.Automation.RuntimeDefinedParameterDictionary]::new()
    foreach ($name in $script:MachineSetting.Keys) {
        $setting = $script:MachineSetting[$name]
        $attributes = [Collections.ObjectModel.Collection[Attribute]]::new()
        $attributes.Add([Management.Automation.ParameterAttribute] @{ HelpMessage = $setting.Help })
        if ($setting.Contains('Word')) { $attributes.Add([Management.Automation.ValidateSetAttribute]::new([string[]] $setting.Word)) }
        $parameters.Add($name, [Management.Automation.RuntimeDefinedParameter]::new($name, $setting.Type, $attributes))
    }
    $parameters
}

function Add-SimulatedVM {
    <#
    .SYNOPSIS
    Puts a machine into the lab. Without more: a running Linux guest with a daemon and one adapter that shows no address.
    .DESCRIPTION
    Its other parameters are the settings of MachineSetting, above.
    .PARAMETER Name
    Its name; names need not be unique.
    .PARAMETER Id
    Its id; without it a new one.
    .OUTPUTS
    As Get-SimulatedVM.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [guid] $Id = [guid]::NewGuid()
    )
    dynamicparam { Get-MachineParameter }
    end {
        $all = @{} + $PSBoundParameters
        $windows = $all['Os'] -eq 'windows'
        $defaults = @{
            State     = 'Running'
            OsName    = if ($windows) { 'Windows 11 Pro' } else { 'Debian GNU/Linux' }
            Hosts     = if ($windows) { "# Windows hosts`r`n127.0.0.1 localhost`r`n" } else { "127.0.0.1 localhost`n::1 localhost`n" }
            CreatedAt = [datetime]::UtcNow.AddDays(-1)
        }
        foreach ($key in $defaults.Keys) { if (-not $all.ContainsKey($key)) { $all[$key] = $defaults[$key] } }
        if (@('Adapter', 'AddressSeries', 'Address' | Where-Object { $all.ContainsKey($_) }).Count -eq 0) { $all['Address'] = @() }
        if ($all['State'] -eq 'Running' -and -not $all.ContainsKey('StartedAt')) { $all['StartedAt'] = [datetime]::UtcNow.AddMinutes(-5) }
        $null = [IO.Directory]::CreateDirectory((Get-LabPath -Part 'guests', "$Id"))
        Save-MachineField -MachineId $Id -Bound $all
        # From what is known: reading the whole folder again for each of 500 machines would take its time.
        $system = if ($windows) { 'windows' } else { 'linux' }
        ConvertTo-SimulatedVM -Machine ([pscustomobject] @{ Id = $Id; Name = $Name; State = $all['State']; Os = $system })
    }
}

function Set-SimulatedVM {
    <#
    .SYNOPSIS
    Changes a machine. What is not named stays as it is.
    .DESCRIPTION
    Its other parameters are the settings of MachineSetting, above.
    .PARAMETER Name
    The machine's name, exactly; it must be the only one.
    .PARAMETER Id
    The machine's id.
    .PARAMETER NewName
    Renames it.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name', SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Name')] [string] $Name,
        [Parameter(Mandatory = $true, ParameterSetName = 'Id', ValueFromPipelineByPropertyName = $true)] [guid] $Id,
        [string] $NewName
    )
    dynamicparam { Get-MachineParameter }
    process {
        $found = @(Get-LabMachine | Where-Object { if ($PSCmdlet.ParameterSetName -eq 'Id') { $_.Id -eq $Id } else { $_.Name -eq $Name } })
        if ($found.Count -ne 1) { throw "$($found.Count) simulated machines fit '$Name$Id'; it must be one." }
        if (-not $PSCmdlet.ShouldProcess($found[0].Name, 'Change a simulated machine')) { return }
        $all = @{} + $PSBoundParameters
        $all.Remove('Name')
        if ($all.Contains('NewName')) { $all['Name'] = $NewName }
        Save-MachineField -MachineId $found[0].Id -Bound $all
    }
}
