function Read-DirectGuest {
    <#
    .SYNOPSIS
        Reads the hosts files of Windows guests through PowerShell Direct.
    .PARAMETER Visit
        What the run brings along, of New-GuestVisit, with a credential.
    .PARAMETER Guest
        The guests: machineName, vmId.
    .OUTPUTS
        Ragnatramp.GuestFile per guest: Guest, Bytes (null where it could not be read) and Failure (else null).
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestFile')]
    param(
        [Parameter(Mandatory)]
        [object] $Visit,

        [Parameter(Mandatory)]
        [object[]] $Guest
    )
    $enter = @{ Cmdlet = $Visit.Cmdlet; Credential = $Visit.Credential; TimeoutSeconds = $Visit.TimeoutSeconds }
    $calls = @(foreach ($one in $Guest) { @{ Guest = $one; ArgumentList = @() } })
    foreach ($read in Invoke-DirectGuest @enter -Call $calls -Script $script:DirectReadScript) {
        $file = [pscustomobject]@{
            PSTypeName = 'Ragnatramp.GuestFile'
            Guest      = $read.Guest
            Bytes      = $null
            Failure    = ConvertFrom-DirectError -Answer $read -TimeoutSeconds $Visit.TimeoutSeconds
        }
        if ($null -eq $file.Failure) { $file.Bytes = [Convert]::FromBase64String($read.Output) }
        $file
    }
}
