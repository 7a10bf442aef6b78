function Invoke-ConfigReconcile {
    <#
    .SYNOPSIS
        Reconciles one config: config, state, look, plan, record, guests, result.
    .DESCRIPTION
        Every decision is the library's; this function carries its answers from one step to the next, asks Hyper-V and
        the person in between, and tells each failure as an error of the calling cmdlet.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER ConfigPath
        The absolute path of the config.
    .PARAMETER Option
        TimeoutSeconds, PollSeconds, Credential, GuestTransport, AllowPartial, DryRun.
    .OUTPUTS
        Ragnatramp.ReconcileResult, unless a failure came before there was anything to tell.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.ReconcileResult')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $ConfigPath,

        [Parameter(Mandatory)]
        [hashtable] $Option
    )
    $lab = Read-RagnaLab -Cmdlet $Cmdlet -ConfigPath $ConfigPath
    if ($null -eq $lab) { return }

    $look = Wait-HyperVAddress -Cmdlet $Cmdlet -Lab $lab -TimeoutSeconds $Option.TimeoutSeconds `
        -PollSeconds $Option.PollSeconds
    if ($null -ne $look.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $look.Failure -Target $ConfigPath
        return
    }
    $options = ConvertTo-Json -Compress -InputObject @{
        allowPartial  = $Option.AllowPartial
        dryRun        = $Option.DryRun
        waitedSeconds = $look.WaitedSeconds
        now           = [DateTime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", [cultureinfo]::InvariantCulture)
    }
    $diff = Invoke-RagnaNative diff (
        '{{"config":{0},"state":{1},"look":{2},"options":{3}}}' -f $lab.Config, $lab.State, $look.Json, $options)
    if ($null -ne $diff.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $diff.Failure -Target $ConfigPath
        return
    }
    $plan = $diff.Json | ConvertFrom-Json
    $answers = @()
    if ($plan.proceed) {
        if (-not (Save-PlanNetwork -Cmdlet $Cmdlet -Lab $lab -Plan $plan)) { return }
        $answers = @(Sync-Guest -Cmdlet $Cmdlet -Plan $plan -Exchange $look.Exchange -Option $Option)
        if ($Option.DryRun) { Write-GuestPreview -Cmdlet $Cmdlet -Lab $lab -Plan $plan -Answer $answers }
    }
    $guests = ConvertTo-Json -Compress -Depth 4 -InputObject $answers
    $report = Invoke-RagnaNative report "{`"plan`":$($plan.plan),`"guests`":$guests}"
    if ($null -ne $report.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $report.Failure -Target $ConfigPath
        return
    }
    Write-ReconcileReport -Cmdlet $Cmdlet -Answer ($report.Json | ConvertFrom-Json)
}
