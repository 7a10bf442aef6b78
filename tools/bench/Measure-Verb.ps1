<#
.SYNOPSIS
    Measures cmdlets beside the plain PowerShell of benches/baseline, in turn in one process, and prints the times as JSON: for each verb
    ours and plain, a list of milliseconds each.
.DESCRIPTION
    What Hyper-V answers is there at once (Lab.ps1), so the times are those of what comes on top of it, for both.
.PARAMETER Machine
    How many machines the lab has.
.PARAMETER Round
    How often each is measured, after one run that is not counted.
.PARAMETER Memory
    Runs Get-RagnaStatus alone (Ours) or its plain counterpart (Plain) and prints the peak of the process's memory instead: peak, in bytes.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [int] $Machine,

    [int] $Round = 11,

    [ValidateSet('Ours', 'Plain')]
    [string] $Memory
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
. ([IO.Path]::Combine($root, 'tests', 'session', 'Start-TestSession.ps1'))
foreach ($part in 'Clock.ps1', 'Exchange.ps1', 'Lab.ps1') { . ([IO.Path]::Combine($PSScriptRoot, $part)) }
Import-Module -Name ([IO.Path]::Combine($root, 'benches', 'baseline', 'Baseline.psm1'))

$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "ragnatramp-bench-$PID")
try {
    $lab = New-BenchLab -Folder $folder -Machine $Machine
    $state = [IO.File]::ReadAllBytes($lab.StatePath)
    $options = @{ Path = $lab.Config; TimeoutSeconds = 0; GuestTransport = 'None' }
    $verbs = [ordered] @{
        'Get-RagnaStatus'        = @{
            Ours = { Get-RagnaStatus -Path $lab.Config }; Plain = { Get-PlainStatus -Path $lab.Json }
            Told = { param($rows) foreach ($row in $rows) { "$($row.Machine) $($row.State) $($row.IPv4) $($row.GuestTransport) $($row.VMId) $($row.Seen) $(@($row.Drift).Count)" } }
        }
        'Get-RagnaPlan'          = @{
            Ours = { Get-RagnaPlan -Path $lab.Config }; Plain = { Get-PlainPlan -Path $lab.Json }
            Told = { param($rows) foreach ($row in $rows) { "$($row.Machine) $($row.Action) $($row.VMId)" } }
        }
        'Invoke-RagnaReconcile' = @{
            Ours = { Invoke-RagnaReconcile @options }; Plain = { Invoke-PlainReconcile -Path $lab.Json }
            Told = {
                param($result)
                foreach ($row in $result.Discovery) {
                    $ipv4 = if ($row.PSObject.Properties['Network']) { $row.Network.Ipv4 } else { $row.IPv4 }
                    if ($row.PSObject.Properties['MachineName']) { "$($row.MachineName) $ipv4" } else { "$($row.Machine) $ipv4" }
                }
                $result.HostsBlock.Split("`n")
            }
        }
    }
    if ($Memory) {
        $null = & $verbs['Get-RagnaStatus'][$Memory]
        return ConvertTo-Json -Compress -InputObject @{ peak = [Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64 }
    }
    $times = [ordered] @{}
    foreach ($verb in $verbs.Keys) {
        $run = $verbs[$verb]
        $answers = @{}
        $taken = @{ Ours = [Collections.Generic.List[double]]::new(); Plain = [Collections.Generic.List[double]]::new() }
        for ($count = 0; $count -le $Round; $count++) {
            foreach ($who in 'Ours', 'Plain') {
                [IO.File]::WriteAllBytes($lab.StatePath, $state)
                [GC]::Collect()
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $answer = @(& $run[$who])
                $elapsed = $watch.Elapsed.TotalMilliseconds
                if ($count -gt 0) { $taken[$who].Add($elapsed) } else { $answers[$who] = (@(& $run.Told $answer) | Sort-Object) -join "`n" }
            }
        }
        # A measurement of two things that are not the same is none.
        if ($answers.Ours -cne $answers.Plain) { throw "$verb and its plain counterpart do not say the same:`n$($answers.Ours)`n---`n$($answers.Plain)" }
        $times[$verb] = @{ ours = $taken.Ours; plain = $taken.Plain }
    }
    ConvertTo-Json -Compress -Depth 4 -InputObject $times
} finally {
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
}
