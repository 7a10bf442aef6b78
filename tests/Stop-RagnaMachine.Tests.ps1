# Stop-RagnaMachine: by the guest, by saving, by cutting the power; and never that unasked.

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

    # The parameters of all calls of Stop-VM.
    function Get-StopParameter { @(Get-SimulatedCall -Cmdlet 'Stop-VM' | ForEach-Object { $_.Parameters }) | Sort-Object -Unique }
}

Describe 'Stop-RagnaMachine' {
    It 'shuts guests down, those that others depend on last, and cuts no power' {
        $lab = New-RunningLab -Machine @{ name = 'db' }, @{ name = 'web'; depends_on = '[db]' }
        $seen = Watch-Run { Stop-RagnaMachine -Path $lab.Config }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: stopped, Off; db: stopped, Off'
        Get-CallTarget -Cmdlet 'Stop-VM' | Should -Be 'web db'
        Get-StopParameter | Should -Be @('Confirm', 'VM') -Because 'Force and TurnOff cut the power'
        Get-ResultText -Seen (Watch-Run { Stop-RagnaMachine -Path $lab.Config }) | Should -Be 'web: none, Off; db: none, Off'
    }

    It 'begins no stop before that of the machines that depend on it has ended' {
        $lab = New-RunningLab -Machine @{ name = 'db' }, @{ name = 'web'; depends_on = '[db]' }
        Set-SimulatedHost -Delay @{ 'Stop-VM' = 700 }
        $null = Watch-Run { Stop-RagnaMachine -Path $lab.Config }
        $calls = @(Get-SimulatedCall -Cmdlet 'Stop-VM')
        ($calls[1].At - $calls[0].At).TotalMilliseconds | Should -BeGreaterOrEqual 690
    }

    It 'gives a guest its time and no more' {
        $lab = New-RunningLab
        Set-SimulatedHost -Delay @{ 'Stop-VM' = 60000 }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $seen = Watch-Run { Stop-RagnaMachine -Path $lab.Config -TimeoutSeconds 1 }
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
        Get-FaultText -Seen $seen | Should -Be 'STOP_TIMEOUT web'
        $seen.Errors[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        "$($seen.Errors[0])" | Should -BeLike '*has not shut down after 1 s*'
        Get-ResultText -Seen $seen | Should -Be 'web: failed, Running'
    }

    It 'tells of a guest that hangs, leaves its power on, and cuts it when asked' {
        $lab = New-RunningLab -NewGuest @{ Shutdown = 'hang' }
        $seen = Watch-Run { Stop-RagnaMachine -Path $lab.Config }
        Get-FaultText -Seen $seen | Should -Be 'STOP_TIMEOUT web'
        "$((Get-LabObject -Lab $lab -Name 'web').State)" | Should -Be 'Stopping'
        Get-FaultText -Seen (Watch-Run { Stop-RagnaMachine -Path $lab.Config }) | Should -Be 'VM_STATE web'
        Get-ResultText -Seen (Watch-Run { Stop-RagnaMachine -Path $lab.Config -TurnOff }) | Should -Be 'web: turned off, Off'
    }

    It 'says at once where the guest cannot be asked, and asks Hyper-V for nothing' {
        $lab = New-RunningLab -NewGuest @{ Shutdown = 'none' }
        $seen = Watch-Run { Stop-RagnaMachine -Path $lab.Config }
        Get-FaultText -Seen $seen | Should -Be 'SHUTDOWN_UNAVAILABLE web'
        "$($seen.Errors[0].ErrorDetails.RecommendedAction)" | Should -BeLike '*-Save*-TurnOff*'
        @(Get-SimulatedCall -Cmdlet 'Stop-VM') | Should -HaveCount 0
        Get-ResultText -Seen (Watch-Run { Stop-RagnaMachine -Path $lab.Config -Save }) | Should -Be 'web: saved, Saved'
        Get-ResultText -Seen (Watch-Run { Stop-RagnaMachine -Path $lab.Config }) | Should -Be 'web: none, Saved'
    }

    It 'stops the others where one fails' {
        $lab = New-RunningLab -Machine @{ name = 'db' }, @{ name = 'web'; depends_on = '[db]' }
        Set-SimulatedVM -Name "lab-web-$($lab.Hash)" -Failure @{ 'Stop-VM' = 'The guest says no.' }
        Set-SimulatedHost -Fault @{}
        $seen = Watch-Run { Stop-RagnaMachine -Path $lab.Config }
        Get-FaultText -Seen $seen | Should -Be 'SHUTDOWN_UNAVAILABLE web'
        Get-ResultText -Seen $seen | Should -Be 'web: failed, Running; db: stopped, Off'
    }

    It 'does nothing under -WhatIf, and nothing to a VM that is not ours' {
        $lab = New-RunningLab
        (Watch-Run { Stop-RagnaMachine -Path $lab.Config -WhatIf }).Output | Should -HaveCount 0
        Set-SimulatedVM -Name "lab-web-$($lab.Hash)" -Notes 'mine'
        $seen = Watch-Run { Stop-RagnaMachine -Path $lab.Config -TurnOff }
        Get-FaultText -Seen $seen | Should -Be 'OWNERSHIP_VERIFICATION_FAILED web'
        @(Get-SimulatedCall -Cmdlet 'Stop-VM') | Should -HaveCount 0
    }
}
