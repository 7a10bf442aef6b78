<#
.SYNOPSIS
    Measures a whole reconcile of three machines that changes nothing beside a bare Get-VM and Get-VMNetworkAdapter, in turn, on the simulated
    Hyper-V with 100 ms a call, and prints milliseconds as JSON: bare, none (no guest is entered), exchange (every guest is reached through Data
    Exchange and has the block), status (Get-RagnaStatus); and calls, how many calls of Hyper-V each made.
.PARAMETER Round
    How often each is measured.
.PARAMETER Milliseconds
    How long each call takes.
#>
[CmdletBinding()]
param(
    [int] $Round = 7,

    [int] $Milliseconds = 100
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
. ([IO.Path]::Combine($root, 'tests', 'session', 'Start-TestSession.ps1'))
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "ragnatramp-bench-$PID")
try {
    $lab = New-Lab -Folder $folder -Machine @(foreach ($name in 'web', 'db', 'queue') { @{ name = $name; Os = 'linux'; Agent = 'ragnatramp' } })
    $null = Invoke-RagnaReconcile -Path $lab.Config
    Set-SimulatedHost -Delay @{ '*' = $Milliseconds }
    $runs = [ordered] @{
        bare     = { $vms = Hyper-V\Get-VM; Hyper-V\Get-VMNetworkAdapter -VM $vms }
        none     = { Invoke-RagnaReconcile -Path $lab.Config -GuestTransport None }
        exchange = { Invoke-RagnaReconcile -Path $lab.Config -GuestTransport KeyValuePair }
        status   = { Get-RagnaStatus -Path $lab.Config }
    }
    $times = [ordered] @{ calls = @{} }
    foreach ($name in $runs.Keys) { $times[$name] = [Collections.Generic.List[double]]::new() }
    for ($turn = 0; $turn -le $Round; $turn++) {
        foreach ($name in $runs.Keys) {
            $before = @(Get-SimulatedCall).Count
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $answer = @(& $runs[$name])
            $elapsed = $watch.Elapsed.TotalMilliseconds
            if ($turn -gt 0) { $times[$name].Add($elapsed) }
            $times.calls[$name] = @(Get-SimulatedCall).Count - $before
            $isRight = switch ($name) {
                'none' { $answer[0].Success -and $answer[0].Summary.Changed -eq 0 }
                'exchange' { $answer[0].Success -and $answer[0].Summary.Unchanged -eq 3 }
                default { $answer.Count -ge 3 }
            }
            if (-not $isRight) { throw "$name is not what it is meant to be." }
        }
    }
    ConvertTo-Json -Compress -Depth 3 -InputObject $times
} finally {
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
}
