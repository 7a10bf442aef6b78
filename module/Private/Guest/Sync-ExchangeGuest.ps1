function Sync-ExchangeGuest {
    <#
    .SYNOPSIS
        Brings the hosts files of guests up to date through Hyper-V's Data Exchange.
    .DESCRIPTION
        Leaves the block as key-value pairs of each VM, in the calls and the order that the library says, and waits for
        the answers of the scripts inside. Where everything stands there already and was answered for, nothing is sent.
        All guests wait together. CIM only; needs no elevation and no credential.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Guest
        The guests: machineName, vmId, vmName, target, door.
    .PARAMETER Block
        The hosts block.
    .PARAMETER TimeoutSeconds
        How long to wait for the answers.
    .OUTPUTS
        One object per guest, as the library's report reads them.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object[]] $Guest,

        [Parameter(Mandatory)]
        [string] $Block,

        [int] $TimeoutSeconds = 5
    )
    $settings = Get-GuestExchangeSetting -Cmdlet $Cmdlet
    if ($null -ne $settings.Failure) {
        foreach ($one in $Guest) { New-GuestAnswer -Guest $one -Status 'failed' -Failure $settings.Failure }
        return
    }
    $request = @{
        targets  = @($Guest | Select-Object -Property machineName, vmId, vmName, target)
        block    = $Block
        settings = @($settings.Output)
        exchange = @((Get-GuestExchange -Cmdlet $Cmdlet).Output)
    }
    $answer = Invoke-RagnaNative guest_deliveries (ConvertTo-Json -Compress -Depth 4 -InputObject $request)
    if ($null -ne $answer.Failure) {
        foreach ($one in $Guest) { New-GuestAnswer -Guest $one -Status 'failed' -Failure $answer.Failure }
        return
    }
    $awaited = @(foreach ($delivery in @(($answer.Json | ConvertFrom-Json).items)) {
            $delivery | Add-Member -NotePropertyName door -NotePropertyValue 'KeyValuePair'
            $failure = Send-GuestDelivery -Cmdlet $Cmdlet -Delivery $delivery
            if ($null -eq $failure) { $delivery } else { New-GuestAnswer -Guest $delivery -Status 'failed' -Failure $failure }
        })
    $awaited | Where-Object { $_.PSObject.Properties['status'] }
    $awaited = @($awaited | Where-Object { -not $_.PSObject.Properties['status'] })

    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ($awaited.Count -gt 0) {
        $request = @{
            awaited  = @($awaited | Select-Object -Property machineName, vmId, vmName, target, digest, sends)
            exchange = @((Get-GuestExchange -Cmdlet $Cmdlet).Output)
        }
        $answer = Invoke-RagnaNative guest_delivered (ConvertTo-Json -Compress -Depth 4 -InputObject $request)
        if ($null -ne $answer.Failure) {
            foreach ($one in $awaited) { New-GuestAnswer -Guest $one -Status 'failed' -Failure $answer.Failure }
            return
        }
        $told = @(($answer.Json | ConvertFrom-Json).items)
        $names = @($told | ForEach-Object { $_.machineName })
        foreach ($one in $told) { $one }
        $awaited = @($awaited | Where-Object { $names -notcontains $_.machineName })
        if ($watch.Elapsed.TotalSeconds -ge $TimeoutSeconds) { break }
        if ($awaited.Count -gt 0) { Start-Sleep -Milliseconds 200 }
    }
    $remedy = 'The names stay there for it. Look inside the guest: systemctl status ragnatramp-guest.path; ' +
    'where cron starts the script, it answers within a minute, and the next run sees it.'
    foreach ($one in $awaited) {
        New-GuestAnswer -Guest $one -Status 'failed' -Failure (
            New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $one.machineName `
                -Message "its guest was sent the names and did not answer within $TimeoutSeconds s." `
                -Remedy $remedy)
    }
}
