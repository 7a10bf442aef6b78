# What the code assumes of Hyper-V and the simulation only repeats (tests/REAL-HYPER-V.md): asked of Hyper-V itself, on a VM beside
# the lab, the probe. Most rows tell what is seen; whoever reads the report judges.

Invoke-Step 'Get-VMHost without elevation' -Needs RealHyperV -Seen {
    $it = Hyper-V\Get-VMHost
    "$($it.LogicalProcessorCount) processors, elevated: $(Test-Elevation)"
}

Invoke-Step 'A new VM is in the next Get-VM' -Needs RealHyperV -Seen {
    $vm = New-Probe -Lab $lab
    "there: $([bool] (Hyper-V\Get-VM | Where-Object { $_.Id -eq $vm.Id }))"
}

Invoke-Step 'A new VM''s memory' -Needs RealHyperV -Seen {
    $vm = Hyper-V\Get-VM -Id $lab.Probe
    "dynamic: $($vm.DynamicMemoryEnabled), minimum $($vm.MemoryMinimum), maximum $($vm.MemoryMaximum), automatic checkpoints: $($vm.AutomaticCheckpointsEnabled)"
}

Invoke-Step 'Memory is taken in steps of 2 MB' -Needs RealHyperV {
    $vm = Hyper-V\Get-VM -Id $lab.Probe
    Hyper-V\Set-VM -VM $vm -StaticMemory -MemoryStartupBytes 514MB
    try {
        Hyper-V\Set-VM -VM $vm -MemoryStartupBytes 515MB
        '514 MB is taken, and 515 MB, too'
    } catch { "514 MB is taken, 515 MB is refused: $(Get-ErrorText -Record $_)" }
}

Invoke-Step 'A Secure Boot template is taken by its Id' -Needs RealHyperV {
    $vm = Hyper-V\Get-VM -Id $lab.Probe
    # Microsoft's certificate authority for UEFI, which signs Linux.
    Hyper-V\Set-VMFirmware -VM $vm -EnableSecureBoot On -SecureBootTemplateId ([guid] '272e7447-90a4-4563-a4b9-8e4ab00526ce')
    (Hyper-V\Get-VMFirmware -VM $vm).SecureBootTemplate
}

Invoke-Step 'Notes and name after a restore' -Needs RealHyperV -Seen {
    $vm = Hyper-V\Get-VM -Id $lab.Probe
    $name = $vm.Name
    Hyper-V\Set-VM -VM $vm -Notes 'before'
    Hyper-V\Checkpoint-VM -VM $vm -SnapshotName 'probe'
    Hyper-V\Set-VM -VM $vm -Notes 'after'
    Hyper-V\Rename-VM -VM $vm -NewName "$name-after"
    Hyper-V\Restore-VMSnapshot -VMSnapshot (Hyper-V\Get-VMSnapshot -VM $vm -Name 'probe') -Confirm:$false
    $now = Hyper-V\Get-VM -Id $lab.Probe
    "Notes: $($now.Notes); name: $(if ($now.Name -eq $name) { 'before' } else { 'after' })"
    if ($now.Name -ne $name) { Hyper-V\Rename-VM -VM $now -NewName $name }
}

Invoke-Step 'Operational status while a checkpoint is made' -Needs RealHyperV -Seen {
    (Watch-VMStatus -Id $lab.Probe -Script "Hyper-V\Checkpoint-VM -VM `$vm -SnapshotName 'second'") -join ', '
}

Invoke-Step 'Operational status while one is applied' -Needs RealHyperV -Seen {
    (Watch-VMStatus -Id $lab.Probe -Script "Hyper-V\Restore-VMSnapshot -VMSnapshot (Hyper-V\Get-VMSnapshot -VM `$vm -Name 'second') -Confirm:`$false") -join ', '
}

Invoke-Step 'Operational status and the drive''s path while checkpoints are removed and merged' -Needs RealHyperV -Seen {
    $vm = Hyper-V\Get-VM -Id $lab.Probe
    $disk = [IO.Path]::Combine($lab.Folder, 'probe', 'probe.vhdx')
    $null = Hyper-V\New-VHD -Path $disk -SizeBytes 256MB -Dynamic
    Hyper-V\Add-VMHardDiskDrive -VM $vm -Path $disk
    Hyper-V\Checkpoint-VM -VM $vm -SnapshotName 'third'
    (Watch-VMStatus -Id $lab.Probe -Script "Hyper-V\Get-VMSnapshot -VM `$vm | Hyper-V\Remove-VMSnapshot -Confirm:`$false") -join ', '
    "drive: $([IO.Path]::GetFileName(@(Hyper-V\Get-VMHardDiskDrive -VM $vm)[0].Path))"
}

Invoke-Step 'A checkpoint with memory, and what a restore of it leaves' -Needs RealHyperV -Seen {
    $vm = Hyper-V\Get-VM -Id $lab.Probe
    Hyper-V\Set-VM -VM $vm -CheckpointType Standard
    Hyper-V\Start-VM -VM $vm
    Hyper-V\Checkpoint-VM -VM $vm -SnapshotName 'memory'
    $snapshot = "$(@(Hyper-V\Get-VMSnapshot -VM $vm -Name 'memory')[0].State)"
    Hyper-V\Stop-VM -VM $vm -TurnOff -Force -Confirm:$false
    Hyper-V\Restore-VMSnapshot -VMSnapshot (Hyper-V\Get-VMSnapshot -VM $vm -Name 'memory') -Confirm:$false
    "the checkpoint is $snapshot, after its restore the VM is $((Hyper-V\Get-VM -Id $lab.Probe).State)"
}

Invoke-Step 'Turning off ends a shutdown that is under way' -Needs RealHyperV -Seen {
    $vm = Hyper-V\Get-VM -Id $lab.Probe
    if ("$($vm.State)" -ne 'Running') { Hyper-V\Start-VM -VM $vm }
    $job = Hyper-V\Stop-VM -VM $vm -Force -Confirm:$false -AsJob
    Start-Sleep -Seconds 1
    $watch = [Diagnostics.Stopwatch]::StartNew()
    Hyper-V\Stop-VM -VM $vm -TurnOff -Force -Confirm:$false
    "off after $([int] $watch.Elapsed.TotalMilliseconds) ms; the shutdown ended as $($job.State)"
}

Invoke-Step 'Four differencing disks of one parent at once' -Needs RealHyperV {
    $folder = [IO.Path]::Combine($lab.Folder, 'children')
    $null = [IO.Directory]::CreateDirectory($folder)
    $runs = @(foreach ($number in 1..4) {
            $shell = [powershell]::Create().AddScript('param($Path, $Parent) Hyper-V\New-VHD -Path $Path -ParentPath $Parent -Differencing -ErrorAction Stop'
            ).AddArgument([IO.Path]::Combine($folder, "$number.vhdx")).AddArgument($lab.Image)
            @{ Shell = $shell; Running = $shell.BeginInvoke() }
        })
    foreach ($run in $runs) { try { $null = $run.Shell.EndInvoke($run.Running) } finally { $run.Shell.Dispose() } }
    Assert-That ([IO.Directory]::GetFiles($folder).Count -eq 4) 'there are four' ([IO.Directory]::GetFiles($folder).Count)
}

Invoke-Step 'An error of Hyper-V carries its number' -Needs RealHyperV -Seen {
    # The file is there already: 0x80070050.
    try { $null = Hyper-V\New-VHD -Path $lab.Image -SizeBytes 64MB -Dynamic } catch { return Get-ErrorText -Record $_ }
    throw 'A disk was made over another one.'
}

Invoke-Step 'Remove-VM leaves disk and folders' -Needs RealHyperV -Seen {
    Remove-Probe -Lab $lab
    Get-FolderText -Path ([IO.Path]::Combine($lab.Folder, 'probe'))
}
