# The operators of Should. Each takes the actual value and what was asked, and answers with Ok and, in words, what it wanted.

function Get-Verdict {
    <# .SYNOPSIS Ok, and the wish as it reads after "Expected". #>
    param([bool] $Ok, [string] $Wish)
    [pscustomobject] @{ Ok = $Ok; Wish = $Wish }
}

# Those that look at a piped collection as a whole; the others look at each element.
$script:WholeInput = 'Be', 'BeExactly', 'BeNullOrEmpty', 'Contain', 'HaveCount'

$script:Operators = @{
    Be                  = {
        param($Actual, $Asked)
        $ok = Test-EqualValue -Actual $Actual -Expected $Asked.Expected -CaseSensitive $false
        $difference = if ($ok) { '' } else { Get-FirstDifference -Actual $Actual -Expected $Asked.Expected }
        Get-Verdict -Ok $ok -Wish "$(Format-TestValue -Value $Asked.Expected)$difference"
    }
    BeExactly           = {
        param($Actual, $Asked)
        $ok = Test-EqualValue -Actual $Actual -Expected $Asked.Expected -CaseSensitive $true
        $difference = if ($ok) { '' } else { Get-FirstDifference -Actual $Actual -Expected $Asked.Expected }
        Get-Verdict -Ok $ok -Wish "exactly $(Format-TestValue -Value $Asked.Expected)$difference"
    }
    BeTrue              = { param($Actual) Get-Verdict -Ok ([bool] $Actual) -Wish '$true' }
    BeFalse             = { param($Actual) Get-Verdict -Ok (-not $Actual) -Wish '$false' }
    BeNullOrEmpty       = {
        param($Actual)
        $ok = $null -eq $Actual -or "$Actual" -ceq '' -and @($Actual).Count -le 1 -or @($Actual).Count -eq 0 -or
        ($Actual -is [Collections.IDictionary] -and $Actual.Count -eq 0)
        Get-Verdict -Ok $ok -Wish '$null or empty'
    }
    Match               = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -match $Asked.Expected) -Wish "a match of $($Asked.Expected)" }
    MatchExactly        = {
        param($Actual, $Asked)
        Get-Verdict -Ok ($Actual -cmatch $Asked.Expected) -Wish "an exact match of $($Asked.Expected)"
    }
    BeLike              = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -like $Asked.Expected) -Wish "like $($Asked.Expected)" }
    BeLikeExactly       = {
        param($Actual, $Asked)
        Get-Verdict -Ok ($Actual -clike $Asked.Expected) -Wish "exactly like $($Asked.Expected)"
    }
    Contain             = {
        param($Actual, $Asked)
        Get-Verdict -Ok (@($Actual) -contains $Asked.Expected) -Wish "$(Format-TestValue -Value $Asked.Expected) among"
    }
    HaveCount           = {
        param($Actual, $Asked)
        $count = if ($null -eq $Actual) { 0 } else { @($Actual).Count }
        Get-Verdict -Ok ($count -eq [int] $Asked.Expected) -Wish "$($Asked.Expected) elements, not $count"
    }
    BeOfType            = {
        param($Actual, $Asked)
        $type = $Asked.Expected
        if ($type -isnot [type]) { $type = [type] (([string] $type) -replace '^\[(.+)\]$', '$1') }
        Get-Verdict -Ok ($Actual -is $type) -Wish "a [$($type.FullName)]"
    }
    BeGreaterThan       = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -gt $Asked.Expected) -Wish "more than $($Asked.Expected)" }
    BeGreaterOrEqual    = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -ge $Asked.Expected) -Wish "at least $($Asked.Expected)" }
    BeLessThan          = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -lt $Asked.Expected) -Wish "less than $($Asked.Expected)" }
    BeLessOrEqual       = { param($Actual, $Asked) Get-Verdict -Ok ($Actual -le $Asked.Expected) -Wish "at most $($Asked.Expected)" }
    BeIn                = {
        param($Actual, $Asked)
        Get-Verdict -Ok (@($Asked.Expected) -contains $Actual) -Wish "one of $(Format-TestValue -Value @($Asked.Expected))"
    }
    Exist               = { param($Actual) Get-Verdict -Ok (Test-Path -Path $Actual) -Wish 'a path that exists' }
    FileContentMatch    = {
        param($Actual, $Asked)
        # Line by line, without regard to case, as Pester does it.
        $found = @([IO.File]::ReadAllLines((Resolve-Path -LiteralPath $Actual).ProviderPath)) -match $Asked.Expected
        Get-Verdict -Ok (@($found).Count -gt 0) -Wish "a line that matches $($Asked.Expected) in the file"
    }
}
