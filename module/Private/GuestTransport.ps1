# The transports into a guest. Which of them reaches a guest is the library's to say (`guest_transports`); one more is one
# more entry here. Each takes the run (Ragnatramp.Run, of Invoke-ConfigReconcile) and the guests, all at once:
#
#   Read   The hosts files as they are: one Ragnatramp.GuestFile per guest. Null where a transport cannot read.
#   Apply  Brings the hosts files up to date, all guests side by side: one result per guest, of New-GuestResult, except for
#          those whose result the library keeps.
$script:GuestTransport = @{
    KeyValuePair     = @{
        Read  = $null
        Apply = { param($Run, $Guest) Sync-KvpGuest -Run $Run -Guest $Guest }
    }
    PowerShellDirect = @{
        Read  = { param($Run, $Guest) Read-DirectGuest -Run $Run -Guest $Guest }
        Apply = { param($Run, $Guest) Sync-DirectGuest -Run $Run -Guest $Guest }
    }
}

function Sync-Guest {
    # Brings the hosts file of every guest of a plan up to date, each through the transport that reaches it. The user is
    # asked (or told, under -WhatIf) per guest. One guest's failure is its own; the others go on.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '',
        Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # The library's `diff`.
        [Parameter(Mandatory)]
        [object] $Plan
    )
    if ($Plan.targets.Count -eq 0) { return }
    $chosen = Invoke-RagnaExport guest_transports -Lab $Run.Lab @{
        transport     = $Run.GuestTransport
        hasCredential = $null -ne $Run.Credential
    }
    if ($null -ne $chosen.Failure) {
        Write-RagnaFailure -Cmdlet $Run.Cmdlet -Failure $chosen.Failure
        return
    }
    $accepted = @{}
    foreach ($guest in $chosen.Response.items) {
        $transport = $guest.transport
        if ($null -eq $transport) { continue }
        if ($Run.Cmdlet.ShouldProcess($guest.target, $Plan.writeOperation)) {
            if (-not $accepted.ContainsKey($transport)) { $accepted[$transport] = [System.Collections.Generic.List[object]]::new() }
            $accepted[$transport].Add($guest)
        } else {
            $status = if ($Run.DryRun) { 'planned' } else { 'skipped' }
            New-GuestResult -Machine $guest.machineName -Transport $transport -Status $status -Reason 'declined'
        }
    }
    foreach ($transport in $accepted.Keys) { & $script:GuestTransport[$transport].Apply $Run $accepted[$transport] }
}

function New-GuestResult {
    # What became of one guest, as the library's `report` takes it.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $Machine,

        [Parameter(Mandatory)]
        [string] $Transport,

        [Parameter(Mandatory)]
        [ValidateSet('synced', 'unchanged', 'planned', 'skipped', 'failed')]
        [string] $Status,

        [string] $Reason,

        [object] $Failure
    )
    [pscustomobject]@{
        PSTypeName  = 'Ragnatramp.GuestResult'
        machineName = $Machine
        status      = $Status
        transport   = $Transport
        reason      = if ($Reason) { $Reason }
        message     = if ($null -ne $Failure) { $Failure.message }
        remedy      = if ($null -ne $Failure) { $Failure.remedy }
        warnings    = @()
    }
}
