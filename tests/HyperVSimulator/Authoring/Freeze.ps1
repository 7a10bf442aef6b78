# Runs that are frozen in a call: for a run in a runspace of this process, what a power cut is for a process.

function Test-FrozenRun {
    <# .SYNOPSIS Whether a run is frozen now. #>
    [CmdletBinding()]
    param()
    (Get-Freezer).Dead.Count -gt 0
}

function Complete-FrozenRun {
    <#
    .SYNOPSIS
    Ends a run that is frozen, in such a way that nothing of it has an effect after the call that it is frozen in: it is stopped, what of it
    still moves ends or freezes too, then its calls are thawed and end with it.
    .PARAMETER PowerShell
    The run's. Its runspace can be used again.
    .PARAMETER Handle
    Of its BeginInvoke.
    .OUTPUTS
    How many calls the run made later, all of them in vain.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [powershell] $PowerShell, [Parameter(Mandatory = $true)] [IAsyncResult] $Handle)
    $freezer = Get-Freezer
    $own = [runspace]::DefaultRunspace.InstanceId
    $main = $PowerShell.Runspace.InstanceId
    $freezer.Late = 0
    $null = $PowerShell.BeginStop($null, $null)
    Wait-Moment { $Handle.IsCompleted -or $freezer.Dead.ContainsKey($main) }
    # Its workers: frozen, ended, or idle.
    Wait-Moment {
        @(foreach ($one in Get-Runspace) {
                $isQuiet = $one.RunspaceStateInfo.State -in 'Closed', 'Broken' -or $one.RunspaceAvailability -eq 'Available'
                if ($one.InstanceId -notin $own, $main -and -not $freezer.Dead.ContainsKey($one.InstanceId) -and -not $isQuiet) { $one }
            }).Count -eq 0
    }
    [IO.File]::Delete((Get-LabPath -Part 'kill.txt'))
    $freezer.Thaw.Set()
    Wait-Moment { $Handle.IsCompleted }
    Wait-Moment {
        @(foreach ($one in Get-Runspace) {
                $isOver = $one.RunspaceStateInfo.State -in 'Closed', 'Broken' -or
                (-not $freezer.Dead.ContainsKey($one.InstanceId) -and $one.RunspaceAvailability -eq 'Available')
                if ($one.InstanceId -notin $own, $main -and -not $isOver) { $one }
            }).Count -eq 0
    }
    $freezer.Thaw.Reset()
    $freezer.Dead.Clear()
    $freezer.Late
}

function Wait-Moment {
    # Waits until something is so; throws where it never is.
    param([Parameter(Mandatory = $true)] [scriptblock] $Until)
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Until)) {
        if ($watch.Elapsed.TotalSeconds -gt 60) { throw "A frozen run did not end: $Until" }
        Start-Sleep -Milliseconds 10
    }
}
