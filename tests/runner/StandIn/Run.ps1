# The second phase: walks the tree and gives a record per test.

function Get-FullName {
    <# .SYNOPSIS The names from the outermost block to this one, joined by dots. #>
    param([object] $Target, [string] $Name)
    if ($null -eq $Target.Parent -or $Target.Parent.Kind -eq 'Root') { return $Name }
    '{0}.{1}' -f (Get-FullName -Target $Target.Parent -Name $Target.Parent.Template), $Name
}

function Test-Selected {
    <# .SYNOPSIS Whether the filter takes this test, or any test of this block. #>
    param([object] $Target, [string] $Filter)
    if ($Filter -eq '*') { return $true }
    if ($Target.Kind -ne 'Root' -and (Get-FullName -Target $Target -Name $Target.Template) -like $Filter) { return $true }
    # A block whose name fits takes all that is in it.
    for ($above = $Target.Parent; $null -ne $above -and $above.Kind -ne 'Root'; $above = $above.Parent) {
        if ((Get-FullName -Target $above -Name $above.Template) -like $Filter) { return $true }
    }
    foreach ($child in $Target.Children) {
        if (Test-Selected -Target $child -Filter $Filter) { return $true }
    }
    $false
}

function ConvertTo-NameTemplate {
    <# .SYNOPSIS Turns <name> in a test's name into what ExpandString expands, and keeps everything else as it is. #>
    param([string] $Name)
    # The backtick first: it is the escape of the two others.
    $safe = $Name.Replace('$', '`$').Replace('"', '`"')
    $expanded = [regex]::Replace($safe, '(?<!`)<([^<>`]+)>', '$$($$$1)')
    $expanded.Replace('`<', '<').Replace('`>', '>')
}

function Get-FailurePlace {
    <# .SYNOPSIS The line of the test file where an error came from, else the innermost line known. #>
    param([Management.Automation.ErrorRecord] $ErrorRecord, [string] $Path)
    $trace = @($ErrorRecord.ScriptStackTrace -split '\r?\n')
    foreach ($line in $trace) {
        if ($line.IndexOf($Path, [StringComparison]::OrdinalIgnoreCase) -ge 0) { return $line -replace '^at .*?, ', '' }
    }
    $trace[0] -replace '^at .*?, ', ''
}

function Add-TestRecord {
    <# .SYNOPSIS Notes one result. #>
    param([object] $Run, [string] $Name, [string] $Result, [string] $Message = '', [string] $Place = '')
    $null = $Run.Records.Add([pscustomobject] @{ Name = $Name; Result = $Result; Message = $Message; Place = $Place })
}

function Add-UnrunTest {
    <# .SYNOPSIS Notes every selected test of a block, and of the blocks in it, as failed. #>
    param([object] $Block, [object] $Run, [string] $Message, [string] $Place)
    foreach ($child in $Block.Children) {
        if (-not (Test-Selected -Target $child -Filter $Run.Filter)) { continue }
        if ($child.Kind -eq 'Block') {
            Add-UnrunTest -Block $child -Run $Run -Message $Message -Place $Place
        }
        else {
            $name = Get-FullName -Target $child -Name $child.Template
            Add-TestRecord -Run $Run -Name $name -Result 'Failed' -Message $Message -Place $Place
        }
    }
}

function Invoke-TestItem {
    <# .SYNOPSIS Runs one test and then the AfterEach of all blocks around it. #>
    param([object] $Test, [object] $Run, [string] $Prefix)
    if ($Test.Skip) {
        $name = $Prefix + $Test.Template
        return Add-TestRecord -Run $Run -Name $name -Result 'Skipped' -Message 'marked -Skip'
    }
    $after = New-Object -TypeName System.Collections.ArrayList
    for ($block = $Test.Parent; $null -ne $block; $block = $block.Parent) { $after.AddRange($block.AfterEach) }
    $step = [pscustomobject] @{
        Template = ConvertTo-NameTemplate -Name $Test.Template
        Name = $Test.Template; Body = $Test.Body; AfterEach = $after
        HasItem = $Test.HasItem; Item = $Test.Item; Variables = $Test.Variables; Error = $null
    }
    & $script:Scope.Test $step
    $name = $Prefix + $step.Name
    if ($null -eq $step.Error) {
        Add-TestRecord -Run $Run -Name $name -Result 'Passed'
    }
    elseif ($step.Error.FullyQualifiedErrorId -eq 'PesterTestSkipped') {
        Add-TestRecord -Run $Run -Name $name -Result 'Skipped' -Message $step.Error.TargetObject
    }
    else {
        $place = Get-FailurePlace -ErrorRecord $step.Error -Path $Run.Path
        Add-TestRecord -Run $Run -Name $name -Result 'Failed' -Message ([string] $step.Error) -Place $place
    }
}

function Invoke-TestBlock {
    <# .SYNOPSIS Runs one block: BeforeAll, what is in it, AfterAll. #>
    param([object] $Block, [object] $Run, [string] $Prefix)
    $drive = Get-TestDriveContent -Run $Run
    $step = [pscustomobject] @{
        Template = ConvertTo-NameTemplate -Name $Block.Template
        Name = $Block.Template; Block = $Block; Run = $Run; Prefix = $Prefix; Inside = $script:InsideBlock
        BeforeAll = $Block.BeforeAll; AfterAll = $Block.AfterAll; SetupError = $null; TeardownError = $null
        HasItem = $Block.HasItem; Item = $Block.Item; Variables = $Block.Variables
    }
    & $script:Scope.Block $step
    if ($null -ne $step.TeardownError) {
        $place = Get-FailurePlace -ErrorRecord $step.TeardownError -Path $Run.Path
        Add-TestRecord -Run $Run -Name ($Prefix + $step.Name + ' (AfterAll)') -Result 'Failed' `
            -Message ([string] $step.TeardownError) -Place $place
    }
    Clear-TestDrive -Run $Run -Keep $drive
}

# Goes on inside the scope of a block, so that its tests see what its BeforeAll has set.
$script:InsideBlock = {
    param([object] $Step)
    if ($null -ne $Step.SetupError) {
        $place = Get-FailurePlace -ErrorRecord $Step.SetupError -Path $Step.Run.Path
        $message = "BeforeAll failed: $($Step.SetupError)"
        return Add-UnrunTest -Block $Step.Block -Run $Step.Run -Message $message -Place $place
    }
    $inner = if ($Step.Block.Kind -eq 'Root') { '' } else { $Step.Prefix + $Step.Name + '.' }
    foreach ($child in $Step.Block.Children) {
        if (-not (Test-Selected -Target $child -Filter $Step.Run.Filter)) { continue }
        if ($child.Kind -eq 'Block') { Invoke-TestBlock -Block $child -Run $Step.Run -Prefix $inner }
        else { Invoke-TestItem -Test $child -Run $Step.Run -Prefix $inner }
    }
}

function Invoke-StandInFile {
    <#
    .SYNOPSIS
    Runs one file in both phases and gives its records.
    .PARAMETER Scope
    The script blocks of Scopes.ps1, made in the session in which the tests are to run.
    #>
    param(
        [Parameter(Mandatory = $true)] [string] $Path,
        [string] $Filter = '*',
        [Parameter(Mandatory = $true)] [hashtable] $Scope
    )
    $script:Scope = $Scope
    $root = Get-NewTestItem -Kind 'Root' -Template ([IO.Path]::GetFileName($Path)) -Body $null -Parent $null -Skip $false
    $run = [pscustomobject] @{
        Path = $Path; Filter = $Filter; Drive = ''; Records = New-Object -TypeName System.Collections.ArrayList
    }
    $script:Current = $root
    try { $null = & $Scope.File ([pscustomobject] @{ Path = $Path }) }
    catch {
        $place = Get-FailurePlace -ErrorRecord $_ -Path $Path
        Add-TestRecord -Run $run -Name "$($root.Template) (discovery)" -Result 'Failed' -Message ([string] $_) -Place $place
        return $run.Records.ToArray()
    }
    finally { $script:Current = $null }
    if (-not (Test-Selected -Target $root -Filter $Filter)) { return }
    Enter-TestDrive -Run $run
    try { Invoke-TestBlock -Block $root -Run $run -Prefix '' }
    finally { Exit-TestDrive -Run $run }
    $run.Records.ToArray()
}
