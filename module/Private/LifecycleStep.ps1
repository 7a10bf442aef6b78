# The steps that Hyper-V does: each kind of the library's plan has one script. They run in workers, and see nothing of the
# module: $VM is Hyper-V's own object, $Step what the library planned.

# What a worker does for one step; Text is its script. The first error ends it: -ErrorAction Stop alone does that for the errors that a
# cmdlet writes, but one that a cmdlet throws would end its statement only, and the next would go on.
$script:HyperVStepScript = {
    param([string] $Text, [object] $VM, [object] $Step)
    $ErrorActionPreference = 'Stop'
    & ([scriptblock]::Create($Text)) $VM $Step
}

$script:HyperVStep = @{
    NewDisk                     = {
        param($VM, $Step)
        $null = $VM
        $null = Hyper-V\New-VHD -Path $Step.path -ParentPath $Step.parentPath -Differencing -Confirm:$false -ErrorAction Stop
    }
    NewVM                       = {
        param($VM, $Step)
        $null = $VM
        Hyper-V\New-VM -Name $Step.name -Path $Step.path -Generation $Step.generation -NoVHD `
            -MemoryStartupBytes $Step.memoryStartupBytes -Confirm:$false -ErrorAction Stop
    }
    SetNotes                    = {
        param($VM, $Step)
        Hyper-V\Set-VM -VM $VM -Notes $Step.notes -Confirm:$false -ErrorAction Stop
    }
    RenameVM                    = {
        param($VM, $Step)
        Hyper-V\Rename-VM -VM $VM -NewName $Step.name -Confirm:$false -ErrorAction Stop
    }
    SetVM                       = {
        param($VM, $Step)
        $setting = @{
            ProcessorCount              = $Step.processorCount
            MemoryStartupBytes          = $Step.memoryStartupBytes
            AutomaticCheckpointsEnabled = $false
            AutomaticStartAction        = 'Nothing'
            AutomaticStopAction         = 'ShutDown'
        }
        # One call: Hyper-V takes static and dynamic memory as one setting.
        if ($null -eq $Step.dynamicMemory) { $setting.StaticMemory = $true } else {
            $setting.DynamicMemory = $true
            $setting.MemoryMinimumBytes = $Step.dynamicMemory.minimumBytes
            $setting.MemoryMaximumBytes = $Step.dynamicMemory.maximumBytes
        }
        Hyper-V\Set-VM -VM $VM @setting -Confirm:$false -ErrorAction Stop
    }
    DisableAutomaticCheckpoints = {
        param($VM, $Step)
        $null = $Step
        Hyper-V\Set-VM -VM $VM -AutomaticCheckpointsEnabled $false -Confirm:$false -ErrorAction Stop
    }
    SetFirmware                 = {
        param($VM, $Step)
        $setting = if ($Step.secureBoot) { @{ EnableSecureBoot = 'On'; SecureBootTemplateId = [guid] $Step.templateId } } else {
            @{ EnableSecureBoot = 'Off' }
        }
        Hyper-V\Set-VMFirmware -VM $VM @setting -Confirm:$false -ErrorAction Stop
    }
    AddDrive                    = {
        param($VM, $Step)
        Hyper-V\Add-VMHardDiskDrive -VM $VM -Path $Step.path -Confirm:$false -ErrorAction Stop
    }
    AttachSeed                  = {
        param($VM, $Step)
        $drives = @(Hyper-V\Get-VMDvdDrive -VM $VM -ErrorAction Stop)
        if (@(foreach ($one in $drives) { if ([string] $one.Path -eq $Step.path) { $one } }).Count -gt 0) { return }
        # A new VM of generation 1 has a drive, one of generation 2 has none.
        $empty = @(foreach ($one in $drives) { if ([string]::IsNullOrEmpty($one.Path)) { $one } })
        if ($empty.Count -gt 0) {
            Hyper-V\Set-VMDvdDrive -VMDvdDrive $empty[0] -Path $Step.path -Confirm:$false -ErrorAction Stop
        } else {
            Hyper-V\Add-VMDvdDrive -VM $VM -Path $Step.path -Confirm:$false -ErrorAction Stop
        }
    }
    BootFromDisk                = {
        param($VM, $Step)
        $drive = @(foreach ($one in Hyper-V\Get-VMHardDiskDrive -VM $VM -ErrorAction Stop) { if ([string] $one.Path -eq $Step.path) { $one } })
        if ($drive.Count -gt 0) { Hyper-V\Set-VMFirmware -VM $VM -FirstBootDevice $drive[0] -Confirm:$false -ErrorAction Stop }
    }
    ConnectSwitch               = {
        param($VM, $Step)
        $switch = Hyper-V\Get-VMSwitch -Id ([guid] $Step.switchId) -ErrorAction Stop
        $adapter = @(Hyper-V\Get-VMNetworkAdapter -VM $VM -ErrorAction Stop)
        if ($adapter.Count -gt 0) {
            Hyper-V\Connect-VMNetworkAdapter -VMNetworkAdapter $adapter[0] -VMSwitch $switch -Confirm:$false -ErrorAction Stop
        } else {
            Hyper-V\Add-VMNetworkAdapter -VM $VM -SwitchName $switch.Name -Confirm:$false -ErrorAction Stop
        }
    }
    EnableExchange              = {
        param($VM, $Step)
        $null = $Step
        foreach ($service in Hyper-V\Get-VMIntegrationService -VM $VM -ErrorAction Stop) {
            if ([string] $service.Id -like '*2A34B1C2-FD73-4043-8A5B-DD2159BC743F' -and -not $service.Enabled) {
                Hyper-V\Enable-VMIntegrationService -VMIntegrationService $service -Confirm:$false -ErrorAction Stop
            }
        }
    }
    WaitIdle                    = {
        param($VM, $Step)
        $null = $Step
        $id = $VM.Id
        while ($true) {
            $status = @((Hyper-V\Get-VM -Id $id -ErrorAction Stop).OperationalStatus)
            if ($status.Count -lt 2 -or $null -eq $status[1]) { return }
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 500
        }
    }
    StartVM                     = {
        param($VM, $Step)
        $null = $Step
        Hyper-V\Start-VM -VM $VM -Confirm:$false -ErrorAction Stop -WarningAction SilentlyContinue
    }
    ShutDownVM                  = {
        param($VM, $Step)
        $null = $Step
        # Without -Force, which cuts the power where the guest does not shut down.
        Hyper-V\Stop-VM -VM $VM -Confirm:$false -ErrorAction Stop -WarningAction SilentlyContinue
    }
    TurnOffVM                   = {
        param($VM, $Step)
        $null = $Step
        Hyper-V\Stop-VM -VM $VM -TurnOff -Confirm:$false -ErrorAction Stop -WarningAction SilentlyContinue
    }
    SaveVM                      = {
        param($VM, $Step)
        $null = $Step
        Hyper-V\Save-VM -VM $VM -Confirm:$false -ErrorAction Stop -WarningAction SilentlyContinue
    }
    RemoveSavedState            = {
        param($VM, $Step)
        $null = $Step
        Hyper-V\Remove-VMSavedState -VM $VM -Confirm:$false -ErrorAction Stop
    }
    CheckpointVM                = {
        param($VM, $Step)
        $before = [string] $VM.CheckpointType
        $isOther = $null -ne $Step.checkpointType -and $Step.checkpointType -ne $before
        if ($isOther) { Hyper-V\Set-VM -VM $VM -CheckpointType $Step.checkpointType -Confirm:$false -ErrorAction Stop }
        try {
            Hyper-V\Checkpoint-VM -VM $VM -SnapshotName $Step.name -Passthru -Confirm:$false -ErrorAction Stop
        } finally {
            if ($isOther) { Hyper-V\Set-VM -VM $VM -CheckpointType $before -Confirm:$false -ErrorAction Stop }
        }
    }
    RestoreCheckpoint           = {
        param($VM, $Step)
        $null = $VM
        $snapshot = Hyper-V\Get-VMSnapshot -Id ([guid] $Step.id) -ErrorAction Stop
        Hyper-V\Restore-VMSnapshot -VMSnapshot $snapshot -Confirm:$false -ErrorAction Stop
    }
    RemoveCheckpoint            = {
        param($VM, $Step)
        foreach ($snapshot in Hyper-V\Get-VMSnapshot -VM $VM -ErrorAction Stop) {
            if ([string] $snapshot.Id -eq $Step.id) { Hyper-V\Remove-VMSnapshot -VMSnapshot $snapshot -Confirm:$false -ErrorAction Stop }
        }
    }
    WaitMerged                  = {
        param($VM, $Step)
        $id = $VM.Id
        # A merge may begin seconds after the removal: what is seen counts when it is seen twice in a row.
        $seen = 0
        while ($true) {
            $now = Hyper-V\Get-VM -Id $id -ErrorAction Stop
            $status = @($now.OperationalStatus)
            $isIdle = $status.Count -lt 2 -or $null -eq $status[1]
            $left = @(Hyper-V\Get-VMSnapshot -VM $now -ErrorAction Stop)
            $paths = @(foreach ($drive in Hyper-V\Get-VMHardDiskDrive -VM $now -ErrorAction Stop) { [string] $drive.Path })
            $isBack = $paths.Count -eq 0 -or $paths -contains $Step.path
            if ($isIdle -and $isBack -and $left.Count -eq 0) { $seen++ } else { $seen = 0 }
            if ($seen -ge 2) { return }
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 1000
        }
    }
    RemoveVM                    = {
        param($VM, $Step)
        $null = $Step
        $id = [string] $VM.Id
        Hyper-V\Remove-VM -VM $VM -Force -Confirm:$false -ErrorAction Stop
        # An error is no proof that it is gone, only a whole list without it is. Beside a VM that is being removed, so also beside
        # another of this run, Get-VM writes an error; one that stays for ten seconds is about something else.
        $doubts = 0
        while ($true) {
            $wrong = $null
            $list = @(Hyper-V\Get-VM -ErrorAction SilentlyContinue -ErrorVariable wrong)
            if (@(foreach ($one in $list) { if ([string] $one.Id -eq $id) { $one } }).Count -eq 0) {
                if ($wrong.Count -eq 0) { return }
                $doubts++
                if ($doubts -ge 20) { throw $wrong[0] }
            }
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 500
        }
    }
}

# How long each kind may take, in seconds; the others have a minute.
$script:HyperVStepSeconds = @{
    NewDisk = 300; CheckpointVM = 600; RestoreCheckpoint = 600; RemoveCheckpoint = 300; WaitMerged = 1800; WaitIdle = 300
    SaveVM = 600; TurnOffVM = 120; StartVM = 180; NewVM = 180; RemoveVM = 180
}

# What is shown while a step is under way.
$script:HyperVStepWord = @{
    NewDisk = 'Creating'; CopyDisk = 'Copying the image'; NewVM = 'Creating'; StartVM = 'Starting'; ShutDownVM = 'Shutting down'
    TurnOffVM = 'Turning off'; SaveVM = 'Saving'; CheckpointVM = 'Making the checkpoint'; RestoreCheckpoint = 'Restoring'
    RemoveCheckpoint = 'Removing the checkpoint'; WaitMerged = 'Waiting for Hyper-V to merge'; WaitIdle = 'Waiting for Hyper-V'
    RemoveVM = 'Removing'; DeleteFile = 'Deleting'; DeleteFolder = 'Deleting'
}
