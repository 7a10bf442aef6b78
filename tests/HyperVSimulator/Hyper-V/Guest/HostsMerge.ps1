# The rule of hosts-merge-vectors.json, as the simulated guest applies it. Bytes are Latin-1 characters here: one each.

$script:Latin1 = [Text.Encoding]::GetEncoding(28591)
$script:MarkerPattern = [regex] '(?<![^\n])# (?<kind>BEGIN|END) RAGNATRAMP(?<end>\r?\n|\r?\z)'

function Merge-HostsBlock {
    <#
    .SYNOPSIS
    The hosts file with the block in it. Block: its lines ended by LF; an empty one takes the block out.
    .OUTPUTS
    Text (Latin-1) and Lines: where the file is refused, the numbers of its marker lines.
    #>
    param([string] $Text, [string] $Block)
    $markers = @($script:MarkerPattern.Matches($Text))
    $kinds = @(foreach ($marker in $markers) { $marker.Groups['kind'].Value }) -join ' '
    $merged = [pscustomobject] @{ Text = $Text; Lines = @() }
    if ($kinds -ceq 'BEGIN END') {
        $after = $markers[1].Index + $markers[1].Length
        $end = if ($markers[0].Groups['end'].Value -ceq "`r`n") { "`r`n" } else { "`n" }
        $new = $Block.Replace("`n", $end)
        if ($Block -and -not $markers[1].Groups['end'].Value.EndsWith("`n")) { $new = $new.Substring(0, $new.Length - $end.Length) }
        $merged.Text = $Text.Substring(0, $markers[0].Index) + $new + $Text.Substring($after)
    }
    elseif ($markers.Count -gt 0) {
        $merged.Lines = @(foreach ($marker in $markers) { $Text.Substring(0, $marker.Index).Split("`n").Count })
    }
    elseif ($Block) {
        $first = $Text.IndexOf("`n")
        $end = if ($first -gt 0 -and $Text[$first - 1] -eq "`r") { "`r`n" } else { "`n" }
        if ($Text -and -not $Text.EndsWith("`n")) { $Text += $end }
        # A blank line before the block, where there is none yet.
        if ($Text -and $Text -notmatch '(\A|\n)\r?\n\z') { $Text += $end }
        $merged.Text = $Text + $Block.Replace("`n", $end)
    }
    $merged
}
