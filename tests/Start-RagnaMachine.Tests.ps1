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
        @($state.vms.PSObject.Properties.Name) -join ' ' | Should -Be 'web db'
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
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action)" }) -join '; ' | Should -Be 'web: removed; db: removed'
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
