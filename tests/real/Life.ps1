# Stop, checkpoint, restore, and the command line.

Invoke-Step 'Stop-RagnaMachine shuts the guests down' -Needs Guest {
    Get-ActionText -Result @(Stop-RagnaMachine -Path $lab.Config -TimeoutSeconds 300)
}

Invoke-Step 'Stop-RagnaMachine refuses a guest that cannot be asked, and does not wait' -Needs RealHyperV {
    if ($report.HasGuest) { return 'not tried: these guests answer' }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $faults = @()
    $null = Stop-RagnaMachine -Path $lab.Config -Machine web -TimeoutSeconds 120 -ErrorAction SilentlyContinue -ErrorVariable faults
    $codes = @($faults | ForEach-Object { "$($_.FullyQualifiedErrorId)".Split(',')[0] }) -join ', '
    Assert-That ($codes -eq 'SHUTDOWN_UNAVAILABLE') 'the error is SHUTDOWN_UNAVAILABLE' $codes
    Assert-That ($watch.Elapsed.TotalSeconds -lt 60) 'it does not wait' $watch.Elapsed
}

Invoke-Step 'Stop-RagnaMachine -TurnOff cuts the power' {
    if ($report.HasGuest) { $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile }
    Get-ActionText -Result @(Stop-RagnaMachine -Path $lab.Config -TurnOff -Confirm:$false)
}

Invoke-Step 'The disk of a machine that is off is readable' -Needs RealHyperV {
    $disk = @(Hyper-V\Get-VMHardDiskDrive -VM @(Get-LabVM -Lab $lab -Machine web)[0])[0].Path
    # Hyper-V may let go of it a moment later.
    for ($attempt = 1; ($told = Get-OpenText -Path $disk) -ne 'readable' -and $attempt -le 50; $attempt++) { Start-Sleep -Milliseconds 200 }
    Assert-That ($told -eq 'readable') 'the disk is readable' $told
    "look $attempt"
}

Invoke-Step 'Checkpoint-RagnaMachine makes one of each machine' {
    Get-ActionText -Result @(Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean')
}

Invoke-Step 'Get-RagnaCheckpoint lists them' {
    $found = @(Get-RagnaCheckpoint -Path $lab.Config)
    Assert-That ($found.Count -eq 2) 'there are two' $found.Count
    @($found | ForEach-Object { "$($_.Machine): $($_.Name)" }) -join '; '
}

Invoke-Step 'Restore-RagnaMachine goes back to it' {
    Get-ActionText -Result @(Restore-RagnaMachine -Path $lab.Config -Name 'clean' -Confirm:$false)
}

Invoke-Step 'A machine is still ours after the restore' {
    $plan = @(Get-RagnaPlan -Path $lab.Config)
    Assert-That (@($plan | Where-Object { "$($_.Action)" -eq 'refuse' }).Count -eq 0) 'nothing is refused' (@($plan | ForEach-Object { "$($_.Machine): $($_.Action)" }) -join '; ')
}

Invoke-Step 'Remove-RagnaCheckpoint removes it, and the disks are merged' {
    $null = Remove-RagnaCheckpoint -Path $lab.Config -Name 'clean' -Confirm:$false
    foreach ($vm in Get-LabVM -Lab $lab) {
        $drives = @(Hyper-V\Get-VMHardDiskDrive -VM $vm | ForEach-Object { $_.Path })
        Assert-That (@($drives | Where-Object { $_ -like '*.avhdx' }).Count -eq 0) 'no drive is one of a checkpoint' ($drives -join ', ')
    }
}

Invoke-Step 'ragnatramp tells the status as JSON' {
    $told = (ragnatramp status $lab.Config --json) -join "`n" | ConvertFrom-Json
    Assert-That ($LASTEXITCODE -eq 0) 'its exit code is 0' $LASTEXITCODE
    Assert-That ($null -ne $told) 'it is JSON' $told
}

Invoke-Step 'Export-RagnaGuest writes each form of the guest files' {
    foreach ($form in 'Folder', 'CloudInit', 'Iso', 'Seed') {
        $path = [IO.Path]::Combine($lab.Folder, "guest-$form")
        $null = Export-RagnaGuest -Destination $path -As $form
        Assert-That ([IO.File]::Exists($path) -or [IO.Directory]::Exists($path)) 'it was written' $form
    }
}

Invoke-Step 'Repair-RagnaState restores a damaged state' {
    $kept = [IO.File]::ReadAllBytes($lab.StatePath)
    try {
        [IO.File]::WriteAllText($lab.StatePath, '{"damaged')
        $null = Repair-RagnaState -Path $lab.Config -Confirm:$false
        $status = @(Get-RagnaStatus -Path $lab.Config)
        Assert-That ($status.Count -eq 2) 'both machines are known' $status.Count
    } finally {
        [IO.File]::WriteAllBytes($lab.StatePath, $kept)
    }
}
