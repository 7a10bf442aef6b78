# Checkpoints of a whole lab: made, listed, gone back to, removed.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # Starts the machines of a new lab.
    function New-RunningLab {
        param([hashtable] $NewGuest = @{}, [hashtable[]] $Machine = @(@{ name = 'web' }))
        $lab = New-EmptyLab -Machine $Machine -NewGuest $NewGuest
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        Clear-SimulatedCall
        $lab
    }

    # The checkpoints that Get-RagnaCheckpoint lists, in one text.
    function Get-CheckpointText { param([object] $Lab) @(Get-RagnaCheckpoint -Path $Lab.Config | ForEach-Object { "$($_.Machine) $($_.Name)" }) -join '; ' }
}

Describe 'Checkpoint-RagnaMachine' {
    It 'makes one of each machine, and makes none where one has that name already' {
        $lab = New-RunningLab -Machine @{ name = 'web' }, @{ name = 'db' }
        $seen = Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean' -Machine 'db' }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'db: checkpointed, Running'
        Clear-SimulatedCall
        $seen = Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean' }
        Get-FaultText -Seen $seen | Should -Be 'CHECKPOINT_EXISTS db'
        @(Get-SimulatedCall -Cmdlet 'Checkpoint-VM') | Should -HaveCount 0
        Get-CheckpointText -Lab $lab | Should -Be 'db clean'
        @((Get-LabState -Lab $lab).vms.db.checkpoints)[0].name | Should -Be 'clean'
    }

    It 'refuses a name that Hyper-V does not take' {
        $lab = New-RunningLab
        Get-FaultText -Seen (Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name ('x' * 101) }) | Should -Be 'CHECKPOINT_NAME_INVALID web'
        @(Get-SimulatedCall -Cmdlet 'Checkpoint-VM') | Should -HaveCount 0
    }

    It 'makes one of the type that was asked for, and leaves the VM as it was set' {
        $lab = New-RunningLab -NewGuest @{ Vss = $true }
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'plain'
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'whole' -Type Standard
        @(Get-RagnaCheckpoint -Path $lab.Config | ForEach-Object { "$($_.Name) $($_.HasMemory) $($_.Parent)" }) | Should -Be @('plain False ', 'whole True plain')
        "$((Get-LabObject -Lab $lab -Name 'web').CheckpointType)" | Should -Be 'Production'
    }
}

Describe 'Restore-RagnaMachine' {
    It 'does nothing to any machine where one has no checkpoint of that name' {
        $lab = New-RunningLab -Machine @{ name = 'web' }, @{ name = 'db' }
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean' -Machine 'db'
        $seen = Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name 'clean' -Confirm:$false }
        Get-FaultText -Seen $seen | Should -Be 'CHECKPOINT_NOT_FOUND web'
        $seen.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        @(Get-SimulatedCall -Cmdlet 'Restore-VMSnapshot') | Should -HaveCount 0
    }

    It 'asks nothing where nothing will be done' {
        $lab = New-RunningLab -Machine @{ name = 'web' }, @{ name = 'db' }
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean' -Machine 'db'
        # Nobody can answer here, so a question would be thrown.
        $seen = Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name 'clean' }
        $seen.Thrown | Should -BeNullOrEmpty
        Get-FaultText -Seen $seen | Should -Be 'CHECKPOINT_NOT_FOUND web'
    }

    It 'makes the VM ours again where the checkpoint takes that back' {
        $lab = New-RunningLab
        $vm = Get-LabObject -Lab $lab -Name 'web'
        $notes = $vm.Notes
        Hyper-V\Set-VM -VM $vm -Notes '' -AutomaticCheckpointsEnabled $true
        Hyper-V\Checkpoint-VM -VM $vm -SnapshotName 'old'
        Hyper-V\Set-VM -VM $vm -Notes $notes
        $seen = Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name 'old' -Confirm:$false }
        Get-FaultText -Seen $seen | Should -Be ''
        $now = Get-LabObject -Lab $lab -Name 'web'
        $now.Notes | Should -Be $notes
        $now.AutomaticCheckpointsEnabled | Should -BeFalse
        (Get-LabState -Lab $lab).PSObject.Properties['pending'] | Should -BeNullOrEmpty
    }

    It 'tells the state that was reached: Running with its memory, Off without' {
        $lab = New-RunningLab
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'memory' -Type Standard
        Get-ResultText -Seen (Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name 'memory' -Confirm:$false }) | Should -Be 'web: restored, Running'
        $null = Stop-RagnaMachine -Path $lab.Config
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'off'
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        Get-ResultText -Seen (Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name 'off' -Confirm:$false }) | Should -Be 'web: restored, Off'
    }

    It 'keeps what is now in a checkpoint with -CheckpointFirst' {
        $lab = New-RunningLab
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean'
        $seen = Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name 'clean' -CheckpointFirst -Confirm:$false }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-CheckpointText -Lab $lab | Should -Match '^web clean; web before clean \(\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\)$'
    }

    It 'asks first, and does nothing where nobody can answer' {
        $lab = New-RunningLab
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean'
        (Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name 'clean' }).Thrown | Should -Not -BeNullOrEmpty
        @(Get-SimulatedCall -Cmdlet 'Restore-VMSnapshot') | Should -HaveCount 0
    }
}

Describe 'Remove-RagnaCheckpoint' {
    It 'waits until the disk is merged' {
        $lab = New-RunningLab
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean'
        Set-SimulatedHost -MergeQuery 2, 2
        $seen = Watch-Run { Remove-RagnaCheckpoint -Path $lab.Config -Name 'clean' -Confirm:$false }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: checkpoint removed, Running'
        $disk = (Get-LabState -Lab $lab).vms.web.diskPath
        @((Get-LabObject -Lab $lab -Name 'web').HardDrives)[0].Path | Should -Be $disk
        @([IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($disk), '*.avhdx')) | Should -HaveCount 0
        @((Get-LabState -Lab $lab).vms.web.checkpoints) | Should -HaveCount 0
    }

    It 'gives up a merge that never comes, and goes on with it the next time' {
        $lab = New-RunningLab
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean'
        Set-SimulatedHost -MergeQuery -1, 1
        $module = Get-Module -Name Ragnatramp
        & $module { $script:HyperVStepSeconds.WaitMerged = 1 }
        try {
            $seen = Watch-Run { Remove-RagnaCheckpoint -Path $lab.Config -Name 'clean' -Confirm:$false }
        } finally {
            & $module { $script:HyperVStepSeconds.WaitMerged = 1800 }
        }
        Get-FaultText -Seen $seen | Should -Be 'MERGE_TIMEOUT web'
        $seen.Errors[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        # Hyper-V goes on at last.
        Hyper-V\Checkpoint-VM -VM (Get-LabObject -Lab $lab -Name 'web') -SnapshotName 'other'
        $null = Watch-Run { Remove-RagnaCheckpoint -Path $lab.Config -Name 'clean' -Confirm:$false }
        @((Get-LabState -Lab $lab).vms.web.checkpoints) | Should -HaveCount 0
    }

    It 'ends what a run left that did it of one machine only' {
        $lab = New-RunningLab -Machine @{ name = 'web' }, @{ name = 'db' }
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean'
        $null = Remove-RagnaCheckpoint -Path $lab.Config -Name 'clean' -Machine 'web' -Confirm:$false
        Get-CheckpointText -Lab $lab | Should -Be 'db clean'
        $seen = Watch-Run { Remove-RagnaCheckpoint -Path $lab.Config -Name 'clean' -Confirm:$false }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: none, Running; db: checkpoint removed, Running'
        Get-CheckpointText -Lab $lab | Should -Be ''
    }

    It 'is an error for a name that no machine has' {
        $lab = New-RunningLab
        Get-FaultText -Seen (Watch-Run { Remove-RagnaCheckpoint -Path $lab.Config -Name 'clean' -Confirm:$false }) | Should -Be 'CHECKPOINT_NOT_FOUND web'
    }
}

Describe 'The name of a checkpoint' {
    It 'is the one that was given, also where PowerShell 7 takes it for a date: <_>' -ForEach '2026-12-01T10:00:00', '2026-12-01T10:00:00.1234567+05:00' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Setting @{ auto_start = 'false' }
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        Get-FaultText -Seen (Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name $_ }) | Should -Be ''
        # As text: the simulation would read a date, too.
        $file = [IO.Directory]::GetFiles([IO.Path]::Combine($lab.HyperV, 'vms'), '*.json')[0]
        [IO.File]::ReadAllText($file) | Should -BeLike "*`"$_`"*"
        [IO.File]::ReadAllText($lab.StatePath) | Should -BeLike "*`"$_`"*"
    }

    It 'is refused by a PowerShell that would make another one of it' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Setting @{ auto_start = 'false' }
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $module = Get-Module -Name Ragnatramp
        $known = & $module { $script:RagnaJson; $script:RagnaJson = @{} }
        try {
            $seen = Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name '2026-12-01T10:00:00' }
            $plain = Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name '2026-12-01' }
        } finally {
            & $module { $script:RagnaJson = $args[0] } $known
        }
        Get-FaultText -Seen $seen | Should -BeLike 'CHECKPOINT_NAME_INVALID*'
        Get-FaultText -Seen $plain | Should -Be ''
        @(Hyper-V\Get-VMSnapshot -VM (Get-LabObject -Lab $lab -Name 'web')) | Should -HaveCount 1
    }
}
