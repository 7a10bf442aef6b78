function ConvertFrom-HyperVError {
    <#
    .SYNOPSIS
        Says in the module's codes and words why Hyper-V did not answer.
    .PARAMETER Record
        The error of the Hyper-V cmdlet.
    .PARAMETER Question
        What was asked.
    .OUTPUTS
        A failure, as New-RagnaFailure makes it.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record,

        [Parameter(Mandatory)]
        [string] $Question
    )
    $text = $Record.Exception.Message.Trim()
    $enable = 'Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All'
    if ($Record.Exception -is [System.Management.Automation.CommandNotFoundException]) {
        return New-RagnaFailure -Code 'HYPERV_NOT_AVAILABLE' `
            -Message "Hyper-V's PowerShell module is not installed on this computer ($Question)." `
            -Remedy "Enable Hyper-V once, from an elevated PowerShell: $enable"
    }
    $denied = $Record.CategoryInfo.Category -eq 'PermissionDenied' -or $Record.FullyQualifiedErrorId -like 'AccessDenied*'
    if ($denied) {
        return New-RagnaFailure -Code 'PERMISSION_DENIED' `
            -Message "Hyper-V refused the question $($Question): $text" `
            -Remedy "Add your account to the local group Hyper-V Administrators (SID S-1-5-32-578), then sign out and in."
    }
    New-RagnaFailure -Code 'HYPERV_ERROR' -Message "Hyper-V could not answer $($Question): $text" `
        -Remedy 'Look whether the service "Hyper-V Virtual Machine Management" runs: Get-Service vmms'
}
