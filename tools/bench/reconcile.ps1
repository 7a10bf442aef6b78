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
    against the one of the smallest lab: at 1 and below, time grows no faster than the number of machines. "crossed" is what
    crosses to the native library and back in one run.

    With -Against, each line is followed by one of another checkout, measured in turn in the same run, and by the ratios of
    the two: this one's figures divided by the other's.
.PARAMETER Machine
    The sizes, with commas between them.
.PARAMETER Kind
    What is run, with commas between them: None (no guest is entered), KeyValuePair (every guest is sent the block and answers), Unchanged (every
    guest has it already), Status (Get-RagnaStatus).
.PARAMETER Round
    How many runs after the first.
.PARAMETER Against
    The folder of another checkout of this project, whose dist/Ragnatramp is built.
#>
[CmdletBinding()]
param(
    [string] $Machine = '5,50,500',

    [string] $Kind = 'None,KeyValuePair,Unchanged,Status',

    [int] $Round = 3,

    [string] $Against
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$shell = [System.Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
$here = [System.IO.Path]::GetDirectoryName([System.IO.Path]::GetDirectoryName($PSScriptRoot))

function Get-Share {
    # Measures once, in a process of its own.
    param([string] $Folder, [string] $Kind, [int] $Count, [int] $Round)
    $script = [System.IO.Path]::Combine($Folder, 'tools', 'bench', 'Measure-Share.ps1')
    $told = @(& $shell -NoProfile -NonInteractive -File $script -Machine $Count -Kind $Kind -Round $Round)
    if ($LASTEXITCODE -ne 0) { throw "$Kind with $Count machines could not be measured: $($told -join "`n")" }
    $share = $told[-1] | ConvertFrom-Json
    $crossed = if ($share.PSObject.Properties['bytesIn']) { ($share.bytesIn + $share.bytesOut) / 1KB }
    [pscustomobject]@{ Polls = $share.polls; First = $share.first; Next = $share.next; Crossed = $crossed }
}

function Format-Share {
    param([string] $Name, [int] $Count, [object] $Share, [double] $Smallest)
    $unit = 1000 * $Share.Next / ($Count * $Share.Polls)
    '{0,-14} {1,8} {2,6} {3,7:n0} ms {4,7:n0} ms {5,10:n1} us {6,7:n2} {7,9:n0} kB' -f
    $Name, $Count, $Share.Polls, $Share.First, $Share.Next, $unit, ($unit / $Smallest), $Share.Crossed
}

'{0,-14} {1,8} {2,6} {3,10} {4,10} {5,13} {6,7} {7,12}' -f 'own share', 'machines', 'polls', 'first', 'next', 'per unit', 'ratio', 'crossed'
foreach ($one in $Kind.Split(',')) {
    $smallest = 0
    $smallestOther = 0
    foreach ($count in [int[]] $Machine.Split(',')) {
        $share = Get-Share -Folder $here -Kind $one -Count $count -Round $Round
        if (-not $smallest) { $smallest = 1000 * $share.Next / ($count * $share.Polls) }
        Format-Share -Name $one -Count $count -Share $share -Smallest $smallest
        if ($Against) {
            $other = Get-Share -Folder $Against -Kind $one -Count $count -Round $Round
            if (-not $smallestOther) { $smallestOther = 1000 * $other.Next / ($count * $other.Polls) }
            Format-Share -Name '  against' -Count $count -Share $other -Smallest $smallestOther
            $crossed = if ($other.Crossed) { $share.Crossed / $other.Crossed }
            '{0,-14} {1,8} {2,6} {3,10:n2} {4,10:n2} {5,13} {6,7} {7,12:n2}' -f
            '  ratio', '', '', ($share.First / $other.First), ($share.Next / $other.Next), '', '', $crossed
        }
    }
}
