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

function Invoke-TestProcess {
    <# .SYNOPSIS Runs one file in a fresh process of the same PowerShell and returns its results. #>
    param([string] $Path, [string] $Filter, [string] $Engine)
    $resultFile = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'test-result-' + [guid]::NewGuid().ToString('N') + '.json')
    $script = [IO.Path]::Combine($PSScriptRoot, 'Invoke-TestFile.ps1')
    $shell = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    try {
        $options = '-NoLogo', '-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-File', $script
        # What a file prints is shown, and is not taken for a result.
        & $shell $options -Path $Path -Filter $Filter -Engine $Engine -ResultPath $resultFile | Out-Host
        $code = $LASTEXITCODE
        if (-not [IO.File]::Exists($resultFile)) {
            return ConvertTo-FailedFile -Path $Path -Message "The process ended with exit code $code before its tests did."
        }
        (ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($resultFile))).results
    }
    finally {
        [IO.File]::Delete($resultFile)
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
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([string[]] $Path, [string] $Filter, [switch] $UseStandIn, [scriptblock] $InProcess)
    $engine = if ($UseStandIn) { 'StandIn' } else { Find-TestEngine }
    if ($engine -eq 'StandIn') { 'Pester 5.5 or later is not used: the stand-in in tests/runner runs these files.' }
    else { "Pester $engine runs these files." }

    $passed = 0
    $failed = 0
    $skipped = 0
    foreach ($file in @(Find-TestFile -Path $Path)) {
        $results = @(if ($InProcess) {
                $options = @{ Path = $file; Filter = $Filter; Engine = $engine }
                & $InProcess ([IO.Path]::Combine($PSScriptRoot, 'Invoke-TestFile.ps1')) $options
            }
            else { Invoke-TestProcess -Path $file -Filter $Filter -Engine $engine })
        $counts = Measure-TestResult -Result $results
        $passed += $counts.Passed
        $failed += $counts.Failed
        $skipped += $counts.Skipped
        if ($results.Count -gt 0 -or $Filter -eq '*') { Format-TestResult -Path $file -Count $counts -Result $results }
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
