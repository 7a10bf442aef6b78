# One change of the lab at a time, whichever runspace or process makes it; and the end of a process in the middle of its work.

$script:LockDepth = 0

function Use-LabLock {
    <# .SYNOPSIS Runs a block while nobody else changes the lab. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $Script)
    if ($script:LockDepth -gt 0) { return & $Script }
    # Names of its own: the block sees this function's variables before those of its caller.
    $lockPath = Get-LabPath -Part 'lab.lock'
    $lockStream = $null
    for ($lockTry = 1; $null -eq $lockStream; $lockTry++) {
        try {
            $lockStream = [IO.File]::Open($lockPath, [IO.FileMode]::OpenOrCreate, [IO.FileAccess]::ReadWrite, [IO.FileShare]::None)
        }
        catch [IO.IOException] {
            if ($lockTry -ge 6000) { throw }
            Start-Sleep -Milliseconds 5
        }
    }
    $script:LockDepth = 1
    try { & $Script }
    finally {
        $script:LockDepth = 0
        $lockStream.Dispose()
    }
}

function Write-LabText {
    <# .SYNOPSIS Replaces a file of the lab as a whole, so that nobody ever reads a half of it. #>
    param([string] $Path, [string] $Text)
    if (-not [IO.File]::Exists($Path)) { return Use-LabFile { [IO.File]::WriteAllText($Path, $Text) } }
    $temporary = "$Path.$([guid]::NewGuid().ToString('N')).new"
    [IO.File]::WriteAllText($temporary, $Text)
    # .NET has a move that replaces at once; in .NET Framework the old file can be gone for a moment.
    $move = 'Move'
    if ($PSVersionTable.PSVersion.Major -ge 6) { Use-LabFile { [IO.File]::$move($temporary, $Path, $true) } }
    else { Use-LabFile { [IO.File]::Replace($temporary, $Path, [NullString]::Value) } }
}

function Step-LabKill {
    <#
    .SYNOPSIS
    Counts a call where the lab is to end a run: kill.txt holds how, at which call, and the calls so far. Ends the process, or freezes the
    run, before the call of that number; returns 'kill' or 'freeze' for the call after which that is to be done.
    #>
    Test-DeadRun
    $path = Get-LabPath -Part 'kill.txt'
    if (-not [IO.File]::Exists($path)) { return '' }
    $now = Use-LabLock {
        $word, $limit, $count = (Use-LabFile { [IO.File]::ReadAllText($path) }).Split(' ')
        $count = [int] $count + 1
        Write-LabText -Path $path -Text "$word $limit $count"
        $how, $when = $word.Split('-')
        [pscustomobject] @{ How = $how; IsBefore = $when -eq 'before'; Left = [int] $limit - $count }
    }
    # Once a run is frozen, whatever else of it gets this far is, too.
    if ($now.How -eq 'freeze' -and ($now.Left -lt 0 -or ($now.Left -eq 0 -and $now.IsBefore))) { Wait-Thaw }
    if ($now.Left -ne 0) { return '' }
    if ($now.How -eq 'kill' -and $now.IsBefore) { Stop-LabProcess }
    $now.How
}

function Stop-LabProcess {
    <#
    .SYNOPSIS
    Ends this process at once. Hyper-V works in a process of its own, so a change that it has begun for another runspace is ended first.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'The test has asked.')]
    param()
    Use-LabLock { [Diagnostics.Process]::GetCurrentProcess().Kill() }
}

function Stop-LabCall {
    <# .SYNOPSIS Does what Step-LabKill returned, after the call. #>
    param([string] $How)
    if ($How -eq 'kill') { Stop-LabProcess }
    if ($How -eq 'freeze') { Wait-Thaw }
}

function Get-Freezer {
    <# .SYNOPSIS What all runspaces of the process share: Thaw, the event that frozen calls wait for; Dead, the Ids of their runspaces. #>
    $freezer = [AppDomain]::CurrentDomain.GetData('SimulatedHyperV.Freezer')
    if ($null -eq $freezer) {
        $freezer = [hashtable]::Synchronized(@{ Thaw = [Threading.ManualResetEventSlim]::new($false); Dead = [hashtable]::Synchronized(@{}) })
        [AppDomain]::CurrentDomain.SetData('SimulatedHyperV.Freezer', $freezer)
    }
    $freezer
}

function Test-DeadRun {
    <# .SYNOPSIS Ends the call of a run that was frozen once: such a run is as good as a process that is gone. #>
    $freezer = Get-Freezer
    if (-not $freezer.Dead.ContainsKey([runspace]::DefaultRunspace.InstanceId)) { return }
    $freezer.Late = 1 + [int] $freezer.Late
    throw [Management.Automation.PipelineStoppedException]::new()
}

function Wait-Thaw {
    <# .SYNOPSIS The call of a frozen run: it never returns. When the test thaws it, the run has been stopped, and it ends with it. #>
    $freezer = Get-Freezer
    $freezer.Dead[[runspace]::DefaultRunspace.InstanceId] = $true
    [Threading.Thread]::CurrentThread.IsBackground = $true
    $freezer.Thaw.Wait()
    throw [Management.Automation.PipelineStoppedException]::new()
}
