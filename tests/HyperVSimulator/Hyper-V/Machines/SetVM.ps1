# Set-VM and Rename-VM: a machine's settings.

# What a machine that runs or is saved does not let be changed.
$script:OffSetting = 'ProcessorCount', 'DynamicMemory', 'StaticMemory', 'MemoryMinimumBytes', 'MemoryMaximumBytes', 'MemoryStartupBytes'
# The parameters that are kept as they are, with the machine's fields.
$script:SettingField = @{
    ProcessorCount = 'processorCount'; MemoryMinimumBytes = 'memoryMinimum'; MemoryMaximumBytes = 'memoryMaximum'
    MemoryStartupBytes = 'memoryStartup'; Notes = 'notes'; NewVMName = 'name'; SnapshotFileLocation = 'snapshotPath'
    AutomaticCheckpointsEnabled = 'automaticCheckpoints'; AutomaticStartDelay = 'startDelay'
    CheckpointType = 'checkpointType'; AutomaticStartAction = 'startAction'; AutomaticStopAction = 'stopAction'
}

function Get-MemoryFault {
    <# .SYNOPSIS What is wrong with the memory that a machine would have. #>
    param([string] $Name, [Collections.IDictionary] $Field, [hashtable] $Bound)
    foreach ($key in 'memoryStartup', 'memoryMinimum', 'memoryMaximum') {
        if ([long] $Field[$key] -lt 32MB -or [long] $Field[$key] % 2MB -ne 0) { return "Invalid memory amount assigned for '$Name'. The amount must be at least 32 MB and a multiple of 2 MB." }
    }
    if (-not $Field['dynamicMemory']) {
        if ($Bound.ContainsKey('MemoryMinimumBytes') -or $Bound.ContainsKey('MemoryMaximumBytes')) { return "'$Name' does not use dynamic memory: a minimum and a maximum have no meaning." }
        return
    }
    if ([long] $Field['memoryMinimum'] -gt [long] $Field['memoryStartup'] -or [long] $Field['memoryStartup'] -gt [long] $Field['memoryMaximum']) {
        "The startup memory of '$Name' must lie between its minimum and its maximum memory."
    }
}

function Get-SettingField {
    <# .SYNOPSIS The fields of a machine that Set-VM changes; where it is refused, one error instead. #>
    param([object] $Machine, [hashtable] $Bound)
    $argument = @{ Cmdlet = 'Set-VM'; Target = $Machine.Name }
    if ($Bound['DynamicMemory'] -and $Bound['StaticMemory']) { return Get-InvalidArgumentError @argument -Message 'DynamicMemory and StaticMemory cannot be used together.' }
    if ($Machine.State -ne 'Off' -and @($script:OffSetting | Where-Object { $Bound.ContainsKey($_) }).Count -gt 0) {
        return Get-InvalidStateError -Cmdlet 'Set-VM' -Name $Machine.Name
    }
    if ($Bound.ContainsKey('SnapshotFileLocation') -and @($Machine.Raw.snapshots).Count -gt 0) {
        return Get-HyperVError @argument -Id 'InvalidOperation' -Category InvalidOperation -Message "The checkpoint location of '$($Machine.Name)' cannot be changed while it has checkpoints."
    }
    $fields = @{}
    foreach ($name in $script:SettingField.Keys) {
        if (-not $Bound.ContainsKey($name)) { continue }
        $value = $Bound[$name]
        $fields[$script:SettingField[$name]] = if ($value -is [enum]) { "$value" } else { $value }
    }
    if ($Bound['DynamicMemory']) { $fields['dynamicMemory'] = $true }
    if ($Bound['StaticMemory']) { $fields['dynamicMemory'] = $false }
    $count = $fields['processorCount']
    if ($null -ne $count -and ($count -lt 1 -or $count -gt (Get-LabHost).Processors)) {
        return Get-InvalidArgumentError @argument -Message ("Cannot assign $count virtual processors to '$($Machine.Name)'. The number must be " +
            "from 1 to $((Get-LabHost).Processors), the number of logical processors of this computer.")
    }
    $after = @{}
    foreach ($key in 'memoryStartup', 'memoryMinimum', 'memoryMaximum', 'dynamicMemory') {
        $after[$key] = if ($fields.ContainsKey($key)) { $fields[$key] } else { $Machine.Raw[$key] }
    }
    if (@($after.Keys | Where-Object { $fields.ContainsKey($_) }).Count -gt 0) {
        $text = Get-MemoryFault -Name $Machine.Name -Field $after -Bound $Bound
        if ($text) { return Get-InvalidArgumentError @argument -Message $text }
    }
    $fields
}

function Invoke-SetVM {
    <# .SYNOPSIS Set-VM. Each machine changes as a whole or not at all. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) {
        $fields = Get-SettingField -Machine $machine -Bound $Bound
        if ($fields -is [Management.Automation.ErrorRecord]) { Write-LabFault -Call $Call -Caller $Caller -Fault $fields; continue }
        if (-not (Test-LabConsent -Caller $Caller -Target $machine.Name -Action 'Set-VM')) { continue }
        Edit-LabMachine -MachineId $machine.Id -Field $fields
        if ($Bound['Passthru']) { ConvertTo-HyperVMachine -Machine (Get-FreshMachine -MachineId $machine.Id) }
    }
}

function Invoke-RenameVM {
    <# .SYNOPSIS Rename-VM. Names need not be unique; folders and disks keep theirs. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) {
        if (-not (Test-LabConsent -Caller $Caller -Target $machine.Name -Action 'Rename-VM')) { continue }
        Edit-LabMachine -MachineId $machine.Id -Field @{ name = [string] $Bound.NewName }
        if ($Bound['Passthru']) { ConvertTo-HyperVMachine -Machine (Get-FreshMachine -MachineId $machine.Id) }
    }
}

function Invoke-GetVMHost {
    <# .SYNOPSIS Get-VMHost. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    if ($Bound.ContainsKey('ComputerName')) { $Caller.WriteDebug('The simulation has one computer.') }
    $lab = Get-LabHost
    $Call.Names = @($lab.ComputerName)
    [pscustomobject] @{
        PSTypeName               = 'Microsoft.HyperV.PowerShell.VMHost'
        Name                     = $lab.ComputerName
        ComputerName             = $lab.ComputerName
        FullyQualifiedDomainName = $lab.ComputerName.ToLowerInvariant()
        LogicalProcessorCount    = [int] $lab.Processors
        MemoryCapacity           = [long] $lab.Memory
        VirtualMachinePath       = $lab.MachinePath
        VirtualHardDiskPath      = $lab.DiskPath
        SupportedVmVersions      = [string[]] @('9.0', '10.0', '11.0', '12.0')
        SecureBootTemplates      = [string[]] @($script:SecureBootTemplates.Keys)
        IsDeleted                = $false
    }
}
