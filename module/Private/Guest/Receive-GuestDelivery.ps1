function Receive-GuestDelivery {
    <#
    .SYNOPSIS
        Waits for what guests answer to their block; all wait together, and each look is one question for all.
    .PARAMETER Visit
        What the run brings along, of New-GuestVisit.
    .PARAMETER Delivery
        What the guests were sent, of the library.
    .OUTPUTS
        Ragnatramp.GuestAnswer or the library's own answer, one per guest; who stays silent has failed.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestAnswer')]
    param(
        [Parameter(Mandatory)]
        [object] $Visit,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Delivery
    )
    $awaited = @{}
    foreach ($one in $Delivery) { $awaited[$one.machineName] = $one }
    $remedy = 'The names stay there for it. Look inside the guest: systemctl status ragnatramp-guest.path; ' +
    'where cron starts the script, it answers within a minute, and the next run sees it.'
    $failure = $null
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ($awaited.Count -gt 0) {
        $request = @{ awaited = @($awaited.Values); exchange = (Get-GuestExchange -Cmdlet $Visit.Cmdlet -About Answer).Output }
        $answer = Invoke-RagnaNative guest_delivered (ConvertTo-Json -Compress -Depth 4 -InputObject $request)
        if ($null -ne $answer.Failure) { $failure = $answer.Failure; break }
        foreach ($told in ($answer.Json | ConvertFrom-Json).items) {
            $told
            $awaited.Remove($told.machineName)
        }
        if ($watch.Elapsed.TotalSeconds -ge $Visit.TimeoutSeconds) { break }
        if ($awaited.Count -gt 0) { Start-Sleep -Milliseconds 200 }
    }
    foreach ($name in $awaited.Keys) {
        $silent = if ($null -ne $failure) { $failure } else {
            New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $name -Remedy $remedy `
                -Message "its guest was sent the names and did not answer within $($Visit.TimeoutSeconds) s."
        }
        New-GuestAnswer -Machine $name -Door 'KeyValuePair' -Status 'failed' -Failure $silent
    }
}
