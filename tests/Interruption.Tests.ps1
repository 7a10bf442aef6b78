# A run that is watched while it waits, and one that is ended in the middle: by Ctrl+C, or by a machine that goes away.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $young = [datetime]::UtcNow

    # web has an address, late never gets one; old networks stand in the state, so that anything written would show.
    function Get-WaitingLab {
        New-Lab -Machine @(
            @{ name = 'web'; Os = 'linux'; Agent = 'ragnatramp'; network = Get-KnownNetwork -Ipv4 '172.20.99.1' }
            @{ name = 'late'; StartedAt = $young; Address = @() }
            @{ name = 'rest'; State = 'Off' }
        )
    }

    function Start-Reconcile {
        param([object] $Lab, [string] $Option = '')
        Start-Run "Invoke-RagnaReconcile -Path '$($Lab.Config)' -PollSeconds 1 $Option"
    }

    function Wait-Poll { param([int] $Count) Wait-Run { @(Get-SimulatedCall -Cmdlet 'Get-VM').Count -ge $Count } }
}

Describe 'The progress bar of the wait' {
    It 'names the machines that are awaited, how many of how many, and the seconds left, and goes away' {
        $lab = Get-WaitingLab
        $run = Start-Reconcile -Lab $lab -Option '-TimeoutSeconds 40 -GuestTransport None'
        Wait-Poll -Count 3
        Set-SimulatedVM -Id $lab.Machine.late.Id -Address '172.20.0.77'
        $told = Complete-Run -Run $run
        $told.Errors | Should -BeNullOrEmpty
        $told.Progress.Count | Should -BeGreaterOrEqual 2
        foreach ($line in $told.Progress) { $line | Should -Match '^Waiting for addresses: late \(1 of 2\), (3\d|40) s left$' }
        $told.Left | Should -BeFalse
        $told.Output[0].Summary.Discovered | Should -Be 2
    }
}

Describe 'A machine that is switched off while it is awaited' {
    It 'is not awaited any more, and is no error' {
        $lab = Get-WaitingLab
        $run = Start-Reconcile -Lab $lab -Option '-TimeoutSeconds 60 -GuestTransport None'
        Wait-Poll -Count 2
        Set-SimulatedVM -Id $lab.Machine.late.Id -State 'Off'
        $told = Complete-Run -Run $run
        $told.Errors | Should -BeNullOrEmpty
        $told.Output[0].Success | Should -BeTrue
        @($told.Output[0].Discovery | Where-Object { $_.MachineName -eq 'late' })[0].State | Should -BeExactly 'off'
    }
}

Describe 'Ctrl+C' {
    It 'while addresses are awaited leaves everything as it was' {
        $lab = Get-WaitingLab
        $before = @(Get-FolderDigest -Path $lab.Folder)
        $run = Start-Reconcile -Lab $lab -Option '-TimeoutSeconds 600'
        Wait-Poll -Count 2
        $run.PowerShell.Stop()
        $told = Complete-Run -Run $run
        $told.Output | Should -BeNullOrEmpty
        $told.Left | Should -BeFalse
        @(Get-FolderDigest -Path $lab.Folder) | Should -Be $before
    }

    It 'while a guest does not let go of its <_> is not waited for, and PowerShell can end' -ForEach 'handshake', 'session' {
        $lab = New-Lab -Machine @{ name = 'web'; GuestHang = $_ }
        $before = [IO.File]::ReadAllBytes($lab.Machine.web.HostsPath)
        $account = "[pscredential]::new('Administrator', ('right' | ConvertTo-SecureString -AsPlainText -Force))"
        $run = Start-Reconcile -Lab $lab -Option "-TimeoutSeconds 0 -GuestTransport PowerShellDirect -GuestTimeoutSeconds 300 -Credential ($account)"
        Wait-Run { @(Get-SimulatedCall -Cmdlet 'Invoke-Command').Count -eq 1 }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $run.PowerShell.Stop()
        # The guest has 300 s.
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
        $told = Complete-Run -Run $run
        $told.Output | Should -BeNullOrEmpty
        [IO.File]::ReadAllBytes($lab.Machine.web.HostsPath) | Should -Be $before
        # A runspace that is open still would be waited for at the end of the process.
        Wait-Run { @(Get-Runspace | Where-Object { $_.RunspaceStateInfo.State -eq 'Opened' -and $_.RunspaceAvailability -eq 'Busy' }).Count -le 1 }
    }

    It 'while another run holds the state leaves everything as it was, and the next run goes through' {
        $lab = Get-WaitingLab
        Set-SimulatedVM -Id $lab.Machine.late.Id -State 'Off'
        [IO.File]::WriteAllText("$($lab.Folder)/.ragnatramp/state.lock", '')
        $before = @(Get-FolderDigest -Path $lab.Folder)
        $lock = [IO.File]::Open("$($lab.Folder)/.ragnatramp/state.lock", 'Open', 'ReadWrite', 'ReadWrite')
        try {
            $lock.Lock(0, [long]::MaxValue)
            $run = Start-Reconcile -Lab $lab
            Wait-Run { @($run.PowerShell.Streams.Progress | Where-Object { $_.StatusDescription -like '*holds the state*' }).Count -ge 1 }
            $run.PowerShell.Stop()
            $told = Complete-Run -Run $run
            $told.Left | Should -BeFalse
        } finally {
            $lock.Dispose()
        }
        @(Get-FolderDigest -Path $lab.Folder) | Should -Be $before
        $next = Complete-Run -Run (Start-Reconcile -Lab $lab)
        $next.Errors | Should -BeNullOrEmpty
        (Get-LabState -Lab $lab).vms.web.network.ipv4 | Should -BeExactly '172.20.0.10'
    }
}

Describe 'A repair behind a lock that another run holds' {
    BeforeAll {
        function Start-HeldRepair {
            $lab = New-Lab -Machine @{ name = 'web' }
            [IO.File]::Copy($lab.StatePath, "$($lab.StatePath).bak")
            [IO.File]::WriteAllText($lab.StatePath, '{')
            [IO.File]::WriteAllText("$($lab.Folder)/.ragnatramp/state.lock", '')
            $lock = [IO.File]::Open("$($lab.Folder)/.ragnatramp/state.lock", 'Open', 'ReadWrite', 'ReadWrite')
            $lock.Lock(0, [long]::MaxValue)
            $run = Start-Run "Repair-RagnaState -Path '$($lab.Config)'"
            Wait-Run { @($run.PowerShell.Streams.Progress | Where-Object { $_.StatusDescription -match 'holds the state; waited \d+ of 30 s$' }).Count -ge 2 }
            @{ Lab = $lab; Lock = $lock; Run = $run }
        }
    }

    It 'shows who holds it and ends at Ctrl+C, and everything is as it was' {
        $held = Start-HeldRepair
        try {
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $held.Run.PowerShell.Stop()
            # The lock is waited for for 30 s.
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 15
            (Complete-Run -Run $held.Run).Output | Should -BeNullOrEmpty
            [IO.File]::ReadAllText($held.Lab.StatePath) | Should -BeExactly '{'
        } finally {
            $held.Lock.Dispose()
        }
    }

    It 'goes through once the lock is free' {
        $held = Start-HeldRepair
        $held.Lock.Dispose()
        $told = Complete-Run -Run $held.Run
        $told.Errors | Should -BeNullOrEmpty
        $told.Output[0].Repaired | Should -BeTrue
    }
}

Describe 'A state that another run holds' {
    It 'is waited for with a line that says who holds it, for how long by now, and the bound' {
        $lab = Get-WaitingLab
        Set-SimulatedVM -Id $lab.Machine.late.Id -State 'Off'
        $null = Complete-Run -Run (Start-Reconcile -Lab $lab -Option '-GuestTransport None')
        $holder = [IO.File]::ReadAllText("$($lab.Folder)/.ragnatramp/state.lock.json") | ConvertFrom-Json
        $lock = [IO.File]::Open("$($lab.Folder)/.ragnatramp/state.lock", 'Open', 'ReadWrite', 'ReadWrite')
        try {
            $lock.Lock(0, [long]::MaxValue)
            $run = Start-Reconcile -Lab $lab -Option '-GuestTransport None'
            Wait-Run { @($run.PowerShell.Streams.Progress | Where-Object { $_.StatusDescription -like '*holds the state*' }).Count -ge 2 }
        } finally {
            $lock.Dispose()
        }
        $told = Complete-Run -Run $run
        $told.Errors | Should -BeNullOrEmpty
        $held = @($told.Progress | Where-Object { $_ -like '*holds the state*' })
        $held[0] | Should -Match "^process $($holder.pid) on $([regex]::Escape($holder.host)) since \S+ holds the state; waited [01] of 30 s$"
        $held[1] | Should -Match '; waited [123] of 30 s$'
        $told.Output[0].Success | Should -BeTrue
        $told.Left | Should -BeFalse
    }
}
