# What else is in the session of the user: commands with the names of those that the module calls.

BeforeDiscovery {
    $names = 'Get-VM', 'Get-VMNetworkAdapter', 'Get-NetNeighbor', 'Get-NetAdapter', 'Get-NetIPAddress', 'Get-CimInstance', 'Invoke-CimMethod', 'Invoke-Command'
    $sessions = @(
        @{
            Session = 'another module in the session exports them'; Names = $names
            Arrange = { param($bodies)
                New-Module -Name VMware.VimAutomation.Core -ArgumentList $bodies {
                    param($bodies)
                    foreach ($name in $bodies.Keys) { Set-Item -LiteralPath "function:script:$name" -Value $bodies[$name] }
                    Export-ModuleMember -Function @($bodies.Keys)
                } | Import-Module -Global -DisableNameChecking
            }
            Restore = { Remove-Module -Name VMware.VimAutomation.Core; Import-SimulatedHyperV }
        }
        @{
            Session = 'the user has functions of these names'; Names = $names
            Arrange = { param($bodies) foreach ($name in $bodies.Keys) { Set-Item -LiteralPath "function:global:$name" -Value $bodies[$name] } }
            Restore = { param($names) foreach ($name in $names) { Remove-Item -LiteralPath "function:$name" }; Import-SimulatedHyperV }
        }
        @{
            Session = 'the user has aliases of these names'; Names = $names
            Arrange = { param($bodies) foreach ($name in $bodies.Keys) { Set-Alias -Name $name -Value 'Get-NothingOfTheKind' -Scope Global } }
            Restore = { param($names) foreach ($name in $names) { Remove-Item -LiteralPath "alias:$name" } }
        }
    )
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
}

Describe 'Commands with the names of Hyper-V''s: where <Session>,' -ForEach $sessions {
    BeforeAll {
        # One machine for each way in: PowerShell Direct, Data Exchange, and the neighbour table. For the first the host is asked
        # for the switch's range, too.
        $lab = New-Lab -Machine @(
            @{ name = 'web'; Address = '10.0.0.1', '172.20.0.10' }
            @{ name = 'db'; Os = 'linux'; Agent = 'ragnatramp' }
            @{ name = 'mq'; Os = 'linux'; Daemon = $false }
        )
        Set-SimulatedNeighbor -Entry @{ ip = '172.20.0.77'; mac = '00-15-5D-00-00-0C' }
        $bodies = @{}
        foreach ($name in $Names) { $bodies[$name] = { throw 'not connected' } }
        & $Arrange $bodies
    }

    AfterAll { & $Restore $Names }

    It 'a bare name is that of the session' {
        foreach ($name in $Names) { { & $name } | Should -Throw -Because $name }
    }

    It 'Invoke-RagnaReconcile works all the same' {
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto -Option @{ Credential = Get-LabCredential }
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Thrown | Should -BeNullOrEmpty
        @($seen.Output[0].Discovery | ForEach-Object { $_.Network.Ipv4 }) | Should -Be @('172.20.0.10', '172.20.0.11', '172.20.0.77')
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db synced', 'mq skipped')
    }

    It 'Get-RagnaStatus works all the same' {
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Warnings | Should -BeNullOrEmpty
        @($seen.Output | ForEach-Object { "$($_.Machine) $($_.State)" }) | Should -Be @('web Running', 'db Running', 'mq Running')
    }
}
