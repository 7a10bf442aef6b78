# The operators of Should: how they compare and how they show values. Each takes the actual value and what was asked, and gives Ok and, in words, what it
# wanted.

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

function Get-Verdict {
    <# .SYNOPSIS Ok, and the wish as it reads after "Expected". #>
    param([bool] $Ok, [string] $Wish)
    [pscustomobject] @{ Ok = $Ok; Wish = $Wish }
}

# Those that take a piped collection as a whole; the others take each element.
$script:WholeInput = 'Be', 'BeExactly', 'BeNullOrEmpty', 'Contain', 'HaveCount'

$script:Operators = @{
    Be               = {
        param($Actual, $Asked)
        $ok = Test-EqualValue -Actual $Actual -Expected $Asked.Expected -CaseSensitive $false
        $difference = if ($ok) { '' } else { Get-FirstDifference -Actual $Actual -Expected $Asked.Expected }
        Get-Verdict -Ok $ok -Wish "$(Format-TestValue -Value $Asked.Expected)$difference"
    }
    BeExactly        = {
        param($Actual, $Asked)
        $ok = Test-EqualValue -Actual $Actual -Expected $Asked.Expected -CaseSensitive $true
        $difference = if ($ok) { '' } else { Get-FirstDifference -Actual $Actual -Expected $Asked.Expected }
        Get-Verdict -Ok $ok -Wish "exactly $(Format-TestValue -Value $Asked.Expected)$difference"
    }
    BeTrue           = { param($Actual) Get-Verdict -Ok ([bool] $Actual) -Wish '$true' }
    BeFalse          = { param($Actual) Get-Verdict -Ok (-not $Actual) -Wish '$false' }
    BeNullOrEmpty    = {
        param($Actual)
        $ok = $null -eq $Actual -or "$Actual" -ceq '' -and @($Actual).Count -le 1 -or @($Actual).Count -eq 0 -or
        ($Actual -is [Collections.IDictionary] -and $Actual.Count -eq 0)
        Get-Verdict -Ok $ok -Wish '$null or empty'
    }
    Match            = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -match $Asked.Expected) -Wish "a match of $($Asked.Expected)" }
    BeLike           = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -like $Asked.Expected) -Wish "like $($Asked.Expected)" }
    Contain          = {
        param($Actual, $Asked)
        Get-Verdict -Ok (@($Actual) -contains $Asked.Expected) -Wish "$(Format-TestValue -Value $Asked.Expected) among"
    }
    HaveCount        = {
        param($Actual, $Asked)
        $count = if ($null -eq $Actual) { 0 } else { @($Actual).Count }
        Get-Verdict -Ok ($count -eq [int] $Asked.Expected) -Wish "$($Asked.Expected) elements, not $count"
    }
    BeOfType         = {
        param($Actual, $Asked)
        $type = $Asked.Expected
        if ($type -isnot [type]) { $type = [type] (([string] $type) -replace '^\[(.+)\]$', '$1') }
        Get-Verdict -Ok ($Actual -is $type) -Wish "a [$($type.FullName)]"
    }
    BeGreaterThan    = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -gt $Asked.Expected) -Wish "more than $($Asked.Expected)" }
    BeGreaterOrEqual = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -ge $Asked.Expected) -Wish "at least $($Asked.Expected)" }
    BeLessThan       = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -lt $Asked.Expected) -Wish "less than $($Asked.Expected)" }
    BeLessOrEqual    = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -le $Asked.Expected) -Wish "at most $($Asked.Expected)" }
    BeIn             = {
        param($Actual, $Asked)
        Get-Verdict -Ok (@($Asked.Expected) -contains $Actual) -Wish "one of $(Format-TestValue -Value @($Asked.Expected))"
    }
    Exist            = { param($Actual) Get-Verdict -Ok (Test-Path -Path $Actual) -Wish 'a path that exists' }
}

# Runs a script block and takes the error that ended it.
$script:Operators['Throw'] = {
    param($Actual, $Asked)
    if ($Actual -isnot [scriptblock]) { throw 'Should -Throw takes a script block.' }
    $thrown = $null
    try { do { $null = & $Actual } until ($true) }
    catch { $thrown = $_ }
    $wishes = New-Object -TypeName System.Collections.ArrayList
    $null = $wishes.Add('an error')
    $ok = $null -ne $thrown
    # -Not -Throw: no error at all, whatever else is asked.
    if ($Asked.Not) { $Asked.Expected = $Asked.ErrorId = $null }
    if ($null -ne $Asked.Expected) {
        $null = $wishes.Add("whose message is like '$($Asked.Expected)'")
        $ok = $ok -and $thrown.Exception.Message -like $Asked.Expected
    }
    if ($Asked.ErrorId) {
        $null = $wishes.Add("with the id '$($Asked.ErrorId)'")
        $ok = $ok -and $thrown.FullyQualifiedErrorId -like $Asked.ErrorId
    }
    $got = if ($null -eq $thrown) { 'none' }
    else { "$($thrown.Exception.GetType().Name) '$($thrown.Exception.Message)' ($($thrown.FullyQualifiedErrorId))" }
    $verdict = Get-Verdict -Ok $ok -Wish ($wishes -join ' ')
    Add-Member -InputObject $verdict -NotePropertyName 'Got' -NotePropertyValue $got
    $verdict
}
