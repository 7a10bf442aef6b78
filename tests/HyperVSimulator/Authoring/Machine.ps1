# Machines: made, changed, taken away.

function ConvertTo-MachineField {
    <# .SYNOPSIS The fields of a machine's JSON that the named parameters set. Guest fields under 'guest'. #>
    param([Collections.IDictionary] $Bound)
    $fields = @{}
    $guest = @{}
    if ($Bound.Contains('Name')) { $fields['name'] = $Bound['Name'] }
    foreach ($name in @($Bound.Keys | Where-Object { $script:MachineSetting.Contains($_) })) {
        $field = $script:MachineSetting[$name]['Field']
        if (-not $field) { continue }
        if ($field.StartsWith('guest.')) { $guest[$field.Substring('guest.'.Length)] = $Bound[$name] } else { $fields[$field] = $Bound[$name] }
    }
    if ($Bound.Contains('ConfigPath')) { $fields['notes'] = "ragnatramp:v0.1.0`nconfig:$($Bound['ConfigPath'])`nmanaged:true" }
    foreach ($name in 'StartedAt', 'CreatedAt') {
        if (-not $Bound.Contains($name)) { continue }
        $text = $Bound[$name].ToUniversalTime().ToString('o', [Globalization.CultureInfo]::InvariantCulture)
        $fields[$name.Substring(0, 1).ToLowerInvariant() + $name.Substring(1)] = $text
    }
    if ($Bound.Contains('Credential')) {
        $plainCredential = $Bound['Credential'].GetNetworkCredential()
        $guest['userName'] = $Bound['Credential'].UserName
        $guest['password'] = $plainCredential.Password
    }
    @{ Fields = $fields; Guest = $guest }
}

function Save-MachineField {
    <# .SYNOPSIS Writes the fields, one adapter where addresses were named, and the hosts file. #>
    param([guid] $MachineId, [Collections.IDictionary] $Bound)
    Use-LabLock { Edit-MachineFile -MachineId $MachineId -Bound $Bound }
}

function Edit-MachineFile {
    <# .SYNOPSIS The same, by whoever has the lock. #>
    param([guid] $MachineId, [Collections.IDictionary] $Bound)
    $path = Get-LabPath -Part 'vms', "$MachineId.json"
    $json = if ([IO.File]::Exists($path)) { ConvertFrom-Json -InputObject (Use-LabFile { [IO.File]::ReadAllText($path) }) } else { [pscustomobject] @{} }
    $made = ConvertTo-MachineField -Bound $Bound
    $fields = $made.Fields
    $fields['id'] = "$MachineId"
    if ($Bound.Contains('Address') -or $Bound.Contains('AddressSeries')) {
        $old = @(Get-Field -Source $json -Name 'adapters' -Default @())
        $adapter = if ($old.Count -gt 0) { $old[0] } else {
            [pscustomobject] @{
                name       = 'Network Adapter'
                mac        = '00155D' + $MachineId.ToString('N').Substring(0, 6).ToUpperInvariant()
                switchName = 'Default Switch'; switchId = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'; addresses = @()
            }
        }
        $series = @(if ($Bound.Contains('AddressSeries')) { $Bound['AddressSeries'] } else { , [string[]] $Bound['Address'] })
        Add-Member -InputObject $adapter -NotePropertyName 'addresses' -Force -NotePropertyValue @(
            foreach ($shown in $series) { , @($shown | Where-Object { $_ }) })
        $fields['adapters'] = @($adapter) + @($old | Select-Object -Skip 1)
        Clear-QueryCount -MachineId $MachineId
    }
    $guest = Get-Field -Source $json -Name 'guest' -Default ([pscustomobject] @{})
    foreach ($name in $made.Guest.Keys) { Add-Member -InputObject $guest -NotePropertyName $name -NotePropertyValue $made.Guest[$name] -Force }
    $fields['guest'] = $guest
    foreach ($name in $fields.Keys) { Add-Member -InputObject $json -NotePropertyName $name -NotePropertyValue $fields[$name] -Force }
    Write-LabText -Path $path -Text (ConvertTo-Json -InputObject $json -Depth 20)
    if ($Bound.Contains('Agent') -and $Bound['Agent'] -eq 'ragnatramp') {
        # The script's first run tells the host that it is there.
        Edit-GuestPool -MachineId $MachineId -Pool 1 -Set @{ 'ragnatramp.guest' = 'v2 2.0.0 debian 12' }
    }
    if ($Bound.Contains('Hosts')) {
        $hosts = Get-GuestHostsPath -MachineId $MachineId -Os (Get-Field -Source $guest -Name 'os' -Default 'linux')
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($hosts))
        $bytes = if ($Bound['Hosts'] -is [byte[]]) { $Bound['Hosts'] } else { [Text.Encoding]::UTF8.GetBytes([string] $Bound['Hosts']) }
        [IO.File]::WriteAllBytes($hosts, $bytes)
    }
}

function Get-GuestHostsPath {
    <# .SYNOPSIS Where the guest's hosts file is. #>
    param([guid] $MachineId, [string] $Os)
    $part = if ($Os -eq 'windows') { 'Windows', 'System32', 'drivers', 'etc', 'hosts' } else { 'etc', 'hosts' }
    Get-LabPath -Part (@('guests', "$MachineId") + $part)
}

function ConvertTo-SimulatedVM {
    <# .SYNOPSIS A machine with what tests need. #>
    param([object] $Machine)
    [pscustomobject] @{
        Id        = $Machine.Id
        Name      = $Machine.Name
        State     = [string] $Machine.State
        GuestPath = Get-LabPath -Part 'guests', "$($Machine.Id)"
        HostsPath = Get-GuestHostsPath -MachineId $Machine.Id -Os $Machine.Os
    }
}

function Get-SimulatedVM {
    <#
    .SYNOPSIS
    The machines of the lab with what tests need: Id, Name, State, GuestPath (the guest's root folder), HostsPath.
    .PARAMETER Name
    Exactly this name; without it all.
    #>
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string] $Name)
    foreach ($machine in Get-LabMachine) {
        if (-not $Name -or $machine.Name -eq $Name) { ConvertTo-SimulatedVM -Machine $machine }
    }
}

function Remove-SimulatedVM {
    <#
    .SYNOPSIS
    Takes a machine away, as if somebody had deleted it; its guest folder goes too.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([Parameter(Mandatory = $true, Position = 0, ValueFromPipelineByPropertyName = $true)] [guid] $Id)
    process {
        if (-not $PSCmdlet.ShouldProcess($Id, 'Take a simulated machine away')) { return }
        foreach ($path in (Get-LabPath -Part 'vms', "$Id.json"), (Get-LabPath -Part 'exchange', "$Id.json")) {
            if ([IO.File]::Exists($path)) { [IO.File]::Delete($path) }
        }
        $guest = Get-LabPath -Part 'guests', "$Id"
        if ([IO.Directory]::Exists($guest)) { [IO.Directory]::Delete($guest, $true) }
    }
}
