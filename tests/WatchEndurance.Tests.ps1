# A watch over time: a restart of the host, thousands of events, sleep, a second watch beside it, and what is left of it
# afterwards.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    . "$PSScriptRoot/session/Start-Watch.ps1"

    # The names of the block in a guest's hosts file, with their addresses.
    function Get-GuestName {
        param([object] $Lab, [string] $Name)
        $text = [IO.File]::ReadAllText($Lab.Machine[$Name].HostsPath)
        $block = [regex]::Match($text, '(?s)# BEGIN RAGNATRAMP\r?\n(.*?)# END RAGNATRAMP').Groups[1].Value
        @($block -split '\r?\n' | Where-Object { $_ -match '^\d' } | Sort-Object) -join '; '
    }
}

Describe 'A restart of the host' {
    It 'in a new range, machine after machine: one look after the last address every guest knows every name' {
        $names = 'web', 'db', 'queue', 'worker'
        $lab = New-Lab -Machine @(foreach ($name in $names) { @{ name = $name; Os = 'linux'; Agent = 'ragnatramp' } })
        $run = Start-Watch -Lab $lab -Option '-GuestTransport KeyValuePair -AllowPartial' -PollSeconds 2
        Wait-Result -Run $run -Count 1
        Get-GuestName -Lab $lab -Name 'web' | Should -BeExactly '172.20.0.10 web; 172.20.0.11 db; 172.20.0.12 queue; 172.20.0.13 worker'
        Set-SimulatedHost -Service 'stopped'
        Wait-Run { $run.PowerShell.Streams.Error.Count -ge 1 }
        foreach ($name in $names) { Set-SimulatedVM -Id $lab.Machine[$name].Id -State 'Off' -Address @() }
        Set-SimulatedHost -Service 'running' -Range '172.28.64.1/20'
        $number = 9
        foreach ($name in $names) {
            # Its address comes some time after its start.
            Set-SimulatedVM -Id $lab.Machine[$name].Id -State 'Running' -Address @()
            Wait-Look
            $number++
            Set-SimulatedVM -Id $lab.Machine[$name].Id -Address "172.28.64.$number"
        }
        $last = [datetime]::Now
        $right = '172.28.64.10 web; 172.28.64.11 db; 172.28.64.12 queue; 172.28.64.13 worker'
        Wait-Run { @($names | Where-Object { (Get-GuestName -Lab $lab -Name $_) -cne $right }).Count -eq 0 }
        # Get-VM was called at most by the reconcile that was under way, by the look, and by the reconcile after it.
        @(Get-SimulatedCall -Cmdlet 'Get-VM' | Where-Object { $_.At -gt $last }).Count | Should -BeLessOrEqual 3
        $told = Stop-Watch -Run $run
        @($told.Errors | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }) | Should -Be 'HYPERV_ERROR'
    }
}

Describe 'Ten thousand events' {
    It 'lose no change, also such as come during a reconcile, and leave memory as it was' {
        $lab = Get-WatchedLab
        # Looks and reconciles that cost little; what wakes the watch, decides and emits is its own. Each change is made when the
        # one before was told, and every seventh during the reconcile before it, which does not see it.
        $stage = {
            & (Get-Module -Name Ragnatramp) {
                Import-RagnaPrivate
                $script:Change = 1
                function script:Get-LabLook {
                    param($Watch, $Seconds)
                    $null = $Seconds
                    [pscustomobject]@{ mark = "$script:Change"; due = if ($Watch.Mark -cne "$script:Change") { 'something changed' } }
                }
                function script:Invoke-WatchReconcile {
                    [CmdletBinding()] param($ConfigPath, $Option)
                    $saw = $script:Change
                    $Option.Saw.Mark = "$saw"
                    if ($saw % 7 -eq 0) { $script:Change++; Send-SimulatedMachineEvent }
                    $network = [pscustomobject]@{ Ipv4 = "10.0.$([Math]::Floor($saw / 250)).$($saw % 250)" }
                    [pscustomobject]@{
                        Success = $true; Project = 'lab'; DryRun = $false; ConfigPath = $ConfigPath; Summary = [pscustomobject]@{ Headline = '1 changed' }; Change = $saw
                        Diffs = @([pscustomobject]@{ Changed = $true; MachineName = 'web'; PreviousIpv4 = $null; Network = $network })
                    }
                }
            }
            function Step-Change {
                param($Result)
                $told.Add($Result.Change)
                if ($told.Count -in 1000, 10000) {
                    # What a collection leaves to finalizers, the next one takes; GetTotalMemory($true) is content with a
                    # twentieth too much.
                    foreach ($time in 1..4) { [GC]::Collect(); [GC]::WaitForPendingFinalizers() }
                    $memory.Add([GC]::GetTotalMemory($false))
                }
                & (Get-Module -Name Ragnatramp) { param($saw) if ($script:Change -eq $saw) { $script:Change++; Send-SimulatedMachineEvent } } $Result.Change
            }
            $told = [Collections.Generic.List[int]]::new(10000)
            $memory = [Collections.Generic.List[long]]::new(2)
        }
        $simulator = (Get-Module -Name HyperVSimulator).Path.Replace('.psm1', '.psd1')
        $run = Start-Run ("Import-Module -Name '$simulator'; $stage; Watch-RagnaReconcile -Path '$($lab.Config)' -PollSeconds 3600 -GuestTransport None | " +
            'ForEach-Object { Step-Change $_; if ($told.Count -eq 10000) { $_ } } | Select-Object -First 1 | Out-Null; , $told; , $memory; @(Get-Event).Count')
        Wait-Run -Seconds 600 { $run.Handle.IsCompleted }
        $seen = Complete-Run -Run $run
        $seen.Errors | Should -BeNullOrEmpty
        $changes, $memory, $waiting = $seen.Output
        $changes | Should -HaveCount 10000
        Compare-Object -ReferenceObject @(1..10000) -DifferenceObject @($changes) -SyncWindow 0 | Should -BeNullOrEmpty
        $waiting | Should -Be 0
        # 9,000 events that each left 100 bytes would be 900 kB.
        $memory[1] - $memory[0] | Should -BeLessThan 500KB
    }
}

Describe 'A host that slept' {
    BeforeAll {
        # One step of a watch whose clock says that so much time went by since the last reconcile.
        function Step-Watch {
            param([object] $Watch, [object] $Hours)
            & (Get-Module -Name Ragnatramp) {
                function Invoke-Step {
                    [CmdletBinding()] param($Watch, $Option)
                    Step-LabWatch -Cmdlet $PSCmdlet -Watch $Watch -Option $Option -PollSeconds 60
                }
                if ($null -ne $args[1]) {
                    $args[0].Clock = [pscustomobject]@{ Elapsed = [timespan]::FromHours($args[1]) }
                    $args[0].Clock | Add-Member -MemberType ScriptMethod -Name Restart -Value { $this.Elapsed = [timespan]::Zero }
                }
                Invoke-Step -Watch $args[0] -Option (New-ReconcileOption -Credential ([pscredential]::Empty) -TimeoutSeconds 0 -GuestTransport 'KeyValuePair' -AllowPartial $false)
            } $Watch $Hours
        }
    }

    It 'is reconciled once, though its machines are younger than the time that went by, and then left alone' {
        $lab = New-Lab -Machine @{ name = 'web'; Os = 'linux'; Agent = 'ragnatramp'; StartedAt = [datetime]::UtcNow.AddMinutes(-10) }
        $watch = & (Get-Module -Name Ragnatramp) { New-LabWatch -ConfigPath $args[0] } $lab.Config
        try {
            @(Step-Watch -Watch $watch) | Should -HaveCount 1
            @(Step-Watch -Watch $watch -Hours 0.1) | Should -HaveCount 0
            @(Step-Watch -Watch $watch -Hours 9) | Should -HaveCount 1
            @(Step-Watch -Watch $watch) | Should -HaveCount 0
        } finally { & (Get-Module -Name Ragnatramp) { Close-RagnaLab -Lab $args[0].Held } $watch }
    }

    It 'and whose range changed meanwhile knows its names at the first look' {
        $lab = Get-WatchedLab
        $watch = & (Get-Module -Name Ragnatramp) { New-LabWatch -ConfigPath $args[0] } $lab.Config
        try {
            $null = Step-Watch -Watch $watch
            Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
            Set-SimulatedVM -Id $lab.Machine.db.Id -Address '172.28.64.11'
            $told = @(Step-Watch -Watch $watch -Hours 100)
            $told[0].Summary.Changed | Should -Be 2
            foreach ($name in 'web', 'db') { Get-GuestName -Lab $lab -Name $name | Should -BeExactly '172.28.64.10 web; 172.28.64.11 db' }
            # A clock that was set back is no time at all.
            @(Step-Watch -Watch $watch -Hours -5) | Should -HaveCount 0
        } finally { & (Get-Module -Name Ragnatramp) { Close-RagnaLab -Lab $args[0].Held } $watch }
    }
}

Describe 'A second watch over a lab' {
    It 'says once who watches it, and goes on when that one has ended' {
        $lab = Get-WatchedLab
        $first = Start-Watch -Lab $lab
        Wait-Result -Run $first -Count 1
        @(Get-RagnaStatus -Path $lab.Config)[0].WatchedBy | Should -BeLike "process $PID on *"
        (Get-RagnaStatus -Path $lab.Config | Out-String -Width 300) | Should -Match 'Project: lab .*ragnatramp\.yaml    watched since \d{4}-\d\d-\d\d \d\d:\d\d'
        $second = Start-Watch -Lab $lab
        Wait-Run { $second.PowerShell.Streams.Error.Count -ge 1 }
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        Wait-Result -Run $first -Count 2
        $second.Output.Count | Should -Be 0
        $null = Stop-Watch -Run $first
        Wait-Result -Run $second -Count 1
        $told = Stop-Watch -Run $second
        @($told.Errors | ForEach-Object { "$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.CategoryInfo.Category)" }) | Should -Be 'WATCH_RUNNING ResourceBusy'
        $told.Errors[0].Exception.Message | Should -BeLike "*process $PID on *"
        @(Get-RagnaStatus -Path $lab.Config)[0].Watched | Should -BeFalse
    }

    It 'with -WhatIf is told of nothing and keeps nobody away' {
        $lab = Get-WatchedLab
        $dry = Start-Watch -Lab $lab -Option '-GuestTransport None -WhatIf'
        Wait-Result -Run $dry -Count 1
        @(Get-RagnaStatus -Path $lab.Config)[0].Watched | Should -BeFalse
        $run = Start-Watch -Lab $lab
        Wait-Result -Run $run -Count 1
        $other = Start-Watch -Lab $lab -Option '-GuestTransport None -WhatIf'
        Wait-Result -Run $other -Count 1
        foreach ($one in $dry, $run, $other) { (Stop-Watch -Run $one).Errors | Should -BeNullOrEmpty }
    }
}

Describe 'Ctrl+C' {
    It '<When> leaves no event, job, runspace, temp file or lock behind' -ForEach @(
        @{ When = 'between two looks'; Guest = @{}; Until = { $run.Output.Count -ge 1 } }
        @{ When = 'while guests are waited for'; Guest = @{ AgentQuery = 100000 }; Until = { @(Get-SimulatedCall -Cmdlet 'Invoke-CimMethod').Count -gt 0 } }
        @{ When = 'while Hyper-V does not answer'; Guest = @{}; Delay = @{ 'Get-VMNetworkAdapter' = 3000 }; Until = { @(Get-SimulatedCall -Cmdlet 'Get-VM').Count -gt 0 } }
    ) {
        $guest = @{ name = 'web'; Os = 'linux'; Agent = 'ragnatramp' }
        foreach ($key in $_.Guest.Keys) { $guest[$key] = $_.Guest[$key] }
        $lab = New-Lab -Machine $guest
        if ($_.Contains('Delay')) { Set-SimulatedHost -Delay $_.Delay }
        $temp = New-TestFolder -Name "temp-$($When.Replace(' ', '-'))"
        $before, $place = @(Get-Runspace | ForEach-Object { $_.Id }), @($env:TEMP, $env:TMP)
        $env:TEMP = $env:TMP = $temp
        try {
            $run = Start-Watch -Lab $lab -Option '-GuestTransport KeyValuePair -GuestTimeoutSeconds 300'
            Wait-Run $_.Until
            $told = Stop-Watch -Run $run
        } finally { $env:TEMP, $env:TMP = $place }
        "$($told.Subscribers) $($told.Waiting) $($told.Jobs) $($told.Left)" | Should -BeExactly '0 0 0 False'
        $told.Errors | Should -BeNullOrEmpty
        [IO.Directory]::GetFileSystemEntries($temp) | Should -BeNullOrEmpty
        # A worker that is left behind in foreign code ends with it.
        Wait-Run { @(Get-Runspace | Where-Object { $before -notcontains $_.Id }).Count -eq 0 }
        @([IO.Directory]::GetFiles("$($lab.Folder)/.ragnatramp", '*.tmp')) | Should -HaveCount 0
        @(Get-RagnaStatus -Path $lab.Config)[0].Watched | Should -BeFalse
        Set-SimulatedHost -Delay @{}
        $again = Watch-Run { Watch-RagnaReconcile -Path $lab.Config -GuestTransport None | Select-Object -First 1 }
        $again.Errors | Should -BeNullOrEmpty
        $again.Output[0].Success | Should -BeTrue
    }
}
