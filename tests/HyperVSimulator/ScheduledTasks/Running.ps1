# Tasks that run. Where the test says so, their program is a real process.

function Get-TaskRunState {
    <# .SYNOPSIS The word of Task Scheduler for what a task does. #>
    param([object] $Task)
    if (-not $Task.settings.Enabled) { return 'Disabled' }
    if ($Task.process -gt 0) {
        try { if (-not [Diagnostics.Process]::GetProcessById($Task.process).HasExited) { return 'Running' } } catch [ArgumentException] { $null = $_ }
        return 'Ready'
    }
    if ($Task.running) { 'Running' } else { 'Ready' }
}

function Start-TaskProcess {
    <#
    .SYNOPSIS
    Starts the program of an action as Task Scheduler does: variables and $(Arg0) in its words are replaced first. `conhost --headless` runs the words behind it
    in a console without a window; that of Wine does not, so it is done here.
    #>
    param([object] $Action)
    $execute = [Environment]::ExpandEnvironmentVariables($Action.Execute)
    $words = [regex]::Replace([Environment]::ExpandEnvironmentVariables($Action.Arguments), '\$\(Arg\d+\)', '')
    if ([IO.Path]::GetFileName($execute) -eq 'conhost.exe') {
        if ($words -notmatch '^--headless "([^"]+)" (.*)$') { throw "This is no command line of conhost: $words" }
        $execute, $words = $Matches[1], $Matches[2]
    }
    $start = New-Object -TypeName System.Diagnostics.ProcessStartInfo -ArgumentList $execute, $words
    $start.UseShellExecute = $false
    $start.CreateNoWindow = $true
    $start.WorkingDirectory = [Environment]::SystemDirectory
    $process = [Diagnostics.Process]::Start($start)
    $process.Id
}

function Start-ScheduledTask {
    <# .SYNOPSIS Runs a task now. One that runs already is left alone (IgnoreNew). #>
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'As the real one.')]
    param(
        [Parameter(ParameterSetName = 'Path', Mandatory = $true, Position = 0)] [string] $TaskName, [Parameter(ParameterSetName = 'Path', Position = 1)] [string] $TaskPath,
        [Parameter(ParameterSetName = 'Object', Mandatory = $true, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_ScheduledTask')] [object[]] $InputObject
    )
    process {
        $fault = Enter-TaskCall -Cmdlet 'Start-ScheduledTask'
        if ($null -ne $fault) { $PSCmdlet.WriteError($fault); return }
        $names = if ($TaskName) { $TaskName }
        $paths = if ($TaskPath) { $TaskPath }
        foreach ($task in @(Select-Task -Cmdlet $PSCmdlet -TaskName $names -TaskPath $paths -InputObject $InputObject)) {
            $state = Get-TaskRunState -Task $task
            if ($state -eq 'Disabled') { $PSCmdlet.WriteError((Get-TaskError -Cmdlet 'Start-ScheduledTask' -Code '0x80041326' -Target $task.name)); continue }
            if ($state -eq 'Running') { continue }
            if ((Get-TaskHost).Runs) { $task.process = Start-TaskProcess -Action $task.actions[0] }
            $task.running = $true
            $task.lastRun = [datetime]::Now.ToString('o', [Globalization.CultureInfo]::InvariantCulture)
            Save-TaskFile -Task $task
        }
    }
}

function Stop-ScheduledTask {
    <# .SYNOPSIS Ends what a task runs; one that does not run is no error. #>
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'As the real one.')]
    param(
        [Parameter(ParameterSetName = 'Path', Mandatory = $true, Position = 0)] [string] $TaskName, [Parameter(ParameterSetName = 'Path', Position = 1)] [string] $TaskPath,
        [Parameter(ParameterSetName = 'Object', Mandatory = $true, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_ScheduledTask')] [object[]] $InputObject
    )
    process {
        $fault = Enter-TaskCall -Cmdlet 'Stop-ScheduledTask'
        if ($null -ne $fault) { $PSCmdlet.WriteError($fault); return }
        $names = if ($TaskName) { $TaskName }
        $paths = if ($TaskPath) { $TaskPath }
        foreach ($task in @(Select-Task -Cmdlet $PSCmdlet -TaskName $names -TaskPath $paths -InputObject $InputObject)) {
            if ($task.process -gt 0 -and (Get-TaskRunState -Task $task) -eq 'Running') {
                $process = [Diagnostics.Process]::GetProcessById($task.process)
                $process.Kill()
                $null = $process.WaitForExit(10000)
            }
            $task.process, $task.running = 0, $false
            Save-TaskFile -Task $task
        }
    }
}

function Get-ScheduledTaskInfo {
    <# .SYNOPSIS When a task ran. #>
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(ParameterSetName = 'Path', Mandatory = $true, Position = 0)] [string] $TaskName, [Parameter(ParameterSetName = 'Path', Position = 1)] [string] $TaskPath,
        [Parameter(ParameterSetName = 'Object', Mandatory = $true, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_ScheduledTask')] [object[]] $InputObject
    )
    process {
        $fault = Enter-TaskCall -Cmdlet 'Get-ScheduledTaskInfo'
        if ($null -ne $fault) { $PSCmdlet.WriteError($fault); return }
        $names = if ($TaskName) { $TaskName }
        $paths = if ($TaskPath) { $TaskPath }
        foreach ($task in @(Select-Task -Cmdlet $PSCmdlet -TaskName $names -TaskPath $paths -InputObject $InputObject)) {
            $last = $task.lastRun
            # 5.1 reads text, 7 a date. A task that never ran says 30 November 1999.
            $time = if ($null -eq $last) { [datetime]::new(1999, 11, 30) } elseif ($last -is [datetime]) { $last.ToLocalTime() } else {
                [datetime]::Parse($last, [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::RoundtripKind)
            }
            [pscustomobject] @{ TaskName = $task.name; TaskPath = $task.path; LastRunTime = $time; LastTaskResult = if ($null -eq $last) { 267011 } else { 267009 }; NextRunTime = $null; NumberOfMissedRuns = 0 }
        }
    }
}
