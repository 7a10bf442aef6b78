# What a task is made of. These cmdlets make objects and ask nobody.

function New-ScheduledTaskAction {
    <# .SYNOPSIS A program and its words. #>
    [CmdletBinding(DefaultParameterSetName = 'Exec')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'As the real one.')]
    param(
        [Parameter(ParameterSetName = 'Exec', Mandatory = $true, Position = 0)] [ValidateNotNullOrEmpty()] [string] $Execute,
        [Parameter(ParameterSetName = 'Exec', Position = 1)] [string] $Argument,
        [Parameter(ParameterSetName = 'Exec', Position = 2)] [string] $WorkingDirectory,
        [Parameter(ParameterSetName = 'ComHandler', Mandatory = $true, Position = 0)] [string] $ClassId,
        [Parameter(ParameterSetName = 'ComHandler', Position = 1)] [string] $Data,
        [string] $Id
    )
    $null = $ClassId, $Data
    $object = [pscustomobject] @{ Id = $Id; Arguments = $Argument; Execute = $Execute; WorkingDirectory = $WorkingDirectory }
    $object.PSObject.TypeNames.Insert(0, "$($script:TaskClass)MSFT_TaskAction")
    $object
}

function New-ScheduledTaskTrigger {
    <# .SYNOPSIS When a task begins. #>
    [CmdletBinding(DefaultParameterSetName = 'Once')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'As the real one.')]
    param(
        [Parameter(ParameterSetName = 'Once', Mandatory = $true)] [switch] $Once,
        [Parameter(ParameterSetName = 'Once', Mandatory = $true)] [Parameter(ParameterSetName = 'Daily', Mandatory = $true)]
        [datetime] $At,
        [Parameter(ParameterSetName = 'Daily', Mandatory = $true)] [switch] $Daily,
        [Parameter(ParameterSetName = 'AtStartup', Mandatory = $true)] [switch] $AtStartup,
        [Parameter(ParameterSetName = 'AtLogon', Mandatory = $true)] [switch] $AtLogOn,
        [Parameter(ParameterSetName = 'AtLogon')] [string] $User,
        [timespan] $RandomDelay
    )
    $null = $Once, $At, $Daily, $AtStartup, $AtLogOn, $RandomDelay
    $object = [pscustomobject] @{ Kind = $PSCmdlet.ParameterSetName; UserId = $User; Delay = $null; Enabled = $true }
    $object.PSObject.TypeNames.Insert(0, "$($script:TaskClass)MSFT_TaskTrigger")
    $object
}

function New-ScheduledTaskPrincipal {
    <# .SYNOPSIS As whom a task runs. #>
    [CmdletBinding(DefaultParameterSetName = 'User')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'As the real one.')]
    param(
        [Parameter(ParameterSetName = 'User', Mandatory = $true, Position = 0)] [string] $UserId,
        [Parameter(ParameterSetName = 'User', Position = 1)]
        [ValidateSet('None', 'Password', 'S4U', 'Interactive', 'Group', 'ServiceAccount', 'InteractiveOrPassword')] [string] $LogonType = 'None',
        [Parameter(ParameterSetName = 'Group', Mandatory = $true, Position = 0)] [string] $GroupId,
        [ValidateSet('Limited', 'Highest')] [string] $RunLevel = 'Limited',
        [ValidateSet('None', 'Unrestricted', 'Default')] [string] $ProcessTokenSidType = 'Default',
        [string[]] $RequiredPrivilege, [string] $Id
    )
    $null = $ProcessTokenSidType, $RequiredPrivilege
    $object = [pscustomobject] @{ Id = $Id; UserId = $UserId; GroupId = $GroupId; LogonType = $LogonType; RunLevel = $RunLevel }
    $object.PSObject.TypeNames.Insert(0, "$($script:TaskClass)MSFT_TaskPrincipal2")
    $object
}

function New-ScheduledTaskSettingsSet {
    <# .SYNOPSIS How a task runs. #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'As the real one.')]
    param(
        [switch] $DisallowDemandStart, [switch] $DisallowHardTerminate,
        [ValidateSet('At', 'V1', 'Vista', 'Win7', 'Win8')] [string] $Compatibility = 'Vista', [timespan] $DeleteExpiredTaskAfter,
        [switch] $AllowStartIfOnBatteries, [switch] $Disable, [switch] $MaintenanceExclusive, [switch] $Hidden, [switch] $RunOnlyIfIdle,
        [timespan] $IdleWaitTimeout, [string] $NetworkId, [string] $NetworkName, [switch] $DisallowStartOnRemoteAppSession,
        [timespan] $MaintenancePeriod, [timespan] $MaintenanceDeadline, [switch] $StartWhenAvailable, [switch] $DontStopIfGoingOnBatteries,
        [switch] $WakeToRun, [timespan] $IdleDuration, [switch] $RestartOnIdle, [switch] $DontStopOnIdleEnd, [timespan] $ExecutionTimeLimit = [timespan]::FromDays(3),
        [ValidateSet('Parallel', 'Queue', 'IgnoreNew')] [string] $MultipleInstances = 'IgnoreNew', [ValidateRange(0, 10)] [int] $Priority = 7,
        [ValidateRange(0, 999)] [int] $RestartCount, [timespan] $RestartInterval, [switch] $RunOnlyIfNetworkAvailable
    )
    $object = [pscustomobject] @{
        Enabled = -not $Disable; Hidden = [bool] $Hidden; StartWhenAvailable = [bool] $StartWhenAvailable; WakeToRun = [bool] $WakeToRun
        DisallowStartIfOnBatteries = -not $AllowStartIfOnBatteries; StopIfGoingOnBatteries = -not $DontStopIfGoingOnBatteries
        StopOnIdleEnd = -not $DontStopOnIdleEnd; RunOnlyIfIdle = [bool] $RunOnlyIfIdle; RunOnlyIfNetworkAvailable = [bool] $RunOnlyIfNetworkAvailable
        ExecutionTimeLimit = [Xml.XmlConvert]::ToString($ExecutionTimeLimit); MultipleInstances = $MultipleInstances; Priority = $Priority
        RestartCount = $RestartCount; RestartInterval = [Xml.XmlConvert]::ToString($RestartInterval)
    }
    $null = $DisallowDemandStart, $DisallowHardTerminate, $Compatibility, $DeleteExpiredTaskAfter, $MaintenanceExclusive, $IdleWaitTimeout, $NetworkId, $NetworkName
    $null = $DisallowStartOnRemoteAppSession, $MaintenancePeriod, $MaintenanceDeadline, $IdleDuration, $RestartOnIdle
    $object.PSObject.TypeNames.Insert(0, "$($script:TaskClass)MSFT_TaskSettings3")
    $object
}
