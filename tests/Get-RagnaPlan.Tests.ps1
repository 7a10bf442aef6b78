# Get-RagnaPlan: what would be done, and why.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-PlanText {
        param([object] $Lab, [hashtable] $Option = @{})
        @(Get-RagnaPlan -Path $Lab.Config @Option | ForEach-Object { "$($_.Machine): $($_.Action)" }) -join '; '
    }
}

Describe 'Get-RagnaPlan' {
    It 'says of a lab of which nothing is there what would be made, and makes nothing' {
        $lab = New-EmptyLab
        Get-PlanText -Lab $lab | Should -Be 'web: create; db: create'
        $first = @(Get-RagnaPlan -Path $lab.Config)[0]
        $first.Operation | Should -Be 'Create from base.vhdx (generation 2, differencing, 2 CPU, 2048 MB), then start'
        @($first.Touches | ForEach-Object { [IO.Path]::GetFileName($_) }) | Should -Be @("lab-web-$($lab.Hash)", 'web.vhdx')
        Get-PlanText -Lab $lab -Option @{ For = 'Stop' } | Should -Be 'web: none; db: none'
        Get-PlanText -Lab $lab -Option @{ For = 'Remove' } | Should -BeLike '*: none; *: none'
        [IO.File]::Exists($lab.StatePath) | Should -BeFalse
    }

    It 'knows each kind of action, and shows it with its sign' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }, @{ name = 'db' }, @{ name = 'queue' }, @{ name = 'late' }
        $null = Start-RagnaMachine -Path $lab.Config -Machine 'web', 'db', 'queue' -SkipReconcile
        $null = Stop-RagnaMachine -Path $lab.Config -Machine 'db' -TurnOff
        Set-SimulatedVM -Name "lab-queue-$($lab.Hash)" -State 'Saved'
        Get-PlanText -Lab $lab | Should -Be 'web: none; db: start; queue: resume; late: create'
        Get-PlanText -Lab $lab -Option @{ For = 'Stop' } | Should -Match 'web: stop'
        Get-PlanText -Lab $lab -Option @{ For = 'Remove'; Machine = 'web' } | Should -Be 'web: remove'
        Hyper-V\Set-VM -VM (Get-LabObject -Lab $lab -Name 'db') -ProcessorCount 8
        Get-PlanText -Lab $lab -Option @{ Force = $true; Machine = 'db' } | Should -Be 'db: update'
        Set-SimulatedVM -Name "lab-web-$($lab.Hash)" -Notes 'mine'
        $shown = (Get-RagnaPlan -Path $lab.Config | Out-String) -replace '\s+', ' '
        foreach ($text in 'web ! refuse', 'db > start', 'queue > resume', 'late + create') { $shown.Contains($text) | Should -BeTrue -Because $shown }
        @(Get-RagnaPlan -Path $lab.Config -Machine 'web')[0].Remedy | Should -Not -BeNullOrEmpty
    }

    It 'completes a creation that was interrupted, and takes over the VM that the state does not know yet' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        $runspace = New-CutRunspace
        $lab | Add-Member -NotePropertyName Root -NotePropertyValue $lab.Folder
        # New-VHD, New-VM, Set-VM for the Notes, and then the state knows it.
        foreach ($case in @{ Call = 'New-VM'; Action = 'adopt' }, @{ Call = 'Set-VMFirmware'; Action = 'complete' }) {
            $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
            Clear-SimulatedCall
            $null = Remove-RagnaMachine -Path $lab.Config -Force
            Clear-SimulatedCall
            $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
            $number = @(Get-SimulatedCall | ForEach-Object { $_.Cmdlet }).IndexOf($case.Call) + 1
            $null = Remove-RagnaMachine -Path $lab.Config -Force
            Set-SimulatedHost -FreezeAfterCall $number
            (Invoke-CutRun -Runspace $runspace -Script "Start-RagnaMachine -Path '$($lab.Config)' -SkipReconcile" -Lab $lab).Cut | Should -BeTrue
            Get-PlanText -Lab $lab | Should -Be "web: $($case.Action)"
            $null = Remove-RagnaMachine -Path $lab.Config -Force
        }
        @(Hyper-V\Get-VM) | Should -HaveCount 0
        @([IO.Directory]::GetFileSystemEntries($lab.Artifact)) | Should -HaveCount 0
    }

    It 'takes configs from the pipeline, and a Hyper-V that is silent is one error' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        @([IO.FileInfo]::new($lab.Config) | Get-RagnaPlan)[0].Machine | Should -Be 'web'
        Set-SimulatedHost -Denied $true
        $seen = Watch-Run { Get-RagnaPlan -Path $lab.Config }
        Get-FaultText -Seen $seen | Should -BeLike 'PERMISSION_DENIED *'
        $seen.Output | Should -HaveCount 0
    }
}
