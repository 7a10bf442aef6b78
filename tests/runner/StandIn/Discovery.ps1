# The first phase: the words of a test file, which only note down what there is.

$script:Current = $null
$script:Scope = $null

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
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'Tag',
        Justification = 'Accepted as Pester has it; the stand-in filters by name only.')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [Parameter(Mandatory = $true, Position = 1)] [scriptblock] $Fixture,
        [Alias('Tags')] [string[]] $Tag,
        [Alias('ForEach')] [AllowNull()] [AllowEmptyCollection()] [object[]] $Case,
        [switch] $Skip
    )
    $perItem = $PSBoundParameters.ContainsKey('Case')
    Add-TestItem -Kind 'Block' -Name $Name -Body $Fixture -Skip $Skip -PerItem $perItem -Items $Case
}

function Context {
    <# .SYNOPSIS A block within a block. #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'Tag',
        Justification = 'Accepted as Pester has it; the stand-in filters by name only.')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [Parameter(Mandatory = $true, Position = 1)] [scriptblock] $Fixture,
        [Alias('Tags')] [string[]] $Tag,
        [Alias('ForEach')] [AllowNull()] [AllowEmptyCollection()] [object[]] $Case,
        [switch] $Skip
    )
    $perItem = $PSBoundParameters.ContainsKey('Case')
    Add-TestItem -Kind 'Block' -Name $Name -Body $Fixture -Skip $Skip -PerItem $perItem -Items $Case
}

function It {
    <# .SYNOPSIS One test. #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', 'Tag',
        Justification = 'Accepted as Pester has it; the stand-in filters by name only.')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Name,
        [Parameter(Position = 1)] [scriptblock] $Test,
        [Alias('ForEach', 'TestCases')] [AllowNull()] [AllowEmptyCollection()] [object[]] $Case,
        [Alias('Tags')] [string[]] $Tag,
        [switch] $Skip
    )
    if ($null -eq $Test) { throw "It '$Name' has no script block. Does its brace stand on the next line?" }
    $perItem = $PSBoundParameters.ContainsKey('Case')
    Add-TestItem -Kind 'Test' -Name $Name -Body $Test -Skip $Skip -PerItem $perItem -Items $Case
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

function BeforeEach {
    <# .SYNOPSIS Runs before every test of its block and of the blocks in it. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $Scriptblock)
    $null = $script:Current.BeforeEach.Add($Scriptblock)
}

function AfterEach {
    <# .SYNOPSIS Runs after every test of its block and of the blocks in it, whatever became of them. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $Scriptblock)
    $null = $script:Current.AfterEach.Add($Scriptblock)
}
