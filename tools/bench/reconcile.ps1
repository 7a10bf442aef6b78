<#
.SYNOPSIS
    Measures what the module's own work costs in Invoke-RagnaReconcile and Get-RagnaStatus, from 5 to 500 machines.
.DESCRIPTION
    The cmdlets of the built module are run on the simulated Hyper-V. Its machines' addresses arrive evenly over 20 polls.
    The own share of a run is its wall time without the time inside Hyper-V's functions (Get-VM, Get-VMNetworkAdapter,
    Get-NetNeighbor, Get-CimInstance, Invoke-CimMethod) and without waiting: all of these are stood in for by functions
    that let a clock run, and Start-Sleep by one that returns at once, so every poll is worked through and none is slept.

    Each line comes from a process of its own: "first" is its first run, with everything that PowerShell does only once;
    "next" the shortest of the runs after it. "per unit" is the latter per machine and poll, and "ratio" that figure
    against the one of the smallest lab: at 1 and below, time grows no faster than the number of machines.
.PARAMETER Machine
    The sizes, with commas between them.
.PARAMETER Kind
    What is run, with commas between them: None (no guest is entered), KeyValuePair (every guest is sent the block and answers), Unchanged (every
    guest has it already), Status (Get-RagnaStatus).
.PARAMETER Round
    How many runs after the first.
#>
[CmdletBinding()]
param(
    [string] $Machine = '5,50,500',

    [string] $Kind = 'None,KeyValuePair,Unchanged,Status',

    [int] $Round = 3
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
$script = [System.IO.Path]::Combine($PSScriptRoot, 'Measure-Share.ps1')

'{0,-14} {1,8} {2,6} {3,10} {4,10} {5,13} {6,7}' -f 'own share', 'machines', 'polls', 'first', 'next', 'per unit', 'ratio'
foreach ($one in $Kind.Split(',')) {
    $smallest = $null
    foreach ($count in [int[]] $Machine.Split(',')) {
        $options = '-NoProfile', '-NonInteractive', '-File', $script, '-Machine', $count, '-Kind', $one, '-Round', $Round
        $told = @(& $shell $options)
        if ($LASTEXITCODE -ne 0) { throw "$one with $count machines could not be measured: $($told -join "`n")" }
        $share = $told[-1] | ConvertFrom-Json
        $unit = 1000 * $share.next / ($count * $share.polls)
        if ($null -eq $smallest) { $smallest = $unit }
        '{0,-14} {1,8} {2,6} {3,7:n0} ms {4,7:n0} ms {5,10:n1} us {6,7:n2}' -f
        $one, $count, $share.polls, $share.first, $share.next, $unit, ($unit / $smallest)
    }
}
