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
            $resolved = (Invoke-RagnaNative config_parse (ConvertTo-Json -Compress -InputObject @{ path = $config })).Json
            $read = { (Invoke-RagnaNative state_read "{`"config`":$resolved}").Json | ConvertFrom-Json }
            $options = '{"now":"2026-11-23T08:00:00.000Z"}'
            $look = '{"vms":[],"adapters":[],"neighbours":null}'
            $request = '{{"config":{0},"state":{1},"look":{2},"options":{3}}}' -f $resolved, (& $read).state, $look, $options
            $plan = ((Invoke-RagnaNative diff $request).Json | ConvertFrom-Json).plan | ConvertFrom-Json
            $own = @($plan.learned | Where-Object { $_.machineName -eq $machine })
            $plan.learned = $own
            $outcome = [pscustomobject]@{ Recorded = 0; Lost = 0; Failures = @(); Last = '' }
            foreach ($round in 1..$rounds) {
                $outcome.Last = '10.{0}.{1}.7' -f [int] [Math]::Floor($round / 200), ($round % 200)
                $own[0].network.ipv4 = $outcome.Last
                $own[0].network.source = 'hyperv'
                $body = ConvertTo-Json -Compress -Depth 8 -InputObject $plan
                $saved = Invoke-RagnaNative state_record "{`"config`":$resolved,`"plan`":$body,`"wait`":{`"bound`":30,`"waited`":0}}"
                if ($null -ne $saved.Failure) { $outcome.Failures += "$($saved.Failure.code): $($saved.Failure.message)"; continue }
                $outcome.Recorded++
                $now = ((& $read).state | ConvertFrom-Json).vms.$machine.network.ipv4
                if ($now -ne $outcome.Last) { $outcome.Lost++ }
            }
            $outcome
        } $Config $Machine $Rounds
    }
    $module = (Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1')
}

Describe 'Two processes that record into one state file' {
    BeforeAll {
        $lab = New-Lab -Folder "$TestDrive/two" -Machine @{ name = 'web' }, @{ name = 'db' }
        $rounds = 60
        $jobs = foreach ($machine in 'web', 'db') { Start-Job -ScriptBlock $recorder -ArgumentList $module, $lab.Config, $machine, $rounds }
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
            $job = Start-Job -ScriptBlock $recorder -ArgumentList $module, $lab.Config, 'web', 1
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
