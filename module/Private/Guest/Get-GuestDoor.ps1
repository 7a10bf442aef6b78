function Get-GuestDoor {
    <#
    .SYNOPSIS
        Says the way into each running guest: its door, or what is missing and the next step.
    .PARAMETER Cmdlet
        The cmdlet that asks.
    .PARAMETER Row
        The machines, of the library's machine_status.
    .OUTPUTS
        A hashtable with a text per machine name; machines that do not run are not in it.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Row
    )
    $doors = @{}
    $guests = @(foreach ($one in $Row) {
            if ($one.State -eq 'Running' -and $one.VmId -and $one.InConfig) {
                @{ machineName = $one.MachineName; vmId = $one.VmId; vmName = $one.VmName; target = $one.VmName }
            }
        })
    if ($guests.Count -eq 0) { return $doors }
    $exchange = @((Get-GuestExchange -Cmdlet $Cmdlet -About Guest).Output)
    $visit = New-GuestVisit -Cmdlet $Cmdlet -Exchange (ConvertTo-Json -Compress -Depth 3 -InputObject $exchange)
    # Which door a guest has is asked as if a credential were at hand: whoever looks has given none yet.
    $visit.HasCredential = $true
    $test = & $script:GuestDoor.Auto.Test $visit $guests
    foreach ($choice in $test.Choice) {
        $doors[$choice.machineName] = if ($null -ne $choice.door) { $choice.door } else {
            "none: $($choice.skipped.message). $($choice.skipped.remedy)"
        }
    }
    $doors
}
