# How Should compares, and how it shows values.

function Test-EqualValue {
    <# .SYNOPSIS Arrays by their elements, everything else by -eq or -ceq with the expected value on the left. #>
    param([object] $Actual, [object] $Expected, [bool] $CaseSensitive, [int] $Depth = 0)
    if ($Depth -gt 100) { throw 'The arrays are nested more than 100 deep.' }
    $left = @($Actual)
    $right = @($Expected)
    if ($null -eq $Actual -or $null -eq $Expected) { return ($null -eq $Actual -and $null -eq $Expected) }
    if ($left.Count -ne $right.Count) { return $false }
    for ($i = 0; $i -lt $left.Count; $i++) {
        if ($left[$i] -is [array] -or $right[$i] -is [array]) {
            $same = Test-EqualValue -Actual $left[$i] -Expected $right[$i] -CaseSensitive $CaseSensitive -Depth ($Depth + 1)
        }
        elseif ($CaseSensitive) { $same = $right[$i] -ceq $left[$i] }
        else { $same = $right[$i] -eq $left[$i] }
        if (-not $same) { return $false }
    }
    $true
}

function Format-TestValue {
    <# .SYNOPSIS A value as it is shown in a message. #>
    param([object] $Value)
    if ($null -eq $Value) { return '$null' }
    if ($Value -is [bool]) { return '$' + $Value.ToString().ToLowerInvariant() }
    if ($Value -is [string]) { return "'" + $Value.Replace("`r", '\r').Replace("`n", '\n').Replace("`t", '\t') + "'" }
    if ($Value -is [array]) {
        $shown = @($Value | Select-Object -First 20 | ForEach-Object { Format-TestValue -Value $_ })
        $more = if ($Value.Count -gt 20) { ", ... $($Value.Count) in all" } else { '' }
        return '@(' + ($shown -join ', ') + $more + ')'
    }
    if ($Value -is [type]) { return "[$($Value.FullName)]" }
    if ($Value -is [ValueType]) { return [string] $Value }
    "$Value"
}

function Get-FirstDifference {
    <# .SYNOPSIS For two strings: where they part, with what stands there. #>
    param([object] $Actual, [object] $Expected)
    if ($Actual -isnot [string] -or $Expected -isnot [string]) { return '' }
    $length = [Math]::Min($Actual.Length, $Expected.Length)
    $i = 0
    while ($i -lt $length -and $Actual[$i] -ceq $Expected[$i]) { $i++ }
    if ($length -lt 20 -or $i -lt 10) { return '' }
    "`nThey are the same up to character $i; then comes " +
    (Format-TestValue -Value $Actual.Substring($i, [Math]::Min(30, $Actual.Length - $i))) + ' instead of ' +
    (Format-TestValue -Value $Expected.Substring($i, [Math]::Min(30, $Expected.Length - $i))) + '.'
}
