# The run over all files: which engine, which files, the counts.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. ([IO.Path]::Combine($PSScriptRoot, 'Report.ps1'))
. ([IO.Path]::Combine($PSScriptRoot, 'Engine.ps1'))

$script:ExitCode = 1

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
