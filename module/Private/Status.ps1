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
    # To make the rows is most of the work of a large lab, so what is done for each is written out here, without calls.
    $rows = $status.Response.Machines
    for ($row = 0; $row -lt $rows.MachineName.Count; $row++) {
        foreach ($checkpoint in $rows.Checkpoints[$row]) { Convert-RecordedTime -InputObject $checkpoint }
        $found = $rows.DiscoveredAt[$row]
        $id = if ($rows.VmId[$row]) { [guid] $rows.VmId[$row] }
        # The names under which Hyper-V's cmdlets and those for the network take what they need from the pipeline.
        $machine = [pscustomobject]@{
            PSTypeName     = 'Ragnatramp.MachineStatus'
            Machine        = $rows.MachineName[$row]
            State          = $rows.State[$row]
            IPv4           = $rows.Ipv4[$row]
            ComputerName   = $rows.Ipv4[$row]
            Source         = $rows.Source[$row]
            Seen           = $rows.Seen[$row]
            VMName         = $rows.VmName[$row]
            VMId           = $id
            AdapterName    = $rows.AdapterName[$row]
            MacAddress     = $rows.Mac[$row]
            IPv6           = $rows.Ipv6[$row]
            PreviousIPv4   = $rows.PreviousIpv4[$row]
            DiscoveredAt   = if ($found -is [datetime]) { $found.ToLocalTime() } elseif ($null -ne $found) { ConvertTo-LocalTime -Value $found }
            GuestTransport = $rows.GuestTransport[$row]
            ProcessorCount = $rows.ProcessorCount[$row]
            MemoryMB       = $rows.MemoryMB[$row]
            Checkpoints    = $rows.Checkpoints[$row]
            InConfig       = $rows.InConfig[$row]
            Drift          = $rows.Drift[$row]
            Project        = $status.Response.Project
            ConfigPath     = $status.Response.ConfigPath
            Watched        = $null -ne $watch
            WatchedSince   = if ($null -ne $watch) { $watch.StartedAt }
            WatchedBy      = if ($null -ne $watch) { $watch.Process }
            Id             = $id
        }
        # For Get-VM, and only where there is a VM: an Id that is null would mean every VM of the host to it.
        if ($null -eq $id) { $machine.PSObject.Properties.Remove('Id') }
        $machine
    }
    if ($null -ne $refusal) { Write-RagnaFailure -Cmdlet $Cmdlet -Failure $refusal -Target $Lab.ConfigPath }
}
