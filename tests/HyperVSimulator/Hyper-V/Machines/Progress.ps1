# What goes on by itself: new machines that are not seen yet, removed ones that still are, shutdowns, merges. Time is counted in queries.
# A merge in a machine's file: {from, into, wait (queries until it begins, -1 never), run (queries until it ends), begun}.

function Step-LabMachine {
    <# .SYNOPSIS A query of Hyper-V: what goes on comes nearer to its end. #>
    foreach ($one in @(Get-LabMachine)) {
        if (-not $one.Waiting) { continue }
        Use-LabLock {
            $machine = Get-FreshMachine -MachineId $one.Id
            if ($null -eq $machine) { return }
            if ($machine.Raw.pending -and $null -ne $machine.Raw.pending.left) {
                $left = [int] $machine.Raw.pending.left - 1
                if ($left -le 0) { Stop-LabMachine -Machine $machine } else { Edit-LabMachine -MachineId $machine.Id -Field @{ pending = @{ left = $left } } }
            }
            Step-MachineMerge -Machine (Get-FreshMachine -MachineId $one.Id)
        }
    }
    Step-OrphanMerge
}

function Step-HiddenMachine {
    <# .SYNOPSIS A query that has missed a new machine: the next may find it. #>
    foreach ($machine in @(Get-LabMachine)) {
        if ($machine.Hidden) { Edit-LabMachine -MachineId $machine.Id -Field @{ hidden = [int] $machine.Raw.hidden - 1 } }
    }
}

function Add-LeavingMachine {
    <# .SYNOPSIS Notes a machine that is being removed: a line of leaving.txt with its id, and how many queries find it without its object. #>
    param([object] $Machine)
    $count = (Get-LabHost).LeavingQueries
    if ($count -eq 0) { return }
    Use-LabLock { Use-LabFile { [IO.File]::AppendAllLines((Get-LabPath -Part 'leaving.txt'), [string[]] @("$($Machine.Key) $count")) } }
}

function Step-LeavingMachine {
    <# .SYNOPSIS The errors of a query that finds machines which are being removed. #>
    param([string] $Cmdlet)
    $path = Get-LabPath -Part 'leaving.txt'
    if (-not [IO.File]::Exists($path)) { return }
    Use-LabLock {
        $lines = @(foreach ($line in Use-LabFile { [IO.File]::ReadAllLines($path) }) {
                $key, $left = $line.Split(' ')
                Get-LostObjectError -Cmdlet $Cmdlet -Target $key
                if ([int] $left -gt 1) { "$key $([int] $left - 1)" }
            })
        $kept = [string[]] @($lines | Where-Object { $_ -is [string] })
        Use-LabFile { [IO.File]::WriteAllLines($path, $kept) }
        $lines | Where-Object { $_ -isnot [string] }
    }
}

function Step-Merge {
    <# .SYNOPSIS One query of a list of merges, of which the first goes on; returns those that are left. #>
    param([object[]] $Merge)
    $first = $Merge[0]
    if ($first.begun) {
        $first.run = [int] $first.run - 1
        if ($first.run -gt 0) { return $Merge }
        Invoke-DiskMerge -From $first.from -Into $first.into
        return $Merge | Select-Object -Skip 1
    }
    if ($first.wait -gt 0) { $first.wait = [int] $first.wait - 1 }
    elseif ($first.wait -eq 0) { $first.begun = (Lock-DiskFile -Path $first.from) -and (Lock-DiskFile -Path $first.into) }
    $Merge
}

function Step-MachineMerge {
    <# .SYNOPSIS The same for a machine; when a merge has ended, its drives and checkpoints name the parent. #>
    param([object] $Machine)
    $merges = @($Machine.Raw.merges)
    if ($merges.Count -eq 0) { return }
    $first = $merges[0]
    $left = @(Step-Merge -Merge $merges)
    $fields = @{ merges = $left; operation = $(if ($left.Count -gt 0 -and $left[0].begun) { 'MergingDisks' } else { '' }) }
    if ($left.Count -lt $merges.Count) { $fields += Get-MergedField -Machine $Machine -Merge $first }
    Edit-LabMachine -MachineId $Machine.Id -Field $fields
}

function Get-MergedField {
    <# .SYNOPSIS The drives and checkpoints of a machine after a merge. #>
    param([object] $Machine, [object] $Merge)
    $all = @($Machine.Raw.drives) + @(foreach ($snapshot in @($Machine.Raw.snapshots)) { $snapshot.settings.drives })
    foreach ($drive in $all) { if ($drive.path -eq $Merge.from) { $drive.path = $Merge.into } }
    @{ drives = @($Machine.Raw.drives); snapshots = @($Machine.Raw.snapshots) }
}

function Complete-Merge {
    <# .SYNOPSIS Ends all merges of a machine at once, before something else is done with its disks. #>
    param([object] $Machine)
    $now = Get-FreshMachine -MachineId $Machine.Id
    while (@($now.Raw.merges).Count -gt 0) {
        $first = @($now.Raw.merges)[0]
        Invoke-DiskMerge -From $first.from -Into $first.into
        $fields = @{ merges = @(@($now.Raw.merges) | Select-Object -Skip 1); operation = '' } + (Get-MergedField -Machine $now -Merge $first)
        Edit-LabMachine -MachineId $now.Id -Field $fields
        $now = Get-FreshMachine -MachineId $Machine.Id
    }
}

function Step-OrphanMerge {
    <# .SYNOPSIS The same for the merges of machines that are gone. #>
    $folder = Get-LabPath -Part 'orphans'
    if (-not [IO.Directory]::Exists($folder)) { return }
    foreach ($path in [IO.Directory]::GetFiles($folder, '*.json')) {
        Use-LabLock {
            if (-not [IO.File]::Exists($path)) { return }
            $left = @(Step-Merge -Merge @((ConvertFrom-Json -InputObject (Use-LabFile { [IO.File]::ReadAllText($path) })).merges))
            if ($left.Count -eq 0) { [IO.File]::Delete($path) } else { Write-LabText -Path $path -Text (ConvertTo-Json -InputObject @{ merges = $left } -Depth 5) }
        }
    }
}

function Update-MergePlan {
    <#
    .SYNOPSIS
    After checkpoints are gone: deletes the disks of checkpoints that nothing stands on, and plans the merge of each only child into a
    parent that no checkpoint needs any more.
    .PARAMETER Loose
    The disks of the checkpoints that are gone.
    #>
    param([object] $Machine, [string[]] $Loose)
    Complete-Merge -Machine $Machine
    $now = Get-FreshMachine -MachineId $Machine.Id
    $heads = @(Get-DiskPath -Machine $now) + @(foreach ($snapshot in @($now.Raw.snapshots)) { Get-SnapshotDisk -Snapshot $snapshot })
    # Each disk of a checkpoint with its parent.
    $parents = @{}
    foreach ($path in $heads + $Loose) {
        for ($at = $path; $at -match '\.avhdx?$' -and -not $parents.ContainsKey($at) -and [IO.File]::Exists($at); $at = $parents[$at]) {
            $parents[$at] = (Read-VhdFile -Path $at).ParentPath
        }
    }
    $wait, $run = (Get-LabHost).MergeQueries
    $merges = New-Object -TypeName System.Collections.ArrayList
    do {
        $again = $false
        foreach ($path in @($parents.Keys)) {
            if ($heads -notcontains $path -and $parents.Values -notcontains $path) {
                [IO.File]::Delete($path)
                $parents.Remove($path)
                $again = $true
                break
            }
            $into = $parents[$path]
            if ($heads -contains $into -or @($parents.Values | Where-Object { $_ -eq $into }).Count -ne 1) { continue }
            $null = $merges.Add(@{ from = $path; into = $into; wait = [int] $wait; run = [int] $run; begun = $false })
            foreach ($child in @($parents.Keys)) { if ($parents[$child] -eq $path) { $parents[$child] = $into } }
            $heads = @($heads | ForEach-Object { if ($_ -eq $path) { $into } else { $_ } })
            if ($into -match '\.avhdx?$') { $parents[$into] = $parents[$into] }
            $parents.Remove($path)
            $again = $true
            break
        }
    } while ($again)
    if ($merges.Count -eq 0) { return }
    Edit-LabMachine -MachineId $now.Id -Field @{ merges = @($merges) }
    if ($wait -eq 0 -and $run -eq 0) { Complete-Merge -Machine $now }
}
