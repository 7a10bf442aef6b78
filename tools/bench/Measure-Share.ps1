<#
.SYNOPSIS
    Measures the module's own share of some runs on one lab, and prints it as JSON: polls, first, next (milliseconds), bytesIn
    and bytesOut (what crossed to the native library and back in one run).
.DESCRIPTION
    See reconcile.ps1, which starts it.
.PARAMETER Machine
    How many machines the lab has.
.PARAMETER Kind
    What is run, as in reconcile.ps1.
.PARAMETER Round
    How many runs after the first.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [int] $Machine,

    [Parameter(Mandatory)]
    [ValidateSet('None', 'KeyValuePair', 'Unchanged', 'Status')]
    [string] $Kind,

    [Parameter(Mandatory)]
    [int] $Round
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetDirectoryName($PSScriptRoot))
. ([System.IO.Path]::Combine($root, 'tests', 'session', 'Start-TestSession.ps1'))
. ([System.IO.Path]::Combine($PSScriptRoot, 'Clock.ps1'))
. ([System.IO.Path]::Combine($PSScriptRoot, 'Exchange.ps1'))
# The bar is a part of what a user waits for.
$ProgressPreference = 'Continue'
$polls = 20

$folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "ragnatramp-bench-$PID")
try {
    # Guests that have just booted: while they are silent, the host's neighbour table is not asked.
    $booted = [DateTime]::UtcNow.AddHours(1)
    $lab = New-Lab -Folder $folder -Machine @(foreach ($number in 1..$Machine) {
            $late = [int] [Math]::Ceiling($number * $polls / $Machine)
            $silent = @(for ($poll = 1; $poll -lt $late; $poll++) { , @() })
            $address = '172.21.{0}.{1}' -f [Math]::Floor($number / 250), ($number % 250 + 1)
            @{ name = "m$number"; Os = 'linux'; StartedAt = $booted; AddressSeries = $silent + @(, @($address)) }
        })
    $state = [System.IO.File]::ReadAllBytes($lab.StatePath)
    $looks = [System.IO.Path]::Combine($lab.HyperV, 'looks.txt')
    $ids = [string[]] @(foreach ($one in $lab.Machine.Values) { $one.Id.ToString().ToUpperInvariant() })
    $transport = if ($Kind -eq 'None') { 'None' } else { 'KeyValuePair' }
    $parameters = @{ Path = $lab.Config; TimeoutSeconds = 3600; PollSeconds = 1; GuestTransport = $transport }

    $clock = New-Clock
    $exchange = New-Exchange -VMId $ids
    if ($Kind -eq 'Unchanged' -or $Kind -eq 'Status') {
        Start-Clock -Clock $clock -Exchange $exchange
        $null = Invoke-RagnaReconcile @parameters
    }
    # What crosses is counted in a run of its own, since counting takes time.
    $crossed = @{ In = 0; Out = 0 }
    $reset = {
        [System.IO.File]::Delete($looks)
        if ($Kind -ne 'Status') { [System.IO.File]::WriteAllBytes($lab.StatePath, $state) }
        if ($Kind -eq 'KeyValuePair') { New-Exchange -VMId $ids } else { $exchange }
    }
    $shares = @(for ($run = 0; $run -le $Round; $run++) {
            # Everything as it was before the first run, except what an earlier run left at the guests.
            $exchange = & $reset
            Start-Clock -Clock $clock -Exchange $exchange
            [GC]::Collect()
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            if ($Kind -eq 'Status') { $answer = @(Get-RagnaStatus -Path $lab.Config) } else { $answer = @(Invoke-RagnaReconcile @parameters) }
            $watch.Elapsed.TotalMilliseconds - $clock.Away.Elapsed.TotalMilliseconds
            Assert-Answer -Answer $answer -Kind $Kind -Machine $Machine
        })
    $exchange = & $reset
    Start-Clock -Clock $clock -Exchange $exchange
    $DebugPreference = 'Continue'
    $told = @(if ($Kind -eq 'Status') { Get-RagnaStatus -Path $lab.Config 5>&1 } else { Invoke-RagnaReconcile @parameters 5>&1 })
    $DebugPreference = 'SilentlyContinue'
    foreach ($line in $told) {
        if ($line -is [System.Management.Automation.DebugRecord] -and $line.Message -match '^ragna_\w+: (\d+) bytes in, (\d+) bytes out') {
            $crossed.In += [long] $Matches[1]
            $crossed.Out += [long] $Matches[2]
        }
    }
    ConvertTo-Json -Compress -InputObject @{
        polls    = $clock.Looks
        first    = $shares[0]
        next     = ($shares | Select-Object -Skip 1 | Measure-Object -Minimum).Minimum
        bytesIn  = $crossed.In
        bytesOut = $crossed.Out
    }
} finally {
    if ([System.IO.Directory]::Exists($folder)) { [System.IO.Directory]::Delete($folder, $true) }
}
