# What the cmdlets change in a machine's file.

function Save-MachineState {
    <#
    .SYNOPSIS
    Writes a machine's new state. A start notes its time, begins a series of addresses anew, gives a MAC where there is none yet, and
    the guest's daemon the host's items again.
    #>
    param([object] $Machine, [string] $State)
    $path = Get-LabPath -Part 'vms', "$($Machine.Id).json"
    $json = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($path))
    Add-Member -InputObject $json -NotePropertyName 'state' -NotePropertyValue $State -Force
    if ($State -eq 'Running') {
        $now = [datetime]::UtcNow.ToString('o', [Globalization.CultureInfo]::InvariantCulture)
        Add-Member -InputObject $json -NotePropertyName 'startedAt' -NotePropertyValue $now -Force
        $index = 0
        foreach ($adapter in @(Get-Field -Source $json -Name 'adapters' -Default @())) {
            if ($adapter.mac -eq '000000000000') {
                $tail = $Machine.Id.ToString('N').Substring(0, 4).ToUpperInvariant()
                $adapter.mac = '00155D{0}{1:X2}' -f $tail, $index
            }
            $index++
        }
        Clear-QueryCount -MachineId $Machine.Id
    }
    [IO.File]::WriteAllText($path, (ConvertTo-Json -InputObject $json -Depth 8))
    if ($State -eq 'Running') { Send-HostItem -MachineId $Machine.Id }
}
