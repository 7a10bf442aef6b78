# ragnatramp: the words, the texts and the exit codes.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # Runs it in a session that ends scripts at errors and would have every change be a dry run: neither may matter.
    function Invoke-Word {
        param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Word)
        $global:LASTEXITCODE = 99
        $seen = Watch-Run { $ErrorActionPreference = 'Stop'; $WhatIfPreference = $true; ragnatramp @Word }
        $seen | Add-Member -NotePropertyName Code -NotePropertyValue $global:LASTEXITCODE
        $seen | Add-Member -NotePropertyName Text -NotePropertyValue ($seen.Output -join '|')
        $seen
    }

    $done = [string] [char] 0x2713
    $failed = [string] [char] 0x2717
    $stop = [string] [char] 0x23F9
    $start = [string] [char] 0x25B6
}

Describe 'The words' {
    BeforeAll {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
    }

    It 'that are wrong are exit code 1, one error that says which, and nothing else: <Line>' -ForEach @(
        @{ Line = 'fly'; Says = "unknown command 'fly'" }
        @{ Line = 'up --bogus'; Says = "unknown option '--bogus' for up" }
        @{ Line = 'status --all'; Says = "unknown option '--all' for status" }
        @{ Line = 'plan --dry-run'; Says = "unknown option '--dry-run' for plan" }
        @{ Line = 'UP'; Says = "unknown command 'UP'" }
        @{ Line = 'halt LAB'; Says = 'name a machine or give --all' }
        @{ Line = 'destroy LAB'; Says = 'name a machine or give --all' }
        @{ Line = 'destroy LAB web --all'; Says = 'name machines or give --all, not both' }
        @{ Line = 'checkpoint LAB'; Says = "required option '--name <n>' not specified" }
        @{ Line = 'restore LAB --name'; Says = "option '--name <n>' argument missing" }
        @{ Line = 'restore LAB --name='; Says = "required option '--name <n>' not specified" }
        @{ Line = 'validate LAB web'; Says = 'too many arguments for validate: web' }
        @{ Line = 'reconcile LAB web'; Says = 'too many arguments for reconcile: web' }
    ) {
        $words = @($Line -split ' ' | ForEach-Object { if ($_ -ceq 'LAB') { $lab.Config } else { $_ } })
        $seen = Invoke-Word -Word $words
        $seen.Code | Should -Be 1
        Get-ErrorCode -Seen $seen | Should -Be 'INVALID_USAGE'
        $seen.Errors[0].Exception.Message | Should -BeExactly $Says
        $seen.Output.Count + $seen.Warnings.Count | Should -Be 0
        $seen.Thrown | Should -BeNullOrEmpty
    }

    It 'that are empty never become the config that is found' {
        $seen = Invoke-Word -Word destroy, '', --all
        $seen.Code | Should -Be 1
        $seen.Errors[0].Exception.Message | Should -BeExactly 'one of the words is empty'
    }

    It 'name a config that is there, else a machine of the config that is found' {
        Push-Location -LiteralPath $lab.Folder
        try {
            $seen = Invoke-Word -Word plan, web
            $seen.Text | Should -BeLike "Loading configuration: $($lab.Config)|*+ lab-web-*"
            (Invoke-Word -Word plan, nobody).Errors[0].Exception.Message | Should -BeLike 'There is no machine nobody*'
            (Invoke-Word -Word plan, ragnatramp.yaml).Text | Should -BeLike 'Loading configuration: ragnatramp.yaml|*+ lab-web-*'
        } finally {
            Pop-Location
        }
    }

    It 'keep a number and a list as they were typed' {
        Push-Location -LiteralPath $lab.Folder
        try {
            # As it is typed, without a blank after the comma.
            $typed = [scriptblock]::Create('ragnatramp plan 1.10 007 a,b')
            $told = @(& $typed 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        } finally {
            Pop-Location
        }
        @($told | ForEach-Object { $_.TargetObject }) -join ' ' | Should -BeExactly '1.10 007 a,b'
    }

    It 'for help and version answer without a config, with exit code 0: <_>' -ForEach '--help', '-h', 'help', 'up --help', 'help up', '--version', '-V' {
        $words = @($_ -split ' ')
        $seen = Invoke-Word -Word $words
        $seen.Code | Should -Be 0
        $seen.Errors.Count | Should -Be 0
        $expected = if ('--version', '-V' -ccontains $_) { '^0\.1\.0$' } elseif ($words.Count -gt 1) { '^Usage: ragnatramp up \[file\]' } else { '^Usage: ragnatramp <command>' }
        $seen.Text | Should -Match $expected
    }

    It 'that are none at all show the usage, with exit code 1' {
        $seen = Watch-Run { ragnatramp }
        $global:LASTEXITCODE | Should -Be 1
        $seen.Output[0] | Should -BeLike 'Usage: ragnatramp <command>*'
    }
}

Describe 'validate' {
    It 'tells a sound config' {
        $lab = New-EmptyLab
        $seen = Invoke-Word -Word validate, $lab.Config
        $seen.Code | Should -Be 0
        $seen.Text | Should -BeExactly "Validating configuration: $($lab.Config)|$done Configuration valid|  Project: lab|  Machines: 2 (web, db)|  Base image: $($lab.Image)"
    }

    It 'warns of an image that is not there, and succeeds' {
        $lab = New-EmptyLab
        [IO.File]::Delete($lab.Image)
        $seen = Invoke-Word -Word validate, $lab.Config
        $seen.Code | Should -Be 0
        $seen.Warnings | Should -HaveCount 1
    }

    It 'is exit code 1 for a config with faults, one that is no YAML and one that is not there, as every command is' {
        $folder = New-TestFolder -Name 'bad-configs'
        [IO.File]::WriteAllText("$folder/faults.yaml", "project: {name: lab}`nmachines: [{name: web, cpu: two}]`n")
        [IO.File]::WriteAllText("$folder/broken.yaml", "project: [`n")
        foreach ($command in 'validate', 'plan', 'up', 'status', 'reconcile') {
            foreach ($case in @('faults.yaml', 'CONFIG_VALIDATION_FAILED'), @('broken.yaml', 'CONFIG_INVALID_YAML'), @('none.yaml', 'CONFIG_NOT_FOUND')) {
                $seen = Invoke-Word -Word $command, "$folder/$($case[0])"
                "$command $($case[0]): $($seen.Code) $(Get-ErrorCode -Seen $seen)" | Should -Be "$command $($case[0]): 1 $($case[1])"
                "$($seen.Errors[0])" | Should -BeLike "$failed *"
            }
        }
    }
}

Describe 'A lab of which nothing was made' {
    It 'has nothing to stop, to destroy or to show: exit code 0' {
        $lab = New-EmptyLab
        foreach ($case in @('halt', 'No running VMs to stop.'), @('destroy', 'No VMs to destroy.'), @('status', 'No VMs are managed by this configuration yet.')) {
            $words = @($case[0], $lab.Config) + @(if ($case[0] -ne 'status') { '--all' })
            $seen = Invoke-Word -Word $words
            "$($seen.Code) $($seen.Output[-1])" | Should -BeExactly "0 $($case[1])"
            $seen.Left.Count | Should -Be 0
        }
    }

    It 'cannot be checkpointed, restored or reconciled: exit code 1' {
        $lab = New-EmptyLab
        foreach ($words in @('checkpoint', '--name', 'a'), @('restore', '--name', 'a'), @(, 'reconcile')) {
            $line = @($words) + $lab.Config
            $seen = Invoke-Word -Word $line
            "$($words[0]) $($seen.Code) $(Get-ErrorCode -Seen $seen)" | Should -Be "$($words[0]) 1 STATE_NOT_FOUND"
        }
    }

    It 'is made by up in a dry run in words only, without a line past the streams' {
        $lab = New-EmptyLab
        $seen = Invoke-Word -Word up, $lab.Config, --dry-run
        $seen.Code | Should -Be 0
        $seen.Text | Should -BeLike "*Dry run $([char] 0x2014) no changes will be applied.|Plan: 2 VMs to create|  + lab-web-*"
        @(Hyper-V\Get-VM).Count | Should -Be 0
        [IO.File]::Exists($lab.StatePath) | Should -BeFalse
    }
}

Describe 'A whole life' {
    It 'is told in the lines of the original tool, with exit code 0 at each step' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        $vm = "lab-web-$($lab.Hash)"
        $head = "Loading configuration: $($lab.Config)|$done Configuration validated|"

        $seen = Invoke-Word -Word plan, $lab.Config
        $seen.Text | Should -BeLike "${head}Plan: 1 VM to create|  + $vm|*|Run ````ragnatramp up $($lab.Config)```` to apply."
        $seen = Invoke-Word -Word up, $lab.Config
        "$($seen.Errors)" | Should -Be ''
        $seen.Text | Should -BeLike "$head$done Creating VM: $vm|  $done VM created|  $done VM started|  web: *, hosts synced|Done. 1 VM running."
        $seen = Invoke-Word -Word up, $lab.Config
        $seen.Text | Should -BeLike "${head}All VMs are already in sync. No changes needed.|*|Done. 1 VM running."
        (Invoke-Word -Word plan, $lab.Config).Text | Should -BeExactly "${head}No changes needed. All VMs are in sync."
        $seen = Invoke-Word -Word status, $lab.Config
        $seen.Text | Should -BeLike "Loading configuration: *|Project: lab|  NAME  STATE * CPU * MEMORY *|  web   Running  2 *2048 MB*|1 VM managed, 1 running."

        $before = [IO.File]::ReadAllText($lab.StatePath)
        $seen = Invoke-Word -Word reconcile, $lab.Config, --dry-run
        $seen.Text | Should -BeLike "${head}Dry run *|Discovered IPs:|  web: *(mac: *, adapter: Network Adapter)|State diffs:|  web: ipv4 unchanged (*)|Hosts block:|  # BEGIN RAGNATRAMP|*"
        [IO.File]::ReadAllText($lab.StatePath) | Should -BeExactly $before
        (Invoke-Word -Word reconcile, $lab.Config).Output[-1] | Should -BeLike 'Done. 1 machine: 1 discovered*'

        $seen = Invoke-Word -Word checkpoint, $lab.Config, --name, clean, --dry-run
        $seen.Text | Should -BeLike "*Dry run *|Plan: 1 VM to checkpoint|*"
        $seen = Invoke-Word -Word checkpoint, $lab.Config, --name, clean
        $seen.Text | Should -BeExactly "$head$done web: checkpoint created|$done Checkpoint 'clean' created for 1 VM(s).|Done. 1 checkpointed."
        $seen = Invoke-Word -Word halt, $lab.Config, web
        $seen.Text | Should -BeExactly "$head$stop Stopping VM: $vm|  $done VM stopped|Done. 1 stopped."
        (Invoke-Word -Word halt, $lab.Config, --all).Output[-1] | Should -BeExactly 'No running VMs to stop.'
        (Invoke-Word -Word up, $lab.Config).Text | Should -BeLike "$head$start Starting VM: $vm|  $done VM started|*"
        (Invoke-Word -Word halt, $lab.Config, --all, --force).Text | Should -BeLike "*$done VM turned off|Done. 1 stopped."
        $seen = Invoke-Word -Word restore, $lab.Config, --name, clean
        $seen.Text | Should -BeLike "$head$done web: restored to checkpoint 'clean'|VMs are now in ""*"" state.*|Done. 1 restored."
        $seen = Invoke-Word -Word destroy, $lab.Config, --all
        $seen.Text | Should -BeExactly "$head- Destroying VM: $vm|  $done VM destroyed|Done. 1 destroyed."
        $seen.Code | Should -Be 0
        @(Hyper-V\Get-VM).Count | Should -Be 0
    }

    It 'does what its words say, whatever the session prefers' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $global:WhatIfPreference = $true
        $global:ErrorActionPreference = 'Stop'
        try {
            ragnatramp halt $lab.Config --all | Select-Object -Last 1 | Should -BeExactly 'Done. 1 stopped.'
            @(ragnatramp halt $lab.Config --bogus 2>&1) | Should -HaveCount 1
        } finally {
            $global:WhatIfPreference = $false
            $global:ErrorActionPreference = 'Continue'
        }
        "$(@(Hyper-V\Get-VM)[0].State)" | Should -Be 'Off'
    }

    It 'tells with --verbose what is asked of Hyper-V, in the verbose stream only' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        (Invoke-Word -Word plan, $lab.Config).Verbose.Count | Should -Be 0
        $seen = Invoke-Word -Word plan, --verbose, $lab.Config
        $seen.Verbose -join '|' | Should -BeLike '*Get-VM*'
        $seen.Text | Should -Not -Match 'Get-VM'
    }
}

Describe 'What stood in the way' {
    It 'is exit code 1 where the user can correct it' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; Notes = 'of somebody else' }
        $seen = Invoke-Word -Word destroy, $lab.Config, db
        $seen.Code | Should -Be 1
        Get-ErrorCode -Seen $seen | Should -Be 'OWNERSHIP_VERIFICATION_FAILED'
        "$($seen.Errors[0])" | Should -Match "^$failed db: (?s:.*)\r?\n  Fix: "
        $seen.Output[-1] | Should -BeExactly "$failed Some actions failed. 0 succeeded, 1 failed."
        $seen = Invoke-Word -Word halt, $lab.Config, nobody
        "$($seen.Code) $(Get-ErrorCode -Seen $seen)" | Should -Be '1 MACHINE_NOT_FOUND'
        $seen = Invoke-Word -Word restore, $lab.Config, --name, none
        "$($seen.Code) $(@(Get-ErrorCode -Seen $seen) -ccontains 'CHECKPOINT_NOT_FOUND')" | Should -Be '1 True'
    }

    It 'fails a dry run, too' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; Notes = 'of somebody else' }
        $seen = Invoke-Word -Word destroy, $lab.Config, --all, --dry-run
        $seen.Code | Should -Be 1
        $seen.Text | Should -BeLike '*  - lab-web-*  ! lab-db-*'
        @(Hyper-V\Get-VM).Count | Should -Be 2
    }

    It 'is exit code 2 where it is the system, also beside what the user can correct' {
        $lab = New-Lab -Machine @{ name = 'web' }
        [IO.File]::WriteAllText($lab.StatePath, '{')
        foreach ($words in @('status'), @('halt', '--all'), @('reconcile'), @('up')) {
            $line = @($words) + $lab.Config
            $seen = Invoke-Word -Word $line
            "$($words[0]) $($seen.Code) $(Get-ErrorCode -Seen $seen)" | Should -Be "$($words[0]) 2 STATE_CORRUPTED"
        }
    }

    It 'is exit code 2 where Hyper-V refuses, in plan too; status tells what the state knows all the same, with a warning' {
        $lab = New-Lab -Machine @{ name = 'web' }
        Set-SimulatedHost -Denied $true
        foreach ($words in @('plan'), @('up'), @('halt', '--all'), @('destroy', '--all'), @('checkpoint', '--name', 'a'), @('reconcile')) {
            $line = @($words) + $lab.Config
            $seen = Invoke-Word -Word $line
            "$($words[0]) $($seen.Code) $(Get-ErrorCode -Seen $seen)" | Should -Be "$($words[0]) 2 PERMISSION_DENIED"
        }
        $seen = Invoke-Word -Word status, $lab.Config
        "$($seen.Code) $($seen.Warnings.Count) $(Get-ErrorCode -Seen $seen)" | Should -Be '2 1 PERMISSION_DENIED'
    }

    It 'leaves one record per cause in the session, and never ends its script' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $seen = Invoke-Word -Word halt, $lab.Config, nobody
        $seen.Thrown | Should -BeNullOrEmpty
        $seen.Left | Should -HaveCount 1
        $seen.Left[0].FullyQualifiedErrorId | Should -Be 'MACHINE_NOT_FOUND,ragnatramp'
    }
}

Describe 'The exit code of each error' {
    It 'is the one of the native library' {
        $root = [IO.Path]::GetDirectoryName($PSScriptRoot)
        $source = [IO.File]::ReadAllText([IO.Path]::Combine($root, 'src', 'error.rs'))
        $body = [regex]::Match($source, '(?s)fn exit_code\(self\) -> u8 \{\s*match self \{(.*?)\n        \}').Groups[1].Value
        $ours = & (Get-Module -Name Ragnatramp) { $script:RagnaErrorCode }
        $count = 0
        foreach ($arm in [regex]::Matches($body, '(?s)((?:Code::\w+[\s|]*)+)=> (\d)')) {
            foreach ($name in [regex]::Matches($arm.Groups[1].Value, 'Code::(\w+)')) {
                $code = [regex]::Replace($name.Groups[1].Value, '(?<=.)([A-Z])', '_$1').ToUpperInvariant()
                "$code $(@($ours[$code])[1])" | Should -Be "$code $($arm.Groups[2].Value)"
                $count++
            }
        }
        $count | Should -Be ([regex]::Matches($body, 'Code::').Count)
        $count | Should -BeGreaterThan 20
    }

    It 'is said of every code that the module has' {
        $ours = & (Get-Module -Name Ragnatramp) { $script:RagnaErrorCode }
        foreach ($code in $ours.Keys) {
            "$code $(@($ours[$code]).Count)" | Should -Be "$code 2"
            @($ours[$code])[1] | Should -BeIn 1, 2 -Because $code
        }
        $folder = [IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'module')
        foreach ($file in [IO.Directory]::GetFiles($folder, '*.ps1', 'AllDirectories')) {
            foreach ($use in [regex]::Matches([IO.File]::ReadAllText($file), "(?:New-RagnaFailure (?:[^\r\n]*?)-Code|\bCode =) '([A-Z_]+)'")) {
                $ours.ContainsKey($use.Groups[1].Value) | Should -BeTrue -Because "$($use.Groups[1].Value) of $file"
            }
        }
    }
}
