# What a lab can do to a run on the simulated Hyper-V: refuse, delay, end the process; and several runs at the same time.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $module = "$PSScriptRoot/HyperVSimulator/Hyper-V/Hyper-V.psd1"

    function Enter-FreshLab {
        $script:folder = "$TestDrive/lab-$([guid]::NewGuid())"
        Enter-Lab -Lab @{ HyperV = $script:folder }
    }
    # Runs a text in a process of its own on this lab.
    function Invoke-Process {
        param([string] $Text)
        $program = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
        & $program -NoProfile -NonInteractive -Command "Import-Module '$module'; $Text" 2>&1
    }
}

Describe 'A process that the lab ends' {
    BeforeAll {
        # Two calls on a lab of its own.
        function Get-FreshWork {
            Enter-FreshLab
            "`$vm = New-VM -Name 'web' -Path '$folder/made' -NoVHD; Set-VM -VM `$vm -Notes 'marked'; 'reached the end'"
        }
    }

    It 'after a call has made its change, and nothing after it' {
        $make = Get-FreshWork
        Set-SimulatedHost -KillAfterCall 1
        @(Invoke-Process $make) -contains 'reached the end' | Should -BeFalse
        (Get-VM -Name 'web').Notes | Should -Be ''
        @(Get-SimulatedCall | ForEach-Object { $_.Cmdlet }) | Should -Be @('New-VM', 'Get-VM')
    }

    It 'before a call has any effect' {
        $make = Get-FreshWork
        Set-SimulatedHost -KillBeforeCall 2
        @(Invoke-Process $make) -contains 'reached the end' | Should -BeFalse
        (Get-VM -Name 'web').Notes | Should -Be ''
    }

    It 'once: the next run goes on' {
        $make = Get-FreshWork
        Set-SimulatedHost -KillBeforeCall 1
        $null = Invoke-Process $make
        @(Get-VM) | Should -HaveCount 0
        @(Invoke-Process $make) -contains 'reached the end' | Should -BeTrue
        (Get-VM -Name 'web').Notes | Should -Be 'marked'
    }

    It 'lets go of what a merge held' {
        Enter-FreshLab
        $disk = New-SimulatedImage -Path "$folder/web.vhdx"
        $vm = New-VM -Name 'web' -Path "$folder/made" -Generation 2 -VHDPath $disk
        Checkpoint-VM -VM $vm
        Set-SimulatedHost -MergeQuery 0, 1 -KillAfterCall 2
        $null = Invoke-Process 'Remove-VMSnapshot -VMName web; Get-VM; Get-VM'
        Set-SimulatedHost -KillAfterCall 0
        $null = Get-VM
        $vm.HardDrives[0].Path | Should -Be $disk
    }
}

Describe 'A run that the lab freezes' {
    It 'in a call: after its change, or before it; and nothing of the run has an effect later, not even its finally blocks' {
        Enter-FreshLab
        $runspace = New-CutRunspace
        $work = "try { `$vm = New-VM -Name 'NAME' -Path '$folder/made' -NoVHD; Set-VM -VM `$vm -Notes 'marked' } finally { New-VM -Name 'late' -NoVHD }"
        foreach ($case in @{ Name = 'web'; Freeze = @{ FreezeAfterCall = 1 } }, @{ Name = 'db'; Freeze = @{ FreezeBeforeCall = 2 } }) {
            $freeze = $case.Freeze
            Set-SimulatedHost @freeze
            $seen = Invoke-CutRun -Runspace $runspace -Script $work.Replace('NAME', $case.Name) -Lab @{ Root = $folder }
            $seen.Cut | Should -BeTrue
            $seen.Late | Should -Be 1 -Because 'the finally block tried'
            $seen.Moved | Should -HaveCount 0
        }
        @(Get-VM | ForEach-Object { "$($_.Name) $($_.Notes)" } | Sort-Object) | Should -Be @('db ', 'web ')
        $seen = Invoke-CutRun -Runspace $runspace -Script $work.Replace('NAME', 'queue') -Lab @{ Root = $folder }
        $seen.Cut | Should -BeFalse
        (Get-VM -Name 'queue').Notes | Should -Be 'marked'
        $runspace.Dispose()
    }
}

Describe 'A host that misbehaves' {
    BeforeAll {
        Enter-FreshLab
        $vm = New-VM -Name 'web' -Path "$folder/made" -NoVHD
    }

    It 'denies, is busy or stopped for the cmdlets of the life cycle too' {
        Set-SimulatedHost -Denied @('Set-VM')
        { Set-VM -VM $vm -Notes 'x' -ErrorAction Stop } | Should -Throw -ErrorId 'AccessDenied,Microsoft.HyperV.PowerShell.Commands.SetVM*'
        Set-SimulatedHost -Denied $false -Busy @{ 'Start-VM' = 1 }
        { Start-VM -VM $vm -ErrorAction Stop } | Should -Throw '*busy*'
        Set-SimulatedHost -Service 'stopped'
        { Start-VM -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
        Set-SimulatedHost -Service 'running'
        (Get-VM -Name 'web').Notes | Should -Be ''
        "$((Get-VM -Name 'web').State)" | Should -Be 'Off'
    }

    It 'fails for one machine and goes on with the others' {
        $other = New-VM -Name 'db' -Path "$folder/made" -NoVHD
        Set-SimulatedVM -Name 'web' -Failure @{ 'Set-VM' = 'The settings are locked.' }
        Set-VM -VM $vm, $other -Notes 'x' -ErrorVariable faults -ErrorAction SilentlyContinue
        "$($faults[0])" | Should -Be 'The settings are locked.'
        (Get-VM -Name 'db').Notes | Should -Be 'x'
    }

    It 'notes each call with what it was about, also one that fails' {
        Clear-SimulatedCall
        Set-VM -VM $vm -Notes 'y' -ErrorAction SilentlyContinue
        New-VHD -Path "$folder/a.vhdx" -SizeBytes 1GB | Out-Null
        $calls = @(Get-SimulatedCall)
        $calls[0].Target | Should -Be 'web'
        $calls[1].Target | Should -Be "$folder/a.vhdx"
        $calls[1].Parameters | Should -Be @('Path', 'SizeBytes')
    }

    It 'ends a worker that throws, as a compiled cmdlet ends' {
        { New-VM -Name 'bad' -Path 'nowhere:\made' -NoVHD } | Should -Throw
        @(Get-VM | Where-Object { $_.Name -eq 'bad' }) | Should -HaveCount 0
    }

    It 'exports the names that people type' {
        foreach ($name in 'Get', 'Rename', 'Restore', 'Remove') { (Get-Command -Name "$name-VMCheckpoint").Definition | Should -Be "$name-VMSnapshot" }
    }

    It 'says what it has' {
        Set-SimulatedHost -Processor 12 -Memory 32GB
        "$((Get-VMHost).LogicalProcessorCount) $((Get-VMHost).MemoryCapacity / 1GB)" | Should -Be '12 32'
    }
}

Describe 'Several runspaces at the same time' {
    It 'each make, set and start their machines, and none is lost' {
        Enter-FreshLab
        $runs = foreach ($number in 1..4) {
            $shell = [powershell]::Create()
            $text = "`$ErrorActionPreference = 'Stop'; Import-Module '$module'; foreach (`$i in 1..3) { `$vm = New-VM -Name `"m$number-`$i`" -Path '$folder/made' " +
            "-NoVHD -SwitchName 'Default Switch'; Set-VM -VM `$vm -Notes `"n`$i`" -AutomaticCheckpointsEnabled `$false; Start-VM -VM `$vm; `$null = Get-VM }"
            $null = $shell.AddScript($text)
            @{ Shell = $shell; Handle = $shell.BeginInvoke() }
        }
        foreach ($run in $runs) {
            $run.Shell.EndInvoke($run.Handle)
            $run.Shell.Dispose()
        }
        $all = @(Get-VM)
        $all | Should -HaveCount 12
        @($all | Where-Object { "$($_.State) $($_.Notes)" -notmatch '^Running n[123]$' }) | Should -HaveCount 0
        @(Get-VMNetworkAdapter -VM $all | ForEach-Object { $_.IPAddresses } | Sort-Object -Unique) | Should -HaveCount 12
    }
}
