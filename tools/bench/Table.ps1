# The tables of RESULTS.md, and what they say of a machine.

function Get-Median {
    <# .SYNOPSIS The median of some numbers. #>
    [CmdletBinding()]
    [OutputType([double])]
    param([Parameter(Mandatory)] [double[]] $Value)
    $sorted = [double[]] ($Value | Sort-Object)
    $half = [Math]::Floor($sorted.Count / 2)
    if ($sorted.Count % 2) { $sorted[$half] } else { ($sorted[$half - 1] + $sorted[$half]) / 2 }
}

function Get-RatioMedian {
    <# .SYNOPSIS The median of the ratios of two series that were measured in turn: what slowed a pair down, slowed down both. #>
    [CmdletBinding()]
    [OutputType([double])]
    param([Parameter(Mandatory)] [double[]] $Ours, [Parameter(Mandatory)] [double[]] $Beside)
    Get-Median -Value @(for ($one = 0; $one -lt $Ours.Count; $one++) { $Ours[$one] / $Beside[$one] })
}

function Format-Time {
    <# .SYNOPSIS Milliseconds, in the unit that fits. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [double] $Milliseconds)
    $value, $unit = if ($Milliseconds -ge 1000) { ($Milliseconds / 1000), 's' } elseif ($Milliseconds -ge 1) { $Milliseconds, 'ms' } else { ($Milliseconds * 1000), 'us' }
    '{0} {1}' -f (Format-Number -Value $value), $unit
}

function Format-Number {
    <# .SYNOPSIS A number with three digits that count. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [double] $Value)
    $digits = if ($Value -ge 100) { 'n0' } elseif ($Value -ge 10) { 'n1' } else { 'n2' }
    $Value.ToString($digits, [cultureinfo]::InvariantCulture)
}

function New-Row {
    <#
    .SYNOPSIS
        A row: what, ours and beside it (texts), the ratio, and how it has to be: -AtMost or -AtLeast a number, which is judged against
        -Judged, by default the ratio.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes a text.')]
    param(
        [Parameter(Mandatory)] [string] $What,
        [Parameter(Mandatory)] [string] $Ours,
        [Parameter(Mandatory)] [string] $Beside,
        [Parameter(Mandatory)] [double] $Ratio,
        [object] $AtMost, [object] $AtLeast, [object] $Judged, [string] $Unit = ''
    )
    if ($null -eq $Judged) { $Judged = $Ratio }
    $wanted = if ($null -ne $AtMost) { "at most $AtMost$Unit" } elseif ($null -ne $AtLeast) { "at least $AtLeast$Unit" } else { '' }
    $isMet = if ($null -ne $AtMost) { $Judged -le $AtMost } elseif ($null -ne $AtLeast) { $Judged -ge $AtLeast } else { $null }
    $verdict = if ($null -eq $isMet) { '' } else { "$(Format-Number -Value $Judged)$Unit, $(if ($isMet) { 'met' } else { '**not met**' })" }
    "| $What | $Ours | $Beside | $(Format-Number -Value $Ratio) | $wanted | $verdict |"
}

function Get-GrowthRow {
    <#
    .SYNOPSIS
        A row of a series of sizes: the times, and by how much the time for one entry more grew from each size to the next, with a warning
        where that is more than half again.
    .PARAMETER Time
        Milliseconds by size, ascending.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $What, [Parameter(Mandatory)] [Collections.Specialized.OrderedDictionary] $Time)
    $sizes = [int[]] @($Time.Keys)
    $cells = @(foreach ($size in $sizes) { "$($size.ToString('n0', [cultureinfo]::InvariantCulture)): $(Format-Time -Milliseconds $Time[[object] $size])" }) -join ', '
    $growth = @(for ($one = 1; $one -lt $sizes.Count; $one++) {
            ($Time[[object] $sizes[$one]] / $sizes[$one]) / ($Time[[object] $sizes[$one - 1]] / $sizes[$one - 1])
        })
    $warning = if (@($growth | Where-Object { $_ -gt 1.5 }).Count -gt 0) { '**worse than linear**' } else { '' }
    "| $What | $cells | $(@(foreach ($one in $growth) { Format-Number -Value $one }) -join ', ') | $warning |"
}

function Get-MachineText {
    <# .SYNOPSIS What the measurements ran on: no name of the host and no path. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([string] $System)
    $key = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey('HARDWARE\DESCRIPTION\System\CentralProcessor\0')
    $processor = ([string] $key.GetValue('ProcessorNameString')).Trim()
    $key.Dispose()
    $memory = if ('System.GCMemoryInfo' -as [type]) { [GC]::GetGCMemoryInfo().TotalAvailableMemoryBytes } else {
        (CimCmdlets\Get-CimInstance -ClassName Win32_ComputerSystem -Property TotalPhysicalMemory).TotalPhysicalMemory
    }
    "$processor, $([Environment]::ProcessorCount) logical processors, $([Math]::Round($memory / 1GB)) GB; " +
    "$(if ($System) { $System } else { [Environment]::OSVersion.VersionString }); PowerShell $($PSVersionTable.PSVersion)"
}

function Get-LoadText {
    <# .SYNOPSIS What this process gets of a processor while it does nothing but count: on a busy machine the times say little, and the ratios more. #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    $process = [Diagnostics.Process]::GetCurrentProcess()
    $before = $process.TotalProcessorTime
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while ($watch.ElapsedMilliseconds -lt 2000) { $null = 1 }
    $process.Refresh()
    $share = 100 * ($process.TotalProcessorTime - $before).TotalMilliseconds / $watch.Elapsed.TotalMilliseconds
    "A process that only counts got $([Math]::Round($share)) % of a processor."
}
