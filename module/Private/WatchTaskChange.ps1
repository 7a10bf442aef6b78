# What Register-RagnaWatch and Unregister-RagnaWatch do with the scheduled task of a lab.

function Get-WatchTaskAction {
    # The program that the task runs, and its words: Execute, Argument; or Failure. The same edition of PowerShell as here, with a
    # script of the module, which takes its words as they are and none as code.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        # The config, absolute.
        [Parameter(Mandatory)]
        [string] $ConfigPath,

        [Parameter(Mandatory)]
        [hashtable] $Option
    )
    $program = if ($PSVersionTable.PSEdition -eq 'Core') { 'pwsh.exe' } else { 'powershell.exe' }
    $shell = [System.IO.Path]::Combine($PSHOME, $program)
    # The folder of PowerShell from the Microsoft Store has another name with each version; the name that Windows gives the app
    # stays.
    $alias = [System.IO.Path]::Combine([Environment]::GetFolderPath('LocalApplicationData'), 'Microsoft\WindowsApps', $program)
    if ($shell -like '*\WindowsApps\*' -and [System.IO.File]::Exists($alias)) { $shell = $alias }
    $words = @(
        '--headless', "`"$shell`"", '-NoProfile', '-NonInteractive'
        # The one under which the module could be read here. A policy of the group wins over it.
        '-ExecutionPolicy', (Microsoft.PowerShell.Security\Get-ExecutionPolicy)
        '-File', "`"$([System.IO.Path]::Combine($script:RagnaModuleRoot, 'watch.ps1'))`""
        '-Path', "`"$ConfigPath`"", '-PollSeconds', $Option.PollSeconds, '-GuestTransport', $Option.GuestTransport
        if ($Option.AllowPartial) { '-AllowPartial' }
    )
    $argument = $words -join ' '
    $action = [pscustomobject]@{
        Execute  = [System.IO.Path]::Combine([Environment]::SystemDirectory, 'conhost.exe')
        Argument = $argument
        Failure  = $null
    }
    if ([Environment]::ExpandEnvironmentVariables($argument) -cne $argument -or $argument.Contains('$(')) {
        $action.Failure = New-RagnaFailure -Code 'TASK_SCHEDULER_ERROR' -Path $ConfigPath `
            -Message "Task Scheduler would put something else in place of a part of a path: $argument" `
            -Remedy 'Give the folder a name without %NAME% and $(NAME); the folders are those of the config, of the module and of PowerShell.'
    } elseif (-not [System.IO.File]::Exists($shell)) {
        $action.Failure = New-RagnaFailure -Code 'TASK_SCHEDULER_ERROR' -Path $shell -Message "There is no $shell for a task to run." `
            -Remedy 'Run the command in pwsh.exe or powershell.exe.'
    }
    $action
}

function New-WatchTaskDefinition {
    # Trigger, principal and settings of the task, for Register-ScheduledTask: at the user's own log-on, in the user's own
    # session, without elevation, as long as it takes.
    [CmdletBinding()]
    [OutputType([hashtable])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes objects and changes nothing.')]
    param()
    # The SID: a name may not be found again (Microsoft Entra ID).
    $user = [System.Security.Principal.WindowsIdentity]::GetCurrent().User.Value
    # Without -User the trigger would be everybody's log-on, which only an administrator may ask for.
    $trigger = ScheduledTasks\New-ScheduledTaskTrigger -AtLogOn -User $user -ErrorAction Stop
    # Right at the log-on there may be no console to be had yet, and Hyper-V is still starting.
    $trigger.Delay = 'PT30S'
    $settings = @{
        AllowStartIfOnBatteries = $true; DontStopIfGoingOnBatteries = $true; StartWhenAvailable = $true; DontStopOnIdleEnd = $true
        MultipleInstances       = 'IgnoreNew'
        ExecutionTimeLimit      = [timespan]::Zero
        RestartCount            = 3
        RestartInterval         = [timespan]::FromMinutes(1)
    }
    @{
        Trigger   = $trigger
        Principal = ScheduledTasks\New-ScheduledTaskPrincipal -UserId $user -LogonType Interactive -RunLevel Limited -ErrorAction Stop
        Settings  = ScheduledTasks\New-ScheduledTaskSettingsSet @settings -ErrorAction Stop
    }
}

function Register-LabTask {
    # Makes the task of a lab what it should be, and lets it run. Emits a Ragnatramp.WatchTask, also where nothing was to be done.
    [CmdletBinding()]
    [OutputType('Ragnatramp.WatchTask')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $ConfigPath,

        # PollSeconds, GuestTransport, AllowPartial, NoStart.
        [Parameter(Mandatory)]
        [hashtable] $Option
    )
    $lab = Open-RagnaLab -Cmdlet $Cmdlet -ConfigPath $ConfigPath -MayBegin
    if ($null -eq $lab) { return }
    Close-RagnaLab -Lab $lab
    $action = Get-WatchTaskAction -ConfigPath $lab.RecordedPath -Option $Option
    $state = if ($null -ne $action.Failure) { $action } else { Get-WatchTask -Cmdlet $Cmdlet -ConfigPath $lab.RecordedPath -Project $lab.Project }
    if ($null -ne $state.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $state.Failure -Target $ConfigPath
        return
    }
    $wanted = $state.Wanted
    $target = "$script:WatchTaskFolder$($wanted.name)"
    $isSame = $state.Own.Count -eq 1 -and (Test-WatchTask -Task $state.Own[0].Task -Wanted $wanted -Action $action)
    $done = [System.Collections.Generic.List[string]]::new()
    if (-not $isSame) {
        $verb = if ($state.Own.Count -eq 0) { 'registered' } else { 'updated' }
        $operation = if ($state.Own.Count -eq 0) { 'Register a task that watches the lab at each log-on' } else { 'Update the task that watches the lab' }
        if (-not $Cmdlet.ShouldProcess($target, $operation)) { return }
        $failure = Update-LabTask -Cmdlet $Cmdlet -State $state -Action $action
        if ($null -ne $failure) {
            Write-RagnaFailure -Cmdlet $Cmdlet -Failure $failure -Target $ConfigPath
            return
        }
        $done.Add($verb)
    }
    $now = Get-WatchTask -Cmdlet $Cmdlet -ConfigPath $lab.RecordedPath
    $task = if ($now.Own.Count -gt 0) { $now.Own[0].Task }
    $mayStart = $null -ne $task -and -not $Option.NoStart -and [string] $task.State -ne 'Running'
    if ($mayStart -and ($done.Count -gt 0 -or $Cmdlet.ShouldProcess($target, 'Start the task that watches the lab'))) {
        $started = Invoke-TaskScheduler -Cmdlet $Cmdlet -Query "Start-ScheduledTask $target" -Script {
            ScheduledTasks\Start-ScheduledTask -InputObject $task -ErrorAction Stop
        }
        if ($null -eq $started.Failure) { $done.Add('started') } else {
            Write-RagnaFailure -Cmdlet $Cmdlet -Failure $started.Failure -Target $ConfigPath
        }
    } elseif ($mayStart) { return }
    $info = Invoke-TaskScheduler -Cmdlet $Cmdlet -Query "Get-ScheduledTaskInfo $target" -Script {
        if ($null -ne $task) {
            Get-TaskState -Task $task
            ScheduledTasks\Get-ScheduledTaskInfo -InputObject $task -ErrorAction Stop
        }
    }
    $told, $run = if ($info.Output.Count -eq 2) { $info.Output[0], $info.Output[1].LastRunTime } else { 'Unknown', $null }
    # A task that never ran says 1999.
    if ($run -isnot [datetime] -or $run.Year -lt 2000) { $run = $null }
    $text = if ($done.Count -gt 0) { $done -join ', ' } else { 'none' }
    New-WatchTaskResult -ConfigPath $ConfigPath -Project $lab.Project -TaskName $wanted.name -Action $text -State $told -LastRunTime $run
}

function Test-WatchTask {
    # Whether a task is the one that would be registered. What the user set otherwise in Task Scheduler stays as long as nothing
    # of this changes.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [object] $Task,

        # Of Get-WatchTask.
        [Parameter(Mandatory)]
        [object] $Wanted,

        # Of Get-WatchTaskAction.
        [Parameter(Mandatory)]
        [object] $Action
    )
    $actions = @($Task.Actions)
    $description = ([string] $Task.Description).Replace("`r`n", "`n")
    $actions.Count -eq 1 -and $Task.TaskName -eq $Wanted.name -and [string] $Task.State -ne 'Disabled' -and $description -ceq $Wanted.description -and
    [string] $actions[0].Execute -eq $Action.Execute -and [string] $actions[0].Arguments -ceq $Action.Argument
}

function Update-LabTask {
    # Registers the task of a lab in place of those that are there for it. Returns the failure, or null.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Its caller asks.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Get-WatchTask.
        [Parameter(Mandatory)]
        [object] $State,

        # Of Get-WatchTaskAction.
        [Parameter(Mandatory)]
        [object] $Action
    )
    foreach ($own in $State.Own) {
        $failure = Stop-WatchTask -Cmdlet $Cmdlet -Task $own.Task
        if ($null -ne $failure) { return $failure }
    }
    $words = @{ TaskName = $State.Wanted.name; TaskPath = $script:WatchTaskFolder; Description = $State.Wanted.description }
    $run = @{ Execute = $Action.Execute; Argument = $Action.Argument }
    $registered = Invoke-TaskScheduler -Cmdlet $Cmdlet -Query "Register-ScheduledTask $($words.TaskPath)$($words.TaskName)" -Script {
        $definition = New-WatchTaskDefinition
        $program = ScheduledTasks\New-ScheduledTaskAction @run -ErrorAction Stop
        # -Force replaces the one that is there, which is ours.
        ScheduledTasks\Register-ScheduledTask @words @definition -Action $program -Force -ErrorAction Stop
    }
    if ($null -ne $registered.Failure) { return $registered.Failure }
    foreach ($own in $State.Own) {
        $failure = if ($own.Task.TaskName -ne $words.TaskName) { Remove-WatchTask -Cmdlet $Cmdlet -Task $own.Task }
        if ($null -ne $failure) { return $failure }
    }
}

function Remove-WatchTask {
    # Stops a task and removes exactly that one. Returns the failure, or null.
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
    $failure = Stop-WatchTask -Cmdlet $Cmdlet -Task $Task
    if ($null -ne $failure) { return $failure }
    $removed = Invoke-TaskScheduler -Cmdlet $Cmdlet -Query "Unregister-ScheduledTask $($Task.TaskPath)$($Task.TaskName)" -Script {
        ScheduledTasks\Unregister-ScheduledTask -InputObject $Task -Confirm:$false -ErrorAction Stop
    }
    $removed.Failure
}

function Unregister-LabTask {
    # Ends and removes the task of a lab, whether its config can be read or not. Emits a Ragnatramp.WatchTask, also where there
    # was none.
    [CmdletBinding()]
    [OutputType('Ragnatramp.WatchTask')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $ConfigPath
    )
    $opened = Invoke-RagnaExport lab_open @{ path = $ConfigPath; mayBegin = $true }
    $path, $project = $ConfigPath, ''
    if ($null -eq $opened.Failure) {
        $path, $project = $opened.Response.configPath, $opened.Response.project
        Close-RagnaLab -Lab $opened.Response
    }
    $state = Get-WatchTask -Cmdlet $Cmdlet -ConfigPath $path
    $failure = $state.Failure
    # Nothing was meant by a path at which there is neither a task's config nor any.
    $isNowhere = $null -ne $opened.Failure -and $opened.Failure.code -eq 'CONFIG_NOT_FOUND'
    if ($null -eq $failure -and $state.Own.Count -eq 0 -and $isNowhere) { $failure = $opened.Failure }
    if ($null -ne $failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $failure -Target $ConfigPath
        return
    }
    foreach ($own in $state.Own) {
        $name = [string] $own.Task.TaskName
        if (-not $Cmdlet.ShouldProcess("$($own.Task.TaskPath)$name", 'Stop and remove the task that watches the lab')) { continue }
        $failure = Remove-WatchTask -Cmdlet $Cmdlet -Task $own.Task
        if ($null -ne $failure) {
            Write-RagnaFailure -Cmdlet $Cmdlet -Failure $failure -Target $ConfigPath
            continue
        }
        New-WatchTaskResult -ConfigPath $ConfigPath -Project $own.Project -TaskName $name -Action 'removed' -State 'NotRegistered'
    }
    if ($state.Own.Count -eq 0) { New-WatchTaskResult -ConfigPath $ConfigPath -Project $project -TaskName '' -Action 'none' -State 'NotRegistered' }
}
