# Start-VM, Stop-VM, Save-VM, Suspend-VM, Resume-VM, Remove-VMSavedState: what changes the state of machines.

function Set-CallMachineState {
    <#
    .SYNOPSIS
    Puts the machines of a call into a state. One that is in it already is a warning, one in no state of From an error.
    .PARAMETER Change
    What is to be done with a machine; it returns an error where that cannot be.
    #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [string] $State, [string[]] $From, [switch] $Passthru, [scriptblock] $Change)
    foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) {
        if ($machine.State -eq $State) {
            $Caller.WriteWarning('The virtual machine is already in the specified state.')
        }
        elseif ($From -notcontains $machine.State) {
            Write-LabFault -Call $Call -Caller $Caller -Fault (Get-InvalidStateError -Cmdlet $Call.Cmdlet -Name $machine.Name)
            continue
        }
        elseif (-not (Test-LabConsent -Caller $Caller -Target $machine.Name -Action $Call.Cmdlet)) { continue }
        else {
            $fault = Use-LabLock { & $Change $machine }
            if ($fault) { Write-LabFault -Call $Call -Caller $Caller -Fault $fault; continue }
        }
        if ($Passthru) { ConvertTo-HyperVMachine -Machine (Get-FreshMachine -MachineId $machine.Id) }
    }
}

function Start-LabMachine {
    <# .SYNOPSIS Starts or resumes a machine; returns the error where it cannot. #>
    param([object] $Machine)
    # Another call may have changed it since it was selected.
    $now = Get-FreshMachine -MachineId $Machine.Id
    if ($now.State -ne 'Paused') {
        $fault = Get-StartFault -Machine $now
        if ($fault) { return $fault }
    }
    if ($now.State -eq 'Off' -and $now.Raw.automaticCheckpoints) {
        $null = Add-Snapshot -Machine $now -Name "Automatic Checkpoint - $($now.Name) - ($(Get-Date -Format 'g'))" -Automatic
        $now = Get-FreshMachine -MachineId $Machine.Id
    }
    if ($now.State -eq 'Off') { foreach ($path in Get-DiskPath -Machine $now) { Update-DataWrite -Path $path } }
    Save-MachineState -Machine $now -State 'Running'
}

function Stop-LabMachine {
    <# .SYNOPSIS What follows when a machine has been shut down or turned off: an automatic checkpoint under it is merged. #>
    param([object] $Machine)
    Save-MachineState -Machine $Machine -State 'Off' -Field @{ startedAt = $null }
    $now = Get-FreshMachine -MachineId $Machine.Id
    foreach ($snapshot in @($now.Raw.snapshots)) {
        if ($snapshot.id -eq $now.Raw.parentSnapshotId -and $snapshot.automatic) { Remove-Snapshot -Machine $now -SnapshotId $snapshot.id }
    }
}

function Invoke-StartVM {
    <# .SYNOPSIS Start-VM: also resumes a paused machine. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    # Whoever only tries to start sees a merge go on as well.
    Step-LabMachine
    Set-CallMachineState -Call $Call -Caller $Caller -State 'Running' -From 'Off', 'Saved', 'Paused', 'FastSaved', 'Hibernated' `
        -Passthru:$Bound['Passthru'] -Change { Start-LabMachine -Machine $args[0] }
}

function Invoke-SaveVM {
    <# .SYNOPSIS Save-VM. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    Set-CallMachineState -Call $Call -Caller $Caller -State 'Saved' -From 'Running', 'Paused' -Passthru:$Bound['Passthru'] -Change {
        Save-MachineState -Machine $args[0] -State 'Saved'
    }
}

function Invoke-SuspendVM {
    <# .SYNOPSIS Suspend-VM. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    Set-CallMachineState -Call $Call -Caller $Caller -State 'Paused' -From 'Running' -Passthru:$Bound['Passthru'] -Change {
        Save-MachineState -Machine $args[0] -State 'Paused'
    }
}

function Invoke-ResumeVM {
    <# .SYNOPSIS Resume-VM. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    Set-CallMachineState -Call $Call -Caller $Caller -State 'Running' -From 'Paused' -Passthru:$Bound['Passthru'] -Change {
        Save-MachineState -Machine $args[0] -State 'Running'
    }
}

function Invoke-RemoveSavedState {
    <# .SYNOPSIS Remove-VMSavedState: the memory is lost, the machine is off. Of a checkpoint: it restores to off. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    if ($Bound.ContainsKey('VMSnapshot')) {
        $machine = Get-FreshMachine -MachineId $Bound.VMSnapshot.VMId
        if (Test-LabConsent -Caller $Caller -Target $Bound.VMSnapshot.Name -Action 'Remove-VMSavedState') {
            Edit-Snapshot -Machine $machine -SnapshotId $Bound.VMSnapshot.Id -Field @{ memory = $false }
        }
        return
    }
    Set-CallMachineState -Call $Call -Caller $Caller -State 'Off' -From 'Saved', 'FastSaved' -Change { Stop-LabMachine -Machine $args[0] }
}

function Invoke-StopVM {
    <#
    .SYNOPSIS
    Stop-VM. Without -Save or -TurnOff the guest is asked to shut down. Where its shutdown service does not answer, the cmdlet asks
    whether to turn the machine off, which -Force answers.
    #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    if ($Bound['Save'] -and $Bound['TurnOff']) {
        $text = 'The Save and TurnOff parameters cannot be used together.'
        Write-LabFault -Call $Call -Caller $Caller -Fault (Get-InvalidArgumentError -Cmdlet 'Stop-VM' -Message $text)
        return
    }
    if ($Bound['Save']) { return Invoke-SaveVM -Call $Call -Caller $Caller -Bound $Bound }
    $all = @{ Call = $Call; Caller = $Caller; State = 'Off'; Passthru = $Bound['Passthru'] }
    if ($Bound['TurnOff']) {
        # A shutdown that hangs can be ended so.
        return Set-CallMachineState @all -From 'Running', 'Paused', 'Saved', 'FastSaved', 'Stopping', 'Starting', 'RunningCritical', 'PausedCritical' -Change {
            Stop-LabMachine -Machine $args[0]
        }
    }
    Set-CallMachineState @all -From 'Running', 'Paused', 'Saved', 'FastSaved' -Change {
        Stop-LabGuest -Call $Call -Caller $Caller -Machine $args[0] -Force ([bool] $Bound['Force'])
    }
}

function Stop-LabGuest {
    <# .SYNOPSIS Shuts a machine's guest down, or turns the machine off where that is wanted; returns an error where neither is. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [object] $Machine, [bool] $Force)
    $answers = $Machine.Running -and (Test-ServiceEnabled -Machine $Machine -Name 'Shutdown') -and (Test-ServiceContact -Machine $Machine -Name 'Shutdown')
    if (-not $answers) {
        $question = "Hyper-V cannot shut down virtual machine $($Machine.Name) because the Shutdown integration service is unavailable. " +
        'To avoid potential data loss, you can pause or save the state of the virtual machine. The other option is to turn off the virtual machine, but data loss might occur.'
        if ($Force -or (Test-LabAnswer -Caller $Caller -Question $question)) { Stop-LabMachine -Machine $Machine }
        return
    }
    $hangs = $Machine.Guest.shutdown -eq 'hang'
    $queries = [int] $Machine.Guest.shutdownQueries
    if (-not $hangs -and ($queries -le 0 -or -not $Call.Job)) { return Stop-LabMachine -Machine $Machine }
    # It goes on after the call: 'left' counts the queries until it ends, none is never.
    $left = if ($hangs) { $null } else { $queries }
    Save-MachineState -Machine $Machine -State 'Stopping' -Field @{ pending = @{ left = $left } }
    if ($Call.Job) { return }
    $fault = Get-HyperVError -Cmdlet 'Stop-VM' -Id 'OperationFailed' -Category NotSpecified -Target $Machine.Name -Message (
        "'$($Machine.Name)' failed to shut down. The guest did not respond in time. (0x800705B4).")
    if ($Force) { Stop-LabMachine -Machine $Machine }
    $fault
}
