# A dry run decides what a real one does, field by field, and writes nothing anywhere.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $known = Get-KnownNetwork -Ipv4 '172.20.9.9' -Mac '00:15:5D:00:00:0B'
    $lab = New-Lab -Folder "$TestDrive/lab" -Machine @(
        @{ name = 'web' }, @{ name = 'db'; network = $known }, @{ name = 'off'; State = 'Saved'; network = $known }
        @{ name = 'gone'; hasVM = $false }, @{ name = 'alien'; Notes = 'mine' }, @{ name = 'penguin'; Os = 'linux' }
        @{ name = 'same1'; Address = '172.20.0.200' }, @{ name = 'same2'; Address = '172.20.0.200' }, @{ name = 'old'; inConfig = $false }
    )
    $parameters = @{ Path = $lab.Config; TimeoutSeconds = 0; Credential = Get-LabCredential }
    $before = Get-FolderDigest -Path $lab.Folder
    $dry = Watch-Run { Invoke-RagnaReconcile @parameters -WhatIf }
    $after = Get-FolderDigest -Path $lab.Folder
    $dryCalls = @(Get-SimulatedCall)
    $real = Watch-Run { Invoke-RagnaReconcile @parameters }

    function ConvertTo-Comparable {
        # As JSON, without the times, which differ from run to run.
        param([object] $Value)
        [regex]::Replace((ConvertTo-Json -InputObject $Value -Depth 8), '"DiscoveredAt": "[^"]+"', '"DiscoveredAt": "a time"')
    }
}

Describe 'A dry run' {
    It 'has the same <_> as the real run' -ForEach 'Discovery', 'Diffs', 'HostsBlock', 'Warnings', 'Errors', 'Project', 'ConfigPath', 'Success', 'ExitCode' {
        ConvertTo-Comparable -Value $dry.Output[0].$_ | Should -BeExactly (ConvertTo-Comparable -Value $real.Output[0].$_)
    }

    It 'differs in DryRun, and in what became of the guests that the real run entered' {
        $dry.Output[0].DryRun | Should -BeTrue
        $real.Output[0].DryRun | Should -BeFalse
        $told = { param($result) @($result.HostSync | ForEach-Object { "$($_.MachineName) $($_.VmName) $($_.Status) $($_.Reason) $($_.Error)" }) }
        $planned = @(& $told $dry.Output[0])
        $planned | Where-Object { $_ -match ' planned ' } | Should -HaveCount 2
        @($planned | ForEach-Object { $_ -replace ' planned declined ', ' synced  ' -replace ' planned ', ' synced ' }) | Should -BeExactly @(& $told $real.Output[0])
    }

    It 'counts the same' {
        foreach ($count in 'Machines', 'Discovered', 'Changed', 'Skipped', 'Failed', 'Off', 'Missing', 'NoIp', 'NotOwned') {
            $dry.Output[0].Summary.$count | Should -Be $real.Output[0].Summary.$count -Because $count
        }
        $dry.Output[0].Summary.Planned | Should -Be $real.Output[0].Summary.Synced
    }

    It 'warns and errs in the same words' {
        $dry.Warnings | Should -BeExactly $real.Warnings
        @($dry.Errors | ForEach-Object { "$_" }) | Should -BeExactly @($real.Errors | ForEach-Object { "$_" })
    }

    It 'has the same properties' {
        @($dry.Output[0].PSObject.Properties.Name) | Should -Be @($real.Output[0].PSObject.Properties.Name)
    }

    It 'writes nothing: no file, no folder, no lock, in state, guests or Hyper-V' {
        $after | Should -Be $before
        Get-FolderDigest -Path $lab.Folder | Should -Not -Be $before -Because 'the real run does write'
    }

    It 'asks only, and enters nobody' {
        @($dryCalls | ForEach-Object { $_.Cmdlet } | Sort-Object -Unique) | Should -Be @('Get-CimInstance', 'Get-VM', 'Get-VMNetworkAdapter')
    }
}

Describe 'A dry run under -Verbose' {
    BeforeAll {
        $shown = New-Lab -Folder "$TestDrive/shown" -Machine @(
            @{ name = 'web'; network = @{ ipv4 = '172.20.77.7' } }, @{ name = 'penguin'; Os = 'linux'; Agent = 'ragnatramp' }
        )
        $parameters = @{ Path = $shown.Config; TimeoutSeconds = 0; Credential = Get-LabCredential; Verbose = $true }
        $first = Watch-Run { Invoke-RagnaReconcile @parameters -WhatIf }
        $calls = @(Get-SimulatedCall | ForEach-Object { $_.Cmdlet } | Sort-Object -Unique)
        $null = Invoke-RagnaReconcile @parameters 4>$null
        Set-SimulatedVM -Id $shown.Machine.web.Id -Address '172.20.3.3'
        $untouched = Get-FolderDigest -Path $shown.Folder
        $second = Watch-Run { Invoke-RagnaReconcile @parameters -WhatIf }
        $shownOf = { param($run, $name) @($run.Verbose | Where-Object { $_ -like "$name (*" })[0] }
    }

    It 'shows what the hosts file of each guest would become' {
        & $shownOf $first 'penguin' | Should -BeLike 'penguin (lab-penguin-*): its hosts file would get a block*'
        $change = @(
            'the block in its hosts file would become', '   # BEGIN RAGNATRAMP', '   # Managed by ragnatramp - do not edit this block'
            '   172.20.0.11 penguin', '  -172.20.0.10 web', '  +172.20.3.3 web', '   # END RAGNATRAMP'
        ) -join "`n"
        foreach ($name in 'web', 'penguin') {
            & $shownOf $second $name | Should -BeExactly "$name ($($shown.Machine.$name.Name)): $change"
        }
    }

    It 'says so where a file would stay as it is' {
        Set-SimulatedVM -Id $shown.Machine.web.Id -Address '172.20.0.10'
        $same = Watch-Run { Invoke-RagnaReconcile @parameters -WhatIf }
        & $shownOf $same 'penguin' | Should -BeLike 'penguin (*): the block in its hosts file would stay as it is.'
        Set-SimulatedVM -Id $shown.Machine.web.Id -Address '172.20.3.3'
    }

    It 'enters nobody for it, and writes nothing' {
        $calls | Should -Be @('Get-CimInstance', 'Get-VM', 'Get-VMNetworkAdapter')
        $second.Errors | Should -BeNullOrEmpty
        $now = Watch-Run { Invoke-RagnaReconcile @parameters -WhatIf }
        $now.Output[0].DryRun | Should -BeTrue
        Get-FolderDigest -Path $shown.Folder | Should -Be $untouched
    }
}
