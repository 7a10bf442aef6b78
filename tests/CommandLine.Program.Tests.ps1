# ragnatramp.cmd: the command line as a program, for cmd and CI.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $program = [IO.Path]::Combine([IO.Path]::GetDirectoryName((Get-Module -Name Ragnatramp).Path), 'ragnatramp.cmd')

    # Runs a command line in cmd and gives its streams and its exit code.
    function Invoke-Program {
        param([Parameter(Mandatory)] [string] $Line)
        $start = [Diagnostics.ProcessStartInfo]::new("$env:SystemRoot\System32\cmd.exe", "/d /s /c `"`"$program`" $Line`"")
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

    It 'answers -V and -h as words of its own' {
        (Invoke-Program '-V').Output.Trim() | Should -Be '0.1.0'
        (Invoke-Program '-h').Output | Should -BeLike 'Usage: ragnatramp <command>*'
    }
}
