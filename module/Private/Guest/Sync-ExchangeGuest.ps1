function Sync-ExchangeGuest {
    <#
    .SYNOPSIS
        Brings the hosts files of guests up to date through Hyper-V's Data Exchange.
    .DESCRIPTION
        Leaves the block as key-value pairs of each VM, in the calls and the order that the library says, and waits for
        the answers of the scripts inside. Where everything stands there already and was answered for, nothing is sent.
        CIM only; needs no elevation and no credential.
    .PARAMETER Visit
        What the run brings along, of New-GuestVisit.
    .PARAMETER Guest
        The guests: machineName, vmId, vmName, target.
    .OUTPUTS
        Ragnatramp.GuestAnswer or the library's own answer, one per guest.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestAnswer')]
    param(
        [Parameter(Mandatory)]
        [object] $Visit,

        [Parameter(Mandatory)]
        [object[]] $Guest
    )
    $left = Get-GuestExchange -Cmdlet $Visit.Cmdlet -About Host
    $failure = $left.Failure
    if ($null -eq $failure) {
        $request = @{
            targets  = $Guest
            block    = $Visit.Block
            settings = $left.Output
            exchange = (Get-GuestExchange -Cmdlet $Visit.Cmdlet -About Answer).Output
        }
        $answer = Invoke-RagnaNative guest_deliveries (ConvertTo-Json -Compress -Depth 4 -InputObject $request)
        $failure = $answer.Failure
    }
    if ($null -ne $failure) {
        foreach ($one in $Guest) { New-GuestAnswer -Machine $one.machineName -Door 'KeyValuePair' -Status 'failed' -Failure $failure }
        return
    }
    $all = $answer.Json | ConvertFrom-Json
    $failures = Send-GuestDelivery -Cmdlet $Visit.Cmdlet -Delivery $all.items -Parcel $all.parcels
    foreach ($name in $failures.Keys) {
        New-GuestAnswer -Machine $name -Door 'KeyValuePair' -Status 'failed' -Failure $failures[$name]
    }
    $sent = @(foreach ($one in $all.items) { if (-not $failures.ContainsKey($one.machineName)) { $one } })
    Receive-GuestDelivery -Visit $Visit -Delivery $sent
}
