# What examples call of Windows that no test can: it asks a person, needs a network, or changes Windows. Dot-source it where examples
# are run; whoever does takes the module ScheduledTasks away again.

function Get-Credential {
    <# .SYNOPSIS The account of every guest, as if a person had typed it. #>
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string] $UserName)
    $null = $UserName
    Get-LabCredential
}

# With the parameters of the real one, so that what is piped to it is bound as it would be.
$standIn = [Management.Automation.CommandMetadata]::new((Get-Command -Name 'Microsoft.PowerShell.Management\Test-Connection'))
${function:Test-Connection} = [scriptblock]::Create(
    "[CmdletBinding(DefaultParameterSetName = '$($standIn.DefaultParameterSetName)')] param($([Management.Automation.ProxyCommand]::GetParamBlock($standIn)))
    process { foreach (`$name in 'TargetName', 'ComputerName') { if (`$PSBoundParameters.ContainsKey(`$name)) { `$PSBoundParameters[`$name] } } }")

Import-SimulatedTaskScheduler
