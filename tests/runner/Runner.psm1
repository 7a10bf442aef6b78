# The run over all files: which engine runs them, each in a process of its own, and the report that the user reads.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:ExitCode = 1

function Find-TestEngine {
    <# .SYNOPSIS The version of the newest usable Pester, or StandIn. #>
    $usable = Get-Module -ListAvailable -Name Pester |
        Where-Object { $_.Version -ge [version] '5.5' } |
        Sort-Object -Property Version -Descending |
        Select-Object -First 1
    if (-not $usable) { return 'StandIn' }
    try {
        Import-Module -Name $usable.Path -Global
        return [string] $usable.Version
    }
    catch {
        Write-Warning -Message "Pester $($usable.Version) is there but cannot be imported: $($_.Exception.Message)"
        return 'StandIn'
    }
}

function Find-TestFile {
    <# .SYNOPSIS The files behind paths, in the order of their names, as full paths. #>
    param([string[]] $Path)
    # powershell -File hands a list over as one text with commas in it.
    $single = @(foreach ($one in $Path) { if (Test-Path -LiteralPath $one) { $one } else { $one -split ',' } })
    foreach ($one in $single) {
        $full = (Resolve-Path -LiteralPath $one).ProviderPath
        if ([IO.Directory]::Exists($full)) {
            [IO.Directory]::GetFiles($full, '*.Tests.ps1', [IO.SearchOption]::AllDirectories) | Sort-Object
        }
        else {
            $full
        }
    }
}

function ConvertTo-FailedFile {
    <# .SYNOPSIS The result of a file that could not be run to its end. #>
    param([string] $Path, [string] $Message)
    [pscustomobject] @{ Name = [IO.Path]::GetFileName($Path); Result = 'Failed'; Message = $Message; Place = $Path }
}

function Start-TestProcess {
    <# .SYNOPSIS Begins to run one file in a fresh process of the same PowerShell. #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'The user asked for the run.')]
    param([string] $Path, [string] $Filter, [string] $Engine)
    $resultFile = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'test-result-' + [guid]::NewGuid().ToString('N') + '.json')
    $script = [IO.Path]::Combine($PSScriptRoot, 'Invoke-TestFile.ps1')
    $start = New-Object -TypeName System.Diagnostics.ProcessStartInfo
    $start.FileName = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $start.Arguments = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File ' + ((@(
                $script, '-Path', $Path, '-Filter', $Filter, '-Engine', $Engine, '-ResultPath', $resultFile
            ) | ForEach-Object { '"' + $_.Replace('"', '\"') + '"' }) -join ' ')
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = $start.StandardErrorEncoding = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
    $process = [Diagnostics.Process]::Start($start)
    [pscustomobject] @{
        Path   = $Path; Process = $process; ResultFile = $resultFile
        Output = $process.StandardOutput.ReadToEndAsync(), $process.StandardError.ReadToEndAsync()
    }
}

function Receive-TestProcess {
    <# .SYNOPSIS The results of a process that has ended. What the file printed is shown, and is not taken for a result. #>
    param([object] $Running)
    try {
        foreach ($read in $Running.Output) {
            # A process that the tests started and left behind may still hold the stream.
            if ($read.Wait(5000) -and $read.Result) { Out-Host -InputObject $read.Result.TrimEnd() }
        }
        if (-not [IO.File]::Exists($Running.ResultFile)) {
            $code = $Running.Process.ExitCode
            return ConvertTo-FailedFile -Path $Running.Path -Message "The process ended with exit code $code before its tests did."
        }
        (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Running.ResultFile))).results
    }
    finally {
        $Running.Process.Dispose()
        [IO.File]::Delete($Running.ResultFile)
    }
}

function Invoke-TestProcess {
    <# .SYNOPSIS Runs each file in a process of its own, several at a time, and returns Path and Results of each as it ends. #>
    param([string[]] $Path, [string] $Filter, [string] $Engine, [int] $Limit)
    $waiting = New-Object -TypeName System.Collections.Generic.Queue[string] -ArgumentList (, $Path)
    $running = New-Object -TypeName System.Collections.Generic.List[object]
    try {
        while ($waiting.Count -gt 0 -or $running.Count -gt 0) {
            while ($waiting.Count -gt 0 -and $running.Count -lt $Limit) {
                $running.Add((Start-TestProcess -Path $waiting.Dequeue() -Filter $Filter -Engine $Engine))
            }
            $ended = @($running | Where-Object { $_.Process.HasExited })
            foreach ($one in $ended) {
                $null = $running.Remove($one)
                [pscustomobject] @{ Path = $one.Path; Results = @(Receive-TestProcess -Running $one) }
            }
            if ($ended.Count -eq 0) { Start-Sleep -Milliseconds 100 }
        }
    }
    finally {
        foreach ($one in $running) { if (-not $one.Process.HasExited) { $one.Process.Kill() } }
    }
}

function Measure-TestResult {
    <# .SYNOPSIS Counts the results of one file. #>
    param([object[]] $Result)
    $counts = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($one in $Result) { $counts[$one.Result] += 1 }
    [pscustomobject] @{ Passed = $counts.Passed; Failed = $counts.Failed; Skipped = $counts.Skipped }
}

function Format-TestResult {
    <# .SYNOPSIS The lines of one file. #>
    param([string] $Path, [object] $Count, [object[]] $Result)
    $name = [IO.Path]::GetFileName($Path)
    '{0}: {1} passed, {2} failed, {3} skipped' -f $name, $Count.Passed, $Count.Failed, $Count.Skipped
    foreach ($one in $Result) {
        if ($one.Result -eq 'Failed') {
            "  failed: $($one.Name)"
            foreach ($line in ($one.Message -split '\r?\n')) { "      $line" }
            if ($one.Place) { "      at $($one.Place)" }
        }
        elseif ($one.Result -eq 'Skipped') {
            "  skipped: $($one.Name): $($one.Message)"
        }
    }
}

function Invoke-TestRun {
    <#
    .SYNOPSIS
    Runs the files and gives the lines of the report.
    .PARAMETER InProcess
    A script block of the caller's session that runs a script with options; without it every file has its own process.
    .PARAMETER Limit
    How many processes there are at a time.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([string[]] $Path, [string] $Filter, [switch] $UseStandIn, [scriptblock] $InProcess, [int] $Limit)
    $engine = if ($UseStandIn) { 'StandIn' } else { Find-TestEngine }
    if ($engine -eq 'StandIn') { 'Pester 5.5 or later is not used: the stand-in in tests/runner runs these files.' }
    else { "Pester $engine runs these files." }

    $files = @(Find-TestFile -Path $Path)
    $passed = 0
    $failed = 0
    $skipped = 0
    $ran = {
        if (-not $InProcess) { return Invoke-TestProcess -Path $files -Filter $Filter -Engine $engine -Limit $Limit }
        foreach ($file in $files) {
            $options = @{ Path = $file; Filter = $Filter; Engine = $engine }
            [pscustomobject] @{ Path = $file; Results = @(& $InProcess ([IO.Path]::Combine($PSScriptRoot, 'Invoke-TestFile.ps1')) $options) }
        }
    }
    & $ran | ForEach-Object {
        $counts = Measure-TestResult -Result $_.Results
        $passed += $counts.Passed
        $failed += $counts.Failed
        $skipped += $counts.Skipped
        if ($_.Results.Count -gt 0 -or $Filter -eq '*') { Format-TestResult -Path $_.Path -Count $counts -Result $_.Results }
    }
    ''
    "$passed passed, $failed failed, $skipped skipped"
    $script:ExitCode = [int] ($failed -gt 0 -or ($passed + $failed) -eq 0)
}

function Get-TestExitCode {
    <#
    .SYNOPSIS
    1 when a test failed, none ran, or the run did not come to its end; else 0.
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param()
    $script:ExitCode
}

Export-ModuleMember -Function Invoke-TestRun, Get-TestExitCode
