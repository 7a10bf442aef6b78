function Get-LabStatus {
    <#
    .SYNOPSIS
        Emits one row per machine of a lab, from the state and one look at Hyper-V.
    .DESCRIPTION
        Where Hyper-V does not answer, that is a warning, and the rows tell what the state knows.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Lab
        The lab, of Read-RagnaLab.
    .OUTPUTS
        Ragnatramp.MachineStatus
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.MachineStatus')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Lab
    )
    $machines = Get-HyperVMachine -Cmdlet $Cmdlet
    $look = 'null'
    if ($null -ne $machines.Failure) {
        $Cmdlet.WriteWarning("$($machines.Failure.message) What follows is what the state file knows. $($machines.Failure.remedy)")
    } else {
        $look = ConvertTo-Json -Compress -Depth 4 -InputObject @{
            vms = @(foreach ($machine in $machines.Output) { $machine.Plain })
        }
    }
    $now = [DateTime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", [cultureinfo]::InvariantCulture)
    $status = Invoke-RagnaNative machine_status (
        '{{"config":{0},"state":{1},"look":{2},"now":"{3}"}}' -f $Lab.Config, $Lab.State, $look, $now)
    if ($null -ne $status.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $status.Failure -Target $Lab.ConfigPath
        return
    }
    $answer = $status.Json | ConvertFrom-Json
    $doors = @{}
    if ($answer.HyperVAnswered) { $doors = Get-GuestDoor -Cmdlet $Cmdlet -Row $answer.Machines }
    foreach ($row in $answer.Machines) {
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
            GuestDoor      = $doors[$row.MachineName]
            ProcessorCount = $row.ProcessorCount
            MemoryMB       = $row.MemoryMB
            Checkpoints    = $row.Checkpoints
            InConfig       = $row.InConfig
            Drift          = $row.Drift
            Project        = $answer.Project
            ConfigPath     = $answer.ConfigPath
        }
        # For Get-VM, and only where there is a VM: an Id that is null would mean every VM of the host to it.
        if ($null -ne $machine.VMId) {
            $machine.PSObject.Properties.Add([System.Management.Automation.PSAliasProperty]::new('Id', 'VMId'))
        }
        $machine
    }
}
