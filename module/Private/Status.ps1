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
        $there = @(foreach ($id in $machines.Output[0].id) { if ($Lab.VMId -contains $id) { $id } })
        if ($there.Count -gt 0) {
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
    foreach ($row in $status.Response.Machines) {
        Convert-RecordedTime -InputObject $row
        foreach ($checkpoint in $row.Checkpoints) { Convert-RecordedTime -InputObject $checkpoint }
        # The names under which Hyper-V's cmdlets and those for the network take what they need from the pipeline.
        $machine = [pscustomobject]@{
            PSTypeName     = 'Ragnatramp.MachineStatus'
            Machine        = $row.MachineName
            State          = $row.State
            IPv4           = $row.Ipv4
            ComputerName   = $row.Ipv4
            Source         = $row.Source
            Seen           = $row.Seen
            VMName         = $row.VmName
            VMId           = if ($row.VmId) { [guid] $row.VmId }
            AdapterName    = $row.AdapterName
            MacAddress     = $row.Mac
            IPv6           = $row.Ipv6
            PreviousIPv4   = $row.PreviousIpv4
            DiscoveredAt   = $row.DiscoveredAt
            GuestTransport = $row.GuestTransport
            ProcessorCount = $row.ProcessorCount
            MemoryMB       = $row.MemoryMB
            Checkpoints    = $row.Checkpoints
            InConfig       = $row.InConfig
            Drift          = $row.Drift
            Project        = $status.Response.Project
            ConfigPath     = $status.Response.ConfigPath
            Watched        = $null -ne $watch
            WatchedSince   = if ($null -ne $watch) { $watch.StartedAt }
            WatchedBy      = if ($null -ne $watch) { $watch.Process }
        }
        # For Get-VM, and only where there is a VM: an Id that is null would mean every VM of the host to it.
        if ($null -ne $machine.VMId) {
            $machine.PSObject.Properties.Add([System.Management.Automation.PSAliasProperty]::new('Id', 'VMId'))
        }
        $machine
    }
    if ($null -ne $refusal) { Write-RagnaFailure -Cmdlet $Cmdlet -Failure $refusal -Target $Lab.ConfigPath }
}
