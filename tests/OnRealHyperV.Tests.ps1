# The run for a person with a real Hyper-V (OnRealHyperV.ps1): here on the simulated one, with what needs a real one skipped by name.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $script = [IO.Path]::Combine($PSScriptRoot, 'OnRealHyperV.ps1')

    # Runs it on a simulated Hyper-V that is made anew. Its folder is named like the user, as a profile is.
    function Invoke-RealRun {
        param([scriptblock] $Before = { }, [hashtable] $Option = @{})
        $lab = New-EmptyLab -Machine @{ name = 'unused' }
        $folder = [IO.Path]::Combine($lab.Folder, [Environment]::UserName)
        $null = [IO.Directory]::CreateDirectory($folder)
        & $Before
        $report = [IO.Path]::Combine($lab.Folder, 'report.md')
        $lines = @(& $script -Image $lab.Image -Folder $folder -ReportPath $report -GuestSeconds 60 -Simulated -Module (Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1') @Option 6>$null)
        $code = $LASTEXITCODE
        $text = [IO.File]::ReadAllText($report)
        $rows = @($text -split "`n" | Where-Object { $_ -match '^\| (passed|failed|skipped|seen) \| (.*?) \| (.*) \|$' } | ForEach-Object {
                $null = $_ -match '^\| (passed|failed|skipped|seen) \| (.*?) \| (.*) \|$'
                [pscustomobject]@{ Result = $Matches[1]; Name = $Matches[2]; Detail = $Matches[3] }
            })
        [pscustomobject]@{ Code = $code; Text = $text; Lines = $lines; Rows = $rows; Folder = $folder; Lab = $lab }
    }
}

Describe 'The run on a real Hyper-V, on the simulated one' {
    BeforeAll { $ran = Invoke-RealRun }

    It 'fails nowhere, and says how many steps there were' {
        @($ran.Rows | Where-Object { $_.Result -eq 'failed' } | ForEach-Object { "$($_.Name): $($_.Detail)" }) -join "`n" | Should -Be ''
        $ran.Code | Should -Be 0
        $ran.Lines[-1] | Should -Match '^\d\d passed, 0 failed, \d\d skipped$'
        @($ran.Rows | Where-Object { $_.Result -eq 'passed' }).Count | Should -BeGreaterThan 25
    }

    It 'skips by name what needs a real Hyper-V, and nothing else' {
        $skipped = @($ran.Rows | Where-Object { $_.Result -eq 'skipped' })
        @($skipped | Where-Object { $_.Detail -ne 'needs a real Hyper-V' }) | Should -BeNullOrEmpty
        $asked = foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($PSScriptRoot, 'real'), '*.ps1')) {
            [regex]::Matches([IO.File]::ReadAllText($file), "(?m)^Invoke-Step '((?:[^']|'')*)' -Needs RealHyperV") | ForEach-Object { $_.Groups[1].Value.Replace("''", "'") }
        }
        @($skipped | ForEach-Object { $_.Name } | Sort-Object) | Should -Be @($asked | Sort-Object)
    }

    It 'has a step for everything that REAL-HYPER-V.md assumes' {
        $names = @($ran.Rows | ForEach-Object { $_.Name })
        $rows = @([IO.File]::ReadAllLines([IO.Path]::Combine($PSScriptRoot, 'REAL-HYPER-V.md')) | Where-Object { $_ -match '^\|' } | Select-Object -Skip 2)
        $rows.Count | Should -BeGreaterThan 15
        foreach ($row in $rows) {
            foreach ($name in ($row.TrimEnd('|', ' ') -split ' \| ')[-1] -split '; ') { $names | Should -Contain $name }
        }
    }

    It 'calls every cmdlet of the module' {
        $called = foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($PSScriptRoot, 'real'), '*.ps1')) {
            $tree = [Management.Automation.Language.Parser]::ParseFile($file, [ref] $null, [ref] $null)
            $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true) | ForEach-Object { $_.GetCommandName() }
        }
        # The one that is called in a text, for a session of its own.
        $called = @($called) + 'Watch-RagnaReconcile'
        foreach ($name in (Get-Module -Name Ragnatramp).ExportedCommands.Keys) { $called | Should -Contain $name }
    }

    It 'leaves no VM, no folder and no secret' {
        @(Hyper-V\Get-VM) | Should -BeNullOrEmpty
        [IO.Directory]::GetFileSystemEntries($ran.Folder) | Should -BeNullOrEmpty
        foreach ($word in [Environment]::UserName, [Environment]::MachineName, $ran.Folder, $HOME, [IO.Path]::GetTempPath()) {
            if ($word.Length -lt 3) { continue }
            $ran.Text.IndexOf($word, [StringComparison]::OrdinalIgnoreCase) | Should -Be -1 -Because $word
        }
        $ran.Text | Should -BeLike '*- Hyper-V: simulated*'
    }
}

Describe 'A text of the report' {
    It 'has no name of the user or the computer, no folder of theirs, no second line, and an end' {
        . ([IO.Path]::Combine($PSScriptRoot, 'real', 'Report.ps1'))
        $lab = [pscustomobject]@{ Folder = 'C:\Lab Folder\one' }
        $user, $computer = [Environment]::UserName, [Environment]::MachineName
        $text = "$computer\$user may not read c:\lab folder\one\web.vhdx, C:/Lab Folder/one or $HOME\x | of ${user}:`r`n$([char] 27)[31mred"
        # Names of one or two letters are words, too, as VM is.
        $shown = if ($computer.Length -lt 3) { $computer } else { '<computer>' }
        Get-ReportText -Text $text -Lab $lab | Should -BeExactly "$shown\<user> may not read <lab>\web.vhdx, <lab> or <home>\x \| of <user>: [31mred"
        # A word that only begins like the name stays.
        Get-ReportText -Text "${user}s" -Lab $lab | Should -BeExactly "${user}s"
        (Get-ReportText -Text ('x' * 100000) -Lab $lab).Length | Should -BeLessThan 1600
    }
}

Describe 'The run on a real Hyper-V, where something fails' {
    It 'tells it, goes on, and clears everything away' {
        $ran = Invoke-RealRun -Before { Set-SimulatedHost -Fault @{ 'Checkpoint-VM' = 'Staged: no checkpoint today.' } }
        $failed = @($ran.Rows | Where-Object { $_.Result -eq 'failed' })
        $ran.Code | Should -Be 1
        @($failed | ForEach-Object { $_.Name }) | Should -Contain 'Checkpoint-RagnaMachine makes one of each machine'
        @($failed | Where-Object { $_.Detail -like '*no checkpoint today*' }).Count | Should -BeGreaterThan 0
        $ran.Rows[-1].Name | Should -Be 'Everything is cleared away'
        @(Hyper-V\Get-VM) | Should -BeNullOrEmpty
        [IO.Directory]::GetFileSystemEntries($ran.Folder) | Should -BeNullOrEmpty
    }

    It 'removes the machines itself where the module cannot, and says so' {
        $ran = Invoke-RealRun -Before { Set-SimulatedHost -Fault @{ 'Get-VMHardDiskDrive' = 'Staged: no drives today.' } }
        $ran.Code | Should -Be 1
        $ran.Rows[-1].Result | Should -Be 'failed'
        $ran.Rows[-1].Detail | Should -BeLike '*was still there*'
        @(Hyper-V\Get-VM) | Should -BeNullOrEmpty
        [IO.Directory]::GetFileSystemEntries($ran.Folder) | Should -BeNullOrEmpty
    }
}
