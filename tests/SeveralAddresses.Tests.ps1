# A machine that shows several addresses: which one counts, from run to run, and what is said of it.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-Taken { param([object] $Seen) [string] $Seen.Output[0].Discovery[0].Network.Ipv4 }
    function Get-Ambiguity { param([object] $Seen) @($Seen.Warnings | Where-Object { $_ -like '*shows several addresses*' }) }
    function Get-RangeCall { @('Get-NetAdapter', 'Get-NetIPAddress' | ForEach-Object { Get-SimulatedCall -Cmdlet $_ }) }
}

Describe 'A machine that shows several addresses' {
    It 'keeps its address when their order changes from run to run' {
        $lab = New-Lab -Machine @{ name = 'web'; network = Get-KnownNetwork -Ipv4 '172.20.0.50'
            AddressSeries = @(@('172.20.0.50', '172.20.0.9'), @('172.20.0.9', 'fe80::1', '172.20.0.50'), @('10.0.0.1', '172.20.0.9', '172.20.0.50')) }
        foreach ($run in 1..3) {
            $seen = Invoke-Reconcile -Lab $lab -Transport None
            $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
            Get-Taken -Seen $seen | Should -Be '172.20.0.50'
            $seen.Output[0].Summary.Changed | Should -Be 0
        }
        (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -Be '172.20.0.50'
    }

    It 'gets the one in the range of the switch where the other is of its old range' {
        $lab = New-Lab -Machine @{ name = 'web'; network = Get-KnownNetwork -Ipv4 '172.18.0.50'; Address = '172.18.0.50', '172.29.3.9' }
        Set-SimulatedHost -Range '172.29.0.1/20'
        $seen = Invoke-Reconcile -Lab $lab -Transport None
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
        Get-Taken -Seen $seen | Should -Be '172.29.3.9'
        (Get-LabState -Lab $lab).vms.web.network.previousIpv4 | Should -Be '172.18.0.50'
    }

    It 'gets the one in the range of the switch where the neighbour table holds one of its old range, too' {
        $lab = New-Lab -Machine @{ name = 'web'; Address = @() }
        Set-SimulatedHost -Range '172.29.0.1/20'
        Set-SimulatedNeighbor -Entry @{ ip = '172.18.0.50'; mac = '00-15-5D-00-00-0A' }, @{ ip = '172.29.3.9'; mac = '00-15-5D-00-00-0A'; state = 'Stale' }
        $seen = Invoke-Reconcile -Lab $lab -Transport None
        Get-Taken -Seen $seen | Should -Be '172.29.3.9'
        Get-Ambiguity -Seen $seen | Should -BeNullOrEmpty
        Get-RangeCall | Should -HaveCount 2
    }

    It 'is warned of, with all of them, where more than one is in the range and none was known' {
        $lab = New-Lab -Machine @{ name = 'web'; Address = '172.20.0.50', '172.20.0.9' }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab -Transport None
        $seen.Errors | Should -BeNullOrEmpty
        Get-Taken -Seen $seen | Should -Be '172.20.0.9'
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike ('web: it shows several addresses (172.20.0.9, 172.20.0.50), more than one of them in the range ' +
            'of the Default Switch (172.20.0.0/20); 172.20.0.9 was taken, the lowest of them. *')
        @($seen.Output[0].Warnings | ForEach-Object { "$($_.Code) $($_.MachineName)" }) | Should -Be 'ADDRESS_AMBIGUOUS web'
        # What was taken is known at the next run.
        (Invoke-Reconcile -Lab $lab -Transport None).Warnings | Should -BeNullOrEmpty
    }

    It 'is warned of where the range is unknown: <Case>' -ForEach @(
        @{ Case = 'the host''s interfaces are refused'; Arrange = { Set-SimulatedHost -Denied 'Get-NetAdapter' } }
        @{ Case = 'the host''s addresses are refused'; Arrange = { Set-SimulatedHost -Denied 'Get-NetIPAddress' } }
        @{ Case = 'the host has no address on the switch'; Arrange = { Set-SimulatedHost -Range @() } }
        @{ Case = 'the host has no IPv4 address there'; Arrange = { Set-SimulatedHost -Range 'fe80::1/64' } }
        @{ Case = 'the host waits for an address'; Arrange = { Set-SimulatedHost -Range '169.254.7.7/16' } }
        @{ Case = 'the host has no adapter on the switch'
            Arrange = { Set-SimulatedHost -Switch @{ name = 'Default Switch'; id = '5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5'; type = 'Internal'; addresses = @('172.20.0.1/20') } } }
    ) {
        $lab = New-Lab -Machine @{ name = 'web'; network = Get-KnownNetwork -Ipv4 '172.20.0.50'; Address = '172.20.0.50', '172.20.0.9' }
        & $Arrange
        $seen = Invoke-Reconcile -Lab $lab -Transport None
        $seen.Errors.Count + $seen.Left.Count | Should -Be 0
        Get-Taken -Seen $seen | Should -Be '172.20.0.50'
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike '*, and the range of the Default Switch is unknown; 172.20.0.50 was taken, the one that the state knows. *'
    }

    It 'costs the host one question a run, and none where no machine shows several' {
        $lab = New-Lab -Machine @{ name = 'web'; Address = '172.20.0.50', '172.20.0.9' }, @{ name = 'db'; AddressSeries = @(@(), @(), @('172.20.0.7', '172.20.0.8')) }
        $null = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30
        Get-RangeCall | Should -HaveCount 2
        @(Get-SimulatedCall -Cmdlet 'Get-VMNetworkAdapter' | Where-Object { $_.Parameters -contains 'ManagementOS' }) | Should -HaveCount 1
        $usual = New-Lab
        $null = Invoke-Reconcile -Lab $usual -Transport None
        Get-RangeCall | Should -BeNullOrEmpty
    }
}
