# The scheduled task that runs a watch at each log-on, and Task Scheduler's answers. Which task it is, and which tasks are ours,
# the library says (`watch_task`).

# Where our tasks are.
$script:WatchTaskFolder = '\Ragnatramp\'

function Invoke-TaskScheduler {
    # Runs one question or order to Task Scheduler, and says so under -Verbose. Returns Output and Failure, of which one is empty.
    [CmdletBinding()]
    [OutputType('Ragnatramp.TaskResponse')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # As a user would type it.
        [Parameter(Mandatory)]
        [string] $Query,

        # Its cmdlets have -ErrorAction Stop.
        [Parameter(Mandatory)]
        [scriptblock] $Script
    )
    $response = [pscustomobject]@{ PSTypeName = 'Ragnatramp.TaskResponse'; Output = @(); Failure = $null }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        $response.Output = @(& $Script)
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        Remove-HandledError -Record $_
        # No task of that folder is no failure.
        $isEmpty = $_.CategoryInfo.Category -eq 'ObjectNotFound' -and $_.Exception -isnot [System.Management.Automation.CommandNotFoundException]
        if (-not $isEmpty) { $response.Failure = ConvertFrom-TaskError -Record $_ -Query $Query }
    }
    $outcome = if ($null -eq $response.Failure) { 'answered' } else { $response.Failure.code }
    $Cmdlet.WriteVerbose("$Query : $outcome, $($watch.ElapsedMilliseconds) ms")
    $response
}

function ConvertFrom-TaskError {
    # Why Task Scheduler did not do what it was asked for. By category, type and code: the texts are translated.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record,

        [Parameter(Mandatory)]
        [string] $Query
    )
    $text = Get-ErrorText -Exception $Record.Exception
    if ($Record.Exception -is [System.Management.Automation.CommandNotFoundException]) {
        return New-RagnaFailure -Code 'TASK_SCHEDULER_ERROR' `
            -Message "Windows' PowerShell module ScheduledTasks cannot be loaded ($Query)." `
            -Remedy ('It is a part of Windows, and of no other system: see why it cannot be loaded (Import-Module ScheduledTasks), or run ' +
            'Watch-RagnaReconcile by yourself.')
    }
    if ($Record.CategoryInfo.Category -eq 'PermissionDenied' -or $Record.FullyQualifiedErrorId -like 'HRESULT 0x80070005*') {
        return New-RagnaFailure -Code 'PERMISSION_DENIED' -Message "Task Scheduler refused $($Query): $text" `
            -Remedy ('A task of your own needs no elevation. So a policy forbids it, or the task was made by another account or from an elevated ' +
            'PowerShell: run the command as that account, or elevated.')
    }
    New-RagnaFailure -Code 'TASK_SCHEDULER_ERROR' -Message "Task Scheduler could not do $($Query): $text" `
        -Remedy ('Look whether the service "Task Scheduler" runs (Get-Service Schedule), and run the command again. ' +
        'Watch-RagnaReconcile works without it.')
}

function Get-WatchTask {
    # The tasks in our folder as the library judges them for a config: Failure, or Own (those of this config: Task, Project) and
    # Wanted (name and description of the task as it should be; null without a project).
    [CmdletBinding()]
    [OutputType('Ragnatramp.WatchTaskState')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # As the task's description holds it.
        [Parameter(Mandatory)]
        [string] $ConfigPath,

        [string] $Project
    )
    $state = [pscustomobject]@{ PSTypeName = 'Ragnatramp.WatchTaskState'; Own = @(); Wanted = $null; Failure = $null }
    $folder = $script:WatchTaskFolder
    $known = Invoke-TaskScheduler -Cmdlet $Cmdlet -Query "Get-ScheduledTask -TaskPath $folder" -Script {
        ScheduledTasks\Get-ScheduledTask -TaskPath $folder -ErrorAction Stop
    }
    $state.Failure = $known.Failure
    if ($null -ne $state.Failure) { return $state }
    $answer = Invoke-RagnaExport watch_task @{
        path    = $ConfigPath
        project = if ($Project) { $Project }
        tasks   = [object[]] @(foreach ($task in $known.Output) {
                # A marker is never as long as a stranger's text may be.
                $description = [string] $task.Description
                @{ name = [string] $task.TaskName; description = $description.Substring(0, [Math]::Min(16384, $description.Length)) }
            })
    }
    $state.Failure = $answer.Failure
    if ($null -ne $state.Failure) { return $state }
    $state.Wanted = $answer.Response.task
    $state.Own = @(foreach ($one in $answer.Response.own) { [pscustomobject]@{ Task = $known.Output[$one.index]; Project = $one.project } })
    $state
}

function Stop-WatchTask {
    # Ends what a task runs, where it runs, and waits until that has ended, 10 s at most. Returns the failure, or null.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Its callers ask.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Get-ScheduledTask.
        [Parameter(Mandatory)]
        [object] $Task
    )
    if ([string] $Task.State -ne 'Running') { return }
    $name = "$($Task.TaskPath)$($Task.TaskName)"
    $stopped = Invoke-TaskScheduler -Cmdlet $Cmdlet -Query "Stop-ScheduledTask $name" -Script {
        ScheduledTasks\Stop-ScheduledTask -InputObject $Task -ErrorAction Stop
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        while ((Get-TaskState -Task $Task) -eq 'Running' -and $clock.Elapsed.TotalSeconds -lt 10) {
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 200
        }
    }
    $stopped.Failure
}

function Get-TaskState {
    # What a task does now: a word of Task Scheduler's, such as Ready or Running; empty where it is gone.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        # Of Get-ScheduledTask.
        [Parameter(Mandatory)]
        [object] $Task
    )
    foreach ($one in @(ScheduledTasks\Get-ScheduledTask -TaskPath $Task.TaskPath -ErrorAction Stop)) {
        if ($one.TaskName -eq $Task.TaskName) { return [string] $one.State }
    }
}

function New-WatchTaskResult {
    # What Register-RagnaWatch and Unregister-RagnaWatch emit.
    [CmdletBinding()]
    [OutputType('Ragnatramp.WatchTask')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $ConfigPath,

        [AllowEmptyString()]
        [string] $Project,

        [AllowEmptyString()]
        [string] $TaskName,

        [Parameter(Mandatory)]
        [string] $Action,

        # A word of Task Scheduler's, or NotRegistered.
        [Parameter(Mandatory)]
        [string] $State,

        [AllowNull()]
        [object] $LastRunTime
    )
    [pscustomobject]@{
        PSTypeName  = 'Ragnatramp.WatchTask'
        Project     = $Project
        ConfigPath  = $ConfigPath
        TaskName    = $TaskName
        TaskPath    = $script:WatchTaskFolder
        Action      = $Action
        State       = $State
        LastRunTime = $LastRunTime
        LogPath     = Get-WatchLogPath -ConfigPath $ConfigPath
    }
}

function Write-WatchTaskWarning {
    # Warns of a task that still watches a lab of which no machine is left. Where Task Scheduler cannot be asked, there is nothing
    # to say.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Open-RagnaLab, as it was before.
        [Parameter(Mandatory)]
        [object] $Lab
    )
    $now = Invoke-RagnaExport lab_open @{ path = $Lab.ConfigPath; mayBegin = $true }
    if ($null -ne $now.Failure) { return }
    Close-RagnaLab -Lab $now.Response
    if (@($now.Response.vmIds).Count -gt 0) { return }
    foreach ($own in (Get-WatchTask -Cmdlet $Cmdlet -ConfigPath $Lab.RecordedPath).Own) {
        $name = "$($own.Task.TaskPath)$($own.Task.TaskName)"
        $Cmdlet.WriteWarning("The task $name goes on watching this lab, of which no machine is left. Unregister-RagnaWatch removes it.")
    }
}
