# What PowerShell calls the kind of each failure; all else is NotSpecified.
$script:RagnaErrorCategory = @{
    CONFIG_NOT_FOUND              = 'ObjectNotFound'
    CONFIG_INVALID_YAML           = 'SyntaxError'
    CONFIG_VALIDATION_FAILED      = 'InvalidData'
    STATE_NOT_FOUND               = 'ObjectNotFound'
    STATE_CORRUPTED               = 'InvalidData'
    STATE_CONFLICT                = 'ResourceExists'
    STATE_LOCKED                  = 'ResourceBusy'
    STATE_IO_FAILED               = 'WriteError'
    OWNERSHIP_VERIFICATION_FAILED = 'SecurityError'
    RECONCILE_IP_FAILED           = 'OperationTimeout'
    RECONCILE_HOSTS_FAILED        = 'WriteError'
    MACHINE_NOT_FOUND             = 'ObjectNotFound'
    HYPERV_NOT_AVAILABLE          = 'NotInstalled'
    HYPERV_ERROR                  = 'ResourceUnavailable'
    PERMISSION_DENIED             = 'PermissionDenied'
    LIBRARY_NOT_FOUND             = 'ObjectNotFound'
    LIBRARY_UNUSABLE              = 'InvalidOperation'
    CONFIG_NOT_WRITTEN            = 'WriteError'
    GUEST_NOT_EXPORTED            = 'WriteError'
}

function ConvertTo-RagnaErrorRecord {
    <#
    .SYNOPSIS
        Turns a failure into an ErrorRecord.
    .PARAMETER Failure
        The failure, of the native library or of New-RagnaFailure.
    .PARAMETER Target
        What it is about; by default its machine, else its path.
    .OUTPUTS
        System.Management.Automation.ErrorRecord
    #>
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [object] $Failure,

        [object] $Target
    )
    $values = @{ remedy = $null; path = $null; machine = $null; text = $null }
    foreach ($property in @($Failure.PSObject.Properties) + @($Failure.place.PSObject.Properties)) {
        $values[$property.Name] = $property.Value
    }
    if ($null -eq $Target) {
        $Target = if ($values['machine']) { $values['machine'] } else { $values['path'] }
    }
    $category = $script:RagnaErrorCategory[$Failure.code]
    if (-not $category) { $category = 'NotSpecified' }

    $exception = [System.InvalidOperationException]::new($Failure.message)
    $record = [System.Management.Automation.ErrorRecord]::new($exception, $Failure.code, $category, $Target)
    # A config's faults come as text of several lines; the code stands behind the first.
    $first, $rest = if ($values['text']) { ([string] $values['text']).TrimEnd() -split '\r?\n', 2 } else { $Failure.message }
    $shown = "$first ($($Failure.code))"
    if ($rest) { $shown += [Environment]::NewLine + $rest }
    # PowerShell 7 shows the recommended action of an error by itself, Windows PowerShell does not.
    if ($PSVersionTable.PSVersion.Major -lt 7 -and $values['remedy']) { $shown += " $($values['remedy'])" }
    $details = [System.Management.Automation.ErrorDetails]::new($shown)
    $details.RecommendedAction = $values['remedy']
    $record.ErrorDetails = $details
    $record
}
