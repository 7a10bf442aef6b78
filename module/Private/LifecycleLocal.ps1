# The steps that are not Hyper-V's: the state and the disk files; what is waited for between machines; and what failures are
# told as.

function Invoke-LocalStep {
    # One piece of a step of this computer. Returns whether anything moved; false where another program is waited for.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object] $Task,

        [Parameter(Mandatory)]
        [object] $Step
    )
    if ($Task.IsNew) { $Task.Watch = [System.Diagnostics.Stopwatch]::StartNew() }
    $name = $Task.Action.machineName
    $isDone = $true
    $failure = $null
    switch ($Step.kind) {
        'Record' {
            $request = @{ machineName = $name; change = $Step.change; bound = 30; waited = $Task.Watch.Elapsed.TotalSeconds }
            if ($Step.change.kind -eq 'created') { $request.vmId = [string] $Task.VM.Id }
            if ($Step.change.kind -eq 'checkpointMade') { $request.checkpointId = [string] $Task.Output.Id }
            $answer = Invoke-RagnaExport lifecycle_record -Lab $Run.Lab $request
            $failure = $answer.Failure
            if ($null -eq $failure) {
                foreach ($warning in $answer.Response.warnings) { $Run.Cmdlet.WriteWarning($warning) }
                $isDone = $null -eq $answer.Response.waiting
                if ($isDone -and $Step.change.kind -eq 'removed') { $Task.Did.Add('removed') }
                if ($isDone -and $Step.change.kind -eq 'end' -and 'complete', 'adopt' -contains $Task.Action.kind) { $Task.Did.Add('completed') }
            }
        }
        'MakeFolder' {
            try {
                $null = [System.IO.Directory]::CreateDirectory($Step.path)
            } catch {
                Remove-HandledError -Record $_
                $failure = New-RagnaFailure -Code 'DISK_IO_FAILED' -Path $Step.path -Machine $name `
                    -Message "Its folder could not be made: $($_.Exception.GetBaseException().Message)" `
                    -Remedy 'Look at the rights of the folder above, or choose another with settings.artifact_path.'
            }
        }
        'CopyDisk' {
            $copy = Invoke-RagnaExport disk_copy @{ source = $Step.source; path = $Step.path; restart = $Task.IsNew }
            $failure = $copy.Failure
            $isDone = $null -ne $failure -or $copy.Response.done
            if (-not $isDone) {
                $percent = [int] (100 * $copy.Response.copiedBytes / [Math]::Max(1, $copy.Response.totalBytes))
                Microsoft.PowerShell.Utility\Write-Progress -Activity 'Lab' -Status "Copying the image: $name, $percent %" -PercentComplete $percent
            }
        }
        'WriteSeed' {
            try {
                $guest = Get-GuestFileContent
                $failure = (Invoke-RagnaExport seed_write -Lab $Run.Lab @{ machineName = $name; path = $Step.path; files = $guest.Files } `
                        -Content $guest.Content).Failure
            } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
                Remove-HandledError -Record $_
                $failure = New-RagnaFailure -Code 'DISK_IO_FAILED' -Path $Step.path -Machine $name `
                    -Message "The guest files of the module could not be read: $($_.Exception.GetBaseException().Message)" `
                    -Remedy 'Install the module again, whole.'
            }
        }
        { 'DeleteFile', 'DeleteFolder' -contains $_ } {
            $deletion = Invoke-RagnaExport disk_delete @{ path = $Step.path; isFolder = $Step.kind -eq 'DeleteFolder' }
            $failure = $deletion.Failure
            if ($null -eq $failure -and -not $deletion.Response.done) {
                if ($deletion.Response.canRetry -and $Task.Watch.Elapsed.TotalSeconds -lt 30) {
                    $Task.IsNew = $false
                    return $false
                }
                if ($Step.kind -eq 'DeleteFolder') {
                    $Run.Cmdlet.WriteWarning("${name}: its folder $($Step.path) stays: $($deletion.Response.left).")
                } else {
                    $failure = New-RagnaFailure -Code 'DISK_IN_USE' -Path $Step.path -Machine $name `
                        -Message "${name}: its disk $($Step.path) could not be deleted: $($deletion.Response.left)." `
                        -Remedy 'Close what uses it and run the command again; it goes on where this run ended.'
                }
            }
        }
        'LookAgain' {
            $Task.LooksAgain = $true
            return $true
        }
        default {
            $failure = New-RagnaFailure -Code 'INTERNAL' -Machine $name -Message "The module does not know the step $($Step.kind)." `
                -Remedy 'The module and its library are of different versions. Install the module again, whole.'
        }
    }
    $Task.IsNew = $false
    if ($null -ne $failure) {
        Set-TaskFailure -Run $Run -Task $Task -Failure $failure
    } elseif ($isDone) {
        Complete-TaskStep -Task $Task
    }
    $true
}

function Test-TaskGate {
    # Whether a machine may be started: those that it depends on have been started and have an address. One of them that failed,
    # or has no address at the deadline, ends this one's task, too.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object] $Task
    )
    $needed = @($Task.Action.dependsOn)
    if ($needed.Count -eq 0) { return $true }
    $before = @(foreach ($other in $Run.Task) { if ($needed -ccontains $other.Action.machineName) { $other } })
    $failed = @(foreach ($other in $before) { if ($null -ne $other.Failure) { $other.Action.machineName } })
    if ($failed.Count -gt 0) {
        Set-TaskFailure -Run $Run -Task $Task -Failure (New-DependencyFailure -Task $Task -Reason "$($failed -join ', ') could not be started")
        return $false
    }
    if (@(foreach ($other in $before) { if (-not $other.Done) { $other } }).Count -gt 0) { return $false }
    if ($null -eq $Run.Gate) {
        $Run.Gate = [pscustomobject]@{ Lab = $null; Watch = [System.Diagnostics.Stopwatch]::StartNew(); Next = 0; Silent = $null; Began = @{} }
    }
    $gate = $Run.Gate
    $elapsed = $gate.Watch.Elapsed.TotalSeconds
    if (-not $gate.Began.ContainsKey($Task.Action.machineName)) {
        # The state knows more machines than when the run began, or when another one began to wait.
        $former = $gate.Lab
        $gate.Lab = $null
        Close-RagnaLab -Lab $former
        $gate.Lab = Open-RagnaLab -Cmdlet $Run.Cmdlet -ConfigPath $Run.Lab.ConfigPath
        $gate.Began[$Task.Action.machineName] = $elapsed
        $gate.Next = 0
    }
    if ($elapsed -lt $gate.Next) { return $false }
    $gate.Next = $elapsed + 1
    $silent = @(Get-SilentMachine -Run $Run -Name $needed)
    if ($silent.Count -eq 0) { return $true }
    if ($elapsed - $gate.Began[$Task.Action.machineName] -gt $Run.TimeoutSeconds) {
        Set-TaskFailure -Run $Run -Task $Task -Failure (New-DependencyFailure -Task $Task `
                -Reason "$($silent -join ', ') has no address after $($Run.TimeoutSeconds) s")
    }
    $false
}

function Get-SilentMachine {
    # Those of some machines that run and have no address yet, or that Hyper-V cannot tell of now.
    [CmdletBinding()]
    [OutputType([string], [string[]])]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [string[]] $Name
    )
    $lab = $Run.Gate.Lab
    if ($null -eq $lab) { return $Name }
    $snapshot = Get-HyperVSnapshot -Cmdlet $Run.Cmdlet -VMId $lab.VMId
    if ($null -ne $snapshot.Failure) { return $Name }
    $clock = @{ elapsedSeconds = $Run.Gate.Watch.Elapsed.TotalSeconds; timeoutSeconds = $Run.TimeoutSeconds }
    $poll = Invoke-RagnaExport discover -Lab $lab @{ snapshot = $snapshot.Plain; clock = $clock }
    if ($null -eq $poll.Failure -and $poll.Response.askNeighbours) {
        $neighbours = Get-HostNeighbour -Cmdlet $Run.Cmdlet
        if ($null -eq $neighbours.Failure) {
            $snapshot.Plain.Remove('adapters')
            $snapshot.Plain.neighbours = $neighbours.Output[0]
            $poll = Invoke-RagnaExport discover -Lab $lab @{ snapshot = $snapshot.Plain; clock = $clock }
        }
    }
    if ($null -ne $poll.Failure) { return $Name }
    $awaited = @($poll.Response.awaited)
    foreach ($task in $Run.Task) {
        $isSilent = $null -ne $task.VM -and $awaited -contains [string] $task.VM.Id
        if ($isSilent -and $Name -ccontains $task.Action.machineName) { $task.Action.machineName }
    }
}

function New-DependencyFailure {
    # Why a machine was not started although it could be.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [object] $Task,

        [Parameter(Mandatory)]
        [string] $Reason
    )
    $name = $Task.Action.machineName
    New-RagnaFailure -Code 'DEPENDENCY_NOT_READY' -Machine $name -Message "${name}: not started, because $Reason, and it depends on that." `
        -Remedy 'Mend that machine and run the command again, or take it out of depends_on.'
}

function New-TimeoutFailure {
    # Why a step was given up.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [object] $Task,

        [Parameter(Mandatory)]
        [object] $Step,

        # How long it was waited for; without it Hyper-V gave up by itself.
        [int] $Seconds = -1
    )
    $name = $Task.Action.machineName
    $after = if ($Seconds -ge 0) { "after $Seconds s" } else { 'in the time that Hyper-V gives it' }
    switch ($Step.kind) {
        'ShutDownVM' {
            New-RagnaFailure -Code 'STOP_TIMEOUT' -Machine $name -Message "${name}: its guest has not shut down $after. It may still do so." `
                -Remedy 'Look at its console; or stop it with Stop-RagnaMachine -Save (keeps its memory) or -TurnOff (cuts its power).'
        }
        'WaitMerged' {
            New-RagnaFailure -Code 'MERGE_TIMEOUT' -Machine $name -Message "${name}: Hyper-V has not merged its checkpoints $after." `
                -Remedy 'A backup program may hold the merge, or the disk may be full. Run the command again later; it goes on where this run ended.'
        }
        default {
            New-RagnaFailure -Code 'OPERATION_FAILED' -Machine $name -Message "${name}: Hyper-V has not ended the step $($Step.kind) $after." `
                -Remedy 'Look at the VM with Get-VM. Run the command again; it goes on where this run ended.'
        }
    }
}
