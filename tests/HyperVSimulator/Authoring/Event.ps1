# What Hyper-V tells by itself.

function Send-SimulatedMachineEvent {
    <#
    .SYNOPSIS
    Tells every subscription of this process that a machine changed.
    #>
    [CmdletBinding()]
    param()
    $source = [AppDomain]::CurrentDomain.GetData('SimulatedHyperV.Event')
    if ($null -ne $source) { $source.Add('changed') }
}
