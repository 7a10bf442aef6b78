# A clock that runs while Hyper-V is at work, and functions in Hyper-V's and Start-Sleep's place that let it run.

function New-Clock {
    <#
    .SYNOPSIS
        A clock: Away (the time that is not ours), Looks (how often Get-VM was asked).
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param()
    [pscustomobject]@{ Away = [System.Diagnostics.Stopwatch]::new(); Looks = 0 }
}

function Start-Clock {
    <#
    .SYNOPSIS
        Sets a clock to nothing and has it measure from now on.
    .DESCRIPTION
        The functions are global ones, which go before cmdlets and before the functions of an imported module wherever a
        command is called by its plain name. What they answer is collected before the clock stops, so nothing of it is
        streamed through the caller's pipeline while the clock runs.
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
    foreach ($name in 'Get-VM', 'Get-VMNetworkAdapter', 'Get-NetNeighbor') {
        $asked = Get-Command -Name "Hyper-V\$name"
        $isLook = $name -eq 'Get-VM'
        $timed = {
            $clock.Away.Start()
            try {
                if ($isLook) { $clock.Looks++ }
                $found = @(& $asked @args)
            } finally {
                $clock.Away.Stop()
            }
            $found
        }.GetNewClosure()
        Set-Item -Path "function:global:$name" -Value $timed
    }
    foreach ($name in $Exchange.Functions.Keys) {
        $asked = $Exchange.Functions[$name]
        $timed = {
            $clock.Away.Start()
            try { $found = @(& $asked @args) } finally { $clock.Away.Stop() }
            $found
        }.GetNewClosure()
        Set-Item -Path "function:global:$name" -Value $timed
    }
    Set-Item -Path 'function:global:Start-Sleep' -Value {}
}
