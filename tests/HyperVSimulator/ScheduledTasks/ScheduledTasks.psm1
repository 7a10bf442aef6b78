# The real module is named ScheduledTasks, so this one is too: whoever calls ScheduledTasks\Register-ScheduledTask finds it. The
# cmdlets have the parameter sets of the real ones, as Microsoft documents them, without those of every CIM cmdlet (CimSession,
# ThrottleLimit, AsJob).
#   Store.ps1        the folder: tasks as JSON, staged faults, errors
#   Definition.ps1   what a task is made of: the cmdlets that only make objects
#   Registered.ps1   tasks that are registered
#   Running.ps1      tasks that run, as real processes where the test says so
Set-StrictMode -Version Latest
foreach ($file in 'Store.ps1', 'Definition.ps1', 'Registered.ps1', 'Running.ps1') { . ([IO.Path]::Combine($PSScriptRoot, $file)) }
