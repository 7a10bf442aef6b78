# The folder `tasks` of the lab: a JSON file for each task, host.json for what the test staged, calls.txt for what was asked.

# The type name of each kind of object, which the cmdlets check as the real ones do.
$script:TaskClass = 'Microsoft.Management.Infrastructure.CimInstance#Root/Microsoft/Windows/TaskScheduler/'

function Get-TaskFolder {
    <# .SYNOPSIS The folder, which is made where it is not there. #>
    $folder = [Environment]::GetEnvironmentVariable('RAGNA_HYPERV_FOLDER')
    if (-not $folder) { throw 'RAGNA_HYPERV_FOLDER names no simulated lab. New-SimulatedLab makes one.' }
    [IO.Directory]::CreateDirectory([IO.Path]::Combine($folder, 'tasks')).FullName
}

function Get-TaskHost {
    <# .SYNOPSIS What the test staged: faults (codes by cmdlet), runs (whether a task is a real process). #>
    $path = [IO.Path]::Combine((Get-TaskFolder), 'host.json')
    $told = if ([IO.File]::Exists($path)) { ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($path)) } else { [pscustomobject] @{} }
    $field = { param($name) $found = $told.PSObject.Properties[$name]; if ($null -ne $found) { $found.Value } }
    [pscustomobject] @{ Faults = & $field 'faults'; Runs = [bool] (& $field 'runs') }
}

function Get-TaskFile {
    <# .SYNOPSIS The file of a task. Task Scheduler does not tell names apart by case. #>
    param([string] $Path, [string] $Name)
    $key = [BitConverter]::ToString([Text.Encoding]::UTF8.GetBytes("$Path$Name".ToLowerInvariant())).Replace('-', '')
    if ($key.Length -gt 120) { $key = $key.Substring(0, 60) + $key.Substring($key.Length - 60) }
    [IO.Path]::Combine((Get-TaskFolder), "$key.task.json")
}

function Read-TaskFile {
    <# .SYNOPSIS All tasks. #>
    foreach ($file in [IO.Directory]::GetFiles((Get-TaskFolder), '*.task.json') | Sort-Object) {
        ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($file))
    }
}

function Save-TaskFile {
    <# .SYNOPSIS Writes a task, whole. #>
    param([object] $Task)
    $file = Get-TaskFile -Path $Task.path -Name $Task.name
    [IO.File]::WriteAllText("$file.part", (ConvertTo-Json -InputObject $Task -Depth 6))
    [IO.File]::Delete($file)
    [IO.File]::Move("$file.part", $file)
}

function Get-TaskError {
    <# .SYNOPSIS An error of a CIM cmdlet for tasks, by its code. #>
    param([string] $Cmdlet, [string] $Code, [object] $Target = $null)
    $known = @{
        '0x80070005' = 'PermissionDenied', 'Access is denied.'
        '0x800700b7' = 'ResourceExists', 'Cannot create a file when that file already exists.'
        '0x80070002' = 'ObjectNotFound', 'The system cannot find the file specified.'
        '0x80041315' = 'NotSpecified', 'The Task Scheduler service is not running.'
        '0x80041326' = 'NotSpecified', 'The task is disabled.'
    }
    $category, $text = if ($known.ContainsKey($Code)) { $known[$Code] } else { 'NotSpecified', "The operation failed ($Code)." }
    $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList $text
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, "HRESULT $Code,$Cmdlet", $category, $Target
}

function Enter-TaskCall {
    <# .SYNOPSIS Notes a call, and returns the error that the test staged for it, or null. #>
    param([string] $Cmdlet)
    [IO.File]::AppendAllText([IO.Path]::Combine((Get-TaskFolder), 'calls.txt'), "$Cmdlet`n")
    $faults = (Get-TaskHost).Faults
    $fault = if ($null -ne $faults) { $faults.PSObject.Properties[$Cmdlet] }
    if ($null -ne $fault) { Get-TaskError -Cmdlet $Cmdlet -Code $fault.Value }
}
