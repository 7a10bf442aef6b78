# A watch: it reconciles when something changed and only then, outlives what fails, and leaves nothing behind.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    . "$PSScriptRoot/session/Start-Watch.ps1"
}

Describe 'A watch' {
    It 'reconciles at once, then at each change and at nothing else' {
        $lab = Get-WatchedLab
        $run = Start-Watch -Lab $lab
        Wait-Result -Run $run -Count 1
        Wait-Look
        $run.Output.Count | Should -Be 1
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        Wait-Result -Run $run -Count 2
        (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -BeExactly '172.28.64.10'
        Set-SimulatedVM -Id $lab.Machine.db.Id -State 'Off'
        Wait-Result -Run $run -Count 3
        Set-SimulatedVM -Id $lab.Machine.db.Id -State 'Running'
        Wait-Result -Run $run -Count 4
        Wait-Look
        $told = Stop-Watch -Run $run
        $told.Output | Should -HaveCount 4
        $told.Errors | Should -BeNullOrEmpty
        $told.Output[0].PSObject.TypeNames[0..1] | Should -Be 'Ragnatramp.WatchResult', 'Ragnatramp.ReconcileResult'
        $told.Output[1].Summary.Changed | Should -Be 1
    }

    It 'shows each change in one line' {
        $lab = Get-WatchedLab
        $run = Start-Watch -Lab $lab -Option '-GuestTransport None | ForEach-Object { $_ | Out-String }'
        Wait-Result -Run $run -Count 1
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        Wait-Result -Run $run -Count 2
        $told = Stop-Watch -Run $run
        $lines = @($told.Output[1].Split("`n") | ForEach-Object { $_.Trim() } | Where-Object { $_ })
        $lines -join '' | Should -Match "^\d\d:\d\d:\d\d lab: 2 machines: 2 discovered, 1 changed.*\(web 172\.20\.0\.10 $([char] 0x2192) 172\.28\.64\.10\)$"
    }

    It 'brings the names to a guest that becomes reachable later' {
        $lab = New-Lab -Machine @{ name = 'web'; Os = 'linux'; Agent = 'ragnatramp'; Daemon = $false }
        Set-SimulatedNeighbor -Entry @{ ip = '172.20.0.10'; mac = '00-15-5D-00-00-0A' }
        $run = Start-Watch -Lab $lab -Option ''
        Wait-Result -Run $run -Count 1
        Set-SimulatedVM -Id $lab.Machine.web.Id -Daemon $true
        Wait-Result -Run $run -Count 2
        $told = Stop-Watch -Run $run
        $told.Output[0].HostSync[0].Status | Should -BeExactly 'skipped'
        $told.Output[1].HostSync[0].Status | Should -BeExactly 'synced'
    }

    It 'under -WhatIf changes nothing' {
        $lab = Get-WatchedLab
        $before = @(Get-FolderDigest -Path $lab.Folder)
        $run = Start-Watch -Lab $lab -Option '-WhatIf'
        Wait-Result -Run $run -Count 1
        $told = Stop-Watch -Run $run
        $told.Output[0].DryRun | Should -BeTrue
        @(Get-FolderDigest -Path $lab.Folder) | Should -Be $before
        $told.Subscribers | Should -Be 0
    }
}

Describe 'What Hyper-V tells by itself' {
    It 'wakes a watch long before its next look' {
        $lab = Get-WatchedLab
        $run = Start-Watch -Lab $lab -PollSeconds 3600
        Wait-Result -Run $run -Count 1
        Set-SimulatedVM -Id $lab.Machine.db.Id -State 'Off'
        foreach ($time in 1..3) { Send-SimulatedMachineEvent }
        Wait-Result -Run $run -Count 2
        $told = Stop-Watch -Run $run
        $told.Output | Should -HaveCount 2
        $told.Subscribers | Should -Be 0
        $told.Waiting | Should -Be 0
    }

    It 'is done without where it is refused, which is said once under -Verbose and is no error' {
        $lab = Get-WatchedLab
        Set-SimulatedHost -Denied 'Register-CimIndicationEvent'
        $run = Start-Watch -Lab $lab -Option '-GuestTransport None -Verbose'
        Wait-Result -Run $run -Count 1
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        Wait-Result -Run $run -Count 2
        $said = @(Get-Told -Collection $run.PowerShell.Streams.Verbose | Where-Object { $_.Message -like '*does not tell of changes by itself*' })
        $told = Stop-Watch -Run $run
        $told.Errors | Should -BeNullOrEmpty
        $said | Should -HaveCount 1
    }
}

Describe 'Trouble' {
    It 'of Hyper-V is told once, and the watch goes on when it has passed' {
        $lab = Get-WatchedLab
        $run = Start-Watch -Lab $lab
        Wait-Result -Run $run -Count 1
        Set-SimulatedHost -Service 'stopped'
        Wait-Run { $run.PowerShell.Streams.Error.Count -ge 1 }
        Wait-Look
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        Set-SimulatedHost -Service 'running'
        Wait-Result -Run $run -Count 2
        # Hyper-V forgot what it was asked for.
        Wait-Run { @(Get-SimulatedCall -Cmdlet 'Register-CimIndicationEvent').Count -eq 2 }
        $told = Stop-Watch -Run $run
        @($told.Errors | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }) | Should -Be 'HYPERV_ERROR'
        (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -BeExactly '172.28.64.10'
        $told.Subscribers | Should -Be 0
    }

    It 'of the config is told once; nothing is done by the last good one, and the next good one counts' {
        $lab = Get-WatchedLab
        $good = [IO.File]::ReadAllText($lab.Config)
        $run = Start-Watch -Lab $lab
        Wait-Result -Run $run -Count 1
        [IO.File]::WriteAllText($lab.Config, 'project: [')
        Wait-Run { $run.PowerShell.Streams.Error.Count -ge 1 }
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        $asked = @(Get-SimulatedCall -Cmdlet 'Get-VM').Count
        Wait-Run { @(Get-SimulatedCall -Cmdlet 'Get-VM').Count -ge $asked }
        (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -BeExactly '172.20.0.10'
        [IO.File]::WriteAllText($lab.Config, "# edited`n$good")
        Wait-Result -Run $run -Count 2
        $told = Stop-Watch -Run $run
        @($told.Errors | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }) | Should -Be 'CONFIG_INVALID_YAML'
        (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -BeExactly '172.28.64.10'
    }

    It 'of a machine without an address is told once, although it is tried again, and its address is not missed' {
        $lab = New-Lab -Machine @{ name = 'web'; Address = @() }, @{ name = 'db' }
        $run = Start-Watch -Lab $lab
        Wait-Result -Run $run -Count 2
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        Wait-Run { @(Get-Told -Collection $run.Output | Where-Object { $_.Success }).Count -ge 1 }
        $told = Stop-Watch -Run $run
        @($told.Errors | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }) | Should -Be 'RECONCILE_IP_FAILED'
        (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -BeExactly '172.28.64.10'
    }

    It 'with one lab does not keep the watch from another' {
        $lab = Get-WatchedLab
        $missing = [IO.Path]::Combine($lab.Folder, 'missing.yaml')
        $run = Start-Run "'$missing', '$($lab.Config)' | Watch-RagnaReconcile -PollSeconds 1 -TimeoutSeconds 1 -GuestTransport None"
        Wait-Result -Run $run -Count 1
        $told = Stop-Watch -Run $run
        $told.Output[0].Project | Should -BeExactly 'lab'
        @($told.Errors | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }) | Should -Be 'CONFIG_NOT_FOUND'
    }

    It 'is tried again after twice the time for each failure, five minutes at most' {
        $pauses = & (Get-Module -Name Ragnatramp) { foreach ($failures in 0, 1, 2, 3, 9) { Get-WatchPause -PollSeconds 60 -Failures $failures } }
        $pauses | Should -Be 60, 120, 240, 300, 300
        & (Get-Module -Name Ragnatramp) { Get-WatchPause -PollSeconds 600 -Failures 3 } | Should -Be 600
    }
}

Describe 'Ctrl+C' {
    It 'between two looks ends a watch at once and leaves nothing behind' {
        $lab = Get-WatchedLab
        $run = Start-Watch -Lab $lab -PollSeconds 3600
        Wait-Result -Run $run -Count 1
        Wait-Run { @($run.PowerShell.Runspace.Events.Subscribers).Count -eq 1 }
        $before = @(Get-FolderDigest -Path $lab.Folder)
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $told = Stop-Watch -Run $run
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        $told.Subscribers | Should -Be 0
        $told.Left | Should -BeFalse
        $told.Errors | Should -BeNullOrEmpty
        @(Get-FolderDigest -Path $lab.Folder) | Should -Be $before
    }

    It 'while addresses are awaited leaves everything as it was' {
        $lab = New-Lab -Machine @{ name = 'web'; Address = @() }
        $before = @(Get-FolderDigest -Path $lab.Folder)
        $run = Start-Run "Watch-RagnaReconcile -Path '$($lab.Config)' -TimeoutSeconds 600"
        Wait-Run { @(Get-Told -Collection $run.PowerShell.Streams.Progress | Where-Object { $_.StatusDescription -like 'Waiting for addresses*' }).Count -ge 1 }
        $told = Stop-Watch -Run $run
        $told.Left | Should -BeFalse
        $told.Subscribers | Should -Be 0
        @(Get-FolderDigest -Path $lab.Folder) | Should -Be $before
    }

    It 'comes through whoever takes only the first result' {
        $lab = Get-WatchedLab
        $run = Start-Run "Watch-RagnaReconcile -Path '$($lab.Config)' -GuestTransport None | Select-Object -First 1; @(Get-EventSubscriber).Count"
        $told = Complete-Run -Run $run
        $told.Output[0].Success | Should -BeTrue
        $told.Output[1] | Should -Be 0
    }
}

Describe 'The log of a watch' {
    It 'has a line for each thing told, and is kept short by an older file' {
        $lab = Get-WatchedLab
        $log = [IO.Path]::Combine($lab.Folder, '.ragnatramp', 'watch.log')
        [IO.File]::WriteAllText($log, 'x' * 256KB)
        $run = Start-Watch -Lab $lab -Option '-GuestTransport None -Log'
        Wait-Result -Run $run -Count 1
        [IO.File]::WriteAllText($lab.Config, 'project: [')
        Wait-Run { $run.PowerShell.Streams.Error.Count -ge 1 }
        $null = Stop-Watch -Run $run
        $lines = @([IO.File]::ReadAllLines($log))
        $lines | Should -HaveCount 4
        $lines[0] | Should -Match "^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d lab: the watch begins \(process $PID\)"
        $lines[1] | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d lab: 2 machines: 2 discovered'
        $lines[2] | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d error: ragnatramp\.yaml'
        $lines[3] | Should -Match '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d the watch ends'
        [IO.FileInfo]::new("$log.1").Length | Should -Be 256KB
    }

    It 'goes on when whoever kept it from being written has let go of it, which is told once' {
        $lab = Get-WatchedLab
        $log = [IO.Path]::Combine($lab.Folder, '.ragnatramp', 'watch.log')
        $held = [IO.FileStream]::new($log, 'Create', 'ReadWrite', 'None')
        $run = Start-Watch -Lab $lab -Option '-GuestTransport None -Log'
        Wait-Result -Run $run -Count 1
        $held.Dispose()
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        Wait-Result -Run $run -Count 2
        @(Get-Told -Collection $run.PowerShell.Streams.Warning | Where-Object { $_.Message -like '*watch.log cannot be written*' }) | Should -HaveCount 1
        $null = Stop-Watch -Run $run
        @(Get-LogLine -Path $log)[0] | Should -BeLike '* lab: 2 machines: 2 discovered, 1 changed*'
    }
}
