# Two PowerShell processes and one state file: each records what it learned of its own machine, and neither loses
# what the other recorded.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # What each process does: records a new address of its machine, round by round, and reads it back.
    $recorder = {
        param($Module, $Config, $Machine, $Rounds)
        Import-Module -Name $Module
        & (Get-Module -Name Ragnatramp) {
            param($config, $machine, $rounds)
            Import-RagnaPrivate
            $outcome = [pscustomobject]@{ Recorded = 0; Lost = 0; Failures = @(); Last = '' }
            foreach ($round in 1..$rounds) {
                $outcome.Last = '10.{0}.{1}.7' -f [int] [Math]::Floor($round / 200), ($round % 200)
                # The other machine's VM carries no marker here, so that this process records nothing of it.
                $vms = @{ id = @(); name = @(); state = @(); notes = @() }
                foreach ($one in $machine, $machine.other) {
                    foreach ($column in 'id', 'name', 'notes') { $vms[$column] += $one[$column] }
                    $vms.state += 'Running'
                }
                $adapters = @{
                    vmId = @($machine.id); name = @('Network Adapter'); mac = @('00155D000001'); switchName = @('Default Switch')
                    switchId = @('c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'); ipAddresses = @(, @($outcome.Last))
                }
                $opened = Invoke-RagnaExport lab_open @{ path = $config }
                $lab = $opened.Response
                $saved = $opened
                foreach ($step in @(
                        @{ Name = 'discover'; Request = @{ snapshot = @{ vms = $vms; adapters = $adapters }; clock = @{ elapsedSeconds = 0; timeoutSeconds = 0 } } }
                        @{ Name = 'diff'; Request = @{ allowPartial = $true } }
                    )) {
                    if ($null -eq $saved.Failure) { $saved = Invoke-RagnaExport $step.Name -Lab $lab $step.Request }
                }
                $watch = [System.Diagnostics.Stopwatch]::StartNew()
                do {
                    $wait = @{ bound = 30; waited = $watch.Elapsed.TotalSeconds }
                    if ($null -eq $saved.Failure) { $saved = Invoke-RagnaExport state_record -Lab $lab $wait }
                } while ($null -eq $saved.Failure -and $null -ne $saved.Response.waiting)
                Close-RagnaLab -Lab $lab
                if ($null -ne $saved.Failure) { $outcome.Failures += "$($saved.Failure.code): $($saved.Failure.message)"; continue }
                $outcome.Recorded++
                $state = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($config), '.ragnatramp', 'state.json')
                # Windows shares the file with nobody for the moment in which the other process replaces it.
                $text = $null
                foreach ($try in 1..100) {
                    try {
                        $text = [System.IO.File]::ReadAllText($state)
                        break
                    } catch [System.IO.IOException] {
                        if ($try -eq 100) { throw }
                        Start-Sleep -Milliseconds 10
                    }
                }
                $now = ($text | ConvertFrom-Json).vms.($machine.machineName).network.ipv4
                if ($now -ne $outcome.Last) { $outcome.Lost++ }
            }
            $outcome
        } $Config $Machine $Rounds
    }
    # What a recorder is told of its machine.
    function Get-Known {
        param([object] $Lab, [string] $Name)
        $vm = Get-VM -Id $Lab.Machine[$Name].Id
        $other = foreach ($one in $Lab.Machine.Keys) { if ($one -ne $Name) { $Lab.Machine[$one] } }
        @{
            machineName = $Name; id = [string] $vm.Id; name = [string] $vm.Name; notes = [string] $vm.Notes
            other       = @{ id = [string] $other.Id; name = $other.Name; notes = '' }
        }
    }
    $module = (Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1')
}

Describe 'Two processes that record into one state file' {
    BeforeAll {
        $lab = New-Lab -Folder "$TestDrive/two" -Machine @{ name = 'web' }, @{ name = 'db' }
        $rounds = 60
        $jobs = foreach ($machine in 'web', 'db') { Start-Job -ScriptBlock $recorder -ArgumentList $module, $lab.Config, (Get-Known $lab $machine), $rounds }
        $outcomes = @($jobs | Wait-Job -Timeout 120 | Receive-Job)
        $jobs | Remove-Job -Force
    }

    It 'record every round, and each finds its own there afterwards' {
        $outcomes | Should -HaveCount 2
        foreach ($outcome in $outcomes) {
            $outcome.Failures | Should -BeNullOrEmpty
            $outcome.Recorded | Should -Be $rounds
            $outcome.Lost | Should -Be 0
        }
    }

    It 'leave a whole state with the last of both, a backup, and no temporary file' {
        $state = [IO.File]::ReadAllText($lab.StatePath) | ConvertFrom-Json
        foreach ($machine in 'web', 'db') { $state.vms.$machine.network.ipv4 | Should -BeExactly $outcomes[0].Last }
        $names = @([IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($lab.StatePath)) | ForEach-Object { [IO.Path]::GetFileName($_) })
        $names | Should -Contain 'state.json.bak'
        @($names | Where-Object { $_ -like '*.tmp' }) | Should -BeNullOrEmpty
    }
}

Describe 'A state file that another program holds open' {
    It 'is waited for and then replaced' {
        $lab = New-Lab -Folder "$TestDrive/held" -Machine @{ name = 'web' }, @{ name = 'db' }
        $held = [IO.File]::Open($lab.StatePath, 'Open', 'Read', 'Read')
        try {
            $job = Start-Job -ScriptBlock $recorder -ArgumentList $module, $lab.Config, (Get-Known $lab 'web'), 1
            Start-Sleep -Seconds 4
            ([IO.File]::ReadAllText($lab.StatePath) | ConvertFrom-Json).vms.web.PSObject.Properties.Name | Should -Not -Contain 'network'
        } finally {
            $held.Dispose()
        }
        $outcome = $job | Wait-Job -Timeout 60 | Receive-Job
        $job | Remove-Job -Force
        $outcome.Failures | Should -BeNullOrEmpty
        ([IO.File]::ReadAllText($lab.StatePath) | ConvertFrom-Json).vms.web.network.ipv4 | Should -BeExactly $outcome.Last
    }
}
