# The decisions that the documents of the original tool left open, line by line, as the user sees them.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-Warned {
        param([object] $Seen)
        @($Seen.Output[0].Warnings | ForEach-Object { "$($_.Code) $($_.MachineName)" })
    }
}

Describe 'Whose names stand in the block' {
    It 'every running machine that has an IPv4, sorted by name, the same in every guest' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }, @{ name = 'off'; State = 'Off' }, @{ name = 'Zoe' }
        $seen = Invoke-Reconcile -Lab $lab
        $lines = @('# BEGIN RAGNATRAMP', '# Managed by ragnatramp - do not edit this block', '172.20.0.13 Zoe', '172.20.0.11 db'
            '172.20.0.10 web', '# END RAGNATRAMP')
        $seen.Output[0].HostsBlock | Should -BeExactly (($lines -join "`n") + "`n")
        foreach ($name in 'web', 'db', 'Zoe') {
            $text = [IO.File]::ReadAllText($lab.Machine[$name].HostsPath)
            $text.EndsWith(($lines -join "`r`n") + "`r`n", [StringComparison]::Ordinal) | Should -BeTrue -Because $name
        }
    }
}

Describe 'A running machine without IPv4 at the deadline' {
    It 'fails the run: one error per machine, exit code 1, nothing written, no guest entered' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'a'; Address = @() }, @{ name = 'b'; Address = '169.254.3.4' }
        $before = Get-FolderDigest -Path $lab.Folder
        $seen = Invoke-Reconcile -Lab $lab
        Get-ErrorCode -Seen $seen | Should -Be @('RECONCILE_IP_FAILED', 'RECONCILE_IP_FAILED')
        @($seen.Errors | ForEach-Object { $_.TargetObject }) | Should -Be @('a', 'b')
        $seen.Output[0].ExitCode | Should -Be 1
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
    }

    It 'counts IPv6 alone as none, and says so' {
        $seen = Invoke-Reconcile -Lab (New-Lab -Machine @{ name = 'web'; Address = 'fe80::5', '2001:db8::5' })
        Get-ErrorCode -Seen $seen | Should -Be @('RECONCILE_IP_FAILED')
        $seen.Errors[0].Exception.Message | Should -BeLike '*only IPv6 addresses (fe80::5, 2001:db8::5)*'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*-AllowPartial*'
        $seen.Warnings | Should -BeNullOrEmpty -Because 'one cause is told once'
    }

    It 'is a warning with -AllowPartial, and the others are done: Success true, exit code 0' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; Address = @() }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ AllowPartial = $true }
        $seen.Errors | Should -BeNullOrEmpty
        Get-Warned -Seen $seen | Should -Be @('RECONCILE_IP_FAILED db')
        $seen.Warnings | Should -HaveCount 1
        $seen.Output[0].Success | Should -BeTrue
        $seen.Output[0].ExitCode | Should -Be 0
        @($seen.Output[0].HostSync | ForEach-Object { "$($_.Status) $($_.Reason)".Trim() }) | Should -Be @('synced', 'skipped no-ip')
        (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -Be '172.20.0.10'
    }
}

Describe 'State' {
    It 'that is not there is STATE_NOT_FOUND' {
        $seen = Invoke-Reconcile -Lab (New-Lab -Machine @{ name = 'web' } -WithoutState)
        Get-ErrorCode -Seen $seen | Should -Be @('STATE_NOT_FOUND')
        $seen.Output | Should -BeNullOrEmpty
    }

    It 'without machines is a message and exit code 0' {
        $seen = Invoke-Reconcile -Lab (New-Lab -Machine @{ name = 'web'; inState = $false; hasVM = $false })
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Output[0].ExitCode | Should -Be 0
        Get-Warned -Seen $seen | Should -Be @('RECONCILE_NO_VMS ')
        $seen.Warnings | Should -HaveCount 1
    }

    It 'belongs to the config whose path it holds; another config in that folder is refused with both names' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $other = [IO.Path]::Combine($lab.Folder, 'other.yaml')
        [IO.File]::Copy($lab.Config, $other)
        $before = Get-FolderDigest -Path $lab.Folder
        $seen = Invoke-Reconcile -Lab $lab -Option @{ Path = $other }
        Get-ErrorCode -Seen $seen | Should -Be @('STATE_CONFLICT')
        $seen.Errors[0].Exception.Message.Contains($lab.Config) | Should -BeTrue
        $seen.Errors[0].Exception.Message.Contains($other) | Should -BeTrue
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -Match 'folder of its own'
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
    }
}

Describe 'A config that was moved with its folder' {
    It 'is told so with both places and the way back, and its machines stay as they are' {
        $lab = New-Lab -Machine @{ name = 'web'; network = Get-KnownNetwork -Ipv4 '172.20.0.9' }
        $there = "$TestDrive/moved"
        [IO.Directory]::Move($lab.Folder, $there)
        [Environment]::SetEnvironmentVariable('RAGNA_HYPERV_FOLDER', "$there/hyper-v")
        $before = Get-FolderDigest -Path $there
        $seen = Invoke-Reconcile -Lab $lab -Option @{ Path = "$there/ragnatramp.yaml" }
        Get-ErrorCode -Seen $seen | Should -Be @('STATE_CONFLICT')
        $seen.Errors[0].Exception.Message.Contains($lab.Config) | Should -BeTrue
        $seen.Errors[0].Exception.Message.Contains([IO.Path]::GetFullPath("$there/ragnatramp.yaml")) | Should -BeTrue
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike "*move its folder back to $([IO.Path]::GetDirectoryName($lab.Config))*"
        Get-FolderDigest -Path $there | Should -Be $before
    }
}

Describe 'Names of VMs' {
    BeforeAll {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }
        # VMs of somebody else: names that are patterns to Get-VM, and the very name of one of ours.
        $foreign = @(foreach ($name in 'lab-*', 'lab-[dw]*', '*', '[', $lab.Machine.web.Name) {
                Add-SimulatedVM -Name $name -Os windows -Address '172.20.0.99' -Credential (Get-LabCredential)
            })
        $untouched = @($foreign | ForEach-Object { Get-FolderDigest -Path $_.GuestPath })
        $seen = Invoke-Reconcile -Lab $lab
    }

    It 'with wildcard characters, or equal to one of ours, never make another VM ours' {
        $seen.Errors | Should -BeNullOrEmpty
        @($seen.Output[0].Discovery | ForEach-Object { "$($_.MachineName) $($_.VmId) $($_.Network.Ipv4)" }) | Should -Be @(
            "web $($lab.Machine.web.Id) 172.20.0.10", "db $($lab.Machine.db.Id) 172.20.0.11")
        @($foreign | ForEach-Object { Get-FolderDigest -Path $_.GuestPath }) | Should -Be $untouched
        foreach ($name in 'web', 'db') { [IO.File]::ReadAllText($lab.Machine[$name].HostsPath) | Should -Match '(?m)^172\.20\.0\.11 db' }
    }

    It 'are not asked for: the only questions are for all VMs, and for ours by what Get-VM gave' {
        @(Get-SimulatedCall -Cmdlet 'Get-VM' | ForEach-Object { "Get-VM $($_.Parameters)" }) | Should -Be @('Get-VM ')
        @(Get-SimulatedCall -Cmdlet 'Get-VMNetworkAdapter' | ForEach-Object { "$($_.Parameters) $($_.Objects)" }) | Should -Be @('VM 2')
    }

    It 'are shown by Get-RagnaStatus of our VMs alone' {
        @(Get-RagnaStatus -Path $lab.Config | ForEach-Object { "$($_.Machine) $($_.VMId)" }) | Should -Be @(
            "web $($lab.Machine.web.Id)", "db $($lab.Machine.db.Id)")
    }
}

Describe 'A machine that does not run' {
    It 'has null for address, MAC, adapter and time; the address it had becomes previousIpv4: <_>' -ForEach 'Off', 'Saved', 'Paused', 'Starting', 'Stopping' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; State = $_; network = Get-KnownNetwork -Ipv4 '172.20.9.9' }
        $seen = Invoke-Reconcile -Lab $lab
        $network = (Get-LabState -Lab $lab).vms.db.network
        foreach ($field in 'ipv4', 'mac', 'adapterName', 'discoveredAt') { $network.$field | Should -BeNullOrEmpty -Because $field }
        @($network.ipv6).Count | Should -Be 0
        $network.previousIpv4 | Should -Be '172.20.9.9'
        $seen.Warnings[0] | Should -BeLike "db: its VM is $_*"
        ($seen.Output | Out-String -Width 80) | Should -Match '(?m)^db +off +was 172\.20\.9\.9 +skipped: not running\r?$'
    }
}

Describe 'The same address as before' {
    It 'refreshes the time, reports no change and keeps previousIpv4' {
        $lab = New-Lab -Machine @{ name = 'web'; network = Get-KnownNetwork -Ipv4 '172.20.0.10' -Previous '172.16.0.5' }
        $seen = Invoke-Reconcile -Lab $lab
        $network = (Get-LabState -Lab $lab).vms.web.network
        $network.previousIpv4 | Should -Be '172.16.0.5'
        ([datetime] $network.discoveredAt).ToUniversalTime() | Should -BeGreaterThan ([datetime] '2026-11-20T10:00:01Z').ToUniversalTime()
        $seen.Output[0].Diffs[0].Changed | Should -BeFalse
        ($seen.Output | Out-String -Width 80) | Should -Match '(?m)^web +discovered +172\.20\.0\.10 '
    }
}

Describe 'A machine in state that is gone from Hyper-V' {
    It 'is cleared and warned of, is missing, and keeps its entry' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; hasVM = $false; network = Get-KnownNetwork -Ipv4 '172.20.9.9' }
        $seen = Invoke-Reconcile -Lab $lab
        $entry = (Get-LabState -Lab $lab).vms.db
        $entry.diskPath | Should -Be 'D:\VMs\db.vhdx'
        $entry.network.ipv4 | Should -BeNullOrEmpty
        $entry.network.previousIpv4 | Should -Be '172.20.9.9'
        Get-Warned -Seen $seen | Should -Be @('MACHINE_MISSING db')
        $seen.Output[0].Discovery[1].State | Should -Be 'missing'
        $seen.Output[0].ExitCode | Should -Be 0
    }
}

Describe 'Machines with the same IPv4' {
    It 'are stored and warned of, left out of the block, and not entered' {
        $lab = New-Lab -Machine @{ name = 'a'; Address = '172.20.0.5' }, @{ name = 'b'; Address = '172.20.0.5' }, @{ name = 'c' }
        $seen = Invoke-Reconcile -Lab $lab
        $state = Get-LabState -Lab $lab
        $state.vms.a.network.ipv4 | Should -Be '172.20.0.5'
        $state.vms.b.network.ipv4 | Should -Be '172.20.0.5'
        Get-Warned -Seen $seen | Should -Be @('DUPLICATE_IPV4 a', 'DUPLICATE_IPV4 b')
        $seen.Output[0].HostsBlock | Should -Not -Match '172\.20\.0\.5'
        @($seen.Output[0].HostSync | ForEach-Object { "$($_.Status) $($_.Reason)".Trim() }) |
            Should -Be @('skipped duplicate-ipv4', 'skipped duplicate-ipv4', 'synced')
        foreach ($name in 'a', 'b') { [IO.File]::ReadAllText($lab.Machine[$name].HostsPath) | Should -Not -Match 'RAGNATRAMP' }
    }
}

Describe 'A guest' {
    It 'that fails is an error of its machine, the others go on, exit code 2' {
        $lab = New-Lab -Machine @{ name = 'a'; GuestFailure = 'No.' }, @{ name = 'b' }
        $seen = Invoke-Reconcile -Lab $lab
        Get-ErrorCode -Seen $seen | Should -Be @('RECONCILE_HOSTS_FAILED')
        $seen.Output[0].ExitCode | Should -Be 2
        $seen.Output[0].HostSync[1].Status | Should -Be 'synced'
    }

    It 'that is skipped is a warning with the next step, and leaves exit code 0' {
        $seen = Invoke-Reconcile -Lab (New-Lab -Machine @{ name = 'a' }, @{ name = 'b' }) -Option @{ GuestTransport = 'Auto'; Credential = [pscredential]::Empty }
        $seen.Output[0].ExitCode | Should -Be 0
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Warnings | Should -HaveCount 2
        foreach ($text in $seen.Warnings) { $text | Should -BeLike '*Windows 11 Pro*-Credential*' }
    }

    It 'whose hosts file is in UTF-16 is refused with that reason, and nothing is written' {
        $bytes = [Text.Encoding]::Unicode.GetPreamble() + [Text.Encoding]::Unicode.GetBytes("127.0.0.1 localhost`r`n")
        $lab = New-Lab -Machine @{ name = 'a'; Hosts = [byte[]] $bytes }
        $seen = Invoke-Reconcile -Lab $lab
        Get-ErrorCode -Seen $seen | Should -Be @('RECONCILE_HOSTS_FAILED')
        $seen.Errors[0].Exception.Message | Should -BeLike 'a: *UTF-16*'
        [IO.File]::ReadAllBytes($lab.Machine.a.HostsPath) | Should -Be $bytes
    }
}

Describe 'Adapters' {
    It 'none of them on the Default Switch is like no address, and the error names the switches found' {
        $seen = Invoke-Reconcile -Lab (New-Lab -Machine @{
                name = 'web'; Adapter = @(
                    @{ name = 'One'; mac = '00155D000001'; switchName = 'Default Switch'; switchId = [guid]::NewGuid(); addresses = @('10.0.0.1') }
                    @{ name = 'Two'; mac = '00155D000002'; switchName = $null; switchId = $null; addresses = @() }
                )
            })
        Get-ErrorCode -Seen $seen | Should -Be @('RECONCILE_IP_FAILED')
        $seen.Errors[0].Exception.Message | Should -BeLike '*"One" is on Default Switch, "Two" is not connected*'
    }

    It 'give MACs as 00:15:5D:01:02:03 and the source hyperv' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $null = Invoke-Reconcile -Lab $lab
        $network = (Get-LabState -Lab $lab).vms.web.network
        $network.mac | Should -BeExactly '00:15:5D:00:00:0A'
        $network.source | Should -BeExactly 'hyperv'
    }

    It 'that stay without an address are looked up in the neighbour table by MAC: source arp, with a warning that names the package' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; Daemon = $false; Os = 'linux'; OsName = 'Ubuntu 24.04' }
        Set-SimulatedNeighbor -Entry @{ ip = '172.20.5.5'; mac = '00-15-5D-00-00-0B' }, @{ ip = '172.20.5.6'; mac = '00-15-5D-FF-FF-FF' }
        $seen = Invoke-Reconcile -Lab $lab
        $network = (Get-LabState -Lab $lab).vms.db.network
        $network.ipv4 | Should -Be '172.20.5.5'
        $network.source | Should -Be 'arp'
        @(Get-Warned -Seen $seen)[0] | Should -Be 'ADDRESS_FROM_ARP db'
        @($seen.Warnings | Where-Object { $_ -like 'db:*' })[0] | Should -Match 'hyperv-daemons|linux-cloud-tools'
    }
}

Describe 'Ownership' {
    It 'is checked before a guest is entered: <Why>' -ForEach @(
        @{ Why = 'no marker'; Machine = @{ Notes = 'mine' }; Text = '*do not hold the line managed:true*' }
        @{ Why = 'another config'; Machine = @{ Notes = "ragnatramp:v0.1.0`nconfig:C:\other.yaml`nmanaged:true" }; Text = '*made from C:\other.yaml*' }
        @{ Why = 'another name'; Machine = @{ vmName = 'renamed' }; Text = '*its VM is named renamed*' }
        @{ Why = 'not in state'; Machine = @{ inState = $false }; Text = '*state.json does not know it*' }
    ) {
        $odd = $Machine.Clone()
        $odd.name = 'db'
        $lab = New-Lab -Machine @{ name = 'web' }, $odd
        $seen = Invoke-Reconcile -Lab $lab
        Get-ErrorCode -Seen $seen | Should -Be @('OWNERSHIP_VERIFICATION_FAILED')
        $seen.Errors[0].TargetObject | Should -Be 'db'
        $seen.Errors[0].CategoryInfo.Category | Should -Be 'SecurityError'
        $seen.Errors[0].Exception.Message | Should -BeLike $Text
        $seen.Output[0].ExitCode | Should -Be 1
        $seen.Output[0].HostSync[1].Reason | Should -Be 'not-owned'
        [IO.File]::ReadAllText($lab.Machine.db.HostsPath) | Should -Not -Match 'RAGNATRAMP'
        [IO.File]::ReadAllText($lab.Machine.web.HostsPath) | Should -Not -Match '\bdb\b'
        ($seen.Output | Out-String -Width 80) | Should -Match '(?m)^db +not ours'
    }
}

Describe 'A machine in state that the config does not name any more' {
    It 'is stored and warned of, not awaited, not named, not entered' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'old'; inConfig = $false }, @{ name = 'mute'; inConfig = $false; Address = @() }
        $seen = Invoke-Reconcile -Lab $lab
        $seen.Errors | Should -BeNullOrEmpty
        Get-Warned -Seen $seen | Should -Be @('MACHINE_NOT_IN_CONFIG mute', 'MACHINE_NOT_IN_CONFIG old')
        (Get-LabState -Lab $lab).vms.old.network.ipv4 | Should -Be '172.20.0.11'
        $seen.Output[0].HostsBlock | Should -Not -Match 'old'
        [IO.File]::ReadAllText($lab.Machine.old.HostsPath) | Should -Not -Match 'RAGNATRAMP'
    }
}

Describe 'Exit codes' {
    It 'follow what happened: <Code> for <Why>' -ForEach @(
        @{ Code = 0; Why = 'nothing in the way'; Machine = @{ name = 'a' } }
        @{ Code = 1; Why = 'no address'; Machine = @{ name = 'a'; Address = @() } }
        @{ Code = 1; Why = 'not owned'; Machine = @{ name = 'a'; Notes = '' } }
        @{ Code = 2; Why = 'a guest that fails'; Machine = @{ name = 'a'; GuestFailure = 'No.' } }
    ) {
        (Invoke-Reconcile -Lab (New-Lab -Machine $Machine)).Output[0].ExitCode | Should -Be $Code
    }
}
