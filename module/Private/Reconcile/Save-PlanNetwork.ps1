function Save-PlanNetwork {
    <#
    .SYNOPSIS
        Records what a plan learned of the machines' networks, if the person agrees.
    .DESCRIPTION
        The library reads the state file again under its lock and merges only these networks into it.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet: it is asked, and told a failure.
    .PARAMETER Lab
        The lab, of Read-RagnaLab.
    .PARAMETER Plan
        The plan, as the library's diff answers it.
    .PARAMETER LockSeconds
        How long to wait for another run that holds the state.
    .OUTPUTS
        System.Boolean: false where recording failed, so that no guest must be entered.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '',
        Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Lab,

        [Parameter(Mandatory)]
        [object] $Plan,

        [int] $LockSeconds = 30
    )
    if (-not $Cmdlet.ShouldProcess($Lab.StatePath, $Plan.recordOperation)) { return $true }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    do {
        # Each call waits a second, so that the person sees who is waited for, and can end it.
        $saved = Invoke-RagnaNative state_record "{`"config`":$($Lab.Config),`"plan`":$($Plan.plan),`"waitSeconds`":1}"
        $left = [int] ($LockSeconds - $watch.Elapsed.TotalSeconds)
        $isHeld = $null -ne $saved.Failure -and $saved.Failure.code -eq 'STATE_LOCKED' -and $left -gt 0
        if ($isHeld) {
            Write-Progress -Activity 'Reconcile' -Status "$($saved.Failure.message) $left s left" -SecondsRemaining $left
        }
    } while ($isHeld)
    Write-Progress -Activity 'Reconcile' -Completed
    if ($null -ne $saved.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $saved.Failure -Target $Lab.StatePath
        return $false
    }
    foreach ($warning in ($saved.Json | ConvertFrom-Json).warnings) { $Cmdlet.WriteWarning($warning) }
    $true
}
