# What the benches of the native core left behind, as rows of RESULTS.md.

function Read-CoreResult {
    <# .SYNOPSIS The medians that Criterion found, in milliseconds: by series, then by size. #>
    [CmdletBinding()]
    [OutputType([Collections.Specialized.OrderedDictionary])]
    param([Parameter(Mandatory)] [string] $Folder)
    $found = [ordered] @{}
    if (-not [IO.Directory]::Exists($Folder)) { return $found }
    $all = foreach ($file in [IO.Directory]::GetFiles($Folder, 'benchmark.json', 'AllDirectories')) {
        if ([IO.Path]::GetFileName([IO.Path]::GetDirectoryName($file)) -ne 'new') { continue }
        $name = [IO.File]::ReadAllText($file) | ConvertFrom-Json
        $estimates = [IO.File]::ReadAllText([IO.Path]::Combine([IO.Path]::GetDirectoryName($file), 'estimates.json')) | ConvertFrom-Json
        [pscustomobject]@{ Series = $name.group_id; Size = [int] $name.value_str; Milliseconds = $estimates.median.point_estimate / 1e6 }
    }
    foreach ($one in $all | Sort-Object -Property Series, Size) {
        if (-not $found.Contains($one.Series)) { $found[$one.Series] = [ordered] @{} }
        $found[$one.Series][[object] $one.Size] = $one.Milliseconds
    }
    $found
}

function Get-CoreRow {
    <# .SYNOPSIS The rows of the core, and of a save of the state. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [Collections.Specialized.OrderedDictionary] $Core, [string] $State)
    $most = 100000
    if ($Core.Contains('diff, render and merge') -and $Core['diff, render and merge'].Contains([object] $most)) {
        $all = $Core['diff, render and merge'][[object] $most]
        $config = $Core['config'][[object] $most]
        New-Row -What '100,000 machines through diff, render and merge, beside reading their config' -Ours (Format-Time $all) -Beside (Format-Time $config) -Ratio ($all / $config) -AtMost 100 -Judged $all -Unit ' ms'
        if ($Core.Contains('discovery, diff, render and merge')) {
            $whole = $Core['discovery, diff, render and merge'][[object] $most]
            New-Row -What '100,000 machines through discovery, diff, render and merge, beside reading their config' -Ours (Format-Time $whole) -Beside (Format-Time $config) -Ratio ($whole / $config)
        }
        $merge = $Core['merge'][[object] $most]
        $copy = $Core['read and write'][[object] $most]
        New-Row -What 'a hosts file of 100,000 lines merged, beside reading and writing it' -Ours (Format-Time $merge) -Beside (Format-Time $copy) -Ratio ($merge / $copy) -AtMost 3
    }
    if (-not $State) { return }
    foreach ($line in [IO.File]::ReadAllLines($State)) {
        $match = [regex]::Match($line, '(?<machines>\d+) machines: bare +(?<bare>[\d.]+) ms, save +(?<save>[\d.]+) ms \((?<ratio>[\d.]+) times\); .* (?<whole>[\d.]+) ms \((?<times>[\d.]+) times\)')
        if (-not $match.Success) { continue }
        $number = { param($name) [double]::Parse($match.Groups[$name].Value, [cultureinfo]::InvariantCulture) }
        New-Row -What "a save of the state of $($match.Groups['machines'].Value) machines, beside the bare system calls" -Ours (Format-Time (& $number 'save')) -Beside (Format-Time (& $number 'bare')) -Ratio (& $number 'ratio')
        New-Row -What "the same with lock, reading again, merging and printing" -Ours (Format-Time (& $number 'whole')) -Beside (Format-Time (& $number 'bare')) -Ratio (& $number 'times')
    }
}

function Get-CoreGrowth {
    <# .SYNOPSIS A row of growth for each series of the core. #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [Collections.Specialized.OrderedDictionary] $Core)
    foreach ($series in $Core.Keys) { Get-GrowthRow -What "core: $series" -Time $Core[$series] }
}

function Get-ScriptSize {
    <# .SYNOPSIS The bytes of the scripts in a folder. #>
    [CmdletBinding()]
    [OutputType([long])]
    param([Parameter(Mandatory)] [string] $Folder)
    $sum = 0
    foreach ($file in [IO.DirectoryInfo]::new($Folder).GetFiles('*.ps*1', 'AllDirectories')) { $sum += $file.Length }
    $sum
}
