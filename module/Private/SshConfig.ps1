# The machines' names in the ssh config of the host. What stands there, and how it gets there, is the library's.

function Update-SshConfig {
    # Brings a lab's names in the user's ssh config up to date, or takes them out where the config does not ask for them. A
    # failure is a warning: it holds up nothing.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'It asks through the cmdlet that calls it.')]
    param(
        # With Cmdlet, Lab and IsSilentDryRun.
        [Parameter(Mandatory)]
        [object] $Run,

        # Part of what the user was asked already.
        [switch] $WithoutAsking
    )
    $update = Invoke-RagnaExport ssh_config -Lab $Run.Lab @{ dryRun = $true }
    if ($null -eq $update.Failure -and $update.Response.changed) {
        if (-not $WithoutAsking -and -not (Test-CallerConsent -Run $Run -Target $update.Response.path -Operation $update.Response.operation)) { return }
        $update = Invoke-RagnaExport ssh_config -Lab $Run.Lab @{ dryRun = $false }
    }
    if ($null -ne $update.Failure) { $Run.Cmdlet.WriteWarning("$($update.Failure.message) $($update.Failure.remedy)") }
}
