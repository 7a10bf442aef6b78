function ConvertFrom-DirectError {
    <#
    .SYNOPSIS
        Says in the module's words why a guest could not be entered, or what went wrong inside it.
    .PARAMETER Answer
        The answer, of Invoke-DirectGuest.
    .PARAMETER TimeoutSeconds
        The time it had.
    .OUTPUTS
        A failure, or nothing where there is none.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [object] $Answer,

        [Parameter(Mandatory)]
        [int] $TimeoutSeconds
    )
    $common = @{ Code = 'RECONCILE_HOSTS_FAILED'; Machine = $Answer.Guest.machineName }
    if ($Answer.TimedOut) {
        return New-RagnaFailure @common -Message "its guest did not answer PowerShell Direct within $TimeoutSeconds s." `
            -Remedy 'Look whether the guest has finished starting, then run Invoke-RagnaReconcile again.'
    }
    if ($null -eq $Answer.ErrorRecord) { return }

    $exception = $Answer.ErrorRecord.Exception.GetBaseException()
    $id = $Answer.ErrorRecord.FullyQualifiedErrorId
    $text = $exception.Message.Trim()
    if ($exception.GetType().Name -eq 'PSDirectException') {
        return New-RagnaFailure @common -Message "PowerShell Direct was refused: $text" `
            -Remedy 'Give an administrator account of the guest itself with -Credential, for example .\Administrator.'
    }
    if ($id -like 'PSSessionStateBroken*') {
        return New-RagnaFailure @common -Message "its guest does not answer PowerShell Direct: $text" `
            -Remedy 'PowerShell Direct reaches Windows guests only (Windows 10, Server 2016 or later); a Linux guest never answers it.'
    }
    if ($exception -is [System.UnauthorizedAccessException] -or $text -like '*UnauthorizedAccessException*') {
        return New-RagnaFailure @common -Message "the account may not write the guest's hosts file: $text" `
            -Remedy 'Give an administrator account of the guest with -Credential.'
    }
    New-RagnaFailure @common -Message "its hosts file could not be updated: $text" `
        -Remedy 'Nothing was written into this guest. Look at the message, then run Invoke-RagnaReconcile again.'
}
