# The life of the machines: a plan is asked of the library, and its steps are carried out, those of different machines side by
# side. Every decision is the library's. After an interruption the next plan begins at what is so then.

function Invoke-LabLifecycle {
    # Brings the machines of a lab to a goal, and emits one Ragnatramp.MachineResult for each. Each failure is an error of the
    # cmdlet and of one machine; the others go on.
    [CmdletBinding()]
    [OutputType('Ragnatramp.MachineResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Open-RagnaLab.
        [Parameter(Mandatory)]
        [object] $Lab,

        # As the library's `lifecycle_plan` takes it.
        [Parameter(Mandatory)]
        [hashtable] $Goal,

        # The machines; empty for all.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $Machine,

        # A look that was taken already, with all that the goal needs.
        [object] $Inventory,

        # How long a guest may take to shut down, and a machine that others depend on to have an address, in seconds.
        [int] $TimeoutSeconds = 120,

        # How many machines Hyper-V works on at the same time.
        [ValidateRange(1, 64)]
        [int] $Limit = 8
    )
    $run = [pscustomobject]@{
        PSTypeName = 'Ragnatramp.LifecycleRun'; Cmdlet = $Cmdlet; Lab = $Lab; Goal = $Goal; TimeoutSeconds = $TimeoutSeconds; Limit = $Limit
        Task = [System.Collections.Generic.List[object]]::new(); Pool = $null; Gate = $null
    }
    if ($null -eq $Inventory) { $Inventory = Get-GoalInventory -Run $run }
    $actions = @(Get-LabAction -Run $run -Inventory $Inventory -Goal $Goal -Machine $Machine)
    # What was found wrong with a name holds for all machines: nothing is done to any then, so nothing is asked.
    $isWhole = 'checkpoint', 'restore', 'removeCheckpoint' -contains $Goal.kind
    $isRefused = $isWhole -and @(foreach ($action in $actions) { if ($action.kind -eq 'refuse') { $action } }).Count -gt 0
    foreach ($action in $actions) {
        $task = New-MachineTask -Action $action -VM $Inventory.VM
        $run.Task.Add($task)
        if ($action.kind -eq 'refuse') {
            Set-TaskFailure -Run $run -Task $task -Failure $action.refusal
        } elseif ($isRefused) {
            $task.Done = $true
            $task.Skipped = $true
        } elseif ($action.steps.Count -eq 0) {
            $task.Done = $true
        } elseif (-not $Cmdlet.ShouldProcess("$($action.machineName) ($($action.vmName))", $action.operation)) {
            $task.Done = $true
            $task.Skipped = $true
        }
    }
    try {
        Invoke-MachineTask -Run $run
    } finally {
        if ($null -ne $run.Pool) { Close-WorkerPool -Pool $run.Pool }
        if ($null -ne $run.Gate) { Close-RagnaLab -Lab $run.Gate.Lab }
        Microsoft.PowerShell.Utility\Write-Progress -Activity 'Lab' -Completed
    }
    foreach ($task in $run.Task) { if (-not $task.Skipped) { New-MachineResult -Run $run -Task $task } }
}

function Get-GoalInventory {
    # The look at Hyper-V that a goal needs.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Inventory')]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    $kind = $Run.Goal.kind
    Get-HyperVInventory -Cmdlet $Run.Cmdlet -Lab $Run.Lab -Drive:('start', 'remove' -contains $kind) `
        -Checkpoint:('start', 'stop' -notcontains $kind)
}

function Get-LabAction {
    # The actions of the library's plan; none where there is no plan: that was told then.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object] $Inventory,

        [Parameter(Mandatory)]
        [hashtable] $Goal,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $Machine
    )
    $plan = if ($null -ne $Inventory.Failure) { $Inventory } else {
        Invoke-RagnaExport lifecycle_plan -Lab $Run.Lab @{ inventory = $Inventory.Plain; goal = $Goal; machineNames = $Machine }
    }
    if ($null -ne $plan.Failure) {
        Write-RagnaFailure -Cmdlet $Run.Cmdlet -Failure $plan.Failure -Target $Run.Lab.ConfigPath
        return
    }
    foreach ($action in $plan.Response.items) { $action }
}

function New-MachineTask {
    # What is under way with one machine: its action, the step it is at, and what came of it.
    [CmdletBinding()]
    [OutputType('Ragnatramp.MachineTask')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [object] $Action,

        # Hyper-V's own objects, by Id.
        [Parameter(Mandatory)]
        [hashtable] $VM
    )
    [pscustomobject]@{
        PSTypeName = 'Ragnatramp.MachineTask'
        Action     = $Action
        Steps      = @($Action.steps)
        Index      = 0
        VM         = if ($null -ne $Action.vmId) { $VM[[string] $Action.vmId] }
        Worker     = $null
        Watch      = $null
        IsNew      = $true
        Output     = $null
        Did        = [System.Collections.Generic.List[string]]::new()
        LooksAgain = $false
        Failure    = $null
        Done       = $false
        Skipped    = $false
    }
}

function Invoke-MachineTask {
    # Carries the steps of all tasks out, until each has ended: those that Hyper-V does in workers, side by side.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    while ($true) {
        $open = @(foreach ($task in $Run.Task) { if (-not $task.Done) { $task } })
        if ($open.Count -eq 0) { return }
        if (@(foreach ($task in $open) { if (-not $task.LooksAgain) { $task } }).Count -eq 0) {
            Update-TaskPlan -Run $Run -Task $open
            continue
        }
        $isMoving = $false
        foreach ($task in $open) {
            $isBusy = $null -ne $task.Worker
            $working = @(foreach ($one in $open) { if ($null -ne $one.Worker) { $one } }).Count
            if ($task.LooksAgain -or (-not $isBusy -and $working -ge $Run.Limit)) { continue }
            if (Step-MachineTask -Run $Run -Task $task) { $isMoving = $true }
        }
        if (-not $isMoving) {
            Write-TaskProgress -Run $Run
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 50
        }
    }
}

function Step-MachineTask {
    # Brings one task further: takes what its worker gave, or begins its next step. Returns whether anything moved.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object] $Task
    )
    $step = $Task.Steps[$Task.Index]
    if ($null -ne $Task.Worker) {
        if (-not $Task.Worker.Handle.IsCompleted) {
            $limit = if ($step.kind -eq 'ShutDownVM') { $Run.TimeoutSeconds } else { $script:HyperVStepSeconds[$step.kind] }
            if ($null -eq $limit) { $limit = 60 }
            if ($Task.Worker.Watch.Elapsed.TotalSeconds -le $limit -and $Task.Worker.Age.Elapsed.TotalSeconds -le $limit + 30) { return $false }
            Stop-Worker -Worker $Task.Worker
            $Task.Worker = $null
            Set-TaskFailure -Run $Run -Task $Task -Failure (New-TimeoutFailure -Task $Task -Step $step -Seconds $limit)
            return $true
        }
        $received = Receive-Worker -Worker $Task.Worker
        $Task.Worker = $null
        $seconds = $Task.Watch.Elapsed.TotalSeconds.ToString('0.0', [cultureinfo]::InvariantCulture)
        if ($null -ne $received.ErrorRecord) {
            $Run.Cmdlet.WriteVerbose("$($Task.Action.machineName): $($step.kind) failed after $seconds s")
            Set-TaskFailure -Run $Run -Task $Task -Failure (ConvertFrom-StepError -Record $received.ErrorRecord -Task $Task -Step $step)
            return $true
        }
        $Run.Cmdlet.WriteVerbose("$($Task.Action.machineName): $($step.kind), $seconds s")
        $Task.Output = if ($received.Output.Count -gt 0) { $received.Output[$received.Output.Count - 1] }
        if ($step.kind -eq 'NewVM') { $Task.VM = $Task.Output }
        Complete-TaskStep -Task $Task
        return $true
    }
    if ($step.kind -eq 'StartVM' -and -not (Test-TaskGate -Run $Run -Task $Task)) { return $false }
    # Stops come in the reverse order of depends_on, so each waits for the waves before its own, however those end.
    $isStop = 'ShutDownVM', 'TurnOffVM', 'SaveVM' -contains $step.kind -and $Task.Action.kind -eq 'stop'
    if ($isStop -and @(foreach ($one in $Run.Task) { if (-not $one.Done -and $one.Action.wave -lt $Task.Action.wave) { $one } }).Count -gt 0) { return $false }
    if ($script:HyperVStep.ContainsKey($step.kind)) {
        if ($null -eq $Run.Pool) { $Run.Pool = New-WorkerPool }
        $Task.Worker = Start-Worker -Pool $Run.Pool -Script $script:HyperVStepScript `
            -Argument $script:HyperVStep[$step.kind].ToString(), $Task.VM, $step
        $Task.Watch = $Task.Worker.Watch
        return $true
    }
    Invoke-LocalStep -Run $Run -Task $Task -Step $step
}

function Complete-TaskStep {
    # Notes what a step did, and goes on to the next.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [object] $Task
    )
    $kind = $Task.Steps[$Task.Index].kind
    $did = switch ($kind) {
        'NewVM' { 'created' }
        'StartVM' { if ($Task.Action.kind -eq 'resume') { 'resumed' } else { 'started' } }
        'ShutDownVM' { 'stopped' }
        'TurnOffVM' { if ($Task.Action.kind -eq 'stop') { 'turned off' } }
        'SaveVM' { 'saved' }
        'CheckpointVM' { 'checkpointed' }
        'RestoreCheckpoint' { if ($Task.Action.kind -eq 'restore') { 'restored' } }
        'RemoveCheckpoint' { if ($Task.Action.kind -eq 'remove-checkpoint') { 'checkpoint removed' } }
        'SetVM' { if ($Task.Action.kind -eq 'update') { 'updated' } }
        'ConnectSwitch' { if ($Task.Action.kind -eq 'update') { 'updated' } }
    }
    if ($did -and -not $Task.Did.Contains($did)) { $Task.Did.Add($did) }
    $Task.Index++
    $Task.IsNew = $true
    if ($Task.Index -ge $Task.Steps.Count) { $Task.Done = $true }
}

function Update-TaskPlan {
    # Plans the tasks that wait for another look: after a restore, that the VM is made ours again; else the same goal.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'The cmdlet has asked.')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object[]] $Task
    )
    $inventory = Get-GoalInventory -Run $Run
    $goal = if ($Run.Goal.kind -eq 'restore') { @{ kind = 'restored' } } else { $Run.Goal }
    $actions = @(Get-LabAction -Run $Run -Inventory $inventory -Goal $goal -Machine @(foreach ($one in $Task) { $one.Action.machineName }))
    foreach ($one in $Task) {
        $one.LooksAgain = $false
        $action = @(foreach ($candidate in $actions) { if ($candidate.machineName -ceq $one.Action.machineName) { $candidate } })
        if ($action.Count -eq 0) {
            # Why there is no plan was told.
            $one.Done = $true
            $one.Failure = [pscustomobject]@{ code = 'HYPERV_ERROR' }
            continue
        }
        if ($action[0].kind -eq 'refuse') {
            Set-TaskFailure -Run $Run -Task $one -Failure $action[0].refusal
            continue
        }
        $one.Steps = @($action[0].steps)
        $one.Index = 0
        $one.IsNew = $true
        if ($null -ne $action[0].vmId -and $inventory.VM.ContainsKey([string] $action[0].vmId)) {
            $one.VM = $inventory.VM[[string] $action[0].vmId]
        }
        if ($one.Steps.Count -eq 0) { $one.Done = $true }
    }
}

function Set-TaskFailure {
    # Ends a task with a failure, which is told at once.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'The cmdlet has asked.')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object] $Task,

        [Parameter(Mandatory)]
        [object] $Failure
    )
    $Task.Failure = $Failure
    $Task.Done = $true
    Write-RagnaFailure -Cmdlet $Run.Cmdlet -Failure $Failure -Target $Task.Action.machineName
}

function Write-TaskProgress {
    # What is done now, with how many machines are through: `Creating: worker (3 of 4)`.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    $ended = 0
    $names = [System.Collections.Generic.List[string]]::new()
    $word = $null
    $left = $null
    foreach ($task in $Run.Task) {
        if ($task.Done) { $ended++; continue }
        $kind = $task.Steps[$task.Index].kind
        $now = if ($script:HyperVStepWord.ContainsKey($kind)) { $script:HyperVStepWord[$kind] } else { 'Setting up' }
        if ($null -eq $word) { $word = $now }
        if ($now -eq $word) { $names.Add($task.Action.machineName) }
        if ($kind -eq 'ShutDownVM' -and $null -ne $task.Watch) { $left = [int] [Math]::Max(0, $Run.TimeoutSeconds - $task.Watch.Elapsed.TotalSeconds) }
    }
    $text = "${word}: $($names -join ', ') ($ended of $($Run.Task.Count) done)"
    if ($null -ne $left) { $text += ", $left s left" }
    Microsoft.PowerShell.Utility\Write-Progress -Activity 'Lab' -Status $text -PercentComplete ([int] (100 * $ended / [Math]::Max(1, $Run.Task.Count)))
}
