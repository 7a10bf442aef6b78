# Runs of a cmdlet, and what they gave: its objects, and everything that it told, stream by stream.

# Its own variables have odd names: the script block sees them before those of the test.
function Watch-Run {
    <#
    .SYNOPSIS
        Runs a script block and takes its streams apart.
    .OUTPUTS
        An object with Output, Errors, Warnings, Verbose, Other (information and debug), Left ($Error as the run left it,
        newest first) and Thrown (the error that ended it, or null).
    #>
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $Script)
    $ErrorActionPreference = $WarningPreference = 'Continue'
    $watchedRun = [pscustomobject]@{ Output = @(); Errors = @(); Warnings = @(); Verbose = @(); Other = @(); Left = @(); Thrown = $null }
    $global:Error.Clear()
    $watchedStreams = [Collections.ArrayList]::new()
    try {
        & $Script *>&1 | ForEach-Object { $null = $watchedStreams.Add($_) }
    } catch {
        $watchedRun.Thrown = $_
    }
    $watchedRun.Left = @($global:Error)
    $watchedRun.Errors = @($watchedStreams | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
    $watchedRun.Warnings = @($watchedStreams | Where-Object { $_ -is [Management.Automation.WarningRecord] } | ForEach-Object { $_.Message })
    $watchedRun.Verbose = @($watchedStreams | Where-Object { $_ -is [Management.Automation.VerboseRecord] } | ForEach-Object { $_.Message })
    $watchedRun.Other = @($watchedStreams | Where-Object { $_ -is [Management.Automation.InformationRecord] -or $_ -is [Management.Automation.DebugRecord] })
    $watchedRun.Output = @($watchedStreams | Where-Object {
            $_ -isnot [Management.Automation.ErrorRecord] -and $_ -isnot [Management.Automation.WarningRecord] -and
            $_ -isnot [Management.Automation.VerboseRecord] -and $_ -isnot [Management.Automation.InformationRecord] -and
            $_ -isnot [Management.Automation.DebugRecord]
        })
    $watchedRun
}

function Invoke-Reconcile {
    <#
    .SYNOPSIS
        Reconciles a lab and takes the streams of the run apart.
    .DESCRIPTION
        Without more, Hyper-V is asked once for addresses, and the guests are entered by PowerShell Direct with the
        account of New-Lab's guests. Where a time is given to wait for addresses, Hyper-V is asked every second. With
        another transport no credential is given.
    .PARAMETER Option
        Further parameters of Invoke-RagnaReconcile; they win over those that follow from the others.
    .OUTPUTS
        As Watch-Run.
    #>
    param(
        [Parameter(Mandatory)] [object] $Lab, [string] $Transport = 'PowerShellDirect', [int] $TimeoutSeconds = 0,
        [hashtable] $Option = @{}
    )
    $parameters = @{ Path = $Lab.Config; TimeoutSeconds = $TimeoutSeconds; GuestTransport = $Transport }
    if ($TimeoutSeconds -gt 0) { $parameters.PollSeconds = 1 }
    if ($Transport -eq 'PowerShellDirect') { $parameters.Credential = Get-LabCredential }
    foreach ($key in $Option.Keys) { $parameters[$key] = $Option[$key] }
    Watch-Run { Invoke-RagnaReconcile @parameters }
}

function Get-ErrorCode {
    <# .SYNOPSIS The codes of the errors of a run, without the cmdlet's name. #>
    param([Parameter(Mandatory)] [object] $Seen)
    @($Seen.Errors | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] })
}

function Get-HostSyncStatus {
    <# .SYNOPSIS One text per machine of a reconcile's result: its name and what became of its hosts file. #>
    param([Parameter(Mandatory)] [object] $Seen)
    if ($Seen.Output.Count -eq 0) { throw "The run gave no result: $(@($Seen.Errors) + $Seen.Thrown)" }
    @($Seen.Output[0].HostSync | ForEach-Object { "$($_.MachineName) $($_.Status)" })
}
