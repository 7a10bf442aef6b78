function Format-ReconcileView {
    <#
    .SYNOPSIS
        Lays out a result as a person sees it: a headline, and a table that fits 80 columns.
    .DESCRIPTION
        Columns are as wide as what stands in them; the last one is cut at the edge. Heads have the style of tables where
        PowerShell has one. Here and not in the format file, which every import would have to compile.
    .PARAMETER Result
        The Ragnatramp.ReconcileResult.
    .PARAMETER Row
        The rows, of the library: machine, state, address, source, hosts.
    .OUTPUTS
        System.String
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Result,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Row
    )
    $dry = if ($Result.DryRun) { ' (what if)' }
    $project = "   Project: $($Result.Project)"
    $headline = "$($Result.Summary.Headline)$dry"
    $text = if ($project.Length + 4 + $headline.Length -le 80) { @("$project    $headline", '') } else { @($project, "   $headline", '') }
    if ($Row.Count -gt 0) {
        $heads = 'Machine', 'State', 'Address', 'Source', 'Hosts'
        $lines = [System.Collections.Generic.List[string[]]]::new()
        $lines.Add($heads)
        $lines.Add([string[]] @($heads | ForEach-Object { '-' * $_.Length }))
        foreach ($one in $Row) { $lines.Add([string[]] @($one.machine, $one.state, $one.address, $one.source, $one.hosts)) }

        $widths = @(foreach ($column in 0..3) { ($lines | ForEach-Object { ([string] $_[$column]).Length } | Measure-Object -Maximum).Maximum })
        $room = [Math]::Max(10, 80 - $widths[0] - $widths[1] - $widths[2] - $widths[3] - 4)
        $style = Get-Variable -Name PSStyle -ValueOnly -ErrorAction Ignore
        $number = 0
        $text += @(foreach ($cells in $lines) {
                $last = [string] $cells[4]
                if ($last.Length -gt $room) { $last = $last.Substring(0, $room - 1) + [char] 0x2026 }
                $line = (@(foreach ($column in 0..3) { ([string] $cells[$column]).PadRight($widths[$column]) }) + $last) -join ' '
                $line = $line.TrimEnd()
                if ($style -and $number -lt 2) { $line = "$($style.Formatting.TableHeader)$line$($style.Reset)" }
                $number++
                $line
            })
    }
    $text -join [Environment]::NewLine
}
