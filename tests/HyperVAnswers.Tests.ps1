# What Hyper-V answers beside what was asked for: errors about one object, errors that pass, and errors that stay.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-CallCount { param([string] $Cmdlet) @(Get-SimulatedCall -Cmdlet $Cmdlet).Count }
    function Get-Ipv4 { param([object] $Seen) @($Seen.Output[0].Discovery | ForEach-Object { $_.Network.Ipv4 }) }
    $gone = 'The virtual machine is being deleted.'
    $young = [datetime]::UtcNow
}

Describe 'An error beside the answers' {
    It 'about a VM that is no machine of the lab changes nothing, and is told under -Verbose' {
        $lab = New-Lab
        $null = Add-SimulatedVM -Name 'foreign' -Failure @{ 'Get-VM' = $gone }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ Verbose = $true }
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db synced')
        @($seen.Verbose | Where-Object { $_ -like "Get-VM *$gone" }) | Should -HaveCount 1
    }

    It 'changes nothing of Get-RagnaStatus' {
        $lab = New-Lab
        $null = Add-SimulatedVM -Name 'foreign' -Failure @{ 'Get-VM' = $gone }
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
        @($seen.Output | ForEach-Object { "$($_.Machine) $($_.State)" }) | Should -Be @('web Running', 'db Running')
    }

    It 'changes nothing where the user stops at errors' {
        $lab = New-Lab
        $null = Add-SimulatedVM -Name 'foreign' -Failure @{ 'Get-VM' = $gone }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ ErrorAction = 'Stop' }
        $seen.Thrown | Should -BeNullOrEmpty
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db synced')
    }

    It 'about the adapters of one machine is an error of that machine' {
        $lab = New-Lab -Machine @{ name = 'web'; Failure = @{ 'Get-VMNetworkAdapter' = 'No.' } }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab -Transport None -Option @{ AllowPartial = $true }
        $seen.Errors | Should -BeNullOrEmpty
        Get-Ipv4 -Seen $seen | Should -Be @($null, '172.20.0.11')
    }

    It 'about a machine of the lab is waited out' {
        $lab = New-Lab -Machine @{ name = 'web'; Failure = @{ 'Get-VM' = $gone } }, @{ name = 'db' }
        $run = Start-Run "Invoke-RagnaReconcile -Path '$($lab.Config)' -TimeoutSeconds 30 -PollSeconds 1 -GuestTransport None"
        Wait-Run { (Get-CallCount -Cmdlet 'Get-VM') -gt 0 }
        Set-SimulatedVM -Id $lab.Machine.web.Id -Failure @{}
        $seen = Complete-Run -Run $run
        $seen.Errors | Should -BeNullOrEmpty
        Get-Ipv4 -Seen $seen | Should -Be @('172.20.0.10', '172.20.0.11')
    }

    It 'about a machine of the lab that lasts is a warning with Hyper-V''s words' {
        $lab = New-Lab -Machine @{ name = 'web'; Failure = @{ 'Get-VM' = $gone } }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab -Transport None
        @($seen.Warnings | Where-Object { $_ -like "*$gone" }) | Should -HaveCount 1
        (Get-Ipv4 -Seen $seen)[1] | Should -Be '172.20.0.11'
    }
}

Describe 'A look at all VMs of which none has a checkpoint' {
    BeforeAll {
        # Makes the machine of a new lab, which stays off.
        function New-OffLab {
            $lab = New-EmptyLab -Machine @{ name = 'web' } -Setting @{ auto_start = 'false' }
            $null = Start-RagnaMachine -Path $lab.Config -SkipReconcile
            $lab
        }
    }

    It 'keeps no machine from being started where a VM of somebody else cannot tell of its own' {
        $lab = New-OffLab
        $null = Add-SimulatedVM -Name 'foreign' -State 'Off' -Failure @{ 'Get-VMSnapshot' = $gone }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine 'web' -SkipReconcile }
        Get-FaultText -Seen $seen | Should -Be ''
        Get-ResultText -Seen $seen | Should -Be 'web: started, Running'
        # What is missing is no proof of anything.
        Get-FaultText -Seen (Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }) | Should -Be 'HYPERV_ERROR web'
    }

    It 'fails where Hyper-V refuses the question: no permission for <_>' -ForEach 'Get-VMSnapshot', 'Get-VMHardDiskDrive' {
        $lab = New-OffLab
        Set-SimulatedHost -Denied $_
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine 'web' -SkipReconcile }
        $seen.Errors[0].FullyQualifiedErrorId | Should -BeLike 'PERMISSION_DENIED*'
        $seen.Output | Should -BeNullOrEmpty
    }

    It 'does not list that there is none where a machine cannot tell' {
        $lab = New-OffLab
        Set-SimulatedVM -Name "lab-web-$($lab.Hash)" -Failure @{ 'Get-VMSnapshot' = $gone }
        Get-FaultText -Seen (Watch-Run { Get-RagnaCheckpoint -Path $lab.Config }) | Should -Match '^HYPERV_ERROR '
    }
}

Describe 'A question about Data Exchange that is refused' {
    It 'is told once with its cause and remedy, and no guest is said to need a credential that was given' {
        $lab = New-Lab
        Set-SimulatedHost -Denied 'Get-CimInstance'
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto -Option @{ Credential = (Get-LabCredential) }
        $seen.Errors.Count + $seen.Left.Count | Should -Be 0
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike '*refused*Msvm_KvpExchangeComponent*no guest was entered*Hyper-V Administrators*'
        $seen.Warnings[0] | Should -Not -BeLike '*redential*'
        @($seen.Output[0].HostSync | ForEach-Object { $_.Reason }) | Should -Be @('exchange-refused', 'exchange-refused')
        @($seen.Output[0].Warnings | ForEach-Object { $_.Code } | Sort-Object -Unique) | Should -Be @('EXCHANGE_REFUSED', 'GUEST_SKIPPED')
    }

    It 'is nothing to those whom PowerShell Direct enters' {
        $lab = New-Lab
        Set-SimulatedHost -Denied 'Get-CimInstance'
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db synced')
        $seen.Warnings.Count + $seen.Errors.Count | Should -Be 0
    }
}

Describe 'A state that could not be recorded' {
    It 'keeps every guest from being entered' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; Os = 'linux'; Agent = 'ragnatramp' }
        # What takes the place of the lock makes the record fail, and nothing before it.
        $null = [IO.Directory]::CreateDirectory([IO.Path]::Combine([IO.Path]::GetDirectoryName($lab.StatePath), 'state.lock'))
        $before = Get-FileBase64 -Path $lab.Machine.web.HostsPath
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto -Option @{ Credential = (Get-LabCredential) }
        Get-ErrorCode -Seen $seen | Should -Be @('STATE_IO_FAILED')
        $seen.Output | Should -BeNullOrEmpty
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
        Get-SimulatedCall -Cmdlet 'Invoke-CimMethod' | Should -BeNullOrEmpty
        Get-FileBase64 -Path $lab.Machine.web.HostsPath | Should -BeExactly $before
    }
}

Describe 'A snapshot that failed as a whole' {
    It 'is taken again where the cause can pass: <Cmdlet>' -ForEach @(
        @{ Cmdlet = 'Get-VM'; Times = 2 }
        @{ Cmdlet = 'Get-VMNetworkAdapter'; Times = 1 }
    ) {
        $lab = New-Lab
        Set-SimulatedHost -Busy @{ $Cmdlet = $Times }
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
        Get-Ipv4 -Seen $seen | Should -Be @('172.20.0.10', '172.20.0.11')
        Get-CallCount -Cmdlet $Cmdlet | Should -Be ($Times + 1)
    }

    It 'is one error where it lasts until the deadline' {
        $lab = New-Lab
        Set-SimulatedHost -Busy @{ 'Get-VM' = 99 }
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 2
        Get-ErrorCode -Seen $seen | Should -Be @('HYPERV_ERROR')
        $seen.Left | Should -HaveCount 1
        # After 0, 1 and 2 s; a slow computer asks less often.
        Get-CallCount -Cmdlet 'Get-VM' | Should -BeIn 2, 3
    }

    It 'ends the run at once where the cause cannot pass: no permission for <Cmdlet>' -ForEach @(
        @{ Cmdlet = 'Get-VM' }, @{ Cmdlet = 'Get-VMNetworkAdapter' }
    ) {
        $lab = New-Lab
        Set-SimulatedHost -Denied $Cmdlet
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30
        Get-ErrorCode -Seen $seen | Should -Be @('PERMISSION_DENIED')
        Get-CallCount -Cmdlet $Cmdlet | Should -Be 1
    }

    It 'takes nothing away of what was seen before it' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; StartedAt = $young; Address = @() }
        $run = Start-Run "Invoke-RagnaReconcile -Path '$($lab.Config)' -TimeoutSeconds 3 -PollSeconds 1 -GuestTransport None -AllowPartial"
        Wait-Run { (Get-CallCount -Cmdlet 'Get-CimInstance') -gt 0 }
        Set-SimulatedHost -Busy @{ 'Get-VM' = 99 }
        $warnings = $run.PowerShell.Streams.Warning
        $seen = Complete-Run -Run $run
        $seen.Errors | Should -BeNullOrEmpty
        Get-Ipv4 -Seen $seen | Should -Be @('172.20.0.10', $null)
        @($warnings | Where-Object { $_.Message -like '*could not answer Get-VM*seen before*' }) | Should -HaveCount 1
    }

    It 'of Data Exchange alone is asked for again at the next poll' {
        $lab = New-Lab -Machine @{ name = 'web'; StartedAt = $young; AddressSeries = @(@(), @('172.20.1.1')) }
        Set-SimulatedHost -Busy @{ 'Get-CimInstance' = 1 }
        $seen = Invoke-Reconcile -Lab $lab -Transport None -TimeoutSeconds 30
        $seen.Errors | Should -BeNullOrEmpty
        Get-CallCount -Cmdlet 'Get-CimInstance' | Should -Be 2
    }
}
