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
    .PARAMETER Exchange
        What the guests say of themselves, of Get-GuestExchange.
    .PARAMETER Option
        GuestTransport, Credential and DryRun.
    .OUTPUTS
        One object per guest that was asked or has no door, as the library's report reads them.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '',
        Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Plan,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Exchange,

        [Parameter(Mandatory)]
        [hashtable] $Option
    )
    if ($Plan.targets.Count -eq 0) { return }
    $request = @{
        targets       = $Plan.targets
        transport     = $Option.GuestTransport
        hasCredential = $null -ne $Option.Credential
        exchange      = $Exchange
    }
    $answer = Invoke-RagnaNative guest_doors (ConvertTo-Json -Compress -Depth 4 -InputObject $request)
    if ($null -ne $answer.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $answer.Failure
        return
    }
    $entered = @{ PowerShellDirect = @(); KeyValuePair = @() }
    foreach ($guest in ($answer.Json | ConvertFrom-Json).items) {
        if ($null -eq $guest.door) {
            $guest.skipped
        } elseif ($Cmdlet.ShouldProcess($guest.target, $Plan.writeOperation)) {
            $entered[$guest.door] += $guest
        } else {
            $status = if ($Option.DryRun) { 'planned' } else { 'skipped' }
            New-GuestAnswer -Guest $guest -Status $status -Reason 'declined'
        }
    }
    $block = $Plan.report.hostsBlock
    if ($entered.KeyValuePair.Count -gt 0) {
        Sync-ExchangeGuest -Cmdlet $Cmdlet -Guest $entered.KeyValuePair -Block $block
    }
    if ($entered.PowerShellDirect.Count -gt 0) {
        Sync-DirectGuest -Cmdlet $Cmdlet -Guest $entered.PowerShellDirect -Block $block -Credential $Option.Credential
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
    $answer = @{ machineName = $Guest.machineName; status = $Status; door = $Guest.door }
    if ($Reason) { $answer.reason = $Reason }
    if ($null -ne $Failure) {
        $answer.message = $Failure.message
        $answer.remedy = $Failure.remedy
    }
    [pscustomobject] $answer
}
