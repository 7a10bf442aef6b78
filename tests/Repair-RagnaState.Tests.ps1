# Repair-RagnaState: a damaged state file gets its last good content back, and the damaged one is kept.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # A lab that was reconciled twice, so that its state has a backup.
    function New-ReconciledLab {
        $lab = New-Lab
        $null = Invoke-RagnaReconcile -Path $lab.Config -TimeoutSeconds 0 -GuestTransport None
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.31.0.1'
        $null = Invoke-RagnaReconcile -Path $lab.Config -TimeoutSeconds 0 -GuestTransport None
        $lab
    }

    $damages = @{
        cut     = { param($path) [IO.File]::WriteAllText($path, [IO.File]::ReadAllText($path).Substring(0, 200)) }
        zeros   = { param($path) [IO.File]::WriteAllBytes($path, [byte[]]::new(500)) }
        empty   = { param($path) [IO.File]::WriteAllText($path, '') }
        version = { param($path) [IO.File]::WriteAllText($path, [IO.File]::ReadAllText($path).Replace('"version": 1', '"version": 7')) }
    }
}

Describe 'A damaged state' {
    It 'is told by the other cmdlets with the command that mends it, and mended: <_>' -ForEach 'cut', 'zeros', 'empty', 'version' {
        $lab = New-ReconciledLab
        & $damages[$_] $lab.StatePath
        $damaged = [IO.File]::ReadAllBytes($lab.StatePath)
        $backup = [IO.File]::ReadAllBytes("$($lab.StatePath).bak")
        $told = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $told.Errors[0].FullyQualifiedErrorId | Should -Be 'STATE_CORRUPTED,Get-RagnaStatus'
        $told.Errors[0].ErrorDetails.RecommendedAction | Should -Match 'Repair-RagnaState'

        $seen = Watch-Run { Repair-RagnaState -Path $lab.Config }
        $seen.Errors.Count + $seen.Left.Count | Should -Be 0
        $repair = $seen.Output[0]
        $repair.PSObject.TypeNames[0] | Should -Be 'Ragnatramp.StateRepair'
        $repair.Repaired | Should -BeTrue
        $repair.Damage | Should -Not -BeNullOrEmpty
        $repair.Source | Should -Be 'backup'
        $repair.Machines | Should -Be @('web', 'db')
        [Convert]::ToBase64String([IO.File]::ReadAllBytes($lab.StatePath)) | Should -BeExactly ([Convert]::ToBase64String($backup))
        [Convert]::ToBase64String([IO.File]::ReadAllBytes($repair.KeptAside)) | Should -BeExactly ([Convert]::ToBase64String($damaged))
        (Watch-Run { Get-RagnaStatus -Path $lab.Config }).Errors | Should -BeNullOrEmpty
    }

    It 'stays as it is with -WhatIf, which tells what would be done' {
        $lab = New-ReconciledLab
        & $damages.cut $lab.StatePath
        $before = Get-FolderDigest -Path $lab.Folder
        $seen = Watch-Run { Repair-RagnaState -Path $lab.Config -WhatIf }
        $seen.Output[0].Repaired | Should -BeFalse
        $seen.Output[0].Damage | Should -Not -BeNullOrEmpty
        $seen.Output[0].KeptAside | Should -BeNullOrEmpty
        $seen.Output[0].SavedAt | Should -BeOfType [datetime]
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
    }

    It 'stays as it is where the backup is no good either, and is told' {
        $lab = New-ReconciledLab
        & $damages.cut $lab.StatePath
        [IO.File]::WriteAllText("$($lab.StatePath).bak", 'rubbish')
        $before = Get-FolderDigest -Path $lab.Folder
        $seen = Watch-Run { Repair-RagnaState -Path $lab.Config }
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -Be 'STATE_CORRUPTED,Repair-RagnaState'
        $seen.Output | Should -BeNullOrEmpty
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
    }

    It 'that is gone comes back from its backup' {
        $lab = New-ReconciledLab
        [IO.File]::Delete($lab.StatePath)
        $seen = Watch-Run { Repair-RagnaState -Path $lab.Config }
        $seen.Output[0].Repaired | Should -BeTrue
        (Get-LabState -Lab $lab).project | Should -Be 'lab'
    }
}

Describe 'A sound state' {
    It 'is left alone' {
        $lab = New-ReconciledLab
        $before = Get-FolderDigest -Path $lab.Folder
        $seen = Watch-Run { Repair-RagnaState -Path $lab.Config }
        $seen.Output[0].Repaired | Should -BeFalse
        $seen.Output[0].Damage | Should -BeNullOrEmpty
        $seen.Errors.Count + $seen.Left.Count | Should -Be 0
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
    }

    It 'that was never there is STATE_NOT_FOUND' {
        $lab = New-Lab -Folder "$TestDrive/none" -Machine @{ name = 'web' } -WithoutState
        $seen = Watch-Run { Repair-RagnaState -Path $lab.Config }
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -Be 'STATE_NOT_FOUND,Repair-RagnaState'
        "$($lab.Folder)\.ragnatramp" | Should -Not -Exist
    }
}

Describe 'Several configs' {
    It 'are repaired in one pipeline' {
        $labs = @(New-ReconciledLab; New-ReconciledLab)
        foreach ($lab in $labs) { & $damages.empty $lab.StatePath }
        $seen = Watch-Run { $labs | ForEach-Object { $_.Config } | Repair-RagnaState }
        @($seen.Output | ForEach-Object { $_.Repaired }) | Should -Be @($true, $true)
    }
}
