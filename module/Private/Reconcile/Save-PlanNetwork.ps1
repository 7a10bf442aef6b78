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
    try {
        do {
            $wait = ConvertTo-Json -Compress -InputObject @{ bound = $LockSeconds; waited = $watch.Elapsed.TotalSeconds }
            $saved = Invoke-RagnaNative state_record "{`"config`":$($Lab.Config),`"plan`":$($Plan.plan),`"wait`":$wait}"
            $answer = if ($null -eq $saved.Failure) { $saved.Json | ConvertFrom-Json }
            $isHeld = $null -ne $answer -and $null -ne $answer.waiting
            if ($isHeld) { Write-Progress -Activity 'Reconcile' -Status $answer.waiting }
        } while ($isHeld)
    } finally {
        Write-Progress -Activity 'Reconcile' -Completed
    }
    if ($null -ne $saved.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $saved.Failure -Target $Lab.StatePath
        return $false
    }
    foreach ($warning in $answer.warnings) { $Cmdlet.WriteWarning($warning) }
    $true
}
