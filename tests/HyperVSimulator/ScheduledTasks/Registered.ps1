# Tasks that are registered.

function Get-TaskRefusal {
    <#
    .SYNOPSIS
    The code with which Task Scheduler refuses a definition of a user who is not elevated ([MS-TSCH], the matrices of SchRpcRegisterTask), or nothing.
    #>
    param([object[]] $Trigger, [object] $Principal)
    $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
    $own = $identity.User.Value, $identity.Name
    foreach ($one in $Trigger) { if ($one.Kind -eq 'AtStartup' -or ($one.Kind -eq 'AtLogon' -and $own -notcontains $one.UserId)) { return '0x80070005' } }
    if ($null -eq $Principal) { return }
    if ($own -notcontains $Principal.UserId -or $Principal.RunLevel -ne 'Limited' -or $Principal.LogonType -ne 'Interactive') { '0x80070005' }
}

function ConvertTo-RegisteredTask {
    <# .SYNOPSIS A task as Get-ScheduledTask gives it. #>
    param([object] $Task)
    $object = [pscustomobject] @{
        Actions = @($Task.actions); Author = $null; Date = $null; Description = $Task.description; Principal = $Task.principal; Settings = $Task.settings
        State = Get-TaskRunState -Task $Task; TaskName = $Task.name; TaskPath = $Task.path; Triggers = @($Task.triggers); URI = "$($Task.path)$($Task.name)"
    }
    $object.PSObject.TypeNames.Insert(0, "$($script:TaskClass)MSFT_ScheduledTask")
    $object
}

function Register-ScheduledTask {
    <# .SYNOPSIS Registers a task. #>
    [CmdletBinding(DefaultParameterSetName = 'User')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'As the real one.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingUsernameAndPasswordParams', '', Justification = 'As the real one.')]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $TaskName,
        [Parameter(Position = 1)] [string] $TaskPath = '\',
        [Parameter(Mandatory = $true, Position = 2)] [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_TaskAction')] [object[]] $Action,
        [Parameter(Position = 3)] [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_TaskTrigger')] [object[]] $Trigger,
        [Parameter(Position = 4)] [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_TaskSettings3')] [object] $Settings,
        [Parameter(ParameterSetName = 'User', Position = 5)] [string] $User,
        [Parameter(ParameterSetName = 'User', Position = 6)] [string] $Password,
        [Parameter(ParameterSetName = 'User', Position = 7)] [ValidateSet('Limited', 'Highest')] [string] $RunLevel,
        [Parameter(ParameterSetName = 'Principal', Position = 5)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_TaskPrincipal2')] [object] $Principal,
        [string] $Description, [switch] $Force
    )
    $null = $User, $Password, $RunLevel
    $fault = Enter-TaskCall -Cmdlet 'Register-ScheduledTask'
    $code = Get-TaskRefusal -Trigger $Trigger -Principal $Principal
    $there = [IO.File]::Exists((Get-TaskFile -Path $TaskPath -Name $TaskName))
    if ($null -eq $fault -and $code) { $fault = Get-TaskError -Cmdlet 'Register-ScheduledTask' -Code $code -Target $TaskName }
    if ($null -eq $fault -and $there -and -not $Force) { $fault = Get-TaskError -Cmdlet 'Register-ScheduledTask' -Code '0x800700b7' -Target $TaskName }
    if ($null -ne $fault) { $PSCmdlet.WriteError($fault); return }
    $task = [pscustomobject] @{
        name = $TaskName; path = $TaskPath; description = $Description; actions = @($Action); triggers = @($Trigger); principal = $Principal; settings = $Settings
        process = 0; running = $false; lastRun = $null
    }
    Save-TaskFile -Task $task
    ConvertTo-RegisteredTask -Task $task
}

function Select-Task {
    <# .SYNOPSIS The tasks that names, paths or objects mean; an exact one that is not there is an error of the cmdlet. #>
    param([object] $Cmdlet, [string[]] $TaskName, [string[]] $TaskPath, [object[]] $InputObject)
    if ($null -ne $InputObject) {
        foreach ($one in $InputObject) {
            $file = Get-TaskFile -Path $one.TaskPath -Name $one.TaskName
            if ([IO.File]::Exists($file)) { ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($file)) }
            else { $Cmdlet.WriteError((Get-TaskError -Cmdlet $Cmdlet.MyInvocation.MyCommand.Name -Code '0x80070002' -Target $one)) }
        }
        return
    }
    $fits = { param($value, $patterns) $null -eq $patterns -or @(foreach ($pattern in $patterns) { if ($value -like $pattern) { $true } }).Count -gt 0 }
    $found = @(Read-TaskFile | Where-Object { (& $fits $_.name $TaskName) -and (& $fits $_.path $TaskPath) })
    $found
    if ($found.Count -gt 0) { return }
    foreach ($asked in @{ Name = 'TaskName'; Value = $TaskName }, @{ Name = 'TaskPath'; Value = $TaskPath }) {
        if ($null -eq $asked.Value -or [Management.Automation.WildcardPattern]::ContainsWildcardCharacters($asked.Value[0])) { continue }
        $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList (
            "No MSFT_ScheduledTask objects found with property '$($asked.Name)' equal to '$($asked.Value[0])'.  Verify the value of the property and retry.")
        $Cmdlet.WriteError((New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception,
                "CmdletizationQuery_NotFound_$($asked.Name),$($Cmdlet.MyInvocation.MyCommand.Name)", 'ObjectNotFound', $asked.Value[0]))
        return
    }
}

function Get-ScheduledTask {
    <# .SYNOPSIS The tasks of these names, in these folders. #>
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]] $TaskName, [Parameter(Position = 1)] [string[]] $TaskPath)
    $fault = Enter-TaskCall -Cmdlet 'Get-ScheduledTask'
    if ($null -ne $fault) { $PSCmdlet.WriteError($fault); return }
    foreach ($task in @(Select-Task -Cmdlet $PSCmdlet -TaskName $TaskName -TaskPath $TaskPath)) { ConvertTo-RegisteredTask -Task $task }
}

function Unregister-ScheduledTask {
    <# .SYNOPSIS Removes tasks; what they run goes on. #>
    [CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High', DefaultParameterSetName = 'Query')]
    param(
        [Parameter(ParameterSetName = 'Query', Position = 0)] [string[]] $TaskName, [Parameter(ParameterSetName = 'Query', Position = 1)] [string[]] $TaskPath,
        [Parameter(ParameterSetName = 'Object', Mandatory = $true, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/MSFT_ScheduledTask')] [object[]] $InputObject
    )
    process {
        $fault = Enter-TaskCall -Cmdlet 'Unregister-ScheduledTask'
        if ($null -ne $fault) { $PSCmdlet.WriteError($fault); return }
        foreach ($task in @(Select-Task -Cmdlet $PSCmdlet -TaskName $TaskName -TaskPath $TaskPath -InputObject $InputObject)) {
            if ($PSCmdlet.ShouldProcess("$($task.path)$($task.name)", 'Unregister-ScheduledTask')) { [IO.File]::Delete((Get-TaskFile -Path $task.path -Name $task.name)) }
        }
    }
}
