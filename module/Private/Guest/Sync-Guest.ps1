function Sync-Guest {
    <#
    .SYNOPSIS
        Brings the hosts file of every guest of a plan up to date, each through the door that reaches it.
    .DESCRIPTION
        The library says for each guest which door it has, or why it has none. The person is asked (or, under -WhatIf,
        told) per guest. One guest's failure is its own; the others go on.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Plan
        The plan, of the library.
    .PARAMETER Option
        GuestTransport, Credential and DryRun.
    .OUTPUTS
        One object per guest, as the library reads them: machineName, status, door, reason, failure.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Plan,

        [Parameter(Mandatory)]
        [hashtable] $Option
    )
    if ($Plan.guests.Count -eq 0) { return }
    $request = @{
        guests        = $Plan.guests
        transport     = $Option.GuestTransport
        hasCredential = $null -ne $Option.Credential
        exchange      = @((Get-GuestExchange -Cmdlet $Cmdlet).Output)
    }
    $answer = Invoke-RagnaNative guest_doors (ConvertTo-Json -Compress -Depth 5 -InputObject $request)
    if ($null -ne $answer.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $answer.Failure
        return
    }
    $entered = @{ PowerShellDirect = @(); KeyValuePair = @() }
    foreach ($guest in ($answer.Json | ConvertFrom-Json)) {
        if ($null -eq $guest.door) {
            New-GuestAnswer -Guest $guest -Status 'skipped' -Reason $guest.reason
        } elseif ($Cmdlet.ShouldProcess("$($guest.machineName) ($($guest.vmName))", $Plan.syncAction)) {
            $entered[$guest.door] += $guest
        } elseif ($Option.DryRun) {
            New-GuestAnswer -Guest $guest -Status 'planned'
        } else {
            New-GuestAnswer -Guest $guest -Status 'skipped' -Reason 'declined'
        }
    }
    if ($entered.PowerShellDirect.Count -gt 0) {
        Sync-DirectGuest -Cmdlet $Cmdlet -Guest $entered.PowerShellDirect -Block $Plan.hostsBlock -Credential $Option.Credential
    }
}

function New-GuestAnswer {
    # What became of one guest, as the library's report reads it.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [object] $Guest,

        [Parameter(Mandatory)]
        [string] $Status,

        [string] $Reason,

        [object] $Failure
    )
    [pscustomobject]@{
        machineName = $Guest.machineName
        status      = $Status
        door        = $Guest.door
        reason      = if ($Reason) { $Reason }
        failure     = $Failure
    }
}
