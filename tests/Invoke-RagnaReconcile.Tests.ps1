# The acceptance checklist of the specification, item by item, through the cmdlet. (Its items 9 to 11 are about `up`.)

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-HostsLine {
        param([object] $Lab, [string] $Machine)
        [IO.File]::ReadAllLines($Lab.Machine[$Machine].HostsPath)
    }
}

Describe '1: two running machines' {
    BeforeAll {
        $lab = New-Lab -Folder "$TestDrive/one" -Machine @{ name = 'web' }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab
    }

    It 'stores both addresses' {
        $state = Get-LabState -Lab $lab
        $state.vms.web.network.ipv4 | Should -Be '172.20.0.10'
        $state.vms.db.network.ipv4 | Should -Be '172.20.0.11'
    }

    It 'shows both addresses' {
        $shown = $seen.Output | Out-String -Width 80
        $shown | Should -Match '(?m)^web +discovered +172\.20\.0\.10 +hyperv +synced\r?$'
        $shown | Should -Match '(?m)^db +discovered +172\.20\.0\.11 +hyperv +synced\r?$'
    }

    It 'succeeds and tells nothing else' {
        $seen.Output.Success | Should -BeTrue
        $seen.Output.ExitCode | Should -Be 0
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
    }
}

Describe '2: one running machine, one off' {
    It 'stores the address of the first, and null for the second, which it tells' {
        $lab = New-Lab -Folder "$TestDrive/two" -Machine @{ name = 'web' }, @{ name = 'db'; State = 'Off' }
        $seen = Invoke-Reconcile -Lab $lab
        $state = Get-LabState -Lab $lab
        $state.vms.web.network.ipv4 | Should -Be '172.20.0.10'
        $state.vms.db.network.ipv4 | Should -BeNullOrEmpty
        $seen.Output.Success | Should -BeTrue
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike 'db: its VM is Off*'
    }
}

Describe '3: a running machine without a lease' {
    BeforeAll {
        $lab = New-Lab -Folder "$TestDrive/three" -Machine @{ name = 'web' }, @{ name = 'db'; Address = @() }
        $before = Get-FolderDigest -Path $lab.Folder
        $seen = Invoke-Reconcile -Lab $lab -Option @{ TimeoutSeconds = 2; PollSeconds = 1 }
    }

    It 'is polled until the deadline' {
        @(Get-SimulatedCall -Cmdlet 'Get-VM').Count | Should -BeGreaterOrEqual 3
    }

    It 'fails the run with an error that names it' {
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -BeLike 'RECONCILE_IP_FAILED,*'
        $seen.Errors[0].TargetObject | Should -Be 'db'
        $seen.Errors[0].Exception.Message | Should -BeLike 'db: no IPv4 address after * s.*"Network Adapter" is on Default Switch*'
        $seen.Output.Success | Should -BeFalse
        $seen.Output.ExitCode | Should -Be 1
    }

    It 'leaves state and hosts files as they are, and enters no guest' {
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
        $seen.Output[0].HostsBlock | Should -BeNullOrEmpty
        $seen.Output[0].HostSync | Should -BeNullOrEmpty
    }
}

Describe '4: several adapters' {
    It 'takes the first one on the Default Switch, known by its id' {
        $default = 'C08CB7B8-9B3C-408E-8E30-5E16A3AEB444'
        $lab = New-Lab -Folder "$TestDrive/four" -Machine @{
            name = 'web'; Adapter = @(
                @{ name = 'A lab net'; mac = '00155D000001'; switchName = 'Default Switch'; switchId = [guid]::NewGuid(); addresses = @('10.0.0.1') }
                @{ name = 'C second'; mac = '00155D000002'; switchName = 'Standardswitch'; switchId = $default; addresses = @('172.20.0.2') }
                @{ name = 'B first'; mac = '00155D000003'; switchName = 'Standardswitch'; switchId = $default; addresses = @('172.20.0.3') }
            )
        }
        $seen = Invoke-Reconcile -Lab $lab
        $seen.Output.Discovery[0].Network.Ipv4 | Should -Be '172.20.0.3'
        $seen.Output.Discovery[0].Network.AdapterName | Should -Be 'B first'
        (Get-LabState -Lab $lab).vms.web.network.mac | Should -Be '00:15:5D:00:00:03'
    }
}

Describe '5 and 6: names in the guests' {
    BeforeAll {
        $own = "# mine`r`n127.0.0.1`tlocalhost`r`n10.1.1.1 printer # keep`r`n"
        $lab = New-Lab -Folder "$TestDrive/five" -Machine @{ name = 'web'; Hosts = $own }, @{ name = 'db' }
    }

    It '5: every guest knows the others' {
        $null = Invoke-Reconcile -Lab $lab
        Get-HostsLine -Lab $lab -Machine 'web' | Should -Contain '172.20.0.11 db'
        Get-HostsLine -Lab $lab -Machine 'db' | Should -Contain '172.20.0.10 web'
    }

    It '6: new addresses replace the block once, and every other byte stays' {
        $null = Invoke-Reconcile -Lab $lab
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.31.7.1'
        Set-SimulatedVM -Id $lab.Machine.db.Id -Address '172.31.7.2'
        $seen = Invoke-Reconcile -Lab $lab
        $text = [IO.File]::ReadAllText($lab.Machine.web.HostsPath)
        $text.StartsWith($own, [StringComparison]::Ordinal) | Should -BeTrue
        ([regex]::Matches($text, 'BEGIN RAGNATRAMP')).Count | Should -Be 1
        $text | Should -Match '(?m)^172\.31\.7\.2 db\r?$'
        $text | Should -Not -Match '172\.20\.0\.'
        ($seen.Output | Out-String -Width 80) | Should -Match "172\.20\.0\.10 $([char] 0x2192) 172\.31\.7\.1"
        (Get-LabState -Lab $lab).vms.web.network.previousIpv4 | Should -Be '172.20.0.10'
    }
}

Describe '7: three machines, one goes off' {
    It 'syncs two, warns of the third, and leaves no stale line of it' {
        $lab = New-Lab -Folder "$TestDrive/seven" -Machine @{ name = 'web' }, @{ name = 'db' }, @{ name = 'queue' }
        $null = Invoke-Reconcile -Lab $lab
        Get-HostsLine -Lab $lab -Machine 'web' | Should -Contain '172.20.0.12 queue'
        Set-SimulatedVM -Id $lab.Machine.queue.Id -State 'Off'
        $seen = Invoke-Reconcile -Lab $lab
        @($seen.Output.HostSync | ForEach-Object { $_.Status }) | Should -Be @('synced', 'synced', 'skipped')
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike 'queue:*'
        foreach ($name in 'web', 'db') { Get-HostsLine -Lab $lab -Machine $name | Should -Not -Match 'queue' }
        (Get-LabState -Lab $lab).vms.queue.network.previousIpv4 | Should -Be '172.20.0.12'
    }
}

Describe '8: writing fails in one guest' {
    It 'tells what to do, and the others go on' {
        $lab = New-Lab -Folder "$TestDrive/eight" -Machine @{ name = 'web'; GuestFailure = 'The disk is full.' }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -BeLike 'RECONCILE_HOSTS_FAILED,*'
        $seen.Errors[0].TargetObject | Should -Be 'web'
        $seen.Errors[0].Exception.Message | Should -BeLike 'web: *The disk is full.'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*run Invoke-RagnaReconcile again*'
        @($seen.Output.HostSync | ForEach-Object { $_.Status }) | Should -Be @('failed', 'synced')
        $seen.Output.ExitCode | Should -Be 2
        Get-HostsLine -Lab $lab -Machine 'db' | Should -Contain '172.20.0.10 web'
    }
}

Describe 'Dry runs' {
    BeforeAll {
        $lab = New-Lab -Folder "$TestDrive/dry" -Machine @{ name = 'web' }, @{ name = 'db' }
        $null = Invoke-Reconcile -Lab $lab
        $before = Get-FolderDigest -Path $lab.Folder
        Clear-SimulatedCall
    }

    It '12: without a change tells addresses, no change, and the block, and writes nothing' {
        $seen = Invoke-Reconcile -Lab $lab -Option @{ WhatIf = $true }
        $seen.Output.DryRun | Should -BeTrue
        $seen.Output.ExitCode | Should -Be 0
        @($seen.Output.Discovery | ForEach-Object { $_.Network.Ipv4 }) | Should -Be @('172.20.0.10', '172.20.0.11')
        @($seen.Output.Diffs | ForEach-Object { $_.Changed }) | Should -Be @($false, $false)
        $seen.Output.HostsBlock | Should -Match '172\.20\.0\.11 db\n172\.20\.0\.10 web\n'
        ($seen.Output | Out-String -Width 80) | Should -Match '0 changed'
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
    }

    It '16: logs in to no guest' {
        $null = Invoke-Reconcile -Lab $lab -Option @{ WhatIf = $true }
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
    }

    It '13: with a change shows old and new' {
        Set-SimulatedVM -Id $lab.Machine.db.Id -Address '172.31.7.2'
        $digest = Get-FolderDigest -Path $lab.Folder
        $seen = Invoke-Reconcile -Lab $lab -Option @{ WhatIf = $true }
        ($seen.Output | Out-String -Width 80) | Should -Match "172\.20\.0\.11 $([char] 0x2192) 172\.31\.7\.2"
        $seen.Output.Diffs[1].PreviousIpv4 | Should -Be '172.20.0.11'
        Get-FolderDigest -Path $lab.Folder | Should -Be $digest
    }

    It '14: as JSON holds discovery, diffs and block' {
        $seen = Invoke-Reconcile -Lab $lab -Option @{ WhatIf = $true }
        $json = ConvertTo-Json -InputObject $seen.Output[0] -Depth 6 | ConvertFrom-Json
        $json.dryRun | Should -BeTrue
        $json.discovery[0].network.ipv4 | Should -Be '172.20.0.10'
        $json.diffs[0].machineName | Should -Be 'web'
        $json.hostsBlock | Should -Match '^# BEGIN RAGNATRAMP\n'
    }

    It '15: with a machine without an address fails and writes nothing' {
        Set-SimulatedVM -Id $lab.Machine.db.Id -Address @()
        $digest = Get-FolderDigest -Path $lab.Folder
        $seen = Invoke-Reconcile -Lab $lab -Option @{ WhatIf = $true }
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -BeLike 'RECONCILE_IP_FAILED,*'
        $seen.Output.Success | Should -BeFalse
        Get-FolderDigest -Path $lab.Folder | Should -Be $digest
    }
}

Describe 'The result as JSON' {
    It 'has the documented fields, in their order' {
        $lab = New-Lab -Folder "$TestDrive/shape" -Machine @{ name = 'web' }, @{ name = 'db'; State = 'Off' }
        $seen = Invoke-Reconcile -Lab $lab
        $json = ConvertTo-Json -InputObject $seen.Output[0] -Depth 6
        $result = $json | ConvertFrom-Json
        @($result.PSObject.Properties.Name) | Should -Be @(
            'success', 'dryRun', 'project', 'configPath', 'discovery', 'diffs', 'hostsBlock', 'hostSync', 'summary', 'warnings',
            'errors', 'exitCode')
        $json | Should -Not -Match 'System\.Object'
        $result.hostSync[1].reason | Should -Be 'off'
        foreach ($count in 'discovered', 'changed', 'synced', 'skipped', 'failed') { $result.summary.$count | Should -BeGreaterOrEqual 0 }
        foreach ($list in 'discovery', 'diffs', 'hostSync', 'warnings', 'errors') { , $result.$list | Should -BeOfType [array] }
    }

    It 'has the same properties in every row of a list, so that tables show them all' {
        $machines = @{ name = 'web' }, @{ name = 'db'; State = 'Off' }, @{ name = 'bad'; GuestFailure = 'No.' }
        $lab = New-Lab -Folder "$TestDrive/rows" -Machine $machines
        $result = (Invoke-Reconcile -Lab $lab).Output[0]
        foreach ($list in 'Discovery', 'Diffs', 'HostSync', 'Warnings') {
            $shapes = @($result.$list | ForEach-Object { $_.PSObject.Properties.Name -join ' ' } | Sort-Object -Unique)
            $shapes | Should -HaveCount 1 -Because $list
        }
    }
}

Describe 'The view' {
    It 'fits 80 columns, also in a dry run' {
        $machines = foreach ($name in 'web', 'database-primary', 'queue-of-many-16') { @{ name = $name } }
        $lab = New-Lab -Folder "$TestDrive/wide" -Project 'a-project-with-a-long-name-of-32' -Machine $machines
        foreach ($option in @{ WhatIf = $true }, @{}, @{ GuestTransport = 'Auto' }) {
            $shown = (Invoke-Reconcile -Lab $lab -Option $option).Output | Out-String -Width 200
            foreach ($line in $shown -split '\r?\n') { $line.Length | Should -BeLessOrEqual 80 -Because $line }
        }
    }
}
