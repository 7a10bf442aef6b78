function New-GuestAnswer {
    <#
    .SYNOPSIS
        What became of one guest, in the shape in which the library's report reads it and its own answers come.
    .PARAMETER Machine
        The machine's name.
    .PARAMETER Door
        The door that was taken.
    .PARAMETER Status
        synced, unchanged, planned, skipped (with a reason) or failed (with a failure).
    .PARAMETER Reason
        Why it was skipped, as a word.
    .PARAMETER Failure
        Why it failed, of the library or of New-RagnaFailure.
    .OUTPUTS
        Ragnatramp.GuestAnswer: machineName, status, door, reason, message, remedy, warnings.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestAnswer')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $Machine,

        [Parameter(Mandatory)]
        [string] $Door,

        [Parameter(Mandatory)]
        [ValidateSet('synced', 'unchanged', 'planned', 'skipped', 'failed')]
        [string] $Status,

        [string] $Reason,

        [object] $Failure
    )
    [pscustomobject]@{
        PSTypeName  = 'Ragnatramp.GuestAnswer'
        machineName = $Machine
        status      = $Status
        door        = $Door
        reason      = if ($Reason) { $Reason }
        message     = if ($null -ne $Failure) { $Failure.message }
        remedy      = if ($null -ne $Failure) { $Failure.remedy }
        warnings    = @()
    }
}
