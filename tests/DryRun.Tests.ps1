# A dry run decides what a real one does, field by field, and writes nothing anywhere.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $known = [ordered] @{
        ipv4 = '172.20.9.9'; ipv6 = @(); mac = '00:15:5D:00:00:0B'; adapterName = 'Network Adapter'
        discoveredAt = '2026-11-20T10:00:00.000Z'; source = 'hyperv'; previousIpv4 = $null
    }
    $lab = New-Lab -Folder "$TestDrive/lab" -Machine @(
        @{ name = 'web' }, @{ name = 'db'; network = $known }, @{ name = 'off'; State = 'Saved'; network = $known }
        @{ name = 'gone'; hasVM = $false }, @{ name = 'alien'; Notes = 'mine' }, @{ name = 'penguin'; Os = 'linux' }
        @{ name = 'twin1'; Address = '172.20.0.200' }, @{ name = 'twin2'; Address = '172.20.0.200' }, @{ name = 'old'; inConfig = $false }
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
