# Checkpoint-VM and the cmdlets of checkpoints.

function ConvertTo-HyperVSnapshot {
    <# .SYNOPSIS A checkpoint as Get-VMSnapshot shows it. Its state is only Off or Saved. #>
    param([object] $Machine, [object] $Snapshot)
    $parent = if ($null -ne $Snapshot.parentId) { [guid] $Snapshot.parentId } else { $null }
    $parentName = foreach ($one in @($Machine.Raw.snapshots)) { if ($one.id -eq $Snapshot.parentId) { [string] $one.name } }
    [pscustomobject] @{
        PSTypeName            = 'Microsoft.HyperV.PowerShell.VMSnapshot'
        Id                    = [guid] $Snapshot.id
        Name                  = [string] $Snapshot.name
        VMId                  = $Machine.Id
        VMName                = $Machine.Name
        SnapshotType          = [Microsoft.HyperV.PowerShell.SnapshotType]::Standard
        IsAutomaticCheckpoint = [bool] $Snapshot.automatic
        ParentSnapshotId      = $parent
        ParentSnapshotName    = $parentName
        ParentCheckpointId    = $parent
        ParentCheckpointName  = $parentName
        CreationTime          = Get-Moment -Value $Snapshot.createdAt
        State                 = [Microsoft.HyperV.PowerShell.VMState] $(if ($Snapshot.memory) { 'Saved' } else { 'Off' })
        Path                  = [string] $Machine.Raw.path
        Notes                 = [string] $Snapshot.settings.notes
        Generation            = $Machine.Generation
        ProcessorCount        = [long] $Snapshot.settings.processorCount
        MemoryStartup         = [long] $Snapshot.settings.memoryStartup
        DynamicMemoryEnabled  = [bool] $Snapshot.settings.dynamicMemory
        HardDrives            = @(ConvertTo-HyperVDrive -Machine $Machine -Kind 'disk' -Snapshot $Snapshot)
        DVDDrives             = @(ConvertTo-HyperVDrive -Machine $Machine -Kind 'dvd' -Snapshot $Snapshot)
        ComputerName          = (Get-LabHost).ComputerName
        IsDeleted             = $false
    }
}

function Get-CheckpointFault {
    <# .SYNOPSIS Why no checkpoint of a machine can be made; nothing where one can. #>
    param([object] $Machine, [string] $Name)
    $argument = @{ Cmdlet = 'Checkpoint-VM'; Target = $Machine.Name }
    if ($Name.Length -gt 100) { return Get-InvalidArgumentError @argument -Message 'The name of a checkpoint has at most 100 characters.' }
    if ($Machine.State -notin 'Off', 'Running', 'Saved', 'Paused') { return Get-InvalidStateError -Cmdlet 'Checkpoint-VM' -Name $Machine.Name }
    $operation = @{ Id = 'OperationFailed'; Category = 'NotSpecified' }
    if ($Machine.Raw.checkpointType -eq 'Disabled') { return Get-HyperVError @argument @operation -Message "Checkpoints have been disabled for '$($Machine.Name)'." }
    if (@($Machine.Raw.snapshots).Count -ge 50) { return Get-HyperVError @argument @operation -Message "'$($Machine.Name)' has 50 checkpoints, which is the most." }
    if ($Machine.Raw.checkpointType -eq 'ProductionOnly' -and $Machine.Running -and (Get-SnapshotMemory -Machine $Machine)) {
        Get-HyperVError @argument @operation -Message "Production checkpoints cannot be created for '$($Machine.Name)'."
    }
}

function Invoke-CheckpointVM {
    <# .SYNOPSIS Checkpoint-VM. Names need not be unique. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    foreach ($selected in @(Select-CallMachine -Call $Call -Caller $Caller)) {
        Use-LabLock {
            $machine = Get-FreshMachine -MachineId $selected.Id
            $name = if ($Bound['SnapshotName']) { [string] $Bound.SnapshotName } else { "$($machine.Name) - ($(Get-Date -Format 'G'))" }
            $fault = Get-CheckpointFault -Machine $machine -Name $name
            if ($fault) { Write-LabFault -Call $Call -Caller $Caller -Fault $fault; return }
            if (-not (Test-LabConsent -Caller $Caller -Target $machine.Name -Action $Call.Cmdlet)) { return }
            $id = Add-Snapshot -Machine $machine -Name $name
            if ($Bound['Passthru']) {
                $now = Get-FreshMachine -MachineId $machine.Id
                ConvertTo-HyperVSnapshot -Machine $now -Snapshot @($now.Raw.snapshots | Where-Object { $_.id -eq $id })[0]
            }
        }
    }
}

function Select-CallSnapshot {
    <# .SYNOPSIS The checkpoints that a call means by object, or by machine and name (wildcards): Machine and Snapshot of each. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    if ($Bound.ContainsKey('VMSnapshot')) {
        foreach ($one in $Call.Input['VMSnapshot']) {
            $machine = Get-FreshMachine -MachineId $one.VMId
            $found = @(if ($null -ne $machine) { $machine.Raw.snapshots | Where-Object { $_.id -eq "$($one.Id)" } })
            if ($found.Count -eq 1) { [pscustomobject] @{ Machine = $machine; Snapshot = $found[0] } }
            else { Write-LabFault -Call $Call -Caller $Caller -Fault (Get-LostObjectError -Cmdlet $Call.Cmdlet -Target $one.Name) }
        }
        return
    }
    $names = @($Call.Input['Name'] | Where-Object { $null -ne $_ })
    foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) {
        foreach ($snapshot in @($machine.Raw.snapshots | Sort-Object -Property createdAt)) {
            if ($names.Count -eq 0 -or (Test-AnyLike -Value $snapshot.name -Pattern $names)) { [pscustomobject] @{ Machine = $machine; Snapshot = $snapshot } }
        }
    }
}

function Invoke-GetSnapshot {
    <# .SYNOPSIS Get-VMSnapshot, oldest first. None found is an error only with a name or an id. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $found = @(if ($null -ne $Bound['Id']) {
            foreach ($machine in Get-LabMachine) {
                foreach ($one in @($machine.Raw.snapshots)) { if ($one.id -eq "$($Bound.Id)") { [pscustomobject] @{ Machine = $machine; Snapshot = $one } } }
            }
        }
        elseif ($Bound.ContainsKey('ChildOf') -or $Bound.ContainsKey('ParentOf')) {
            $near = if ($Bound.ContainsKey('ChildOf')) { $Bound.ChildOf } else { $Bound.ParentOf }
            $id = if ($near.PSObject.Properties['VMId']) { $near.VMId } else { $near.Id }
            $machine = Get-FreshMachine -MachineId $id
            foreach ($one in @($machine.Raw.snapshots)) {
                $fits = if ($Bound.ContainsKey('ChildOf')) { $one.parentId -eq "$($near.Id)" } else { $one.id -eq "$($near.ParentSnapshotId)" }
                if ($fits -and (-not $Bound['Name'] -or $one.name -like $Bound.Name)) { [pscustomobject] @{ Machine = $machine; Snapshot = $one } }
            }
        }
        else { Select-CallSnapshot -Call $Call -Caller $Caller -Bound $Bound })
    if ($null -ne $Bound['SnapshotType'] -and "$($Bound.SnapshotType)" -ne 'Standard') { $found = @() }
    if ($found.Count -eq 0 -and ($Bound.ContainsKey('Name') -or $null -ne $Bound['Id'] -or $null -ne $Bound['SnapshotType'])) {
        $fault = Get-MissingError -Cmdlet $Call.Cmdlet -Message 'Hyper-V was unable to find a checkpoint that fits.' -Target $Bound['Name']
        Write-LabFault -Call $Call -Caller $Caller -Fault $fault
    }
    foreach ($one in $found) { ConvertTo-HyperVSnapshot -Machine $one.Machine -Snapshot $one.Snapshot }
}

function Invoke-RenameSnapshot {
    <# .SYNOPSIS Rename-VMSnapshot. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $one = Get-OneSnapshot -Call $Call -Caller $Caller -Bound $Bound
    if ($null -eq $one -or -not (Test-LabConsent -Caller $Caller -Target $one.Snapshot.name -Action $Call.Cmdlet)) { return }
    Edit-Snapshot -Machine $one.Machine -SnapshotId $one.Snapshot.id -Field @{ name = [string] $Bound.NewName }
    if ($Bound['Passthru']) {
        $one.Snapshot.name = [string] $Bound.NewName
        ConvertTo-HyperVSnapshot -Machine $one.Machine -Snapshot $one.Snapshot
    }
}

function Get-OneSnapshot {
    <# .SYNOPSIS The one checkpoint that a call means; none or several are an error. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $told = $Call.Faults.Count
    $found = @(Select-CallSnapshot -Call $Call -Caller $Caller -Bound $Bound)
    if ($found.Count -eq 1) { return $found[0] }
    # An object that is gone, or a machine, has had its error.
    if ($Bound.ContainsKey('VMSnapshot') -or $Call.Faults.Count -gt $told) { return }
    $fault = if ($found.Count -eq 0) { Get-MissingError -Cmdlet $Call.Cmdlet -Message "Hyper-V was unable to find a checkpoint with name `"$($Bound['Name'])`"." -Target $Bound['Name'] }
    else { Get-InvalidArgumentError -Cmdlet $Call.Cmdlet -Message "More than one checkpoint has the name `"$($Bound['Name'])`"." -Target $Bound['Name'] }
    Write-LabFault -Call $Call -Caller $Caller -Fault $fault
}

function Invoke-RestoreSnapshot {
    <#
    .SYNOPSIS
    Restore-VMSnapshot. A machine that runs or is paused is saved first; where it ran and is Saved afterwards, it is started again.
    #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $one = Get-OneSnapshot -Call $Call -Caller $Caller -Bound $Bound
    if ($null -eq $one) { return }
    if ($one.Machine.State -notin 'Off', 'Running', 'Saved', 'Paused') {
        Write-LabFault -Call $Call -Caller $Caller -Fault (Get-InvalidStateError -Cmdlet $Call.Cmdlet -Name $one.Machine.Name)
        return
    }
    if (-not (Test-LabConsent -Caller $Caller -Target $one.Machine.Name -Action "$($Call.Cmdlet) $($one.Snapshot.name)")) { return }
    $fault = Use-LabLock {
        Restore-Snapshot -Machine $one.Machine -Snapshot $one.Snapshot
        if ($one.Machine.Running -and $one.Snapshot.memory) { Start-LabMachine -Machine $one.Machine }
    }
    if ($fault) { Write-LabFault -Call $Call -Caller $Caller -Fault $fault }
    if ($Bound['Passthru']) { ConvertTo-HyperVSnapshot -Machine (Get-FreshMachine -MachineId $one.Machine.Id) -Snapshot $one.Snapshot }
}

function Invoke-RemoveSnapshot {
    <# .SYNOPSIS Remove-VMSnapshot: no match is silent. It ends before the disks are merged. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    foreach ($one in @(Select-CallSnapshot -Call $Call -Caller $Caller -Bound $Bound)) {
        if (-not (Test-LabConsent -Caller $Caller -Target $one.Snapshot.name -Action $Call.Cmdlet)) { continue }
        Use-LabLock {
            $ids = @($one.Snapshot.id)
            if ($Bound['IncludeAllChildSnapshots']) {
                for ($at = 0; $at -lt $ids.Count; $at++) { $ids += @($one.Machine.Raw.snapshots | Where-Object { $_.parentId -eq $ids[$at] } | ForEach-Object { $_.id }) }
                [Array]::Reverse($ids)
            }
            foreach ($id in $ids) { Remove-Snapshot -Machine $one.Machine -SnapshotId $id }
        }
        if ($Bound['Passthru']) { ConvertTo-HyperVSnapshot -Machine $one.Machine -Snapshot $one.Snapshot }
    }
}
