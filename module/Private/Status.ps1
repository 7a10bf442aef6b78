# What Get-RagnaStatus emits.

function Get-LabStatus {
    # One row per machine of a lab, from the state and one snapshot of Hyper-V. Where Hyper-V does not answer, a warning says that
    # the rows tell what the state knows, and an error comes behind them, so that -ErrorAction Stop stops.
    [CmdletBinding()]
    [OutputType('Ragnatramp.MachineStatus')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Lab
    )
    $refusal = $null
    $request = @{ snapshot = $null; exchange = @() }
    $machines = Get-HyperVMachine -Cmdlet $Cmdlet -Hardware
    if ($null -ne $machines.Failure) {
        $Cmdlet.WriteWarning("$($machines.Failure.message) What follows is what the state file knows. $($machines.Failure.remedy)")
        $refusal = $machines.Failure
    } else {
        $request.snapshot = @{ vms = $machines.Output[0] }
        $known = [System.Collections.Generic.HashSet[string]]::new([string[]] $Lab.VMId, [System.StringComparer]::OrdinalIgnoreCase)
        if ($known.Overlaps([string[]] $machines.Output[0].id)) {
            $exchange = Get-DataExchange -Cmdlet $Cmdlet -About Guest
            $request.exchange = $exchange.Output
            if ($null -ne $exchange.Failure) { Write-DataExchangeWarning -Cmdlet $Cmdlet -Failure $exchange.Failure }
        }
    }
    $status = Invoke-RagnaExport machine_status -Lab $Lab $request
    if ($null -ne $status.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $status.Failure -Target $Lab.ConfigPath
        return
    }
    $watch = $status.Response.Watch
    if ($null -ne $watch) { Convert-RecordedTime -InputObject $watch }
    # To make the rows is most of the work of a large lab: a copy of a row that is there takes half as long as a new one, and what is done for each is
    # written out here, without calls. Id is for Get-VM, and only where there is a VM: one that is null would mean every VM of the host to it.
    $created = [pscustomobject]@{
        PSTypeName     = 'Ragnatramp.MachineStatus'
        Machine        = $null
        State          = $null
        IPv4           = $null
        ComputerName   = $null
        Source         = $null
        Seen           = $null
        VMName         = $null
        VMId           = $null
        AdapterName    = $null
        MacAddress     = $null
        IPv6           = $null
        PreviousIPv4   = $null
        DiscoveredAt   = $null
        GuestTransport = $null
        ProcessorCount = $null
        MemoryMB       = $null
        Checkpoints    = $null
        InConfig       = $null
        Drift          = $null
        Project        = $status.Response.Project
        ConfigPath     = $status.Response.ConfigPath
        Watched        = $null -ne $watch
        WatchedSince   = if ($null -ne $watch) { $watch.StartedAt }
        WatchedBy      = if ($null -ne $watch) { $watch.Process }
        Id             = $null
    }
    $notCreated = $created.PSObject.Copy()
    $notCreated.PSObject.Properties.Remove('Id')
    $rows = $status.Response.Machines
    $names, $states, $ids, $ipv4, $found = $rows.MachineName, $rows.State, $rows.VmId, $rows.Ipv4, $rows.DiscoveredAt
    $vmNames, $sources, $seen, $adapters, $macs = $rows.VmName, $rows.Source, $rows.Seen, $rows.AdapterName, $rows.Mac
    $ipv6, $previous, $transports, $drift = $rows.Ipv6, $rows.PreviousIpv4, $rows.GuestTransport, $rows.Drift
    $processors, $memory, $checkpoints, $inConfig = $rows.ProcessorCount, $rows.MemoryMB, $rows.Checkpoints, $rows.InConfig
    for ($row = 0; $row -lt $names.Count; $row++) {
        $id = $ids[$row]
        # The names are those under which Hyper-V's cmdlets and those for the network take what they need from the pipeline.
        if ($null -eq $id) {
            $machine = $notCreated.PSObject.Copy()
        } else {
            $machine = $created.PSObject.Copy()
            $machine.VMId = $machine.Id = [guid] $id
        }
        $machine.Machine = $names[$row]
        $machine.State = $states[$row]
        $machine.IPv4 = $machine.ComputerName = $ipv4[$row]
        $machine.Source = $sources[$row]
        $machine.Seen = $seen[$row]
        $machine.VMName = $vmNames[$row]
        $machine.AdapterName = $adapters[$row]
        $machine.MacAddress = $macs[$row]
        $machine.IPv6 = $ipv6[$row]
        $machine.PreviousIPv4 = $previous[$row]
        $at = $found[$row]
        if ($null -ne $at) { $machine.DiscoveredAt = if ($at -is [datetime]) { $at.ToLocalTime() } else { ConvertTo-LocalTime -Value $at } }
        $machine.GuestTransport = $transports[$row]
        $machine.ProcessorCount = $processors[$row]
        $machine.MemoryMB = $memory[$row]
        foreach ($checkpoint in $checkpoints[$row]) { Convert-RecordedTime -InputObject $checkpoint }
        $machine.Checkpoints = $checkpoints[$row]
        $machine.InConfig = $inConfig[$row]
        $machine.Drift = $drift[$row]
        $machine
    }
    if ($null -ne $refusal) { Write-RagnaFailure -Cmdlet $Cmdlet -Failure $refusal -Target $Lab.ConfigPath }
}
