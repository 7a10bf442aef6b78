# ragnatramp.cmd: the command line as a program, for cmd and CI.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $program = [IO.Path]::Combine([IO.Path]::GetDirectoryName((Get-Module -Name Ragnatramp).Path), 'ragnatramp.cmd')

    # Runs a program and gives its streams and its exit code.
    function Invoke-Process {
        param([Parameter(Mandatory)] [string] $File, [Parameter(Mandatory)] [string] $Argument)
        $start = [Diagnostics.ProcessStartInfo]::new($File, $Argument)
        $start.UseShellExecute = $false
        $start.CreateNoWindow = $true
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.StandardOutputEncoding = $start.StandardErrorEncoding = [Text.UTF8Encoding]::new($false)
        $start.EnvironmentVariables['PATH'] = "$PSHOME;$env:SystemRoot\System32"
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardInput.Close()
        $failed = $process.StandardError.ReadToEndAsync()
        $output = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject]@{ Output = $output; Error = $failed.Result; Code = $process.ExitCode }
        $process.Dispose()
    }

    # The command line in cmd.
    function Invoke-Program {
        param([Parameter(Mandatory)] [string] $Line)
        Invoke-Process -File "$env:SystemRoot\System32\cmd.exe" -Argument "/d /s /c `"`"$program`" $Line`""
    }
}

Describe 'ragnatramp.cmd' {
    It 'tells in UTF-8, takes a path with blanks and signs exactly, and exits with 0' {
        $folder = New-TestFolder -Name "a b & c (1) $([char] 0xE9)"
        [IO.File]::WriteAllText("$folder/base.vhdx", '')
        [IO.File]::WriteAllText("$folder/ragnatramp.yaml", "project: {name: lab}`ndefaults: {base_image: base.vhdx}`nmachines: [{name: web}]`n")
        $ran = Invoke-Program "validate `"$folder`""
        $ran.Code | Should -Be 0
        $ran.Output | Should -BeLike "Validating configuration: $folder*$([char] 0x2713) Configuration valid*Machines: 1 (web)*"
        $ran.Error | Should -BeNullOrEmpty
    }

    It 'tells failures on standard error as plain lines, and exits with their code' {
        $ran = Invoke-Program 'validate Z:\nowhere\ragnatramp.yaml'
        $ran.Code | Should -Be 1
        $ran.Error | Should -Match "^$([char] 0x2717) (?s:.*)\r?\n  Fix: "
        $ran.Error | Should -Not -Match 'Line \||CategoryInfo'
        $ran.Output | Should -Not -Match 'Fix:'
    }

    It 'gives JSON and nothing else on standard output' {
        $ran = Invoke-Program 'up --bogus --json'
        $ran.Code | Should -Be 1
        ($ran.Output | ConvertFrom-Json).error.code | Should -Be 'INVALID_USAGE'
        $ran.Error | Should -BeNullOrEmpty
    }

    It 'gives nothing but JSON of a dry run, either: what -WhatIf says goes past all streams' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Setting @{ ssh_config = 'true' }
        $null = Watch-Run { Start-RagnaMachine -Path $lab.Config -SkipReconcile }
        $simulation = (Get-Module -Name Hyper-V).Path.Replace('.psm1', '.psd1')
        $script = [IO.Path]::ChangeExtension($program, 'ps1')
        foreach ($command in 'reconcile', 'up', 'halt --all', 'checkpoint --name a') {
            $ran = Invoke-Process -File "$PSHOME\pwsh.exe" -Argument ('-NoProfile -NonInteractive -Command "' +
                "Import-Module -Name '$simulation' -Global -DisableNameChecking; & '$script' $command '$($lab.Config)' --dry-run --json`"")
            "$command $($ran.Code) $($ran.Error)" | Should -Be "$command 0 "
            ($ran.Output | ConvertFrom-Json).dryRun | Should -BeTrue
        }
    }

    It 'answers -V and -h as words of its own' {
        (Invoke-Program '-V').Output.Trim() | Should -Be (& ([IO.Path]::Combine($repository, 'tools', 'build', 'Get-Version.ps1')))
        (Invoke-Program '-h').Output | Should -BeLike 'Usage: ragnatramp <command>*'
    }
}
