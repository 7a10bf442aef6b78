# The lab comes to be: its config is checked, planned, made and started. Dot-sourced by OnRealHyperV.ps1, as the other parts are.

Invoke-Step 'New-RagnaConfig writes a config that Test-RagnaConfig reads' {
    $folder = [IO.Path]::Combine($lab.Folder, 'new')
    $null = [IO.Directory]::CreateDirectory($folder)
    $file = New-RagnaConfig -Path $folder
    $checked = Test-RagnaConfig -Path $file.FullName
    Assert-That ([bool] $checked.Valid) 'the starter config is valid' $checked
}

Invoke-Step 'Test-RagnaConfig -Preflight finds nothing against a start' {
    $checked = Test-RagnaConfig -Path $lab.Config -Preflight
    $errors = @($checked.Findings | Where-Object { "$($_.Severity)" -eq 'Error' } | ForEach-Object { "$($_.Code) $($_.Message)" })
    Assert-That ($errors.Count -eq 0) 'no finding is an error' ($errors -join '; ')
    @($checked.Findings | ForEach-Object { $_.Code }) -join ', '
}

Invoke-Step 'Get-RagnaPlan plans two machines' {
    $plan = @(Get-RagnaPlan -Path $lab.Config)
    Assert-That ($plan.Count -eq 2) 'there are two' $plan.Count
    @($plan | ForEach-Object { "$($_.Machine): $($_.Action)" }) -join '; '
}

Invoke-Step 'Start-RagnaMachine -WhatIf makes nothing' {
    $null = Start-RagnaMachine -Path $lab.Config -WhatIf
    Assert-That (@(Get-LabVM -Lab $lab).Count -eq 0) 'there is no VM' (@(Get-LabVM -Lab $lab).Count)
    Assert-That (-not [IO.Directory]::Exists($lab.Artifact)) 'there is no folder for disks' $lab.Artifact
}

Invoke-Step 'Start-RagnaMachine makes and starts the lab' {
    Get-ActionText -Result @(Start-RagnaMachine -Path $lab.Config -SkipReconcile)
}

Invoke-Step 'New-VM -Path makes the folder PATH\NAME, and Get-VM shows it as Path' {
    foreach ($vm in Get-LabVM -Lab $lab) {
        $wanted = [IO.Path]::Combine($lab.Artifact, $vm.Name)
        Assert-That ($vm.Path -eq $wanted) "its path is $wanted" $vm.Path
    }
}

Invoke-Step 'A machine is made, with firmware and disk, without elevation' -Needs RealHyperV -Seen {
    if (Test-Elevation) { 'elevated: this run says nothing of it' } else { 'not elevated' }
}

Invoke-Step 'A second Start-RagnaMachine does nothing' {
    $result = @(Start-RagnaMachine -Path $lab.Config -SkipReconcile)
    Assert-That (@($result | Where-Object { $_.Action -ne 'none' }).Count -eq 0) 'nothing is done' (@($result | ForEach-Object { $_.Action }) -join ', ')
}

Invoke-Step 'Get-RagnaStatus shows both running, without drift' {
    $status = @(Get-RagnaStatus -Path $lab.Config)
    Assert-That (@($status | Where-Object { "$($_.State)" -eq 'Running' }).Count -eq 2) 'two run' (@($status | ForEach-Object { "$($_.State)" }) -join ', ')
    @($status | ForEach-Object { "$($_.Machine): $($_.GuestTransport)" }) -join '; '
}

Invoke-Step 'A base image is readable while machines made from it run' -Needs RealHyperV {
    $told = Get-OpenText -Path $lab.Image
    Assert-That ($told -eq 'readable') 'the base image is readable' $told
}

Invoke-Step 'A running machine''s disk is not readable' -Needs RealHyperV -Seen {
    $disk = @(Hyper-V\Get-VMHardDiskDrive -VM @(Get-LabVM -Lab $lab -Machine web)[0])[0].Path
    Get-OpenText -Path $disk
}
