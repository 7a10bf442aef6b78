# Waiting for addresses: one deadline for all, and one question per poll for all who are still awaited.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-Count { param([string] $Cmdlet) @(Get-SimulatedCall -Cmdlet $Cmdlet | ForEach-Object { $_.Objects }) }
    # A guest that has just booted: that it has no address means nothing yet, so the neighbour table is not asked.
    $young = [datetime]::UtcNow
}

Describe 'Addresses that come late' {
    BeforeAll {
        $lab = New-Lab -Machine @(
            @{ name = 'web'; StartedAt = $young }
            @{ name = 'db'; StartedAt = $young; AddressSeries = @(@(), @('169.254.7.7', 'fe80::2'), @('fe80::2', '172.20.3.3')) }
            @{ name = 'mq'; StartedAt = $young; AddressSeries = @(@(), @('172.20.4.4')) }
        )
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30
    }

    It 'are waited for; APIPA and IPv6 are none' {
        $seen.Errors | Should -BeNullOrEmpty
        @($seen.Output[0].Discovery | ForEach-Object { $_.Network.Ipv4 }) | Should -Be @('172.20.0.10', '172.20.3.3', '172.20.4.4')
    }

    It 'cost one Get-VM and one query of adapters per poll, these only for those still awaited' {
        Get-Count -Cmdlet 'Get-VM' | Should -Be @(3, 3, 3)
        Get-Count -Cmdlet 'Get-VMNetworkAdapter' | Should -Be @(3, 2, 1)
        Get-Count -Cmdlet 'Get-NetNeighbor' | Should -BeNullOrEmpty
        # Data Exchange at the first poll and at the last.
        @(Get-SimulatedCall -Cmdlet 'Get-CimInstance') | Should -HaveCount 2
    }

    It 'end the wait at once: nothing is asked after the last one came' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }
        $null = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30
        Get-Count -Cmdlet 'Get-VM' | Should -Be @(2)
        Get-Count -Cmdlet 'Get-VMNetworkAdapter' | Should -Be @(2)
    }
}

Describe 'An address that vanishes for a poll' {
    It 'is kept, while another machine is waited for' {
        $lab = New-Lab -Machine @(
            @{ name = 'web'; StartedAt = $young; AddressSeries = @(@('172.20.1.1'), @(), @()) }
            @{ name = 'db'; StartedAt = $young; AddressSeries = @(@(), @(), @('172.20.2.2')) }
        )
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30
        $seen.Errors | Should -BeNullOrEmpty
        @($seen.Output[0].Discovery | ForEach-Object { $_.Network.Ipv4 }) | Should -Be @('172.20.1.1', '172.20.2.2')
    }

    It 'is waited for where it was not there at the first poll' {
        $lab = New-Lab -Machine @{ name = 'web'; StartedAt = $young; AddressSeries = @(@(), @('172.20.1.1'), @()) }
        (Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30).Output[0].Discovery[0].Network.Ipv4 | Should -Be '172.20.1.1'
    }
}

Describe 'The deadline' {
    It 'is one for all machines: two without an address are polled as often as one' {
        $lab = New-Lab -Machine @{ name = 'a'; Address = @() }, @{ name = 'b'; Address = '169.254.1.1' }, @{ name = 'c'; Address = @() }
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 2
        @($seen.Errors | ForEach-Object { $_.TargetObject }) | Should -Be @('a', 'b', 'c')
        # Polls after 0, 1 and 2 s, and never one per machine; a slow computer polls less often.
        @(Get-Count -Cmdlet 'Get-VM').Count | Should -BeIn 2, 3
        Get-Count -Cmdlet 'Get-VMNetworkAdapter' | Should -Be @(@(3) * @(Get-Count -Cmdlet 'Get-VM').Count)
        foreach ($told in $seen.Errors) { $told.Exception.Message | Should -Match 'no IPv4 address after \d+ s' }
    }

    It 'at 0 s is one poll, and the neighbour table is asked once' {
        $lab = New-Lab -Machine @{ name = 'a'; Address = @() }, @{ name = 'b'; Address = @() }
        Set-SimulatedNeighbor -Entry @{ ip = '172.20.5.5'; mac = '00-15-5D-00-00-0A' }, @{ ip = '172.20.5.6'; mac = '00-15-5D-00-00-0B'; state = 'Stale' }
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 0
        @($seen.Output[0].Discovery | ForEach-Object { "$($_.Network.Ipv4) $($_.Network.Source)" }) | Should -Be @('172.20.5.5 arp', '172.20.5.6 arp')
        Get-Count -Cmdlet 'Get-VM' | Should -HaveCount 1
        Get-Count -Cmdlet 'Get-NetNeighbor' | Should -HaveCount 1
    }

    It 'names each machine without an address once, with what its guest says' {
        $lab = New-Lab -Machine @{ name = 'mute'; Daemon = $false; Os = 'linux' }, @{ name = 'off'; DataExchange = $false }, @{ name = 'dhcp'; Address = '169.254.1.1' }
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 0
        $seen.Errors | Should -HaveCount 3
        $seen.Errors[0].Exception.Message | Should -BeLike 'mute: *Data Exchange: no contact*neighbour table does not know it*'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*hyperv-daemons*'
        $seen.Errors[1].Exception.Message | Should -BeLike 'off: *Data Exchange is switched off*'
        $seen.Errors[2].Exception.Message | Should -BeLike 'dhcp: *169.254.1.1*'
    }
}

Describe 'A guest that boots while its address is awaited' {
    BeforeAll {
        # A run over a machine whose guest tells nothing at the first poll, and answers from the second on.
        function Invoke-WhileBooting {
            param([hashtable] $Machine, [string] $Option)
            $lab = New-Lab -Machine (@{ name = 'web'; Daemon = $false; StartedAt = [datetime]::UtcNow } + $Machine)
            Clear-SimulatedCall
            $account = "([pscredential]::new('Administrator', (ConvertTo-SecureString '$((Get-LabCredential).GetNetworkCredential().Password)' -AsPlainText -Force)))"
            $run = Start-Run "Invoke-RagnaReconcile -Path '$($lab.Config)' -TimeoutSeconds 25 -PollSeconds 1 $($Option.Replace('ACCOUNT', $account))"
            Wait-Run { @(Get-SimulatedCall -Cmdlet 'Get-VM').Count -ge 2 }
            Set-SimulatedVM -Id $lab.Machine.web.Id -Daemon $true
            (Complete-Run -Run $run).Output[0].HostSync[0]
        }
    }

    It 'is given the names by what it tells then: <Os>' -ForEach @(
        @{ Os = 'linux'; Machine = @{ Agent = 'ragnatramp' }; Option = ''; Transport = 'KeyValuePair' }
        @{ Os = 'windows'; Machine = @{}; Option = '-Credential ACCOUNT'; Transport = 'PowerShellDirect' }
    ) {
        $sync = Invoke-WhileBooting -Machine ($Machine + @{ Os = $Os }) -Option $Option
        "$($sync.Status) $($sync.Reason)" | Should -BeExactly 'synced '
        $sync.Transport | Should -BeExactly $Transport
    }

    It 'and runs Linux is handed no password' {
        $sync = Invoke-WhileBooting -Machine @{ Os = 'linux'; Agent = 'ragnatramp' } -Option '-Credential ACCOUNT -GuestTransport PowerShellDirect'
        $sync.Status | Should -BeExactly 'skipped'
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
    }
}

Describe 'A stale entry of the neighbour table' {
    It 'is not believed over a guest that is about to speak' {
        $lab = New-Lab -Machine @{ name = 'web'; StartedAt = $young; AddressSeries = @(@(), @('172.20.8.8')) }
        Set-SimulatedNeighbor -Entry @{ ip = '172.20.5.5'; mac = '00-15-5D-00-00-0A' }
        (Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30).Output[0].Discovery[0].Network.Ipv4 | Should -Be '172.20.8.8'
    }
}

Describe 'Fifty machines' {
    It 'cost one Get-VM, one query of adapters and one of Data Exchange, as three do' {
        $machines = foreach ($number in 1..50) { @{ name = "m$number"; Address = "172.21.0.$number" } }
        $lab = New-Lab -Machine $machines
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30
        $seen.Output[0].Summary.Discovered | Should -Be 50
        @(Get-SimulatedCall | ForEach-Object { $_.Cmdlet }) | Should -Be @('Get-VM', 'Get-VMNetworkAdapter', 'Get-CimInstance')
    }
}
