function Receive-GuestDelivery {
    <#
    .SYNOPSIS
        Waits for what guests answer to their block; all wait together, and each look is one question for all.
    .PARAMETER Visit
        What the run brings along, of New-GuestVisit.
    .PARAMETER Delivery
        What the guests were sent, of the library.
    .OUTPUTS
        Ragnatramp.GuestAnswer or the library's own answer, one per guest, once the time is over also of the silent ones.
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
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ($awaited.Count -gt 0) {
        $request = @{
            awaited  = @($awaited.Values)
            exchange = (Get-GuestExchange -Cmdlet $Visit.Cmdlet -About Answer).Output
            wait     = @{ bound = $Visit.TimeoutSeconds; waited = $watch.Elapsed.TotalSeconds }
        }
        $answer = Invoke-RagnaNative guest_delivered (ConvertTo-Json -Compress -Depth 4 -InputObject $request)
        if ($null -ne $answer.Failure) {
            foreach ($name in $awaited.Keys) { New-GuestAnswer -Machine $name -Door 'KeyValuePair' -Status 'failed' -Failure $answer.Failure }
            return
        }
        foreach ($told in ($answer.Json | ConvertFrom-Json).items) {
            $told
            $awaited.Remove($told.machineName)
        }
        if ($awaited.Count -gt 0) { Start-Sleep -Milliseconds 200 }
    }
}
