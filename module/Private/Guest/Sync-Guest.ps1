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
        The plan, as the library's diff answers it.
    .PARAMETER Exchange
        What the guests say of themselves, as JSON.
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
        [string] $Exchange,

        [Parameter(Mandatory)]
        [hashtable] $Option
    )
    if ($Plan.targets.Count -eq 0) { return }
    $visit = New-GuestVisit -Cmdlet $Cmdlet -Exchange $Exchange -Block $Plan.hostsBlock -Credential $Option.Credential
    $test = & $script:GuestDoor[$Option.GuestTransport].Test $visit $Plan.targets
    if ($null -ne $test.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $test.Failure
        return
    }
    $entered = @{}
    foreach ($guest in $test.Choice) {
        if ($null -eq $guest.door) {
            $guest.skipped
        } elseif ($Cmdlet.ShouldProcess($guest.target, $Plan.writeOperation)) {
            if (-not $entered.ContainsKey($guest.door)) { $entered[$guest.door] = [System.Collections.Generic.List[object]]::new() }
            $entered[$guest.door].Add($guest)
        } else {
            $status = if ($Option.DryRun) { 'planned' } else { 'skipped' }
            New-GuestAnswer -Machine $guest.machineName -Door $guest.door -Status $status -Reason 'declined'
        }
    }
    foreach ($door in $entered.Keys) { & $script:GuestDoor[$door].Apply $visit $entered[$door] }
}
