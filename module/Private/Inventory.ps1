# What is asked of Hyper-V for the life of the machines: every VM and every disk that one uses, and more of the lab's own.
# Answers are copied to plain values at once.

function Get-HyperVInventory {
    # One look at Hyper-V: Plain, as the library's `lifecycle_plan` takes it; VM, Hyper-V's own objects by Id, for its
    # cmdlets; and Failure. What only some plans need is asked for on request. An error beside the answers about single VMs makes the
    # inventory incomplete, and the library draws no conclusion from what is missing then.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Inventory')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Open-RagnaLab.
        [Parameter(Mandatory)]
        [object] $Lab,

        # The disks of all VMs and of their checkpoints: who uses a file.
        [switch] $Drive,

        # The checkpoints of the lab's VMs.
        [switch] $Checkpoint,

        # The host's processors, free memory and switches.
        [switch] $HostFacts
    )
    $inventory = [pscustomobject]@{ PSTypeName = 'Ragnatramp.Inventory'; Plain = @{}; VM = @{}; Failure = $null }
    $objects = [System.Collections.Generic.List[object]]::new()
    $machines = Get-HyperVFact -Cmdlet $Cmdlet -VM $objects
    if ($null -ne $machines.Failure) {
        $inventory.Failure = $machines.Failure
        return $inventory
    }
    $plain = $inventory.Plain
    $plain.vms = $machines.Output[0]
    $plain.complete = $machines.Beside.Count -eq 0

    $ids = [System.Collections.Generic.HashSet[string]]::new([string[]] $Lab.VMId, [System.StringComparer]::OrdinalIgnoreCase)
    $names = [System.Collections.Generic.HashSet[string]]::new([string[]] $Lab.VMName, [System.StringComparer]::Ordinal)
    $ours = @(for ($row = 0; $row -lt $objects.Count; $row++) {
            if ($ids.Contains($plain.vms.id[$row]) -or $names.Contains($plain.vms.name[$row])) {
                $inventory.VM[$plain.vms.id[$row]] = $objects[$row]
                $objects[$row]
            }
        })
    $plain.details = @()
    $plain.checkpoints = @()
    if ($ours.Count -gt 0) {
        $details = Get-HyperVDetail -Cmdlet $Cmdlet -VM $ours -Disc:$Drive
        $inventory.Failure = $details.Failure
        $plain.details = @($details.Output)
    }
    $snapshots = [System.Collections.Generic.List[object]]::new()
    if ($null -eq $inventory.Failure -and ($Checkpoint -or $Drive) -and $objects.Count -gt 0) {
        $of = if ($Drive) { $objects.ToArray() } else { $ours }
        if ($of.Count -gt 0) {
            $checkpoints = Get-HyperVCheckpoint -Cmdlet $Cmdlet -VM $of -Snapshot $snapshots -MayBeEmpty
            $inventory.Failure = $checkpoints.Failure
            $plain.checkpoints = @(foreach ($one in $checkpoints.Output) { if ($inventory.VM.ContainsKey($one.vmId)) { $one } })
            if ($checkpoints.Beside.Count -gt 0) { $plain.complete = $false }
        }
    }
    if ($null -eq $inventory.Failure -and $Drive -and $objects.Count -gt 0) {
        $drives = Get-HyperVDrive -Cmdlet $Cmdlet -VM $objects.ToArray() -Snapshot $snapshots.ToArray()
        $inventory.Failure = $drives.Failure
        if ($null -eq $drives.Failure) {
            $plain.drives = $drives.Output[0]
            if ($drives.Beside.Count -gt 0) { $plain.complete = $false }
        }
    }
    if ($HostFacts) { $plain.host = Get-HyperVHostFact -Cmdlet $Cmdlet }
    $inventory
}

function Get-HyperVFact {
    # All VMs, in one query, as one table of what every plan needs. -VM takes Hyper-V's own objects, in the same order.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]] $VM
    )
    $kept = $VM
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-VM' -Script { Hyper-V\Get-VM -ErrorAction Continue } -Copy {
        param($found)
        $kept.AddRange([object[]] $found)
        @{
            id         = [string[]] @(foreach ($one in $found) { [string] $one.Id })
            name       = [string[]] @(foreach ($one in $found) { [string] $one.Name })
            state      = [string[]] @(foreach ($one in $found) { [string] $one.State })
            notes      = [string[]] @(foreach ($one in $found) { [string] $one.Notes })
            path       = [string[]] @(foreach ($one in $found) { [string] $one.Path })
            generation = [int[]] @(foreach ($one in $found) { [int] $one.Generation })
        }
    }
}

function Get-HyperVDetail {
    # What else is known of some VMs, one object each: two queries for all of them, a third where some are of generation 2, and
    # one for their discs on request.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # As Get-VM emitted them.
        [Parameter(Mandatory)]
        [object[]] $VM,

        # The discs in their DVD drives, too.
        [switch] $Disc
    )
    $count = "$($VM.Count) VMs"
    $adapters = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-VMNetworkAdapter -VM ($count)" -Script {
        Hyper-V\Get-VMNetworkAdapter -VM $VM -ErrorAction Continue
    }
    $services = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-VMIntegrationService -VM ($count)" -Script {
        Hyper-V\Get-VMIntegrationService -VM $VM -ErrorAction Continue
    }
    $withFirmware = @(foreach ($one in $VM) { if ([int] $one.Generation -eq 2) { $one } })
    $firmware = [pscustomobject]@{ Output = @(); Failure = $null }
    if ($withFirmware.Count -gt 0) {
        $firmware = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-VMFirmware -VM ($($withFirmware.Count) VMs)" -Script {
            Hyper-V\Get-VMFirmware -VM $withFirmware -ErrorAction Continue
        }
    }
    $discs = [pscustomobject]@{ Output = @(); Failure = $null }
    if ($Disc) {
        $discs = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-VMDvdDrive -VM ($count)" -Script {
            Hyper-V\Get-VMDvdDrive -VM $VM -ErrorAction Continue
        }
    }
    foreach ($answer in $adapters, $services, $firmware, $discs) {
        if ($null -ne $answer.Failure) { return $answer }
    }
    $switchIds = @{}
    foreach ($one in $adapters.Output) { $switchIds[[string] $one.VMId] = @($switchIds[[string] $one.VMId]) + [string] $one.SwitchId }
    $exchange = @{}
    $shutdown = @{}
    foreach ($one in $services.Output) {
        # By Id: the names are translated.
        $id = ([string] $one.Id -split '\\')[-1]
        if ($id -eq '2A34B1C2-FD73-4043-8A5B-DD2159BC743F') { $exchange[[string] $one.VMId] = [bool] $one.Enabled }
        if ($id -eq '9F8233AC-BE49-4C79-8EE3-E7E1985B2077' -and [bool] $one.Enabled -and $null -ne $one.PrimaryOperationalStatus) {
            $shutdown[[string] $one.VMId] = [int] $one.PrimaryOperationalStatus
        }
    }
    $discsOf = @{}
    foreach ($one in $discs.Output) {
        if (-not [string]::IsNullOrEmpty($one.Path)) { $discsOf[[string] $one.VMId] = @($discsOf[[string] $one.VMId]) + [string] $one.Path }
    }
    $firmwareOf = @{}
    foreach ($one in $firmware.Output) {
        $first = @($one.BootOrder)[0]
        $firmwareOf[[string] $one.VMId] = @{
            secureBoot    = [string] $one.SecureBoot -eq 'On'
            templateId    = [string] $one.SecureBootTemplateId
            firstBootPath = if ($null -ne $first -and [string] $first.BootType -eq 'Drive') { [string] $first.Device.Path } else { '' }
        }
    }
    $details = @(foreach ($one in $VM) {
            $id = [string] $one.Id
            $status = @($one.OperationalStatus)
            @{
                vmId                 = $id
                processorCount       = [long] $one.ProcessorCount
                memoryStartupBytes   = [long] $one.MemoryStartup
                memoryMinimumBytes   = [long] $one.MemoryMinimum
                memoryMaximumBytes   = [long] $one.MemoryMaximum
                dynamicMemory        = [bool] $one.DynamicMemoryEnabled
                automaticCheckpoints = [bool] $one.AutomaticCheckpointsEnabled
                startAction          = [string] $one.AutomaticStartAction
                stopAction           = [string] $one.AutomaticStopAction
                secondaryStatus      = if ($status.Count -gt 1 -and $null -ne $status[1]) { [int] $status[1] }
                switchIds            = [string[]] @(foreach ($switch in $switchIds[$id]) { [string] $switch })
                exchangeEnabled      = $exchange[$id]
                discPaths            = [string[]] @(foreach ($path in $discsOf[$id]) { [string] $path })
                shutdownStatus       = $shutdown[$id]
                firmware             = $firmwareOf[$id]
            }
        })
    [pscustomobject]@{ PSTypeName = 'Ragnatramp.HyperVResponse'; Output = $details; Failure = $null; Beside = @() }
}

function Get-HyperVCheckpoint {
    # The checkpoints of some VMs, the oldest first. -Snapshot takes Hyper-V's own objects.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # As Get-VM emitted them.
        [Parameter(Mandatory)]
        [object[]] $VM,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [System.Collections.Generic.List[object]] $Snapshot,

        # As of Invoke-HyperVQuery.
        [switch] $MayBeEmpty
    )
    $kept = $Snapshot
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-VMSnapshot -VM ($($VM.Count) VMs)" -Script {
        Hyper-V\Get-VMSnapshot -VM $VM -ErrorAction Continue
    } -Copy {
        param($found)
        $kept.AddRange([object[]] $found)
        foreach ($one in $found | Microsoft.PowerShell.Utility\Sort-Object -Property CreationTime) {
            @{
                id       = [string] $one.Id
                vmId     = [string] $one.VMId
                name     = [string] $one.Name
                parentId = if ($null -ne $one.ParentSnapshotId) { [string] $one.ParentSnapshotId }
            }
        }
    } -MayBeEmpty:$MayBeEmpty
}

function Get-HyperVDrive {
    # The hard disk drives of VMs and of checkpoints, as one table.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # As Get-VM emitted them.
        [Parameter(Mandatory)]
        [object[]] $VM,

        # As Get-VMSnapshot emitted them.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Snapshot
    )
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-VMHardDiskDrive ($($VM.Count) VMs, $($Snapshot.Count) checkpoints)" -Script {
        Hyper-V\Get-VMHardDiskDrive -VM $VM -ErrorAction Continue
        # Its -VMSnapshot takes one, unlike -VM.
        foreach ($one in $Snapshot) { Hyper-V\Get-VMHardDiskDrive -VMSnapshot $one -ErrorAction Continue }
    } -Copy {
        param($found)
        @{
            vmId         = [string[]] @(foreach ($one in $found) { [string] $one.VMId })
            checkpointId = [string[]] @(foreach ($one in $found) {
                    $id = [string] $one.VMSnapshotId
                    if ($id -eq [string] [guid]::Empty) { '' } else { $id }
                })
            path         = [string[]] @(foreach ($one in $found) { [string] $one.Path })
        }
    } -MayBeEmpty
}

function Get-HyperVHostFact {
    # What is known of the host. What it does not tell is left out: advice needs it, and nothing else.
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet
    )
    $facts = @{}
    $hosts = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-VMHost' -Script { Hyper-V\Get-VMHost -ErrorAction Stop }
    if ($hosts.Output.Count -gt 0) { $facts.logicalProcessors = [int] $hosts.Output[0].LogicalProcessorCount }
    $switches = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-VMSwitch' -Script { Hyper-V\Get-VMSwitch -ErrorAction Stop }
    if ($null -eq $switches.Failure) { $facts.switchIds = [string[]] @(foreach ($one in $switches.Output) { [string] $one.Id }) }
    $system = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-CimInstance Win32_OperatingSystem' -Script {
        CimCmdlets\Get-CimInstance -ClassName Win32_OperatingSystem -Property FreePhysicalMemory -ErrorAction Stop
    }
    # It counts kilobytes.
    if ($system.Output.Count -gt 0) { $facts.freeMemoryBytes = [long] $system.Output[0].FreePhysicalMemory * 1KB }
    $facts
}
