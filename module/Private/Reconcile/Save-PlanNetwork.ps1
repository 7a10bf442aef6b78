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
        The plan, as an object.
    .PARAMETER PlanJson
        The same, as the library answered it.
    .OUTPUTS
        System.Boolean: false where recording failed, so that no guest must be entered.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Lab,

        [Parameter(Mandatory)]
        [object] $Plan,

        [Parameter(Mandatory)]
        [string] $PlanJson
    )
    if (-not $Cmdlet.ShouldProcess($Lab.StatePath, $Plan.recordOperation)) { return $true }
    $saved = Invoke-RagnaNative state_record "{`"config`":$($Lab.Config),`"plan`":$PlanJson}"
    if ($null -ne $saved.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $saved.Failure -Target $Lab.StatePath
        return $false
    }
    foreach ($warning in ($saved.Json | ConvertFrom-Json).warnings) { $Cmdlet.WriteWarning($warning) }
    $true
}
