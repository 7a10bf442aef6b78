# A machine as Get-VM shows it: real names and types.

# The properties that the real object asks for when they are read. Their code runs outside of this module, which it finds by name.
$script:LazyProperty = @{
    NetworkAdapters      = { , @(& (Get-Module -Name 'Hyper-V') { param($shown) Get-LazyValue -Shown $shown -Name 'NetworkAdapters' } $this) }
    VMIntegrationService = { , @(& (Get-Module -Name 'Hyper-V') { param($shown) Get-LazyValue -Shown $shown -Name 'VMIntegrationService' } $this) }
    HardDrives           = { , @(& (Get-Module -Name 'Hyper-V') { param($shown) Get-LazyValue -Shown $shown -Name 'HardDrives' } $this) }
    DVDDrives            = { , @(& (Get-Module -Name 'Hyper-V') { param($shown) Get-LazyValue -Shown $shown -Name 'DVDDrives' } $this) }
}

function Initialize-LazyProperty {
    <# .SYNOPSIS Gives machines the properties of LazyProperty, in this runspace. #>
    foreach ($name in $script:LazyProperty.Keys) {
        Update-TypeData -TypeName 'Microsoft.HyperV.PowerShell.VirtualMachine' -MemberType ScriptProperty -MemberName $name `
            -Value $script:LazyProperty[$name] -Force
    }
}

function Get-LazyValue {
    <# .SYNOPSIS What a property of LazyProperty holds now; nothing of a machine that is gone. #>
    param([object] $Shown, [string] $Name)
    $machine = Get-ShownMachine -Shown $Shown
    if ($null -eq $machine) { return }
    switch ($Name) {
        'NetworkAdapters' { ConvertTo-HyperVAdapter -Machine $machine -ComputerName (Get-LabHost).ComputerName }
        'VMIntegrationService' { ConvertTo-HyperVService -Machine $machine }
        'HardDrives' { ConvertTo-HyperVDrive -Machine $machine -Kind 'disk' }
        'DVDDrives' { ConvertTo-HyperVDrive -Machine $machine -Kind 'dvd' }
    }
}

function Get-ShownMachine {
    <# .SYNOPSIS The machine behind an object of Get-VM: as it is now, without looking through the whole folder. #>
    param([object] $Shown)
    $known = $script:MachineCache.Files["$($Shown.Id).json"]
    if ($null -ne $known -and $null -ne $known.Machine) {
        $file = New-Object -TypeName System.IO.FileInfo -ArgumentList (Get-LabPath -Part 'vms', "$($Shown.Id).json")
        if ($file.Exists -and $known.Stamp -eq "$($file.LastWriteTimeUtc.Ticks)|$($file.Length)") { return $known.Machine }
    }
    Get-FreshMachine -MachineId $Shown.Id
}

# What the descriptions of an operation say.
$script:OperationText = @{
    CreatingSnapshot = 'Creating checkpoint'; ApplyingSnapshot = 'Applying checkpoint'; DeletingSnapshot = 'Deleting checkpoint'
    MergingDisks = 'Merging disks'; ExportingVirtualMachine = 'Exporting'; BackingUpVirtualMachine = 'Backing up'
}

function Get-MachineHeartbeat {
    <# .SYNOPSIS The heartbeat: null while the machine does not run. #>
    param([object] $Machine)
    if (-not $Machine.Running) { return $null }
    $word = if ($Machine.Boots -and $Machine.Guest.shutdown -ne 'none') { 'OkApplicationsUnknown' } else { 'NoContact' }
    $word -as [Microsoft.HyperV.PowerShell.VMHeartbeatStatus]
}

function Get-SnapshotName {
    <# .SYNOPSIS The name of the checkpoint on which a machine stands. #>
    param([object] $Machine)
    foreach ($snapshot in @($Machine.Raw.snapshots)) { if ($snapshot.id -eq $Machine.Raw.parentSnapshotId) { return [string] $snapshot.name } }
}

function ConvertTo-HyperVMachine {
    <# .SYNOPSIS Machines as Get-VM shows them at this moment. #>
    param([object[]] $Machine)
    $lab = Get-LabHost
    $now = [datetime]::Now
    $fine = [Microsoft.HyperV.PowerShell.VMOperationalStatus[]] @('Ok')
    foreach ($one in $Machine) {
        $running = $one.Running
        $raw = $one.Raw
        $status = $fine
        $text = 'Operating normally'
        $second = $null
        if ($raw.operation) {
            $second = [Microsoft.HyperV.PowerShell.VMOperationalStatus] $raw.operation
            # WMI's number for it, which has no name in the enum.
            if ($raw.operation -eq 'ApplyingSnapshot') { $second = [Enum]::ToObject([Microsoft.HyperV.PowerShell.VMOperationalStatus], 32769) }
            $status = [Microsoft.HyperV.PowerShell.VMOperationalStatus[]] @('Ok', $second)
            $text = if ($script:OperationText.ContainsKey($raw.operation)) { $script:OperationText[$raw.operation] } else { $raw.operation }
        }
        $path = if ($null -ne $raw.path) { [string] $raw.path } else { 'C:\ProgramData\Microsoft\Windows\Hyper-V' }
        $snapshots = if ($null -ne $raw.snapshotPath) { [string] $raw.snapshotPath } else { $path }
        $parent = if ($null -ne $raw.parentSnapshotId) { [guid] $raw.parentSnapshotId } else { $null }
        $parentName = if ($null -ne $parent) { Get-SnapshotName -Machine $one } else { $null }
        [pscustomobject] @{
            PSTypeName                   = 'Microsoft.HyperV.PowerShell.VirtualMachine'
            Name                         = $one.Name
            VMName                       = $one.Name
            Id                           = $one.Id
            VMId                         = $one.Id
            State                        = $one.State
            Status                       = $text
            StatusDescriptions           = if ($null -ne $second) { [string[]] @('Operating normally', $text) } else { [string[]] @($text) }
            PrimaryStatusDescription     = 'Operating normally'
            SecondaryStatusDescription   = if ($null -ne $second) { $text } else { '' }
            OperationalStatus            = $status
            PrimaryOperationalStatus     = $fine[0]
            SecondaryOperationalStatus   = $second
            Notes                        = $one.Notes
            Generation                   = $one.Generation
            ProcessorCount               = $one.ProcessorCount
            MemoryStartup                = $one.MemoryStartup
            MemoryMinimum                = [long] $raw.memoryMinimum
            MemoryMaximum                = [long] $raw.memoryMaximum
            MemoryAssigned               = if ($running) { $one.MemoryStartup } else { [long] 0 }
            DynamicMemoryEnabled         = [bool] $raw.dynamicMemory
            CPUUsage                     = 0
            Uptime                       = if ($running -and $null -ne $one.StartedAt) { $now - $one.StartedAt } else { [timespan]::Zero }
            CreationTime                 = $one.CreatedAt
            Version                      = '12.0'
            Path                         = $path
            ConfigurationLocation        = $path
            SnapshotFileLocation         = $snapshots
            CheckpointFileLocation       = $snapshots
            SmartPagingFilePath          = $path
            AutomaticCheckpointsEnabled  = [bool] $raw.automaticCheckpoints
            CheckpointType               = [Microsoft.HyperV.PowerShell.CheckpointType] $raw.checkpointType
            AutomaticStartAction         = [Microsoft.HyperV.PowerShell.StartAction] $raw.startAction
            AutomaticStartDelay          = [int] $raw.startDelay
            AutomaticStopAction          = [Microsoft.HyperV.PowerShell.StopAction] $raw.stopAction
            ComputerName                 = $lab.ComputerName
            ParentSnapshotId             = $parent
            ParentSnapshotName           = $parentName
            ParentCheckpointId           = $parent
            ParentCheckpointName         = $parentName
            Heartbeat                    = Get-MachineHeartbeat -Machine $one
            # Always these two, whatever runs in the guest.
            IntegrationServicesState     = ''
            IntegrationServicesVersion   = [version] '0.0'
            IsClustered                  = $false
            IsDeleted                    = $false
            VirtualMachineType           = [Microsoft.HyperV.PowerShell.VirtualMachineType]::Realized
            VirtualMachineSubType        = [Microsoft.HyperV.PowerShell.VirtualMachineSubType] $one.Generation
        }
    }
}
