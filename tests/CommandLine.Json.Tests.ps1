# ragnatramp --json: one object on the output, whatever happened.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Invoke-Json {
        param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Word)
        $global:LASTEXITCODE = 99
        $seen = Watch-Run { ragnatramp @Word --json }
        if ($seen.Output.Count -ne 1) { throw "One text was expected: $($seen.Output -join '|')" }
        $object = $seen.Output[0] | ConvertFrom-Json
        $object | Add-Member -NotePropertyName seen -NotePropertyValue $seen
        $object | Add-Member -NotePropertyName exit -NotePropertyValue $global:LASTEXITCODE
        $object
    }

    function Get-Name {
        param([object] $InputObject)
        @($InputObject.PSObject.Properties | ForEach-Object { $_.Name } | Where-Object { 'seen', 'exit' -cnotcontains $_ }) -join ' '
    }
}

Describe 'The JSON of a whole life' {
    It 'has the shapes of the original tool' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }
        $vm = "lab-web-$($lab.Hash)"

        $told = Invoke-Json -Word validate, $lab.Config
        Get-Name $told | Should -BeExactly 'success command project summary'
        "$($told.success) $($told.command) $($told.summary.machines) $($told.exit)" | Should -BeExactly 'True validate 1 0'

        $told = Invoke-Json -Word status, $lab.Config
        Get-Name $told | Should -BeExactly 'success command'

        $told = Invoke-Json -Word plan, $lab.Config
        Get-Name $told | Should -BeExactly 'success command project actions summary'
        Get-Name $told.actions[0] | Should -BeExactly 'type vm machineName reason operation touches drift dependsOn'
        "$($told.actions[0].type) $($told.actions[0].vm) $($told.summary.changes)" | Should -BeExactly "create $vm 1"
        @($told.actions[0].touches) | Should -Contain ([IO.Path]::Combine($lab.Artifact, $vm, 'web.vhdx'))

        $told = Invoke-Json -Word up, $lab.Config, --dry-run
        Get-Name $told | Should -BeExactly 'success command dryRun project actions summary'
        @(Hyper-V\Get-VM).Count | Should -Be 0

        $told = ragnatramp up $lab.Config --json | ConvertFrom-Json
        Get-Name $told | Should -BeExactly 'success command actions summary'
        Get-Name $told.actions[0] | Should -BeExactly 'type vm machineName status done state ipv4 hosts'
        "$($told.actions[0].type) $($told.actions[0].status) $($told.actions[0].done -join '+') $($told.actions[0].hosts)" |
            Should -BeExactly 'create completed created+started synced'
        $told.summary.running | Should -Be 1
        $told = Invoke-Json -Word up, $lab.Config
        Get-Name $told | Should -BeExactly 'success command summary'

        $told = Invoke-Json -Word status, $lab.Config
        Get-Name $told | Should -BeExactly 'success command project vms summary'
        Get-Name $told.vms[0] | Should -BeExactly 'name machineName state cpu memoryMB missing network'
        Get-Name $told.vms[0].network | Should -BeExactly 'ipv4 ipv6 mac adapterName discoveredAt source previousIpv4'
        "$($told.vms[0].name) $($told.vms[0].state) $($told.vms[0].cpu) $($told.vms[0].memoryMB) $($told.vms[0].missing)" |
            Should -BeExactly "$vm Running 2 2048 False"
        "$($told.summary.total) $($told.summary.running) $($told.summary.off) $($told.summary.missing)" | Should -Be '1 1 0 0'

        foreach ($case in @(@('checkpoint', '--name', 'a'), 'checkpoint', 'checkpointed'), @(@('restore', '--name', 'a'), 'restore', 'restored'),
            @(@('up'), 'resume', 'running'), @(@('halt', '--all'), 'stop', 'stopped'), @(@('destroy', '--all'), 'destroy', 'destroyed')) {
            $words = @($case[0]) + $lab.Config
            $told = Invoke-Json -Word $words
            Get-Name $told | Should -BeExactly 'success command actions summary'
            if ($case[1] -ceq 'resume') { $told.actions[0].type | Should -BeIn 'resume', 'start' } else { $told.actions[0].type | Should -BeExactly $case[1] }
            "$($told.command) $($told.actions[0].status) $($told.summary.($case[2])) $($told.exit)" | Should -BeExactly "$($case[0][0]) completed 1 0"
            $told.seen.Errors.Count | Should -Be 0
        }
    }
}

Describe 'reconcile --json' {
    BeforeAll {
        $lab = New-EmptyLab
        $null = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
        $state = [IO.File]::ReadAllText($lab.StatePath)
        $dry = Invoke-Json -Word reconcile, $lab.Config, --dry-run
        $after = [IO.File]::ReadAllText($lab.StatePath)
        $real = Invoke-Json -Word reconcile, $lab.Config
    }

    It 'is the object of the specification, the same dry and real' {
        foreach ($told in $dry, $real) {
            Get-Name $told | Should -BeExactly 'success command dryRun project configPath discovery diffs hostsBlock hostSync summary warnings'
            Get-Name $told.discovery[0] | Should -BeExactly 'machineName vmName vmId state vmState network'
            Get-Name $told.hostSync[0] | Should -BeExactly 'machineName vmName status transport reason error'
            $told.configPath | Should -BeExactly $lab.Config
            $told.hostsBlock | Should -BeLike '# BEGIN RAGNATRAMP*'
        }
        "$($dry.dryRun) $(@($dry.hostSync | ForEach-Object { $_.status }) -join ' ')" | Should -Be 'True planned planned'
        "$($real.dryRun) $(@($real.hostSync | ForEach-Object { $_.status }) -join ' ')" | Should -Be 'False synced synced'
    }

    It 'writes nothing in a dry run' {
        $after | Should -BeExactly $state
    }

    It 'has lists where there is one and where there is none' {
        $real.warnings -is [array] | Should -BeTrue
        $real.diffs -is [array] | Should -BeTrue
    }
}

Describe 'A failure in JSON' {
    It 'has code, message, suggestion and details, and no error beside it' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; Notes = 'of somebody else' }
        $told = Invoke-Json -Word destroy, $lab.Config, db
        "$($told.success) $($told.exit) $($told.error.code)" | Should -Be 'False 1 OWNERSHIP_VERIFICATION_FAILED'
        Get-Name $told.error | Should -BeExactly 'code message suggestion details'
        $told.error.details.target | Should -BeExactly 'db'
        "$($told.actions[0].status) $($told.actions[0].error)" | Should -BeExactly "failed $($told.error.message)"
        $told.seen.Errors.Count + $told.seen.Left.Count | Should -Be 0
    }

    It 'lists every fault of a config with its place' {
        $file = "$(New-TestFolder -Name 'json-faults')/ragnatramp.yaml"
        [IO.File]::WriteAllText($file, "project: {name: lab}`nmachines:`n  - name: web`n    cpu: two`n    memroy: 1`n    base_image: a`n")
        foreach ($command in 'validate', 'up') {
            $told = Invoke-Json -Word $command, $file
            "$($told.exit) $($told.error.code)" | Should -Be '1 CONFIG_VALIDATION_FAILED'
            @($told.error.details.errors | ForEach-Object { "$($_.line):$($_.column) $($_.path)" }) -join '; ' |
                Should -BeExactly '4:10 machines[0].cpu; 5:5 machines[0].memroy'
        }
    }

    It 'is told of wrong words, too' {
        $told = Invoke-Json -Word up, --bogus
        "$($told.success) $($told.exit) $($told.error.code)" | Should -Be 'False 1 INVALID_USAGE'
    }

    It 'is the first of the gravest, and all are listed in their order' {
        $told = & (Get-Module -Name Ragnatramp) {
            $failures = foreach ($one in @('MACHINE_NOT_FOUND', 1), @('HYPERV_ERROR', 2), @('STATE_LOCKED', 2)) {
                [pscustomobject]@{ Code = $one[0]; Message = 'm'; Suggestion = $null; Target = $null; ExitCode = $one[1]; HasFaults = $false }
            }
            $document = [ordered] @{}
            Add-FailureDocument -Document $document -Run ([pscustomobject]@{ Failure = $failures; Config = $null })
            $document
        }
        $told.error.code | Should -BeExactly 'HYPERV_ERROR'
        @($told.errors | ForEach-Object { $_.code }) -join ' ' | Should -BeExactly 'MACHINE_NOT_FOUND HYPERV_ERROR STATE_LOCKED'
    }
}

Describe 'The text of the JSON' {
    It 'is indented by two, with empty lists and objects closed up, as JSON.stringify prints it' {
        $text = & (Get-Module -Name Ragnatramp) {
            ConvertTo-CommandJson -InputObject ([ordered] @{
                    none = $null; yes = $true; number = -5; half = 1.5; list = @(1, @(), 'x'); empty = @{}
                    text = "a`"b\c`n$([char] 1)$([char] 0xE9)<'"; time = [datetime]::new(2026, 12, 1, 6, 0, 0, [DateTimeKind]::Utc)
                    object = [pscustomobject]@{ VMName = 'v'; MemoryMB = 1; Ipv4 = 'i'; HostSync = 0 }
                })
        }
        $expected = @(
            '{', '  "none": null,', '  "yes": true,', '  "number": -5,', '  "half": 1.5,', '  "list": [', '    1,', '    [],', '    "x"', '  ],'
            '  "empty": {},', "  `"text`": `"a\`"b\\c\n\u0001$([char] 0xE9)<'`",", '  "time": "2026-12-01T06:00:00.000Z",', '  "object": {'
            '    "vmName": "v",', '    "memoryMB": 1,', '    "ipv4": "i",', '    "hostSync": 0', '  }', '}'
        )
        $text | Should -BeExactly ($expected -join "`n")
    }

    It 'does not depend on the culture of the session' {
        $before = [Globalization.CultureInfo]::CurrentCulture
        try {
            [Globalization.CultureInfo]::CurrentCulture = [Globalization.CultureInfo]::GetCultureInfo('tr-TR')
            & (Get-Module -Name Ragnatramp) { ConvertTo-CommandJson -InputObject ([pscustomobject]@{ Ipv4 = 1.5 }) } | Should -BeExactly "{`n  `"ipv4`": 1.5`n}"
        } finally {
            [Globalization.CultureInfo]::CurrentCulture = $before
        }
    }
}
