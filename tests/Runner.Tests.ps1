# The stand-in runner, run on files whose outcome is known.

BeforeDiscovery {
    $failures = @(
        @{ Name = 'refuses another value'; Message = 'Expected 6, but got 5.' }
        @{ Name = 'refuses another case'; Message = "Expected exactly 'A', but got 'a'." }
        @{ Name = 'refuses another length'; Message = 'Expected @(1, 2, 3), but got @(1, 2).' }
        @{ Name = 'refuses what is not there'; Message = 'Expected not $null or empty, but got $null.' }
        @{ Name = 'refuses one wrong of many'; Message = 'Expected $true, but got 0.' }
        @{ Name = 'refuses no error'; Message = 'Expected an error, but got none.' }
        @{ Name = 'refuses another message'; Message = "Expected an error whose message is like 'two'" }
        @{ Name = 'refuses another error id'; Message = "Expected an error with the id 'two'" }
        @{ Name = 'refuses another count'; Message = 'Expected 3 elements, not 2, but got @(1, 2).' }
        @{ Name = 'refuses a missing file'; Message = 'Expected a path that exists' }
        @{ Name = 'refuses a stranger'; Message = "Expected one of @('a', 'b'), but got 'c'." }
        @{ Name = 'refuses another type'; Message = "Expected a [System.Int32], but got 'a'." }
        @{ Name = 'failing.shows value and reason'; Message = "Expected 'that', because it was asked, but got 'this'." }
        @{ Name = 'failing.fails on an error'; Message = 'a plain error' }
        @{ Name = 'failing.fails on a word that Should does not know'; Message = "parameter name 'BeShiny'" }
        @{ Name = 'before its tests.fails the first'; Message = 'BeforeAll failed: no ground to stand on' }
        @{ Name = 'before its tests.fails the second'; Message = 'BeforeAll failed: no ground to stand on' }
        @{ Name = 'after its tests (AfterAll)'; Message = 'cannot tidy up' }
        @{ Name = 'around a test.fails in AfterEach'; Message = 'cannot wipe' }
    )
}

BeforeAll {
    $runner = [IO.Path]::Combine($PSScriptRoot, 'runner', 'Invoke-TestRunner.ps1')
    $fixtures = [IO.Path]::Combine($PSScriptRoot, 'runner', 'fixtures')
    $shell = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName

    function Invoke-Fixture {
        param([string[]] $Name, [string[]] $Option = @())
        $files = @($Name | ForEach-Object { [IO.Path]::Combine($fixtures, "$_.fixture.ps1") }) -join ','
        # -Command, since -File takes a list of paths for one path.
        $call = "& '$runner' -Path $files -UseStandIn $($Option -join ' '); exit `$LASTEXITCODE"
        $lines = @(& $shell -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command $call)
        [pscustomobject] @{ Lines = $lines; Text = $lines -join "`n"; Code = $LASTEXITCODE }
    }

    $run = Invoke-Fixture -Name 'Words'
}

Describe 'The stand-in runner' {
    It 'says in its first line that it stands in' { $run.Lines[0] | Should -Match 'stand-in' }
    It 'counts what passes, fails and is skipped' { $run.Lines | Should -Contain 'Words.fixture.ps1: 12 passed, 19 failed, 2 skipped' }
    It 'ends with the counts alone on a line' { $run.Lines[-1] | Should -Be '12 passed, 19 failed, 2 skipped' }
    It 'ends with code 1 when a test failed' { $run.Code | Should -Be 1 }

    It 'tells why and where: <Name>' -ForEach $failures {
        $start = -1
        for ($i = 0; $i -lt $run.Lines.Count; $i++) {
            if ($run.Lines[$i].StartsWith('  failed: ') -and $run.Lines[$i].EndsWith($Name)) { $start = $i }
        }
        $start | Should -BeGreaterThan 0 -Because 'the test is listed as failed'
        $run.Lines[$start + 1] | Should -BeLike "*$([WildcardPattern]::Escape($Message))*"
        $run.Lines[$start + 2] | Should -Match 'Words\.fixture\.ps1: line \d+$'
    }

    It 'prints the reason of every skipped test' {
        $run.Text | Should -Match 'skipped: skipping\.can be told in the test: there is no second monitor'
        $run.Text | Should -Match 'skipped: skipping\.can be written down: marked -Skip'
    }
}

Describe 'A run' {
    BeforeAll { $mixed = Invoke-Fixture -Name 'Passing', 'Dying', 'Broken' }

    It 'counts a process that dies as a failure' {
        $mixed.Lines | Should -Contain 'Dying.fixture.ps1: 0 passed, 1 failed, 0 skipped'
        $mixed.Text | Should -Match 'ended with exit code 3 before its tests did'
    }

    It 'counts a file that cannot be read as a failure' {
        $mixed.Lines | Should -Contain 'Broken.fixture.ps1: 0 passed, 1 failed, 0 skipped'
        $mixed.Text | Should -Match 'the discovery ends here'
    }

    It 'sums all files' { $mixed.Lines[-1] | Should -Be '1 passed, 2 failed, 0 skipped' }

    It 'runs as many files at a time as it is told' {
        $env:RAGNA_TEST_PAIR = "$TestDrive"
        try { $pair = Invoke-Fixture -Name 'PairOne', 'PairTwo' -Option '-Limit 2' } finally { $env:RAGNA_TEST_PAIR = $null }
        $pair.Lines[-1] | Should -Be '2 passed, 0 failed, 0 skipped'
    }

    It 'ends with code 0 when all passed' {
        $passing = Invoke-Fixture -Name 'Passing' -Option '-InProcess'
        $passing.Lines[-1] | Should -Be '1 passed, 0 failed, 0 skipped'
        $passing.Code | Should -Be 0
    }

    It 'ends with code 1 when nothing ran' {
        $empty = Invoke-Fixture -Name 'Passing' -Option '-InProcess', '-Filter nothing'
        $empty.Lines[-1] | Should -Be '0 passed, 0 failed, 0 skipped'
        $empty.Code | Should -Be 1
    }

    It 'runs what the filter names, and all of it in one process as in several' {
        $filtered = Invoke-Fixture -Name 'Words', 'Passing' -Option '-InProcess', "-Filter 'operators.*'"
        $filtered.Lines[-1] | Should -Be '1 passed, 12 failed, 0 skipped'
        (Invoke-Fixture -Name 'Words', 'Passing' -Option '-InProcess').Lines[-1] | Should -Be '13 passed, 19 failed, 2 skipped'
    }
}
