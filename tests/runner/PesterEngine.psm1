# One file under the real Pester, told in the records of Invoke-TestFile.ps1.
Set-StrictMode -Version Latest

function ConvertTo-TestRecord {
    <# .SYNOPSIS Pester's test as a record. #>
    param([object] $Test)
    $first = @($Test.ErrorRecord) | Select-Object -First 1
    $message = if ($first) { $first.DisplayErrorMessage } else { '' }
    $result = switch ($Test.Result) {
        'Passed' { 'Passed' }
        'Skipped' { 'Skipped' }
        'NotRun' { return }
        default { 'Failed' }
    }
    if ($result -eq 'Skipped') {
        $message = if ($first -and $first.Exception.Message -match 'because (?<why>.*)$') { $Matches['why'] } else { 'marked -Skip' }
    }
    elseif ($result -eq 'Failed' -and -not $message) {
        $message = "$($Test.Result): its block failed before it could run."
    }
    $place = if ($Test.ScriptBlock) { '{0}: line {1}' -f $Test.ScriptBlock.File, $Test.StartLine } else { '' }
    [pscustomobject] @{ Name = $Test.ExpandedPath; Result = $result; Message = [string] $message; Place = $place }
}

function Invoke-PesterFile {
    <#
    .SYNOPSIS
    Runs one file; a failure outside of any test is a record too.
    .PARAMETER Invoke
    Invoke-Pester with a configuration, of the session in which the tests are to run.
    #>
    param([string] $Path, [string] $Filter, [string] $Version, [scriptblock] $Invoke)
    Import-Module -Name Pester -RequiredVersion $Version -Global
    $options = New-PesterConfiguration
    $options.Run.Path = $Path
    $options.Run.PassThru = $true
    $options.TestRegistry.Enabled = $false
    $options.Output.Verbosity = 'None'
    if ($Filter -ne '*') { $options.Filter.FullName = $Filter }
    # In the caller's session: a test file would see the strict mode and the variables of this module.
    $run = & $Invoke $options
    foreach ($test in $run.Tests) { ConvertTo-TestRecord -Test $test }
    foreach ($container in $run.FailedContainers) {
        if (@($container.ErrorRecord).Count -gt 0) {
            $message = [string] @($container.ErrorRecord)[0]
            [pscustomobject] @{ Name = [IO.Path]::GetFileName($Path); Result = 'Failed'; Message = $message; Place = $Path }
        }
    }
    foreach ($block in $run.FailedBlocks) {
        # A BeforeAll that failed has failed its tests already; an AfterAll has not.
        $own = @($block.Tests | Where-Object { $_.Result -eq 'Failed' }).Count
        if ($own -eq 0 -and @($block.ErrorRecord).Count -gt 0) {
            $message = [string] @($block.ErrorRecord)[0]
            $name = $block.ExpandedPath
            [pscustomobject] @{ Name = "$name (AfterAll)"; Result = 'Failed'; Message = $message; Place = $Path }
        }
    }
}

Export-ModuleMember -Function Invoke-PesterFile
