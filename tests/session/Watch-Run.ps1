# What a run of a cmdlet gave: its objects, and everything that it told, stream by stream.

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
