function Test-GuestDoor {
    <#
    .SYNOPSIS
        Asks the library which door each guest has, or what is missing where it has none.
    .PARAMETER Transport
        The doors that count: one by its name, Auto or None.
    .PARAMETER Visit
        What the run brings along, of New-GuestVisit.
    .PARAMETER Guest
        The guests: machineName, vmId, vmName, target.
    .OUTPUTS
        Ragnatramp.GuestTest: Choice (per guest its machineName, vmId, vmName, target, door, and skipped, which is its
        answer where it has no door) and Failure.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestTest')]
    param(
        [Parameter(Mandatory)]
        [string] $Transport,

        [Parameter(Mandatory)]
        [object] $Visit,

        [Parameter(Mandatory)]
        [object[]] $Guest
    )
    $request = '{{"targets":{0},"transport":"{1}","hasCredential":{2},"exchange":{3}}}' -f
    (ConvertTo-Json -Compress -Depth 2 -InputObject $Guest), $Transport,
    $Visit.HasCredential.ToString().ToLowerInvariant(), $Visit.Exchange
    $answer = Invoke-RagnaNative guest_doors $request
    $choice = if ($null -eq $answer.Failure) { ($answer.Json | ConvertFrom-Json).items }
    [pscustomobject]@{ PSTypeName = 'Ragnatramp.GuestTest'; Choice = @($choice); Failure = $answer.Failure }
}
