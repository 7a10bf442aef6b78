# Five hundred machines in one config are no other case than three: the same result, and as many questions.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $count = 500
    $polls = 3
    # Guests that have just booted; a third of the addresses comes with each poll.
    $young = [datetime]::UtcNow
    $lab = New-Lab -Folder "$TestDrive/lab" -Machine @(foreach ($number in 1..$count) {
            $none = @(for ($poll = 1; $poll -lt 1 + $number % $polls; $poll++) { , @() })
            $address = '172.21.{0}.{1}' -f [Math]::Floor($number / 250), ($number % 250 + 1)
            @{ name = "m$number"; Os = 'linux'; StartedAt = $young; AddressSeries = $none + @(, @($address)) }
        })
    $seen = Watch-Run { Invoke-RagnaReconcile -Path $lab.Config -PollSeconds 1 -GuestTransport None }
    $calls = @(Get-SimulatedCall)
    $result = $seen.Output[0]
}

Describe 'Five hundred machines whose addresses come over three polls' {
    It 'are all found, and nothing is told of them but that no guest is entered' {
        $seen.Errors | Should -HaveCount 0
        $seen.Warnings | Should -HaveCount 0
        $result.Summary.Discovered | Should -Be $count
        $result.Summary.Changed | Should -Be $count
        $result.Discovery | Should -HaveCount $count
        $result.Diffs | Should -HaveCount $count
        @($result.HostSync | Where-Object { $_.Status -eq 'skipped' -and $_.Reason -eq 'declined' }) | Should -HaveCount $count
        $result.Diffs[0].Network.DiscoveredAt | Should -BeOfType [datetime]
    }

    It 'stand in the block, each once, sorted by name' {
        $lines = @($result.HostsBlock.TrimEnd("`n") -split "`n")
        $lines | Should -HaveCount ($count + 3)
        $names = [string[]] @($lines[2..($count + 1)] | ForEach-Object { $_.Split(' ')[1] })
        $sorted = [string[]] $names.Clone()
        [Array]::Sort($sorted, [StringComparer]::Ordinal)
        $names -join ' ' | Should -BeExactly ($sorted -join ' ')
        @($names | Sort-Object -Unique) | Should -HaveCount $count
        $lines | Should -Contain '172.21.2.1 m500'
    }

    It 'stand in the state' {
        $known = (Get-LabState -Lab $lab).vms
        @($known.PSObject.Properties) | Should -HaveCount $count
        @($known.PSObject.Properties | Where-Object { $_.Value.network.source -eq 'hyperv' }) | Should -HaveCount $count
        $known.m500.network.ipv4 | Should -Be '172.21.2.1'
    }

    It 'cost one Get-VM and one query of adapters per poll, these only for those still awaited, and one question of Data Exchange at the first and one at the last' {
        $told = @($calls | ForEach-Object { "$($_.Cmdlet) $($_.Objects)" })
        $told | Should -Be @(
            'Get-VM 500', 'Get-VMNetworkAdapter 500', 'Get-CimInstance 500'
            'Get-VM 500', 'Get-VMNetworkAdapter 334'
            'Get-VM 500', 'Get-VMNetworkAdapter 167', 'Get-CimInstance 500'
        )
    }

    It 'have a row each in Get-RagnaStatus, for one Get-VM and one question of Data Exchange' {
        Clear-SimulatedCall
        $rows = @(Get-RagnaStatus -Path $lab.Config)
        $rows | Should -HaveCount $count
        @($rows | Where-Object { $_.State -eq 'Running' -and $_.IPv4 -and $_.GuestTransport -like 'none: *' }) | Should -HaveCount $count
        $rows[499].DiscoveredAt | Should -BeOfType [datetime]
        @(Get-SimulatedCall | ForEach-Object { "$($_.Cmdlet) $($_.Objects)" }) | Should -Be @('Get-VM 500', 'Get-CimInstance 500')
    }
}
