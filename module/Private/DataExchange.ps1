# What is asked of Hyper-V's Data Exchange (key-value pairs, KVP). CIM only, no elevation.

# What is asked, for all VMs in one query: the class, and what of its instances the library is told.
$script:DataExchangeQuery = @{
    # What each guest says of itself and of its system. Of the items about the system the library reads the one that names it; the others are
    # nine tenths of all that would cross.
    Guest           = @{
        ClassName = 'Msvm_KvpExchangeComponent'
        Copy      = {
            param($Instance)
            foreach ($one in $Instance) {
                @{
                    vmId              = [string] $one.SystemName
                    enabledState      = [int] $one.EnabledState
                    operationalStatus = [int] @($one.OperationalStatus)[0]
                    intrinsicItems    = [string[]] @(foreach ($item in $one.GuestIntrinsicExchangeItems) { if ($item -and $item.Contains('OSName')) { $item } })
                    guestItems        = [string[]] @($one.GuestExchangeItems)
                }
            }
        }
    }
    # Only what programs in each guest left for the host.
    Acknowledgement = @{
        ClassName = 'Msvm_KvpExchangeComponent'
        Copy      = {
            param($Instance)
            foreach ($one in $Instance) {
                @{ vmId = [string] $one.SystemName; guestItems = [string[]] @($one.GuestExchangeItems) }
            }
        }
    }
    # What the host left for each guest, as one table. Most guests have the same items but for one, so each is in it once.
    Host            = @{
        ClassName = 'Msvm_KvpExchangeComponentSettingData'
        Copy      = {
            param($Instance)
            $known = [System.Collections.Generic.Dictionary[string, int]]::new([System.StringComparer]::Ordinal)
            $texts = [System.Collections.Generic.List[string]]::new()
            $settings = @(foreach ($one in $Instance) {
                    $items = @(foreach ($text in [string[]] @($one.HostExchangeItems)) {
                            if (-not $known.ContainsKey($text)) {
                                $known[$text] = $texts.Count
                                $texts.Add($text)
                            }
                            $known[$text]
                        })
                    @{ instanceId = [string] $one.InstanceID; items = $items }
                })
            @{ texts = $texts; settings = $settings }
        }
    }
}

function Get-DataExchange {
    # Asks Data Exchange once for all VMs.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [ValidateSet('Guest', 'Acknowledgement', 'Host')]
        [string] $About
    )
    $asked = $script:DataExchangeQuery[$About]
    Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Get-CimInstance $($asked.ClassName)" -Script {
        CimCmdlets\Get-CimInstance -Namespace 'root/virtualization/v2' -ClassName $asked.ClassName -ErrorAction Continue
    } -Copy $asked.Copy
}

function Write-DataExchangeWarning {
    # Tells why nothing is known of any guest's side of Data Exchange: what is said of the guests afterwards does not.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Get-DataExchange -About Guest.
        [Parameter(Mandatory)]
        [object] $Failure
    )
    $Cmdlet.WriteWarning("$($Failure.message) Nothing is known of what the guests tell Hyper-V through Data Exchange. $($Failure.remedy)")
}
