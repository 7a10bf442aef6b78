# Checkpoints of the simulated Hyper-V: what they hold, what a restore leaves, and merges that take their time.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Enter-FreshLab {
        $script:folder = "$TestDrive/lab-$([guid]::NewGuid())"
        Enter-Lab -Lab @{ HyperV = $script:folder }
    }
    # A machine off, without automatic checkpoints, on a child of a base image.
    function New-Machine {
        param([string] $Name)
        $base = "$script:folder/$Name-base.vhdx"
        $null = New-SimulatedImage -Path $base
        $disk = (New-VHD -Path "$script:folder/$Name.vhdx" -ParentPath $base -Differencing).Path
        $vm = New-VM -Name $Name -Path "$script:folder/made" -Generation 2 -MemoryStartupBytes 1GB -VHDPath $disk -SwitchName 'Default Switch'
        Set-VM -VM $vm -AutomaticCheckpointsEnabled $false
        $vm
    }
    function Get-State { param([object] $Machine) "$((Get-VM -Id $Machine.Id).State)" }
    function Get-Drive { param([object] $Machine) $Machine.HardDrives[0].Path }
}

Describe 'An automatic checkpoint' {
    It 'is made at the start and merged after the stop, late, holding the disk and refusing a start meanwhile' {
        Enter-FreshLab
        $vm = New-Machine -Name 'web'
        $disk = Get-Drive -Machine $vm
        Set-VM -VM $vm -AutomaticCheckpointsEnabled $true
        Start-VM -VM $vm
        $automatic = @(Get-VMSnapshot -VM $vm)
        $automatic | Should -HaveCount 1
        $automatic[0].IsAutomaticCheckpoint | Should -BeTrue
        Get-Drive -Machine $vm | Should -Match '\\web_[0-9A-F-]{36}\.avhdx$'
        Stop-VM -VM $vm
        @(Get-VMSnapshot -VM $vm) | Should -HaveCount 0
        Get-Drive -Machine $vm | Should -Not -Be $disk
        (Get-VM -Id $vm.Id).SecondaryOperationalStatus | Should -BeNullOrEmpty
        [int] (Get-VM -Id $vm.Id).SecondaryOperationalStatus | Should -Be 32772
        Set-SimulatedHost -MergeQuery 1, 5
        { [IO.File]::OpenRead($disk) } | Should -Throw
        (Get-VM -Id $vm.Id).SecondaryOperationalStatus | Should -BeNullOrEmpty
        Get-Drive -Machine $vm | Should -Be $disk
        Test-VHD -Path $disk | Should -BeTrue
        Start-VM -VM $vm
        Stop-VM -VM $vm -Save
        @(Get-VMSnapshot -VM $vm) | Should -HaveCount 1
    }

    It 'blocks the next start while it is merged' {
        Enter-FreshLab
        $vm = New-Machine -Name 'web'
        Set-VM -VM $vm -AutomaticCheckpointsEnabled $true
        Start-VM -VM $vm
        Set-SimulatedHost -MergeQuery 0, 2
        Stop-VM -VM $vm
        $null = Get-VM
        { Start-VM -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectInUse,*'
        Start-VM -VM $vm
        Get-State -Machine $vm | Should -Be 'Running'
    }
}

Describe 'A checkpoint' {
    BeforeAll {
        Enter-FreshLab
        Set-SimulatedHost -MergeQuery 0, 0
    }

    It 'of an off machine restores to Off, with the settings and notes of then' {
        $vm = New-Machine -Name 'a'
        Set-VM -VM $vm -Notes 'then' -ProcessorCount 2
        $disk = Get-Drive -Machine $vm
        $made = Checkpoint-VM -VM $vm -SnapshotName 'clean' -Passthru
        $made.HardDrives[0].Path | Should -Be $disk
        Set-VM -VM $vm -Notes 'now' -ProcessorCount 4
        $before = Get-Drive -Machine $vm
        Start-VM -VM $vm
        Restore-VMSnapshot -VMName 'a' -Name 'clean' -Confirm:$false
        $now = Get-VM -Id $vm.Id
        "$($now.State) $($now.Notes) $($now.ProcessorCount) $($now.ParentSnapshotName)" | Should -Be 'Off then 2 clean'
        $before | Should -Not -Exist
        (Get-VHD -Path (Get-Drive -Machine $vm)).ParentPath | Should -Be $disk
    }

    It 'holds memory as its type and the guest allow' {
        $vm = New-Machine -Name 'b'
        Start-VM -VM $vm
        "$((Checkpoint-VM -VM $vm -SnapshotName 'production' -Passthru).State)" | Should -Be 'Off'
        Set-SimulatedVM -Name 'b' -Vss $false
        "$((Checkpoint-VM -VM $vm -SnapshotName 'fallback' -Passthru).State)" | Should -Be 'Saved'
        Set-VM -VM $vm -CheckpointType ProductionOnly
        { Checkpoint-VM -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'OperationFailed,*'
        Set-VM -VM $vm -CheckpointType Disabled
        { Checkpoint-VM -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'OperationFailed,*'
        Restore-VMSnapshot -VMSnapshot (Get-VMSnapshot -VM $vm -Name 'fallback') -Confirm:$false
        Get-State -Machine $vm | Should -Be 'Running'
        Suspend-VM -VM $vm
        Restore-VMSnapshot -VMSnapshot (Get-VMSnapshot -VM $vm -Name 'fallback') -Confirm:$false
        Get-State -Machine $vm | Should -Be 'Saved'
        Restore-VMSnapshot -VMSnapshot (Get-VMSnapshot -VM $vm -Name 'production') -Confirm:$false
        Get-State -Machine $vm | Should -Be 'Off'
    }

    It 'is found by name with wildcards; none and several are errors of a restore, none is silent in a removal' {
        $vm = New-Machine -Name 'c'
        foreach ($name in 'one', 'two', 'two') { Checkpoint-VM -VM $vm -SnapshotName $name }
        @(Get-VMCheckpoint -VM $vm).Name | Should -Be @('one', 'two', 'two')
        @(Get-VMSnapshot -VM $vm -Name 't*') | Should -HaveCount 2
        { Get-VMSnapshot -VM $vm -Name 'none' -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
        { Restore-VMSnapshot -VM $vm -Name 'none' -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
        { Restore-VMSnapshot -VM $vm -Name 'two' -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        Remove-VMSnapshot -VM $vm -Name 'none' -ErrorAction Stop
        Rename-VMSnapshot -VM $vm -Name 'one' -NewName 'first'
        (Get-VMSnapshot -Id (Get-VMSnapshot -VM $vm -Name 'first').Id).Name | Should -Be 'first'
        { Checkpoint-VM -VM $vm -SnapshotName ('x' * 101) -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
    }

    It 'in the middle of a chain is merged into the one before it, and what stands on it still fits' {
        $vm = New-Machine -Name 'd'
        $disk = Get-Drive -Machine $vm
        foreach ($name in 'one', 'two', 'three') { Checkpoint-VM -VM $vm -SnapshotName $name }
        Remove-VMSnapshot -VM $vm -Name 'two'
        (Get-VMSnapshot -VM $vm -Name 'three').ParentSnapshotName | Should -Be 'one'
        Test-VHD -Path (Get-Drive -Machine $vm) | Should -BeTrue
        Remove-VMSnapshot -VM $vm
        Get-Drive -Machine $vm | Should -Be $disk
        @(Get-ChildItem -LiteralPath $folder -Filter 'd_*.avhdx') | Should -HaveCount 0
        Start-VM -VM $vm
        Get-State -Machine $vm | Should -Be 'Running'
    }

    It 'to which a machine went back makes a second branch, which a removal leaves whole' {
        $vm = New-Machine -Name 'e'
        foreach ($name in 'one', 'two') { Checkpoint-VM -VM $vm -SnapshotName $name }
        Restore-VMSnapshot -VM $vm -Name 'one' -Confirm:$false
        Checkpoint-VM -VM $vm -SnapshotName 'other'
        (Get-VMSnapshot -VM $vm -Name 'other').ParentSnapshotName | Should -Be 'one'
        Remove-VMSnapshot -VM $vm -Name 'two'
        Test-VHD -Path (Get-Drive -Machine $vm) | Should -BeTrue
        Remove-VMSnapshot -VM $vm -Name 'one' -IncludeAllChildSnapshots
        @(Get-VMSnapshot -VM $vm) | Should -HaveCount 0
        @(Get-ChildItem -LiteralPath $folder -Filter 'e_*.avhdx') | Should -HaveCount 0
    }

    It 'can have a merge that never comes' {
        Set-SimulatedHost -MergeQuery (-1), 1
        $vm = New-Machine -Name 'f'
        Checkpoint-VM -VM $vm -SnapshotName 'one'
        Remove-VMSnapshot -VM $vm -Name 'one'
        foreach ($query in 1..5) { $null = Get-VM }
        Get-Drive -Machine $vm | Should -Match '\.avhdx$'
        Set-SimulatedHost -MergeQuery 0, 0
    }
}
