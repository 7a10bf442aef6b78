# Start-RagnaMachine: a lab from nothing, and again.

BeforeAll { . "$PSScriptRoot/session/Start-TestSession.ps1" }

Describe 'Start-RagnaMachine' {
    It 'makes, starts and names the machines of a lab of which nothing is there' {
        $lab = New-EmptyLab
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -TimeoutSeconds 20 }
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action), $($_.State), $($_.Hosts)" }) -join '; ' |
            Should -Be 'web: created, started, Running, synced; db: created, started, Running, synced'
        $state = Get-LabState -Lab $lab
        @($state.vms.PSObject.Properties.Name | Sort-Object) | Should -Be @('db', 'web')
        $state.PSObject.Properties['pending'] | Should -BeNullOrEmpty
        [IO.File]::Exists($state.vms.web.diskPath) | Should -Be $true
    }

    It 'does nothing to a lab that is complete, and reconciles it' {
        $lab = New-EmptyLab
        $null = Watch-Run { Start-RagnaMachine -Path $lab.Config -TimeoutSeconds 20 }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -TimeoutSeconds 20 }
        $seen.Errors.Count | Should -Be 0
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action), $($_.State), $($_.Hosts)" }) -join '; ' |
            Should -Be 'web: none, Running, unchanged; db: none, Running, unchanged'
    }

    It 'says under -WhatIf what it would make, and makes nothing' {
        $lab = New-EmptyLab
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -WhatIf }
        $seen.Output.Count | Should -Be 0
        [IO.File]::Exists($lab.StatePath) | Should -Be $false
        [IO.Directory]::Exists($lab.Artifact) | Should -Be $false
        @(Hyper-V\Get-VM).Count | Should -Be 0
    }

    It 'goes through a whole life, and nothing is left' {
        $lab = New-EmptyLab
        $null = Watch-Run { Start-RagnaMachine -Path $lab.Config -TimeoutSeconds 20 }
        $seen = Watch-Run { Stop-RagnaMachine -Path $lab.Config }
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action), $($_.State)" }) -join '; ' | Should -Be 'web: stopped, Off; db: stopped, Off'
        $seen = Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name clean }
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action)" }) -join '; ' | Should -Be 'web: checkpointed; db: checkpointed'
        @(Get-RagnaCheckpoint -Path $lab.Config | ForEach-Object { "$($_.Machine) $($_.Name)" }) -join '; ' | Should -Be 'web clean; db clean'
        $seen = Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name clean -Confirm:$false }
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action), $($_.State)" }) -join '; ' | Should -Be 'web: restored, Off; db: restored, Off'
        $null = Watch-Run { Start-RagnaMachine -Path $lab.Config -TimeoutSeconds 20 }
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: removed, NotCreated; db: removed, NotCreated'
        @(Hyper-V\Get-VM).Count | Should -Be 0
        @([IO.Directory]::GetFileSystemEntries($lab.Artifact)).Count | Should -Be 0
        @((Get-LabState -Lab $lab).vms.PSObject.Properties).Count | Should -Be 0
    }
}

Describe 'A lab whose base image is gone' {
    It 'is removed with its checkpoints all the same' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        $null = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
        $null = Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name clean }
        [IO.File]::Delete($lab.Image)
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        @([IO.Directory]::GetFileSystemEntries($lab.Artifact)).Count | Should -Be 0
    }
}

Describe 'What Start-RagnaMachine makes' {
    It 'is of generation 1 with a .vhd, where the image is' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Image @{ Format = 'vhd'; Generation = '1' }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
        Get-FaultText -Seen $seen | Should -Be ''
        $vm = Get-LabObject -Lab $lab -Name 'web'
        $vm.Generation | Should -Be 1
        $disk = @($vm.HardDrives)[0]
        "$($disk.ControllerType) $([IO.Path]::GetFileName($disk.Path))" | Should -Be 'IDE web.vhd'
        (Get-LabState -Lab $lab).vms.web.diskPath | Should -Be $disk.Path
    }

    It 'is a whole disk with disk_strategy: copy' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Default @{ disk_strategy = 'copy' }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
        Get-FaultText -Seen $seen | Should -Be ''
        $disk = (Get-LabState -Lab $lab).vms.web.diskPath
        "$((Hyper-V\Get-VHD -Path $disk).ParentPath)" | Should -Be ''
        @([IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($disk), '*.partial')) | Should -HaveCount 0
        Get-ResultText -Seen $seen | Should -Be 'web: created, started, Running'
    }

    It 'is off with auto_start: false, unless the machine is named' {
        $lab = New-EmptyLab -Setting @{ auto_start = 'false' }
        Get-ResultText -Seen (Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }) | Should -Be 'web: created, Off; db: created, Off'
        Get-ResultText -Seen (Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }) | Should -Be 'web: none, Off; db: none, Off'
        Get-ResultText -Seen (Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine 'W*' -SkipReconcile }) | Should -Be 'web: started, Running'
    }
}

Describe 'A machine that is there' {
    BeforeAll {
        $lab = New-EmptyLab
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
    }

    It 'is brought to what the config says with -Force, and without it the difference is told' {
        $null = Stop-RagnaMachine -Path $lab.Config -Machine 'web'
        $text = [IO.File]::ReadAllText($lab.Config)
        [IO.File]::WriteAllText($lab.Config, $text.Replace('- name: web', "- name: web`n    cpu: 4"))
        $plan = @(Get-RagnaPlan -Path $lab.Config -Machine 'web' -Force)[0]
        $plan.Action | Should -Be 'update'
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine 'web' -Force -SkipReconcile }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: updated, started, Running'
        (Get-LabObject -Lab $lab -Name 'web').ProcessorCount | Should -Be 4
        [IO.File]::WriteAllText($lab.Config, $text)
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine 'web' -SkipReconcile }
        Get-ResultText -Seen $seen | Should -Be 'web: none, Running'
        $seen.Output[0].Drift[0] | Should -BeLike '4 processors, the config says 2*'
    }

    It 'is resumed where it is <_>' -ForEach 'Saved', 'Paused' {
        Set-SimulatedVM -Name "lab-db-$($lab.Hash)" -State $_
        Get-ResultText -Seen (Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine 'db' -SkipReconcile }) | Should -Be 'db: resumed, Running'
    }

    It 'comes from Get-RagnaStatus by the pipeline' {
        $null = Stop-RagnaMachine -Path $lab.Config -Machine 'db' -TurnOff
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config | Where-Object { $_.State -eq 'Off' } | Start-RagnaMachine -SkipReconcile }
        Get-ResultText -Seen $seen | Should -Be 'db: started, Running'
    }

    It 'is told of step by step under -Verbose' {
        $null = Stop-RagnaMachine -Path $lab.Config -Machine 'db' -TurnOff
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine 'db' -SkipReconcile -Verbose }
        @($seen.Verbose | Where-Object { $_ -match '^db: StartVM, \d+\.\d s$' }) | Should -HaveCount 1
        @($seen.Verbose | Where-Object { $_ -match '^Get-VM : answered, \d+ ms$' }).Count | Should -BeGreaterThan 0
    }

    It 'is an error where there is none of that name, and nothing is done' {
        Clear-SimulatedCall
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine 'wbe' }
        Get-FaultText -Seen $seen | Should -BeLike 'MACHINE_NOT_FOUND *'
        $seen.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        @(Get-SimulatedCall) | Should -HaveCount 0
    }
}

Describe 'Machines that depend on others' {
    It 'are started when those have an address' {
        $lab = New-EmptyLab -Machine @{ name = 'web'; depends_on = '[db]' }, @{ name = 'db' } -NewGuest @{ AddressQueries = 2 }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-CallTarget -Cmdlet 'Start-VM' | Should -Be 'db web'
    }

    It 'are not started where those have none in time, and those are' {
        $lab = New-EmptyLab -Machine @{ name = 'web'; depends_on = '[db]' }, @{ name = 'db' } -NewGuest @{ Daemon = $false }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile -TimeoutSeconds 1 }
        Get-FaultText -Seen $seen | Should -Be 'DEPENDENCY_NOT_READY web'
        $seen.Errors[0].CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        Get-ResultText -Seen $seen | Should -Be 'db: created, started, Running; web: created, failed, Off'
    }

    It 'are not started where those fail, and the others go on' {
        $lab = New-EmptyLab -Machine @{ name = 'web'; depends_on = '[db]' }, @{ name = 'db' }, @{ name = 'queue' }
        Set-SimulatedHost -FileFailure @{ 'db.vhdx' = '0xC03A001A' }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
        Get-FaultText -Seen $seen | Should -Be 'IMAGE_SPARSE db; DEPENDENCY_NOT_READY web'
        @($seen.Output | Where-Object { $_.Machine -eq 'queue' })[0].Action | Should -Be 'created, started'
        @($seen.Output | Where-Object { -not $_.Success }) | Should -HaveCount 2
    }
}

Describe 'A start that cannot go through' {
    It 'asks nobody who cannot answer, and makes nothing' {
        $lab = New-EmptyLab
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Confirm }
        $seen.Thrown | Should -Not -BeNullOrEmpty
        [IO.File]::Exists($lab.StatePath) | Should -BeFalse
        @(Hyper-V\Get-VM) | Should -HaveCount 0
    }

    It 'is a warning that names the machines, where only the reconcile fails' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -NewGuest @{ Daemon = $false }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -TimeoutSeconds 1 }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: created, started, Running'
        @($seen.Warnings | Where-Object { $_ -like 'Not reconciled: web: no IPv4 address*' }) | Should -HaveCount 1
    }

    It 'is told once, where nothing was made' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        [IO.File]::WriteAllBytes($lab.Image, [byte[]] @(1, 2, 3))
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config }
        $seen.Errors | Should -HaveCount 1
        $seen.Warnings | Should -HaveCount 0
        $seen.Output | Should -HaveCount 0
        [IO.File]::Exists($lab.StatePath) | Should -Be $false
    }
}

Describe 'A start beside what goes on' {
    It 'goes through on a host with <Count> checkpoints of somebody else, and so does a removal' -ForEach @(@{ Count = 1 }, @{ Count = 2 }) {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        $null = Add-SimulatedVM -Name 'stranger' -State 'Off'
        foreach ($number in 1..$Count) { Hyper-V\Checkpoint-VM -VM (Hyper-V\Get-VM -Name 'stranger') -SnapshotName "s$number" }
        Get-FaultText -Seen (Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }) | Should -Be ''
        Get-FaultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be ''
    }

    It 'waits for what was made in this run, though others were waited for before' {
        $lab = New-EmptyLab -Machine @{ name = 'db' }, @{ name = 'web'; depends_on = '[db]' }
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $null = Stop-RagnaMachine -Path $lab.Config -TurnOff
        [IO.File]::AppendAllText($lab.Config, "  - name: dc`n  - name: member`n    depends_on: [dc]`n")
        # Its guest never tells an address.
        Set-SimulatedHost -NewGuest @{ Os = 'linux'; Daemon = $false } -Delay @{ 'New-VM' = 3000 }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile -TimeoutSeconds 5 }
        Get-FaultText -Seen $seen | Should -Be 'DEPENDENCY_NOT_READY member'
    }

    It 'is refused while another run changes the machines of this lab, and goes through after it; -WhatIf is not' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Setting @{ auto_start = 'false' }
        $null = Watch-Run { Start-RagnaMachine -Path $lab.Config -WhatIf }
        [IO.Directory]::Exists([IO.Path]::GetDirectoryName($lab.StatePath)) | Should -BeFalse -Because 'a dry run takes no lock'
        Set-SimulatedHost -Delay @{ 'New-VM' = 3000 }
        Clear-SimulatedCall
        $first = Start-Run "Start-RagnaMachine -Path '$($lab.Config)' -SkipReconcile"
        Wait-Run { @(Get-SimulatedCall -Cmdlet 'New-VHD').Count -gt 0 }
        foreach ($second in { Start-RagnaMachine -Path $lab.Config -SkipReconcile }, { Stop-RagnaMachine -Path $lab.Config }, { Remove-RagnaMachine -Path $lab.Config -Force }) {
            $seen = Watch-Run $second
            @($seen.Errors | ForEach-Object { $_.FullyQualifiedErrorId }) | Should -BeLike 'STATE_LOCKED,*'
            "$($seen.Errors)" | Should -BeLike "*Another run is changing the machines of *: process $PID on *"
            $seen.Output | Should -HaveCount 0
        }
        (Watch-Run { Start-RagnaMachine -Path $lab.Config -WhatIf }).Errors | Should -HaveCount 0
        $made = Complete-Run -Run $first
        $made.Errors | Should -HaveCount 0
        @(Hyper-V\Get-VM) | Should -HaveCount 1
        Get-ResultText -Seen (Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile -Machine web }) | Should -Be 'web: started, Running'
    }
}
