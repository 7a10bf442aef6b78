# Remove-RagnaMachine: all that was made goes, and nothing else.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # Starts the one machine of a new lab.
    function New-RunningLab {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $lab
    }

    # What is left in the artifact folder, and of the machines in Hyper-V and the state.
    function Get-Rest {
        param([object] $Lab)
        $files = @([IO.Directory]::GetFileSystemEntries($Lab.Artifact, '*', [IO.SearchOption]::AllDirectories) | ForEach-Object { [IO.Path]::GetFileName($_) })
        "$(@(Hyper-V\Get-VM).Count) VMs, $(@((Get-LabState -Lab $Lab).vms.PSObject.Properties).Count) known; $($files -join ' ')"
    }
}

Describe 'Remove-RagnaMachine' {
    It 'removes a machine that runs, with its checkpoints; the image stays as it was' {
        $lab = New-RunningLab
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'one'
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'two'
        $image = Get-FileBase64 -Path $lab.Image
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: removed, NotCreated'
        Get-Rest -Lab $lab | Should -Be '0 VMs, 0 known; '
        Get-FileBase64 -Path $lab.Image | Should -Be $image
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        Get-ResultText -Seen $seen | Should -Be 'web: none, NotCreated'
    }

    It 'removes a machine, and a checkpoint before, where the config spells its folder with <Case>' -ForEach @(
        @{ Case = 'slashes'; Part = '/vms' }, @{ Case = 'doubled backslashes'; Part = '\\vms' }, @{ Case = 'dots'; Part = '\other\..\.\vms' }
    ) {
        $folder = [IO.Path]::Combine($TestDrive, "spelt-$($Case.Split(' ')[0])")
        if ($Part -eq '/vms') { $folder = $folder.Replace('\', '/') }
        $lab = New-EmptyLab -Machine @{ name = 'web'; cloud_init = 'true' } -Folder $folder -Artifact "$folder$Part"
        Clear-SimulatedCall
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $vm = Get-LabObject -Lab $lab -Name 'web'
        @($vm.HardDrives)[0].Path | Should -Be ([IO.Path]::GetFullPath($lab.Artifact) + "\lab-web-$($lab.Hash)\web.vhdx")
        @(Get-SimulatedCall -Cmdlet 'Set-VMFirmware' | Where-Object { $_.Parameters -contains 'FirstBootDevice' }) | Should -HaveCount 1
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean'
        $module = Get-Module -Name Ragnatramp
        & $module { $script:HyperVStepSeconds.WaitMerged = 8 }
        try {
            Get-FaultText -Seen (Watch-Run { Remove-RagnaCheckpoint -Path $lab.Config -Name 'clean' -Confirm:$false }) | Should -Be ''
            $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'again'
            Get-FaultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be ''
        } finally {
            & $module { $script:HyperVStepSeconds.WaitMerged = 1800 }
        }
        Get-Rest -Lab $lab | Should -Be '0 VMs, 0 known; '
    }

    It 'removes a machine whose memory is saved' {
        $lab = New-RunningLab
        $null = Stop-RagnaMachine -Path $lab.Config -Save
        Get-FaultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be ''
        Get-Rest -Lab $lab | Should -Be '0 VMs, 0 known; '
    }

    It 'leaves a file in its folder that it did not make, and says so' {
        $lab = New-RunningLab
        $folder = [IO.Path]::GetDirectoryName((Get-LabState -Lab $lab).vms.web.diskPath)
        [IO.File]::WriteAllText([IO.Path]::Combine($folder, 'notes.txt'), 'mine')
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        Get-FaultText -Seen $seen | Should -Be ''
        @($seen.Warnings | Where-Object { $_ -like "web: its folder $folder stays: *" }) | Should -HaveCount 1
        [IO.File]::Exists([IO.Path]::Combine($folder, 'notes.txt')) | Should -BeTrue
        [IO.File]::Exists([IO.Path]::Combine($folder, 'web.vhdx')) | Should -BeFalse
    }

    It 'does not touch a VM that is not provably ours, nor a disk that another VM has' {
        $lab = New-RunningLab
        $disk = (Get-LabState -Lab $lab).vms.web.diskPath
        Set-SimulatedVM -Name "lab-web-$($lab.Hash)" -Notes 'mine'
        Get-FaultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be 'OWNERSHIP_VERIFICATION_FAILED web'
        Set-SimulatedVM -Name "lab-web-$($lab.Hash)" -ConfigPath $lab.Config
        $null = Add-SimulatedVM -Name 'stranger' -State 'Off' -Drive @(@{ kind = 'disk'; controller = 'SCSI'; number = 0; location = 0; path = $disk })
        Get-FaultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be 'DISK_IN_USE web'
        "$((Get-LabObject -Lab $lab -Name 'web').State)" | Should -Be 'Running'
        [IO.File]::Exists($disk) | Should -BeTrue
    }

    It 'names in its question each file that it deletes, and does nothing under -WhatIf or where nobody can answer' {
        $lab = New-RunningLab
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'one'
        $null = Stop-RagnaMachine -Path $lab.Config -TurnOff
        $before = @(Get-FolderDigest -Path $lab.Folder)
        $plan = @(Get-RagnaPlan -Path $lab.Config -For Remove)[0]
        $drive = @((Get-LabObject -Lab $lab -Name 'web').HardDrives)[0].Path
        foreach ($file in $drive, (Get-LabState -Lab $lab).vms.web.diskPath) {
            $plan.Operation.Contains($file) | Should -BeTrue -Because "$file is deleted"
            $plan.Touches -contains $file | Should -BeTrue -Because "$file is deleted"
        }
        (Watch-Run { Remove-RagnaMachine -Path $lab.Config -WhatIf }).Output | Should -HaveCount 0
        (Watch-Run { Remove-RagnaMachine -Path $lab.Config }).Thrown | Should -Not -BeNullOrEmpty
        (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force -Confirm }).Thrown | Should -Not -BeNullOrEmpty
        @(Get-FolderDigest -Path $lab.Folder) | Should -Be $before
    }

    It 'takes an empty list of names for a mistake and not for every machine' {
        $lab = New-RunningLab
        foreach ($names in @(), $null, @(''), @('web', $null)) {
            (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Machine $names -Force }).Thrown.FullyQualifiedErrorId |
                Should -Be 'ParameterArgumentValidationError,Remove-RagnaMachine'
        }
        $seen = Watch-Run { [pscustomobject]@{ ConfigPath = $lab.Config; Machine = $null } | Remove-RagnaMachine -Force }
        $seen.Errors | Should -HaveCount 1
        foreach ($name in 'Start', 'Stop', 'Restore', 'Checkpoint') { (Get-Command -Name "$name-RagnaMachine").Parameters['Machine'].Attributes.TypeId.Name | Should -Contain 'ValidateNotNullOrEmptyAttribute' }
        @(Hyper-V\Get-VM) | Should -HaveCount 1
    }

    It 'removes the disk that the original tool put beside others, and leaves the others' {
        $lab = New-RunningLab
        $state = [IO.File]::ReadAllText($lab.StatePath) | ConvertFrom-Json
        $made = $state.vms.web.diskPath
        $null = Stop-RagnaMachine -Path $lab.Config -TurnOff
        # That tool has one folder for all disks, and no field for the folder.
        $flat = [IO.Path]::Combine($lab.Artifact, 'web.vhdx')
        [IO.File]::Copy($made, $flat)
        [IO.File]::WriteAllText([IO.Path]::Combine($lab.Artifact, 'web2.vhdx'), 'another')
        $state.vms.web.diskPath = $flat
        $state.vms.web.PSObject.Properties.Remove('folder')
        [IO.File]::WriteAllText($lab.StatePath, (ConvertTo-Json -InputObject $state -Depth 8))
        Set-SimulatedVM -Name "lab-web-$($lab.Hash)" -Drive @(@{ kind = 'disk'; controller = 'SCSI'; number = 0; location = 0; path = $flat })
        Get-FaultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be ''
        [IO.File]::Exists($flat) | Should -BeFalse
        [IO.File]::Exists([IO.Path]::Combine($lab.Artifact, 'web2.vhdx')) | Should -BeTrue
        [IO.File]::Exists($made) | Should -BeTrue -Because 'nothing names it'
    }
}
