# A run of the module in a runspace of its own, beside the test: to read its progress, and to end it as Ctrl+C does.

function Start-Run {
    <#
    .SYNOPSIS
        Starts a script in a new runspace that has the built module and the simulated Hyper-V of the present lab.
    .OUTPUTS
        An object with PowerShell (its Streams fill while it runs), Handle and Output.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory, Position = 0)] [string] $Script)
    $modules = @((Get-Module -Name Hyper-V).Path.Replace('.psm1', '.psd1'), (Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1'))
    $shell = [powershell]::Create()
    foreach ($module in $modules) {
        $null = $shell.AddCommand('Import-Module').AddParameter('Name', $module).AddParameter('DisableNameChecking').AddStatement()
    }
    $null = $shell.AddScript($Script)
    $output = [Management.Automation.PSDataCollection[psobject]]::new()
    $none = [Management.Automation.PSDataCollection[psobject]]::new()
    $none.Complete()
    [pscustomobject]@{ PowerShell = $shell; Handle = $shell.BeginInvoke($none, $output); Output = $output }
}

function Wait-Run {
    <#
    .SYNOPSIS
        Waits until something is so, 30 s at most or as long as it says; throws where it never is.
    #>
    param([Parameter(Mandatory, Position = 0)] [scriptblock] $Until, [int] $Seconds = 30)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Until)) {
        if ($watch.Elapsed.TotalSeconds -gt $Seconds) { throw "It never was so: $Until" }
        Start-Sleep -Milliseconds 50
    }
}

function Complete-Run {
    <#
    .SYNOPSIS
        Waits for the end of a run and gives what it told.
    .OUTPUTS
        An object with Output, Errors, Progress (the status lines, in their order) and Left (whether a bar was left standing).
    #>
    param([Parameter(Mandatory)] [object] $Run)
    Wait-Run { $Run.Handle.IsCompleted }
    try { $null = $Run.PowerShell.EndInvoke($Run.Handle) } catch [Management.Automation.PipelineStoppedException] { $null = $_ }
    $bars = @($Run.PowerShell.Streams.Progress | Where-Object { $_.Activity -eq 'Reconcile' })
    [pscustomobject]@{
        Output   = @($Run.Output)
        Errors   = @($Run.PowerShell.Streams.Error)
        Progress = @($bars | Where-Object { $_.RecordType -eq 'Processing' } | ForEach-Object { $_.StatusDescription })
        Left     = $bars.Count -gt 0 -and $bars[-1].RecordType -eq 'Processing'
    }
    $Run.PowerShell.Dispose()
}
