# What the simulated Task Scheduler has, and how it behaves.

function Import-SimulatedTaskScheduler {
    <# .SYNOPSIS Imports the module ScheduledTasks of the simulation for the whole session. Its tasks are in the folder of the present lab. #>
    [CmdletBinding()]
    param()
    Import-Module -Name ([IO.Path]::Combine([IO.Path]::GetDirectoryName($script:simulation), 'ScheduledTasks', 'ScheduledTasks.psd1')) -Global -Force -DisableNameChecking
}

function Set-SimulatedTaskScheduler {
    <#
    .SYNOPSIS
    Says how Task Scheduler behaves. What is not named stays as it is.
    .PARAMETER Fault
    The codes with which cmdlets fail: @{ 'Register-ScheduledTask' = '0x80070005' }.
    .PARAMETER Runs
    Whether a task that is started is a real process.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param([hashtable] $Fault, [bool] $Runs)
    $path = Get-LabPath -Part 'tasks', 'host.json'
    if (-not $PSCmdlet.ShouldProcess($path, 'Change the simulated Task Scheduler')) { return }
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path))
    $field = @{}
    if ($PSBoundParameters.ContainsKey('Fault')) { $field.faults = $Fault }
    if ($PSBoundParameters.ContainsKey('Runs')) { $field.runs = $Runs }
    Edit-JsonFile -Path $path -Field $field
}

function Get-SimulatedTaskCall {
    <# .SYNOPSIS The names of the cmdlets that were called, in order, without those that only look. #>
    [CmdletBinding()]
    param()
    $path = Get-LabPath -Part 'tasks', 'calls.txt'
    if ([IO.File]::Exists($path)) { [IO.File]::ReadAllLines($path) | Where-Object { $_ -notlike 'Get-*' } }
}
