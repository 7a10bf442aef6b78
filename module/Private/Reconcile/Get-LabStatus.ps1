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
    if ($answer.hyperVAnswered) { $doors = Get-GuestDoor -Cmdlet $Cmdlet -Row $answer.machines }
    foreach ($row in $answer.machines) {
        $now = ConvertTo-RagnaObject -InputObject $row
        # The names under which Hyper-V's cmdlets and those for the network take what they need from the pipeline.
        $machine = [pscustomobject]@{
            PSTypeName     = 'Ragnatramp.MachineStatus'
            Machine        = $now.MachineName
            State          = $now.State
            IPv4           = $now.Ipv4
            ComputerName   = $now.Ipv4
            Source         = $now.Source
            Seen           = $now.Seen
            VMName         = $now.VmName
            VMId           = if ($now.VmId) { [guid] $now.VmId }
            AdapterName    = $now.AdapterName
            MacAddress     = $now.Mac
            IPv6           = $now.Ipv6
            PreviousIPv4   = $now.PreviousIpv4
            DiscoveredAt   = $now.DiscoveredAt
            GuestDoor      = $doors[$now.MachineName]
            ProcessorCount = $now.ProcessorCount
            MemoryMB       = $now.MemoryMB
            Checkpoints    = $now.Checkpoints
            InConfig       = $now.InConfig
            Drift          = $now.Drift
            Project        = $answer.project
            ConfigPath     = $answer.configPath
        }
        # For Get-VM, and only where there is a VM: an Id that is null would mean every VM of the host to it.
        if ($null -ne $machine.VMId) { $machine | Add-Member -MemberType AliasProperty -Name Id -Value VMId }
        $machine
    }
}

function Get-GuestDoor {
    # The way into each running guest by machine name: its door, or what is missing and the next step.
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Row
    )
    $doors = @{}
    $targets = @(foreach ($one in $Row) {
            if ($one.state -eq 'Running' -and $one.vmId -and $one.inConfig) {
                @{ machineName = $one.machineName; vmId = $one.vmId; vmName = $one.vmName; target = $one.vmName }
            }
        })
    if ($targets.Count -eq 0) { return $doors }
    $request = @{
        targets       = $targets
        transport     = 'Auto'
        hasCredential = $true
        exchange      = @((Get-GuestExchange -Cmdlet $Cmdlet).Output)
    }
    $answer = Invoke-RagnaNative guest_doors (ConvertTo-Json -Compress -Depth 4 -InputObject $request)
    if ($null -eq $answer.Failure) {
        foreach ($choice in ($answer.Json | ConvertFrom-Json).items) {
            $doors[$choice.machineName] = if ($null -ne $choice.door) { $choice.door } else {
                "none: $($choice.skipped.message). $($choice.skipped.remedy)"
            }
        }
    }
    $doors
}
