# What is asked of Data Exchange, for all VMs in one question: the class, and what of its instances crosses to the library.
# Tables and not objects, since there may be hundreds, many times.
$script:GuestExchange = @{
    # What each guest says of itself and of its system.
    Guest  = @{
        ClassName = 'Msvm_KvpExchangeComponent'
        Copy      = {
            param($Instance)
            foreach ($one in $Instance) {
                @{
                    vmId              = [string] $one.SystemName
                    enabledState      = [int] $one.EnabledState
                    operationalStatus = [int] @($one.OperationalStatus)[0]
                    intrinsicItems    = [string[]] @($one.GuestIntrinsicExchangeItems)
                    guestItems        = [string[]] @($one.GuestExchangeItems)
                }
            }
        }
    }
    # Only what programs in each guest left for the host.
    Answer = @{
        ClassName = 'Msvm_KvpExchangeComponent'
        Copy      = {
            param($Instance)
            foreach ($one in $Instance) {
                @{ vmId = [string] $one.SystemName; guestItems = [string[]] @($one.GuestExchangeItems) }
            }
        }
    }
    # What the host left for each guest.
    Host   = @{
        ClassName = 'Msvm_KvpExchangeComponentSettingData'
        Copy      = {
            param($Instance)
            foreach ($one in $Instance) {
                @{ instanceId = [string] $one.InstanceID; hostItems = [string[]] @($one.HostExchangeItems) }
            }
        }
    }
}

function Get-GuestExchange {
    <#
    .SYNOPSIS
        Asks Hyper-V once for one side of Data Exchange, for all VMs.
    .PARAMETER Cmdlet
        The cmdlet that asks.
    .PARAMETER About
        Guest, Answer or Host: see above.
    .OUTPUTS
        Ragnatramp.HyperVAnswer; Output holds one table per VM. A failure leaves it empty: nothing is known then.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVAnswer')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [ValidateSet('Guest', 'Answer', 'Host')]
        [string] $About
    )
    $asked = $script:GuestExchange[$About]
    Invoke-HyperVCall -Cmdlet $Cmdlet -Question "Get-CimInstance $($asked.ClassName)" -Script {
        & $asked.Copy @(Get-CimInstance -Namespace 'root/virtualization/v2' -ClassName $asked.ClassName -ErrorAction Stop)
    }
}
