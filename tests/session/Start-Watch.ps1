# Watches in a runspace of their own, beside the test.

function Get-WatchedLab {
    <# .SYNOPSIS A lab of New-Lab with web and db, Linux guests that have our script. #>
    param([hashtable] $Option = @{})
    New-Lab @Option -Machine @{ name = 'web'; Os = 'linux'; Agent = 'ragnatramp' }, @{ name = 'db'; Os = 'linux'; Agent = 'ragnatramp' }
}

function Start-Watch {
    <# .SYNOPSIS Starts a watch over a lab, as a run of Start-Run. Looks every second, unless it is told otherwise. #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Starts what the test asked for.')]
    param([Parameter(Mandatory)] [object] $Lab, [string] $Option = '-GuestTransport None', [int] $PollSeconds = 1)
    # The jobs that are left are counted from inside: a runspace whose pipeline was stopped is not ready for another one at once.
    $count = "[AppDomain]::CurrentDomain.SetData('Watch.Jobs', @(Get-Job).Count)"
    Start-Run "try { Watch-RagnaReconcile -Path '$($Lab.Config)' -PollSeconds $PollSeconds -TimeoutSeconds 1 $Option } finally { $count }"
}

function Get-Told {
    <# .SYNOPSIS What is there of a collection that still fills: to enumerate it would wait for its end. #>
    param([object] $Collection)
    for ($index = 0; $index -lt $Collection.Count; $index++) { $Collection[$index] }
}

function Wait-Result {
    <# .SYNOPSIS Waits until a watch has emitted so many results. #>
    param([object] $Run, [int] $Count)
    Wait-Run { $Run.Output.Count -ge $Count }
}

function Wait-Look {
    <# .SYNOPSIS Waits for two more looks than there were: the first of them may have begun before. #>
    $before = @(Get-SimulatedCall -Cmdlet 'Get-VM').Count
    Wait-Run { @(Get-SimulatedCall -Cmdlet 'Get-VM').Count -ge $before + 2 }
}

function Stop-Watch {
    <#
    .SYNOPSIS
    Ends a watch as Ctrl+C does.
    .OUTPUTS
    An object with Output, Errors, Left (whether a progress bar was left standing), and how many Subscribers, Waiting events and Jobs are there still.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Ends what the test began.')]
    param([Parameter(Mandatory)] [object] $Run)
    $Run.PowerShell.Stop()
    $subscribers = @($Run.PowerShell.Runspace.Events.Subscribers).Count
    $waiting = $Run.PowerShell.Runspace.Events.ReceivedEvents.Count
    $told = Complete-Run -Run $Run
    $jobs = [AppDomain]::CurrentDomain.GetData('Watch.Jobs')
    # What was under way when the run was stopped may say so; nobody is shown that.
    $errors = @($told.Errors | Where-Object { $_.Exception.GetBaseException() -isnot [Management.Automation.PipelineStoppedException] -and "$_" -notlike '*pipeline has been stopped*' })
    [pscustomobject]@{ Output = $told.Output; Errors = $errors; Left = $told.Left; Subscribers = $subscribers; Waiting = $waiting; Jobs = $jobs }
}

function Get-LogLine {
    <# .SYNOPSIS The lines of a log that a watch may be writing at this moment; none where there is no log. #>
    param([Parameter(Mandatory)] [string] $Path)
    if (-not [IO.File]::Exists($Path)) { return }
    $stream = [IO.FileStream]::new($Path, 'Open', 'Read', 'ReadWrite, Delete')
    $reader = [IO.StreamReader]::new($stream)
    try { $reader.ReadToEnd() -split '\r\n' | Where-Object { $_ } } finally { $reader.Dispose() }
}
