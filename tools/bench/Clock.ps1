# A clock that runs while Hyper-V is at work: the simulated Hyper-V's functions let it run, and Start-Sleep returns at once.

function New-Clock {
    <#
    .SYNOPSIS
        A clock: Away (the time that is not ours), Looks (how often Get-VM was asked), Asked (the functions that are timed).
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param()
    $asked = @{}
    foreach ($name in 'Get-VM', 'Get-VMNetworkAdapter', 'Get-NetNeighbor') {
        $asked[$name] = (Get-Module -Name Hyper-V).ExportedFunctions[$name].ScriptBlock
    }
    [pscustomobject]@{ Away = [System.Diagnostics.Stopwatch]::new(); Looks = 0; Asked = $asked }
}

function Set-Function {
    # Gives a function that a loaded module exports another body.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Changes the session of a measurement.')]
    param([string] $Module, [string] $Name, [scriptblock] $Body)
    $holder = Get-Module -Name $Module | Where-Object { $_.ExportedFunctions.ContainsKey($Name) }
    & $holder { param($name, $body) Set-Item -LiteralPath "function:script:$name" -Value $body } $Name $Body
}

function Start-Clock {
    <#
    .SYNOPSIS
        Sets a clock to nothing and has it measure from now on.
    .DESCRIPTION
        The module calls each command by its module's name, so the functions of the modules that stand for Hyper-V's are given
        another body. What they answer is collected before the clock stops, so nothing of it is streamed through the caller's
        pipeline while the clock runs.
    .PARAMETER Clock
        The clock.
    .PARAMETER Exchange
        What answers for Data Exchange, of New-Exchange.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Changes the session of a measurement.')]
    param(
        [Parameter(Mandatory)]
        [object] $Clock,

        [Parameter(Mandatory)]
        [object] $Exchange
    )
    $Clock.Away.Reset()
    $Clock.Looks = 0
    $clock = $Clock
    $bodies = $Clock.Asked + $Exchange.Functions
    $modules = @{
        'Hyper-V'    = 'Get-VM', 'Get-VMNetworkAdapter'
        'NetTCPIP'   = @('Get-NetNeighbor')
        'CimCmdlets' = @($Exchange.Functions.Keys)
    }
    foreach ($module in $modules.Keys) {
        foreach ($name in $modules[$module]) {
            $asked = $bodies[$name]
            $isLook = $name -eq 'Get-VM'
            Set-Function -Module $module -Name $name -Body {
                $clock.Away.Start()
                try {
                    if ($isLook) { $clock.Looks++ }
                    $found = @(& $asked @args)
                } finally {
                    $clock.Away.Stop()
                }
                $found
            }.GetNewClosure()
        }
    }
    $utility = 'Microsoft.PowerShell.Utility'
    if (-not (Get-Module -Name $utility | Where-Object { $_.ExportedFunctions.ContainsKey('Start-Sleep') })) {
        Import-Module -Name $utility -Global
        Import-Module -Global -ModuleInfo (New-Module -Name $utility { Set-Item -LiteralPath 'function:script:Start-Sleep' -Value {} })
    }
}
