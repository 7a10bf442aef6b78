# A run that is cut off at any call of Hyper-V: the next one completes the work, nothing is lost, left behind or made twice, and nothing of
# anybody else is touched. The cuts are made in this process: the run is frozen in the call (see Set-SimulatedHost).

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # Each call of the run of a script, as the places to cut: after it, and before it where it or the one before changes something.
    function Get-CutPlace {
        param([object] $Lab, [string] $Script)
        Clear-SimulatedCall
        $null = & ([scriptblock]::Create($Script))
        $calls = @(Get-SimulatedCall)
        $changes = @(foreach ($call in $calls) { $call.Cmdlet -notlike 'Get-*' })
        for ($number = 1; $number -le $calls.Count; $number++) {
            $isNear = $changes[$number - 1] -or ($number -gt 1 -and $changes[$number - 2])
            if ($isNear) { @{ When = 'Before'; Number = $number; Cmdlet = $calls[$number - 1].Cmdlet } }
            @{ When = 'After'; Number = $number; Cmdlet = $calls[$number - 1].Cmdlet }
        }
    }

    # What is wrong after each cut of a script and one more run of it, as lines.
    function Find-CutFault {
        param([object] $Lab, [string] $Script)
        $runspace = New-CutRunspace
        Copy-Tree -From $Lab.Root -To $Lab.Saved
        $places = @(Get-CutPlace -Lab $Lab -Script $Script)
        $wanted = Get-LabPicture -Lab $Lab
        $script:cuts = 0
        foreach ($place in $places) {
            $name = "$($place.When.ToLowerInvariant()) call $($place.Number), $($place.Cmdlet)"
            Copy-Tree -From $Lab.Saved -To $Lab.Root
            $freeze = @{ "Freeze$($place.When)Call" = $place.Number }
            Set-SimulatedHost @freeze
            $seen = Invoke-CutRun -Runspace $runspace -Script $Script -Lab $Lab
            Set-SimulatedHost -FreezeAfterCall 0
            if (-not $seen.Cut) { "$($name): the run was not cut" }
            if ($seen.Late -ne 0 -or $seen.Moved.Count -ne 0) { "$($name): the run went on: $($seen.Late) calls, $($seen.Moved -join ', ')" }
            $next = Watch-Run ([scriptblock]::Create($Script))
            foreach ($fault in @($next.Errors) + @($next.Thrown)) { if ($null -ne $fault) { "$($name): $fault" } }
            $found = Get-LabPicture -Lab $Lab
            if ($found -cne $wanted) { "$($name): the lab is another one:`n$found`n-- and not`n$wanted" }
            $changed = @(Compare-Object -ReferenceObject $Lab.Foreign -DifferenceObject @(Get-ForeignStamp -Lab $Lab))
            if ($changed.Count -gt 0) { "$($name): of others: $(@($changed | ForEach-Object { $_.InputObject }) -join ', ')" }
            $script:cuts++
        }
        $runspace.Dispose()
    }
}

Describe 'A run that is cut off at any call' {
    It 'of Start-RagnaMachine is completed by the next one' {
        $lab = New-CutLab
        Find-CutFault -Lab $lab -Script "Start-RagnaMachine -Path '$($lab.Config)' -TimeoutSeconds 20" | Should -BeNullOrEmpty
        $cuts | Should -BeGreaterThan 40
    }

    It 'of Restore-RagnaMachine is completed by the next one' {
        $lab = New-CutLab
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $vm = Hyper-V\Get-VM -Name "lab-web-$($lab.Hash)"
        # A checkpoint of a time at which nothing said whose the VM is.
        $notes = $vm.Notes
        Hyper-V\Set-VM -VM $vm -Notes '' -AutomaticCheckpointsEnabled $true
        Hyper-V\Checkpoint-VM -VM $vm -SnapshotName 'clean'
        Hyper-V\Set-VM -VM $vm -Notes $notes -AutomaticCheckpointsEnabled $false
        $lab.Foreign = @(Get-ForeignStamp -Lab $lab)
        Find-CutFault -Lab $lab -Script "Restore-RagnaMachine -Path '$($lab.Config)' -Name 'clean' -Confirm:`$false" | Should -BeNullOrEmpty
        $cuts | Should -BeGreaterOrEqual 20
    }

    It 'of Remove-RagnaMachine, with a checkpoint, is completed by the next one' {
        $lab = New-CutLab
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean'
        $lab.Foreign = @(Get-ForeignStamp -Lab $lab)
        Find-CutFault -Lab $lab -Script "$(Get-QuickMerge); Remove-RagnaMachine -Path '$($lab.Config)' -Force" | Should -BeNullOrEmpty
        $cuts | Should -BeGreaterThan 30
        [IO.Directory]::GetFileSystemEntries($lab.Artifact) | ForEach-Object { [IO.Path]::GetFileName($_) } | Sort-Object |
            Should -Be @("lab-web-$(Get-ConfigHash -Path ([IO.Path]::Combine($lab.Root, 'other', 'ragnatramp.yaml')))", 'notes.txt', 'stranger', 'stranger.vhdx')
    }
}
