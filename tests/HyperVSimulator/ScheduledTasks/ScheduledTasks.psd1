@{
    RootModule        = 'ScheduledTasks.psm1'
    ModuleVersion     = '1.0.0.0'
    GUID              = '3b9c2e64-0f0a-4c0e-9a52-7d1f0c8b6e21'
    Description       = 'A Task Scheduler whose tasks live in the folder that RAGNA_HYPERV_FOLDER names. For tests.'
    PowerShellVersion = '5.1'
    FunctionsToExport = @(
        'New-ScheduledTaskAction', 'New-ScheduledTaskTrigger', 'New-ScheduledTaskPrincipal', 'New-ScheduledTaskSettingsSet',
        'Register-ScheduledTask', 'Unregister-ScheduledTask', 'Get-ScheduledTask', 'Get-ScheduledTaskInfo',
        'Start-ScheduledTask', 'Stop-ScheduledTask'
    )
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
