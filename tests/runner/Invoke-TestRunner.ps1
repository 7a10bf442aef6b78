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

.PARAMETER Limit
How many files run at a time. Default: one more than there are processors, since many tests wait for time to pass.

.PARAMETER UseStandIn
Uses the stand-in also where Pester is there.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true, Position = 0)]
    [string[]] $Path,

    [string] $Filter = '*',

    [switch] $InProcess,

    [ValidateRange(1, 64)]
    [int] $Limit = [Environment]::ProcessorCount + 1,

    [switch] $UseStandIn
)

# No strict mode and no error preference in this scope: tests that run in this process would inherit them.
# Names of tests are not limited to the console's code page. Without a console there is none to set.
try { [Console]::OutputEncoding = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false }
catch [System.IO.IOException] { Write-Verbose -Message 'No console: its encoding stays as it is.' }

Import-Module -Name ([IO.Path]::Combine($PSScriptRoot, 'Runner.psm1')) -Force
$inThisProcess = $null
if ($InProcess) { $inThisProcess = { param($File, $Options) & $File @Options } }
Invoke-TestRun -Path $Path -Filter $Filter -UseStandIn:$UseStandIn -InProcess $inThisProcess -Limit $Limit
exit (Get-TestExitCode)
