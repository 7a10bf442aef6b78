<#
.SYNOPSIS
Runs the project's Pester files and counts.

.DESCRIPTION
Uses Pester 5.5 or later where it can be imported. Where it cannot, the small stand-in beside this script runs the same
files and says so in its first line. Every file runs in a process of its own, because a module that loads a native
library cannot be loaded anew. The last line is "N passed, N failed, N skipped"; the exit code is 1 when a test failed
or none ran.

.PARAMETER Path
Files, or folders that are searched for *.Tests.ps1 in depth.

.PARAMETER Filter
A wildcard on the full name of a test, its blocks joined by dots, as Pester's FullName filter takes it.

.PARAMETER InProcess
Runs all files in this process: a second faster per file, but they see what the earlier ones left behind.

.PARAMETER UseStandIn
Does not look for Pester.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true, Position = 0)]
    [string[]] $Path,

    [string] $Filter = '*',

    [switch] $InProcess,

    [switch] $UseStandIn
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# Names of tests are not limited to the console's code page. Without a console there is none to set.
try { [Console]::OutputEncoding = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false }
catch [System.IO.IOException] { Write-Verbose -Message 'No console: its encoding stays as it is.' }

$runner = $PSScriptRoot
. ([IO.Path]::Combine($runner, 'Report.ps1'))
. ([IO.Path]::Combine($runner, 'Engine.ps1'))

$engine = if ($UseStandIn) { 'StandIn' } else { Find-TestEngine }
if ($engine -eq 'StandIn') {
    'Pester 5.5 or later is not used: the stand-in in tests/runner runs these files.'
}
else {
    "Pester $engine runs these files."
}

$passed = 0
$failed = 0
$skipped = 0
foreach ($file in @(Find-TestFile -Path $Path)) {
    $results = if ($InProcess) {
        & ([IO.Path]::Combine($runner, 'Invoke-TestFile.ps1')) -Path $file -Filter $Filter -Engine $engine
    }
    else {
        Invoke-TestProcess -Path $file -Filter $Filter -Engine $engine -Runner $runner
    }
    $counts = Measure-TestResult -Result @($results)
    $passed += $counts.Passed
    $failed += $counts.Failed
    $skipped += $counts.Skipped
    if (($counts.Passed + $counts.Failed + $counts.Skipped) -gt 0 -or $Filter -eq '*') {
        Format-TestResult -Path $file -Count $counts -Result @($results)
    }
}
''
"$passed passed, $failed failed, $skipped skipped"
if ($failed -gt 0 -or ($passed + $failed) -eq 0) { exit 1 }
exit 0
