# The tree that discovery builds: blocks hold children (blocks and tests) in the order in which they are written.

function Get-NewTestItem {
    <# .SYNOPSIS A block or a test. Item is its -ForEach element, Variables what a hashtable element defines. #>
    param([string] $Kind, [string] $Template, [scriptblock] $Body, [object] $Parent, [bool] $Skip)
    [pscustomobject] @{
        Kind       = $Kind
        Template   = $Template
        Body       = $Body
        Parent     = $Parent
        Skip       = $Skip -or ($null -ne $Parent -and $Parent.Skip)
        HasItem    = $false
        Item       = $null
        Variables  = @{}
        Children   = New-Object -TypeName System.Collections.ArrayList
        BeforeAll  = New-Object -TypeName System.Collections.ArrayList
        AfterAll   = New-Object -TypeName System.Collections.ArrayList
        BeforeEach = New-Object -TypeName System.Collections.ArrayList
        AfterEach  = New-Object -TypeName System.Collections.ArrayList
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
