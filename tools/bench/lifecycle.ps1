<#
.SYNOPSIS
    Measures how long a lab takes to be made and started, with one machine at a time and with several at the same time.
.DESCRIPTION
    The steps of Start-RagnaMachine are run by the built module on the simulated Hyper-V, each call of which takes a while that costs no
    processor. Each line is a lab of its own, from nothing; "share" is its time divided by that of the first line, which is made in the
    same run. The simulation itself works for each call, too, on the same processors; a real host does that work elsewhere.
.PARAMETER Machine
    How many machines.
.PARAMETER Limit
    How many of them Hyper-V works on at the same time, with commas between; the first is what the others are compared with.
.PARAMETER Milliseconds
    How long each call takes.
#>
[CmdletBinding()]
param(
    [int] $Machine = 20,

    [string] $Limit = '1,4,8,16',

    [int] $Milliseconds = 200
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$TestDrive = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), "bench-$([guid]::NewGuid().ToString('N'))")
$null = [System.IO.Directory]::CreateDirectory($TestDrive)
. ([System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName([System.IO.Path]::GetDirectoryName($PSScriptRoot)), 'tests', 'session', 'Start-TestSession.ps1'))

function Measure-Start {
    # The seconds that a lab takes from nothing, by the wall.
    [CmdletBinding()]
    param([int] $Count, [int] $AtOnce, [int] $Milliseconds)
    $machines = @(foreach ($number in 1..$Count) { @{ name = "m$number" } })
    $lab = New-EmptyLab -Machine $machines -Default @{ memory = 512 }
    Set-SimulatedHost -Delay @{ '*' = $Milliseconds } -Memory 64GB
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $made = & (Get-Module -Name Ragnatramp) {
        param($path, $limit)
        function Start-Measured {
            [CmdletBinding(SupportsShouldProcess)]
            [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'What it calls asks through it.')]
            param([string] $Path, [int] $Limit)
            $lab = Open-RagnaLab -Cmdlet $PSCmdlet -ConfigPath $Path -MayBegin
            try { Invoke-LabLifecycle -Cmdlet $PSCmdlet -Lab $lab -Goal @{ kind = 'start'; force = $false } -Machine @() -Limit $Limit }
            finally { Close-RagnaLab -Lab $lab }
        }
        Start-Measured -Path $path -Limit $limit
    } $lab.Config $AtOnce
    $seconds = $watch.Elapsed.TotalSeconds
    $started = @(foreach ($one in $made) { if ($one.Action -eq 'created, started') { $one } }).Count
    if ($started -ne $Count) { throw "$started of $Count machines were started." }
    $seconds
}

'{0,8} {1,9} {2,9} {3,7}' -f 'machines', 'at once', 'time', 'share'
$first = 0
try {
    foreach ($one in [int[]] $Limit.Split(',')) {
        $seconds = Measure-Start -Count $Machine -AtOnce $one -Milliseconds $Milliseconds
        if (-not $first) { $first = $seconds }
        '{0,8} {1,9} {2,7:n1} s {3,7:n2}' -f $Machine, $one, $seconds, ($seconds / $first)
    }
} finally {
    [System.IO.Directory]::Delete($TestDrive, $true)
}
