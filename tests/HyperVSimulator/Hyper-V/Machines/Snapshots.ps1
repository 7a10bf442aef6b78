# Checkpoints of a machine, as its file holds them: {id, name, automatic, memory, parentId, createdAt, settings}.

# The settings that a checkpoint keeps and a restore takes back; the name is none of them.
$script:SnapshotSetting = @(
    'notes', 'processorCount', 'memoryStartup', 'memoryMinimum', 'memoryMaximum', 'dynamicMemory', 'automaticCheckpoints'
    'checkpointType', 'startAction', 'startDelay', 'stopAction', 'adapters', 'drives', 'firmware', 'services'
)

function New-ChildDisk {
    <# .SYNOPSIS Makes a differencing disk beside a disk, named as Hyper-V names those of checkpoints, and returns its path. #>
    param([string] $Path)
    $name = [IO.Path]::GetFileNameWithoutExtension($Path) -replace '_[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$', ''
    $ending = if ([IO.Path]::GetExtension($Path) -in '.vhd', '.avhd') { 'avhd' } else { 'avhdx' }
    $child = [IO.Path]::Combine([IO.Path]::GetDirectoryName($Path), "${name}_$([guid]::NewGuid().ToString().ToUpperInvariant()).$ending")
    Write-NewDisk -Path $child -ParentPath $Path
    $child
}

function Move-DriveToChild {
    <# .SYNOPSIS The drives with each existing disk replaced by a new child of it. #>
    param([object[]] $Drive)
    foreach ($one in $Drive) {
        $path = if ($one.kind -eq 'disk' -and $one.path -and [IO.File]::Exists($one.path)) { New-ChildDisk -Path $one.path } else { $one.path }
        New-DriveField -Kind $one.kind -Controller $one.controller -Number $one.number -Location $one.location -Path $path
    }
}

function Get-SnapshotMemory {
    <# .SYNOPSIS Whether a checkpoint made now holds the guest's memory: one of an off machine does not, a production one neither. #>
    param([object] $Machine)
    if ($Machine.State -eq 'Off') { return $false }
    if ($Machine.State -ne 'Running' -or $Machine.Raw.checkpointType -eq 'Standard') { return $true }
    # Production becomes Standard without a word where the guest cannot freeze its file systems.
    -not ((Test-ServiceEnabled -Machine $Machine -Name 'VSS') -and (Test-ServiceContact -Machine $Machine -Name 'VSS'))
}

function Add-Snapshot {
    <# .SYNOPSIS Makes a checkpoint: it keeps the disks as they are, the machine goes on with children of them. #>
    param([object] $Machine, [string] $Name, [switch] $Automatic)
    Complete-Merge -Machine $Machine
    $now = Get-FreshMachine -MachineId $Machine.Id
    $settings = @{}
    foreach ($key in $script:SnapshotSetting) { $settings[$key] = $now.Raw[$key] }
    $id = "$([guid]::NewGuid())"
    $snapshot = @{
        id = $id; name = $Name; automatic = [bool] $Automatic; memory = Get-SnapshotMemory -Machine $now; parentId = $now.Raw.parentSnapshotId
        createdAt = Get-JsonTime; settings = $settings
    }
    Edit-LabMachine -MachineId $now.Id -Field @{
        snapshots = @($now.Raw.snapshots) + @($snapshot); parentSnapshotId = $id; drives = @(Move-DriveToChild -Drive @($now.Raw.drives))
    }
    $id
}

function Edit-Snapshot {
    <# .SYNOPSIS Puts fields into a checkpoint. #>
    param([object] $Machine, [guid] $SnapshotId, [hashtable] $Field)
    Use-LabLock {
        $snapshots = @((Get-FreshMachine -MachineId $Machine.Id).Raw.snapshots)
        foreach ($snapshot in $snapshots) {
            if ($snapshot.id -ne "$SnapshotId") { continue }
            foreach ($name in $Field.Keys) { $snapshot.$name = $Field[$name] }
        }
        Edit-LabMachine -MachineId $Machine.Id -Field @{ snapshots = $snapshots }
    }
}

function Remove-Snapshot {
    <# .SYNOPSIS Takes a checkpoint out of the list; its children get its parent. The disks are merged later. #>
    param([object] $Machine, [guid] $SnapshotId)
    $now = Get-FreshMachine -MachineId $Machine.Id
    $gone = @($now.Raw.snapshots | Where-Object { $_.id -eq "$SnapshotId" })
    if ($gone.Count -eq 0) { return }
    $left = @($now.Raw.snapshots | Where-Object { $_.id -ne "$SnapshotId" })
    foreach ($one in $left) { if ($one.parentId -eq "$SnapshotId") { $one.parentId = $gone[0].parentId } }
    $parent = if ($now.Raw.parentSnapshotId -eq "$SnapshotId") { $gone[0].parentId } else { $now.Raw.parentSnapshotId }
    Edit-LabMachine -MachineId $now.Id -Field @{ snapshots = $left; parentSnapshotId = $parent }
    Update-MergePlan -Machine (Get-FreshMachine -MachineId $now.Id) -Loose @(Get-SnapshotDisk -Snapshot $gone[0])
}

function Remove-AllSnapshot {
    <# .SYNOPSIS What Remove-VM does with checkpoints: their merges go on without the machine. #>
    param([object] $Machine)
    $loose = @(foreach ($snapshot in @($Machine.Raw.snapshots)) { Get-SnapshotDisk -Snapshot $snapshot })
    if ($loose.Count -eq 0 -and @($Machine.Raw.merges).Count -eq 0) { return }
    Edit-LabMachine -MachineId $Machine.Id -Field @{ snapshots = @(); parentSnapshotId = $null }
    Update-MergePlan -Machine (Get-FreshMachine -MachineId $Machine.Id) -Loose $loose
    $merges = @((Get-FreshMachine -MachineId $Machine.Id).Raw.merges)
    if ($merges.Count -eq 0) { return }
    $null = [IO.Directory]::CreateDirectory((Get-LabPath -Part 'orphans'))
    Write-LabText -Path (Get-LabPath -Part 'orphans', "$($Machine.Key).json") -Text (ConvertTo-Json -InputObject @{ merges = $merges } -Depth 5)
}

function Get-SnapshotDisk {
    <# .SYNOPSIS The disks of a checkpoint. #>
    param([object] $Snapshot)
    foreach ($drive in @($Snapshot.settings.drives)) { if ($drive.kind -eq 'disk' -and $drive.path) { [string] $drive.path } }
}

function Restore-Snapshot {
    <#
    .SYNOPSIS
    Puts a machine back to a checkpoint: its settings of then, new children of the disks of then. It is Saved where the checkpoint holds
    memory, else Off; the children that the machine had are deleted where nothing needs them.
    #>
    param([object] $Machine, [object] $Snapshot)
    Complete-Merge -Machine $Machine
    $now = Get-FreshMachine -MachineId $Machine.Id
    $kept = @(foreach ($one in @($now.Raw.snapshots)) { Get-SnapshotDisk -Snapshot $one })
    $fields = @{ parentSnapshotId = $Snapshot.id; state = $(if ($Snapshot.memory) { 'Saved' } else { 'Off' }); startedAt = $null; pending = $null }
    foreach ($key in $script:SnapshotSetting) { $fields[$key] = $Snapshot.settings.$key }
    $fields['drives'] = @(Move-DriveToChild -Drive @($Snapshot.settings.drives))
    Edit-LabMachine -MachineId $now.Id -Field $fields
    foreach ($path in Get-DiskPath -Machine $now) {
        if ($path -match '\.avhdx?$' -and $kept -notcontains $path -and [IO.File]::Exists($path)) { [IO.File]::Delete($path) }
    }
}
