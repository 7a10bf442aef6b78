# The two commands that write a machine. They share their settings.

function Add-SimulatedVM {
    <#
    .SYNOPSIS
    Puts a machine into the lab. Without more: a running Linux guest with a daemon and one adapter that shows no address.
    .PARAMETER Name
    Its name; names need not be unique.
    .PARAMETER Id
    Its id; without it a new one.
    .PARAMETER State
    A word of VMState.
    .PARAMETER Notes
    The machine's Notes.
    .PARAMETER ConfigPath
    Writes the Notes of a machine that ragnatramp made for this config.
    .PARAMETER Address
    What its first adapter (on the Default Switch) shows at every look.
    .PARAMETER AddressSeries
    One list of addresses per look, the last one stays: @(@(), @('169.254.3.1'), @('172.20.1.5', 'fe80::1')). A new series
    begins anew.
    .PARAMETER Adapter
    All adapters: hashtables of name, mac (12 digits), switchName, switchId, addresses (a list, or a list of lists).
    .PARAMETER Os
    linux (PowerShell Direct never gets through) or windows.
    .PARAMETER OsName
    What the guest's daemon says its system is.
    .PARAMETER Daemon
    $false: no daemon in the guest; no addresses, no Data Exchange.
    .PARAMETER DataExchange
    $false: the integration service is off.
    .PARAMETER Credential
    The only one that the guest takes; without it every one is right.
    .PARAMETER GuestDelay
    Milliseconds before a PowerShell Direct session answers.
    .PARAMETER GuestFailure
    The message with which every PowerShell Direct session fails.
    .PARAMETER Agent
    ragnatramp: the guest has ragnatramp's script installed, which answers. Or the path of a script that is run with
    -GuestFolder whenever the guest was given items.
    .PARAMETER AgentLook
    How many times the host must look at the guest's items before ragnatramp's script has answered; 0: at once.
    .PARAMETER AgentFailure
    With what ragnatramp's script answers instead of writing: 'failed read-only The file system is read-only.'
    .PARAMETER Failure
    Messages with which cmdlets fail for this machine: @{ 'Get-VMNetworkAdapter' = 'text' }.
    .PARAMETER Hosts
    Text or bytes of the guest's hosts file.
    .OUTPUTS
    As Get-SimulatedVM.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '',
        Justification = 'They are handed on as a table.')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [guid] $Id = [guid]::NewGuid(),
        [ValidateSet('Running', 'Off', 'Saved', 'Paused', 'Starting', 'Stopping', 'Saving', 'Reset', 'Hibernated')]
        [string] $State,
        [string] $Notes,
        [string] $ConfigPath,
        [string[]] $Address,
        [object[]] $AddressSeries,
        [object[]] $Adapter,
        [ValidateSet('linux', 'windows')] [string] $Os,
        [string] $OsName,
        [bool] $Daemon,
        [bool] $DataExchange,
        [pscredential] $Credential,
        [int] $GuestDelay,
        [string] $GuestFailure,
        [string] $Agent,
        [int] $AgentLook,
        [string] $AgentFailure,
        [hashtable] $Failure,
        [object] $Hosts,
        [long] $ProcessorCount,
        [long] $MemoryStartup,
        [int] $Generation,
        [datetime] $StartedAt,
        [datetime] $CreatedAt
    )
    $all = @{} + $PSBoundParameters
    if (-not $all.ContainsKey('State')) { $all['State'] = 'Running' }
    if (-not $all.ContainsKey('Adapter') -and -not $all.ContainsKey('AddressSeries') -and -not $all.ContainsKey('Address')) {
        $all['Address'] = @()
    }
    $system = if ($all.ContainsKey('Os')) { $all['Os'] } else { 'linux' }
    if (-not $all.ContainsKey('OsName')) { $all['OsName'] = if ($system -eq 'windows') { 'Windows 11 Pro' } else { 'Debian GNU/Linux' } }
    if (-not $all.ContainsKey('Hosts')) {
        $all['Hosts'] = if ($system -eq 'windows') { "# Windows hosts`r`n127.0.0.1 localhost`r`n" } else { "127.0.0.1 localhost`n::1 localhost`n" }
    }
    if ($all['State'] -eq 'Running' -and -not $all.ContainsKey('StartedAt')) { $all['StartedAt'] = [datetime]::UtcNow.AddMinutes(-5) }
    if (-not $all.ContainsKey('CreatedAt')) { $all['CreatedAt'] = [datetime]::UtcNow.AddDays(-1) }
    $null = [IO.Directory]::CreateDirectory((Get-LabPath -Part 'guests', "$Id"))
    Save-MachineField -MachineId $Id -Bound $all
    # Its own file only: reading the whole folder again for each of 500 machines would take its time.
    [pscustomobject] @{
        Id        = $Id
        Name      = $Name
        State     = $all['State']
        GuestPath = Get-LabPath -Part 'guests', "$Id"
        HostsPath = Get-GuestHostsPath -MachineId $Id -Os $system
    }
}

function Set-SimulatedVM {
    <#
    .SYNOPSIS
    Changes a machine. What is not named stays as it is.
    .PARAMETER Name
    The machine's name, exactly; it must be the only one.
    .PARAMETER Id
    The machine's id.
    .PARAMETER NewName
    Renames it.
    .PARAMETER State
    A word of VMState.
    .PARAMETER Notes
    The machine's Notes.
    .PARAMETER ConfigPath
    Writes the Notes of a machine that ragnatramp made for this config.
    .PARAMETER Address
    What its first adapter (on the Default Switch) shows at every look.
    .PARAMETER AddressSeries
    One list of addresses per look, the last one stays: @(@(), @('169.254.3.1'), @('172.20.1.5', 'fe80::1')). A new series
    begins anew.
    .PARAMETER Adapter
    All adapters: hashtables of name, mac (12 digits), switchName, switchId, addresses (a list, or a list of lists).
    .PARAMETER Os
    linux (PowerShell Direct never gets through) or windows.
    .PARAMETER OsName
    What the guest's daemon says its system is.
    .PARAMETER Daemon
    $false: no daemon in the guest; no addresses, no Data Exchange.
    .PARAMETER DataExchange
    $false: the integration service is off.
    .PARAMETER Credential
    The only one that the guest takes; without it every one is right.
    .PARAMETER GuestDelay
    Milliseconds before a PowerShell Direct session answers.
    .PARAMETER GuestFailure
    The message with which every PowerShell Direct session fails.
    .PARAMETER Agent
    ragnatramp: the guest has ragnatramp's script installed, which answers. Or the path of a script that is run with
    -GuestFolder whenever the guest was given items.
    .PARAMETER AgentLook
    How many times the host must look at the guest's items before ragnatramp's script has answered; 0: at once.
    .PARAMETER AgentFailure
    With what ragnatramp's script answers instead of writing: 'failed read-only The file system is read-only.'
    .PARAMETER Failure
    Messages with which cmdlets fail for this machine: @{ 'Get-VMNetworkAdapter' = 'text' }.
    .PARAMETER Hosts
    Text or bytes of the guest's hosts file.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name', SupportsShouldProcess = $true)]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '',
        Justification = 'They are handed on as a table.')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'Name')] [string] $Name,
        [Parameter(Mandatory = $true, ParameterSetName = 'Id', ValueFromPipelineByPropertyName = $true)] [guid] $Id,
        [string] $NewName,
        [ValidateSet('Running', 'Off', 'Saved', 'Paused', 'Starting', 'Stopping', 'Saving', 'Reset', 'Hibernated')]
        [string] $State,
        [string] $Notes,
        [string] $ConfigPath,
        [string[]] $Address,
        [object[]] $AddressSeries,
        [object[]] $Adapter,
        [ValidateSet('linux', 'windows')] [string] $Os,
        [string] $OsName,
        [bool] $Daemon,
        [bool] $DataExchange,
        [pscredential] $Credential,
        [int] $GuestDelay,
        [string] $GuestFailure,
        [string] $Agent,
        [int] $AgentLook,
        [string] $AgentFailure,
        [hashtable] $Failure,
        [object] $Hosts,
        [long] $ProcessorCount,
        [long] $MemoryStartup,
        [int] $Generation,
        [datetime] $StartedAt,
        [datetime] $CreatedAt
    )
    process {
        $found = @(Get-LabMachine | Where-Object { if ($PSCmdlet.ParameterSetName -eq 'Id') { $_.Id -eq $Id } else { $_.Name -eq $Name } })
        if ($found.Count -ne 1) { throw "$($found.Count) simulated machines fit '$Name$Id'; it must be one." }
        if (-not $PSCmdlet.ShouldProcess($found[0].Name, 'Change a simulated machine')) { return }
        $all = @{} + $PSBoundParameters
        $all.Remove('Name')
        Save-MachineField -MachineId $found[0].Id -Bound $all
    }
}
