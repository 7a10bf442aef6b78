function Get-GuestExchange {
    <#
    .SYNOPSIS
        Asks Hyper-V once for what all guests say of themselves through Data Exchange.
    .PARAMETER Cmdlet
        The cmdlet that asks.
    .OUTPUTS
        Ragnatramp.HyperVAnswer; Output holds one plain object per VM. A failure leaves it empty: nothing is known then.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVAnswer')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet
    )
    Invoke-HyperVCall -Cmdlet $Cmdlet -Question 'Get-CimInstance Msvm_KvpExchangeComponent' -Script {
        $component = @{ Namespace = 'root/virtualization/v2'; ClassName = 'Msvm_KvpExchangeComponent' }
        foreach ($exchange in @(Get-CimInstance @component -ErrorAction Stop)) {
            [pscustomobject]@{
                vmId              = [string] $exchange.SystemName
                enabledState      = [int] $exchange.EnabledState
                operationalStatus = [int] @($exchange.OperationalStatus)[0]
                intrinsicItems    = [string[]] @($exchange.GuestIntrinsicExchangeItems)
                guestItems        = [string[]] @($exchange.GuestExchangeItems)
            }
        }
    }
}

function Get-GuestExchangeSetting {
    <#
    .SYNOPSIS
        Asks Hyper-V once for the key-value pairs that the host left for all guests.
    .PARAMETER Cmdlet
        The cmdlet that asks.
    .OUTPUTS
        Ragnatramp.HyperVAnswer; Output holds one plain object per VM.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVAnswer')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet
    )
    Invoke-HyperVCall -Cmdlet $Cmdlet -Question 'Get-CimInstance Msvm_KvpExchangeComponentSettingData' -Script {
        $setting = @{ Namespace = 'root/virtualization/v2'; ClassName = 'Msvm_KvpExchangeComponentSettingData' }
        foreach ($exchange in @(Get-CimInstance @setting -ErrorAction Stop)) {
            [pscustomobject]@{
                instanceId = [string] $exchange.InstanceID
                hostItems  = [string[]] @($exchange.HostExchangeItems)
            }
        }
    }
}
