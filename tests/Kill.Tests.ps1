# A process that is ended in the middle of the work on a lab of two machines: a sample of what tests/Cut.Tests.ps1 does at every call.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # What is wrong after each of five ends of a process, evenly over the calls, and one more run.
    function Find-KillFault {
        param([object] $Lab, [string] $Script)
        Copy-Tree -From $Lab.Root -To $Lab.Saved
        Clear-SimulatedCall
        $null = & ([scriptblock]::Create($Script))
        $count = @(Get-SimulatedCall).Count
        $wanted = Get-LabPicture -Lab $Lab
        foreach ($part in 1..5) {
            $number = [int] [Math]::Floor($part * $count / 6)
            Copy-Tree -From $Lab.Saved -To $Lab.Root
            Set-SimulatedHost -KillAfterCall $number
            if (-not (Invoke-KilledRun -Script $Script)) { "after call $($number): the process was not ended" }
            Set-SimulatedHost -KillAfterCall 0
            $next = Watch-Run ([scriptblock]::Create($Script))
            foreach ($fault in @($next.Errors) + @($next.Thrown)) { if ($null -ne $fault) { "after call $($number): $fault" } }
            $found = Get-LabPicture -Lab $Lab
            if ($found -cne $wanted) { "after call $($number): the lab is another one:`n$found`n-- and not`n$wanted" }
            $changed = @(Compare-Object -ReferenceObject $Lab.Foreign -DifferenceObject @(Get-ForeignStamp -Lab $Lab))
            if ($changed.Count -gt 0) { "after call $($number): of others: $(@($changed | ForEach-Object { $_.InputObject }) -join ', ')" }
        }
    }

    function New-MadeLab {
        $lab = New-CutLab -Machine @{ name = 'web'; depends_on = '[db]' }, @{ name = 'db' }
        $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
        $null = Checkpoint-RagnaMachine -Path $lab.Config -Name 'clean'
        $lab.Foreign = @(Get-ForeignStamp -Lab $lab)
        $lab
    }
}

Describe 'A process that is ended' {
    It 'while Start-RagnaMachine makes a lab is completed by the next one' {
        $lab = New-CutLab -Machine @{ name = 'web'; depends_on = '[db]' }, @{ name = 'db' }
        Find-KillFault -Lab $lab -Script "Start-RagnaMachine -Path '$($lab.Config)' -TimeoutSeconds 20" | Should -BeNullOrEmpty
    }

    It 'while Restore-RagnaMachine goes back is completed by the next one' {
        $lab = New-MadeLab
        Find-KillFault -Lab $lab -Script "Restore-RagnaMachine -Path '$($lab.Config)' -Name 'clean' -Confirm:`$false" | Should -BeNullOrEmpty
    }

    It 'while Remove-RagnaMachine removes is completed by the next one' {
        $lab = New-MadeLab
        Find-KillFault -Lab $lab -Script "$(Get-QuickMerge); Remove-RagnaMachine -Path '$($lab.Config)' -Force" | Should -BeNullOrEmpty
    }
}
