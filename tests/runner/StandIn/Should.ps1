# The word that tests assert with, and the one that skips a running test.

function Assert-Value {
    <# .SYNOPSIS Throws where one value is not as it should be. #>
    param([object] $Actual, [object] $Asked)
    $verdict = & $script:Operators[$Asked.Operator] $Actual $Asked
    if ($verdict.Ok -ne $Asked.Not) { return }
    $not = if ($Asked.Not) { 'not ' } else { '' }
    $because = if ($Asked.Because) { ', because ' + ($Asked.Because -replace '^because\s', '') } else { '' }
    $got = if ($null -ne $verdict.PSObject.Properties['Got']) { $verdict.Got } else { Format-TestValue -Value $Actual }
    $message = "Expected $not$($verdict.Wish)$because, but got $got."
    $exception = New-Object -TypeName System.Exception -ArgumentList $message
    throw (New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, 'PesterAssertionFailed', 'InvalidResult', $null)
}

function Should {
    <#
    .SYNOPSIS
    Asserts one thing of what is piped to it. An operator that it does not know fails the test.
    #>
    [CmdletBinding()]
    param(
        [Parameter(ValueFromPipeline = $true)] [AllowNull()] [AllowEmptyString()] [AllowEmptyCollection()]
        [object] $ActualValue,
        [Parameter(Position = 0)] [AllowNull()] [AllowEmptyString()] [AllowEmptyCollection()]
        [object] $Expected,
        [Parameter(Position = 1)] [string] $Because,
        [switch] $Not,
        [string] $ErrorId,
        [switch] $Be, [switch] $BeExactly, [switch] $BeTrue, [switch] $BeFalse, [switch] $BeNullOrEmpty,
        [switch] $Match, [switch] $BeLike, [switch] $Contain, [switch] $HaveCount, [switch] $BeOfType,
        [switch] $BeGreaterThan, [switch] $BeGreaterOrEqual, [switch] $BeLessThan, [switch] $BeLessOrEqual,
        [switch] $BeIn, [switch] $Exist, [switch] $Throw
    )
    begin {
        $piped = New-Object -TypeName System.Collections.ArrayList
        $operators = @($PSBoundParameters.Keys | Where-Object { $script:Operators.ContainsKey($_) })
        if ($operators.Count -ne 1) { throw 'Should takes exactly one operator.' }
        $asked = [pscustomobject] @{
            Operator = $operators[0]; Expected = $Expected; Not = [bool] $Not; Because = $Because
            ErrorId = $ErrorId
        }
    }
    process {
        if ($MyInvocation.ExpectingInput) { $null = $piped.Add($ActualValue) }
    }
    end {
        if (-not $MyInvocation.ExpectingInput -or $piped.Count -eq 0) {
            return Assert-Value -Actual $ActualValue -Asked $asked
        }
        if ($script:WholeInput -notcontains $asked.Operator) {
            foreach ($one in $piped) { Assert-Value -Actual $one -Asked $asked }
        }
        elseif ($piped.Count -eq 1) { Assert-Value -Actual $piped[0] -Asked $asked }
        else { Assert-Value -Actual $piped.ToArray() -Asked $asked }
    }
}

function Set-ItResult {
    <# .SYNOPSIS Ends the running test as skipped. The reason is printed. #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [switch] $Skipped,
        [string] $Because
    )
    if (-not $Skipped) { throw 'Set-ItResult knows -Skipped only.' }
    $reason = if ($Because) { $Because } else { 'no reason given' }
    $exception = New-Object -TypeName System.Exception -ArgumentList "is skipped, because $reason"
    $record = New-Object -TypeName System.Management.Automation.ErrorRecord `
        -ArgumentList $exception, 'PesterTestSkipped', 'InvalidResult', $reason
    throw $record
}
