# Work that may block in foreign code (a guest's session, a call of Hyper-V): each piece runs in a runspace of its own, a worker, which
# can be left behind. The thread of the cmdlet never waits longer than 50 ms in one go, so Ctrl+C is heard at once.

# What a worker runs: PowerShell's own module of Hyper-V as the caller has it, then the script. Its thread ends with the process. What
# comes back is data: output and errors, no more of them than are allowed; other streams and the host are nobody's.
$script:WorkerScript = {
    param([string] $Module, [string] $Text, [object[]] $Argument, [int] $Limit, [System.Diagnostics.Stopwatch] $Watch)
    [System.Threading.Thread]::CurrentThread.IsBackground = $true
    $ProgressPreference = 'SilentlyContinue'
    if ($Module -and -not (Microsoft.PowerShell.Core\Get-Module -Name Hyper-V)) {
        Microsoft.PowerShell.Core\Import-Module -Name $Module -Global -DisableNameChecking -ErrorAction SilentlyContinue
    }
    $Watch.Start()
    & ([scriptblock]::Create($Text)) @Argument 2>&1 3>$null 4>$null 5>$null 6>$null |
        Microsoft.PowerShell.Utility\Select-Object -First $Limit
}

function New-WorkerPool {
    # A pool of runspaces for workers, made when they are needed and used again. Close-WorkerPool ends it, in a finally block.
    [CmdletBinding()]
    [OutputType('Ragnatramp.WorkerPool')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param()
    # The module that the session uses, of the versions that may be installed; where there is none, PowerShell finds it by itself.
    $module = ''
    $hyperV = @(Microsoft.PowerShell.Core\Get-Module -Name Hyper-V)
    if ($hyperV.Count -gt 0) {
        $manifest = [System.IO.Path]::Combine($hyperV[0].ModuleBase, 'Hyper-V.psd1')
        $module = if ([System.IO.File]::Exists($manifest)) { $manifest } else { [string] $hyperV[0].Path }
    }
    [pscustomobject]@{
        PSTypeName = 'Ragnatramp.WorkerPool'
        Module     = $module
        Idle       = [System.Collections.Generic.Stack[object]]::new()
        Busy       = [System.Collections.Generic.List[object]]::new()
    }
}

function Start-Worker {
    # Starts a script with its arguments in a runspace of the pool. It sees no function and no variable of the module.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Worker')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'The cmdlet has asked before.')]
    param(
        [Parameter(Mandatory)]
        [object] $Pool,

        [Parameter(Mandatory)]
        [scriptblock] $Script,

        [AllowEmptyCollection()]
        [object[]] $Argument = @(),

        # How many objects and errors are taken from it at most; then it is stopped.
        [int] $Limit = 64
    )
    $runspace = if ($Pool.Idle.Count -gt 0) { $Pool.Idle.Pop() } else {
        # Nothing but PowerShell itself is loaded here: the rest may block, and is the worker's.
        $new = [System.Management.Automation.Runspaces.RunspaceFactory]::CreateRunspace(
            [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
        $new.Open()
        $new
    }
    # Runs once the script itself does: what it needs is loaded before.
    $watch = [System.Diagnostics.Stopwatch]::new()
    $shell = [System.Management.Automation.PowerShell]::Create()
    $shell.Runspace = $runspace
    $null = $shell.AddScript($script:WorkerScript.ToString()).AddParameters(
        @{ Module = $Pool.Module; Text = $Script.ToString(); Argument = $Argument; Limit = $Limit; Watch = $watch })
    $none = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $none.Complete()
    $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
    $worker = [pscustomobject]@{
        PSTypeName = 'Ragnatramp.Worker'
        Pool       = $Pool
        Runspace   = $runspace
        Shell      = $shell
        Output     = $output
        Handle     = $shell.BeginInvoke($none, $output)
        Watch      = $watch
        Age        = [System.Diagnostics.Stopwatch]::StartNew()
    }
    $Pool.Busy.Add($worker)
    $worker
}

function Wait-Worker {
    # Waits until a worker has ended, as long as its time lasts, counted from the begin of its script; 30 s more are for what it
    # loads before that. Returns whether it has ended.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [object] $Worker,

        [Parameter(Mandatory)]
        [int] $Milliseconds
    )
    while (-not $Worker.Handle.IsCompleted) {
        if ($Worker.Watch.ElapsedMilliseconds -ge $Milliseconds -or $Worker.Age.ElapsedMilliseconds -ge 30000 + $Milliseconds) { return $false }
        # Ctrl+C is heard between two waits.
        $null = $Worker.Handle.AsyncWaitHandle.WaitOne(50)
    }
    $true
}

function Receive-Worker {
    # What a worker that has ended gave: Output (its objects) and ErrorRecord (its first error, or null). Its runspace goes back.
    [CmdletBinding()]
    [OutputType('Ragnatramp.WorkerResult')]
    param(
        [Parameter(Mandatory)]
        [object] $Worker
    )
    $result = [pscustomobject]@{ PSTypeName = 'Ragnatramp.WorkerResult'; Output = @(); ErrorRecord = $null }
    try {
        $null = $Worker.Shell.EndInvoke($Worker.Handle)
    } catch {
        $inner = $_.Exception.InnerException
        $result.ErrorRecord = if ($inner -is [System.Management.Automation.IContainsErrorRecord]) { $inner.ErrorRecord } else { $_ }
        Remove-HandledError -Record $_
    }
    $result.Output = @(foreach ($one in $Worker.Output) {
            $value = if ($null -ne $one) { $one.PSObject.BaseObject }
            if ($value -isnot [System.Management.Automation.ErrorRecord]) {
                $one
            } elseif ($null -eq $result.ErrorRecord) {
                $result.ErrorRecord = $value
            }
        })
    $null = $Worker.Pool.Busy.Remove($Worker)
    $Worker.Shell.Dispose()
    $Worker.Pool.Idle.Push($Worker.Runspace)
    $result
}

function Stop-Worker {
    # Leaves a worker behind: it is told to stop, nobody waits for it, and whatever it still gives is refused.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Ends what is under way; there is nothing to ask.')]
    param(
        [Parameter(Mandatory)]
        [object] $Worker
    )
    $null = $Worker.Pool.Busy.Remove($Worker)
    $Worker.Output.Complete()
    Close-WorkerRunspace -Runspace $Worker.Runspace
}

function Close-WorkerPool {
    # Ends a pool: workers that still run are left behind. Waits for nothing.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [object] $Pool
    )
    foreach ($worker in $Pool.Busy.ToArray()) { Stop-Worker -Worker $worker }
    while ($Pool.Idle.Count -gt 0) { Close-WorkerRunspace -Runspace $Pool.Idle.Pop() }
}

function Close-WorkerRunspace {
    # Closes a runspace on a thread that ends with the process. To close it waits for what it runs, and so would PowerShell's own end,
    # for every runspace that is still open; those of BeginStop and CloseAsync are threads that a process waits for.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.Runspaces.Runspace] $Runspace
    )
    $method = [System.Management.Automation.Runspaces.Runspace].GetMethod('Close', [type]::EmptyTypes)
    $close = [System.Delegate]::CreateDelegate([System.Action], $Runspace, $method)
    [System.Threading.Tasks.Task]::new($close, [System.Threading.Tasks.TaskCreationOptions]::LongRunning).Start()
}
