# The first phase: the words of a test file, which only note down what there is: a tree whose blocks hold children (blocks
# and tests) in the order in which they are written. tools/lint/stand-in-words.txt lists the words: no more
# than the test files use.

$script:Current = $null
$script:Scope = $null

function Get-NewTestItem {
    <# .SYNOPSIS A block or a test. Item is its -ForEach element, Variables what a hashtable element defines. #>
    param([string] $Kind, [string] $Template, [scriptblock] $Body, [object] $Parent, [bool] $Skip)
    [pscustomobject] @{
        Kind      = $Kind
        Template  = $Template
        Body      = $Body
        Parent    = $Parent
        Skip      = $Skip
        HasItem   = $false
        Item      = $null
        Variables = @{}
        Children  = New-Object -TypeName System.Collections.ArrayList
        BeforeAll = New-Object -TypeName System.Collections.ArrayList
        AfterAll  = New-Object -TypeName System.Collections.ArrayList
        AfterEach = New-Object -TypeName System.Collections.ArrayList
    }
}

function Add-TestItemData {
    <# .SYNOPSIS Gives a block or test its -ForEach element. #>
    param([object] $Target, [object] $Data)
    $Target.HasItem = $true
    $Target.Item = $Data
    if ($Data -is [Collections.IDictionary]) {
        foreach ($key in $Data.Keys) { $Target.Variables[[string] $key] = $Data[$key] }
    }
}

function Add-TestItem {
    <# .SYNOPSIS Notes a block or a test, once per -ForEach element. #>
    param([string] $Kind, [string] $Name, [scriptblock] $Body, [bool] $Skip, [bool] $PerItem, [object[]] $Items)
    if ($null -eq $script:Current) { throw "$Kind can only stand in a test file that the runner runs." }
    if ($Kind -eq 'Test' -and $script:Current.Kind -ne 'Block') { throw "It '$Name' stands outside of Describe." }
    if ($PerItem -and ($null -eq $Items -or $Items.Count -eq 0)) {
        throw "-ForEach of '$Name' is empty: nothing would be tested."
    }
    $datum = @($null)
    if ($PerItem) { $datum = $Items }
    foreach ($one in $datum) {
        $new = Get-NewTestItem -Kind $Kind -Template $Name -Body $Body -Parent $script:Current -Skip $Skip
        if ($PerItem) { Add-TestItemData -Target $new -Data $one }
        $null = $script:Current.Children.Add($new)
        if ($Kind -eq 'Block') {
            $script:Current = $new
            try { & $script:Scope.Body $new }
            finally { $script:Current = $new.Parent }
        }
    }
}

function Describe {
    <# .SYNOPSIS A block of tests. #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidAssignmentToAutomaticVariable', '', Justification = 'Pester names it so.')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [Parameter(Mandatory = $true, Position = 1)] [scriptblock] $Fixture,
        [AllowNull()] [AllowEmptyCollection()] [object[]] $ForEach
    )
    $perItem = $PSBoundParameters.ContainsKey('ForEach')
    Add-TestItem -Kind 'Block' -Name $Name -Body $Fixture -PerItem $perItem -Items $PSBoundParameters['ForEach']
}

function Context {
    <# .SYNOPSIS A block within a block. #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [Parameter(Mandatory = $true, Position = 1)] [scriptblock] $Fixture
    )
    Add-TestItem -Kind 'Block' -Name $Name -Body $Fixture
}

function It {
    <# .SYNOPSIS One test. #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidAssignmentToAutomaticVariable', '', Justification = 'Pester names it so.')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [Parameter(Position = 1)] [scriptblock] $Test,
        [AllowNull()] [AllowEmptyCollection()] [object[]] $ForEach,
        [switch] $Skip
    )
    if ($null -eq $Test) { throw "It '$Name' has no script block. Does its brace stand on the next line?" }
    $perItem = $PSBoundParameters.ContainsKey('ForEach')
    Add-TestItem -Kind 'Test' -Name $Name -Body $Test -Skip $Skip -PerItem $perItem -Items $PSBoundParameters['ForEach']
}

function BeforeDiscovery {
    <# .SYNOPSIS Runs at once, in the place where it stands. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $ScriptBlock)
    . $ScriptBlock
}

function BeforeAll {
    <# .SYNOPSIS Runs once before the tests of its block. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $Scriptblock)
    $null = $script:Current.BeforeAll.Add($Scriptblock)
}

function AfterAll {
    <# .SYNOPSIS Runs once after the tests of its block, whatever became of them. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $Scriptblock)
    $null = $script:Current.AfterAll.Add($Scriptblock)
}

function AfterEach {
    <# .SYNOPSIS Runs after every test of its block and of the blocks in it, whatever became of them. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $Scriptblock)
    $null = $script:Current.AfterEach.Add($Scriptblock)
}
