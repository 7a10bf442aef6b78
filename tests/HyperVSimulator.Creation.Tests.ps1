# Machines that are made, set and removed on the simulated Hyper-V.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Enter-FreshLab {
        $script:folder = "$TestDrive/lab-$([guid]::NewGuid())"
        Enter-Lab -Lab @{ HyperV = $script:folder }
    }
    function Get-Disk { New-SimulatedImage -Path "$script:folder/disks/$([guid]::NewGuid().ToString('N').Substring(0, 6)).vhdx" }
    function New-Machine {
        param([string] $Name, [int] $Generation = 2)
        New-VM -Name $Name -Path "$script:folder/made" -Generation $Generation -MemoryStartupBytes 1GB -NoVHD -SwitchName 'Default Switch'
    }
}

Describe 'New-VM' {
    BeforeAll { Enter-FreshLab }

    It 'makes a machine that is off, with the defaults of a client Windows, in a folder of its name' {
        $vm = New-Machine -Name 'web'
        "$($vm.State)" | Should -Be 'Off'
        $vm.Path | Should -Be ([IO.Path]::GetFullPath("$folder/made/web"))
        foreach ($part in 'Virtual Machines', 'Snapshots') { "$($vm.Path)/$part" | Should -Exist }
        $vm.ProcessorCount | Should -Be 1
        $vm.Notes | Should -Be ''
        $vm.AutomaticCheckpointsEnabled | Should -BeTrue
        "$($vm.CheckpointType) $($vm.AutomaticStartAction) $($vm.AutomaticStopAction)" | Should -Be 'Production StartIfRunning Save'
        (Get-VM -Id $vm.Id).Name | Should -Be 'web'
        (Get-VMNetworkAdapter -VM $vm).MacAddress | Should -Be '000000000000'
        (Get-VMNetworkAdapter -VM $vm).SwitchName | Should -Be 'Default Switch'
    }

    It 'gives generation 1 a DVD drive and generation 2 none, and takes 1 without a word' {
        @((New-Machine -Name 'two').DVDDrives) | Should -HaveCount 0
        (New-Machine -Name 'one' -Generation 1).DVDDrives[0].ControllerType | Should -Be 'IDE'
        (New-VM -Name 'plain' -Path "$folder/made" -NoVHD).Generation | Should -Be 1
    }

    It 'refuses a switch that is not there, a .vhd for generation 2, a boot device of generation 1' {
        $null = New-Item -ItemType File -Path "$folder/old.vhd" -Force
        $all = @{ Name = 'bad'; Path = "$folder/made"; Generation = 2; ErrorAction = 'Stop' }
        { New-VM @all -NoVHD -SwitchName 'none' } | Should -Throw -ErrorId 'InvalidParameter,Microsoft.HyperV.PowerShell.Commands.NewVM*'
        { New-VM @all -VHDPath "$folder/old.vhd" } | Should -Throw -ErrorId 'InvalidParameter,*'
        { New-VM @all -VHDPath "$folder/none.vhdx" } | Should -Throw -ErrorId 'ObjectNotFound,*'
        { New-VM @all -NoVHD -BootDevice IDE } | Should -Throw -ErrorId 'InvalidParameter,*'
        @(Get-VM | Where-Object { $_.Name -eq 'bad' }) | Should -HaveCount 0
    }

    It 'makes a machine that Get-VM can miss for a while, when the lab says so' {
        Set-SimulatedHost -HiddenQuery 1
        $vm = New-Machine -Name 'late'
        Set-SimulatedHost -HiddenQuery 0
        { Get-VM -Id $vm.Id -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*GetVM*'
        Set-VM -VM $vm -Notes 'found by its object'
        (Get-VM -Name 'late').Notes | Should -Be 'found by its object'
    }

    It 'makes nothing with -WhatIf' {
        New-VM -Name 'never' -Path "$folder/made" -NoVHD -WhatIf
        @(Get-VM | Where-Object { $_.Name -eq 'never' }) | Should -HaveCount 0
    }
}

Describe 'Set-VM and Rename-VM' {
    BeforeAll {
        Enter-FreshLab
        $vm = New-Machine -Name 'web'
    }

    It 'change settings, and refuse what the host has not' {
        Set-VM -VM $vm -ProcessorCount 4 -StaticMemory -MemoryStartupBytes 2GB -Notes "a`nb" -AutomaticCheckpointsEnabled $false -AutomaticStopAction ShutDown
        $now = Get-VM -Id $vm.Id
        "$($now.ProcessorCount) $($now.MemoryStartup / 1GB) $($now.AutomaticCheckpointsEnabled) $($now.AutomaticStopAction)" | Should -Be '4 2 False ShutDown'
        $now.Notes | Should -Be "a`nb"
        { Set-VM -VM $vm -ProcessorCount 9 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        { Set-VM -VM $vm -StaticMemory -DynamicMemory -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        { Set-VM -VM $vm -MemoryStartupBytes 1000000001 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        { Set-VM -VM $vm -DynamicMemory -MemoryMinimumBytes 4GB -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
    }

    It 'refuse processors and memory of a machine that is not off, but not its notes' {
        Set-SimulatedVM -Name 'web' -State 'Saved'
        { Set-VM -VM $vm -MemoryStartupBytes 1GB -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,*SetVM*'
        Set-VM -VM $vm -Notes 'saved'
        (Get-VM -Id $vm.Id).Notes | Should -Be 'saved'
        Set-SimulatedVM -Name 'web' -State 'Off'
    }

    It 'rename, and leave the folder' {
        Rename-VM -VM $vm -NewName 'web2'
        (Get-VM -Id $vm.Id).Name | Should -Be 'web2'
        (Get-VM -Id $vm.Id).Path | Should -Be $vm.Path
    }
}

Describe 'Drives, firmware, switch and services' {
    BeforeAll {
        Enter-FreshLab
        $vm = New-Machine -Name 'web'
        $disk = Get-Disk
    }

    It 'attach a disk at the first free place, once there' {
        (Add-VMHardDiskDrive -VM $vm -Path $disk -Passthru).ControllerType | Should -Be 'SCSI'
        (Add-VMHardDiskDrive -VM $vm -Path (Get-Disk) -Passthru).ControllerLocation | Should -Be 1
        { Add-VMHardDiskDrive -VM $vm -Path $disk -ControllerType SCSI -ControllerNumber 0 -ControllerLocation 1 -ErrorAction Stop } | Should -Throw -ErrorId 'OperationFailed,*'
        { Add-VMHardDiskDrive -VM $vm -Path "$folder/none.vhdx" -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
        { Add-VMHardDiskDrive -VM $vm -Path $disk -ControllerType IDE -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        @($vm.HardDrives).Path | Should -Contain $disk
        Get-VMHardDiskDrive -VM $vm -ControllerLocation 1 | Remove-VMHardDiskDrive
        @(Get-VMHardDiskDrive -VMName 'web') | Should -HaveCount 1
    }

    It 'put a disc in and take it out; the drive stays' {
        $iso = "$folder/seed.iso"
        [IO.File]::WriteAllText($iso, 'x')
        (Add-VMDvdDrive -VM $vm -Path $iso -Passthru).DvdMediaType | Should -Be 'ISO'
        Get-VMDvdDrive -VM $vm | Set-VMDvdDrive -Path $null
        (Get-VMDvdDrive -VM $vm).Path | Should -BeNullOrEmpty
        { Get-VMDvdDrive -VM $vm | Set-VMDvdDrive -Path "$folder/none.iso" -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
        Get-VMDvdDrive -VM $vm | Remove-VMDvdDrive
        @(Get-VMDvdDrive -VM $vm) | Should -HaveCount 0
    }

    It 'set the firmware by template id and boot device; generation 1 has none' {
        "$((Get-VMFirmware -VM $vm).SecureBootTemplate)" | Should -Be 'MicrosoftWindows'
        Set-VMFirmware -VM $vm -SecureBootTemplateId '272e7447-90a4-4563-a4b9-8e4ab00526ce' -FirstBootDevice (Get-VMNetworkAdapter -VM $vm)
        $firmware = Get-VMFirmware -VM $vm
        $firmware.SecureBootTemplate | Should -Be 'MicrosoftUEFICertificateAuthority'
        "$($firmware.BootOrder[0].BootType)" | Should -Be 'Network'
        { Set-VMFirmware -VM $vm -SecureBootTemplate 'none' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        $old = New-Machine -Name 'old' -Generation 1
        { Get-VMFirmware -VM $old -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        Set-SimulatedVM -Name 'web' -State 'Running'
        { Set-VMFirmware -VM $vm -EnableSecureBoot Off -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,*'
        Set-SimulatedVM -Name 'web' -State 'Off'
    }

    It 'connect an adapter to a switch, and to none' {
        Set-SimulatedHost -Switch @{ name = 'Default Switch'; id = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'; type = 'Internal' },
        @{ name = 'Lab'; id = '5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5'; type = 'Private' }
        Connect-VMNetworkAdapter -VMName 'web' -SwitchName 'Lab'
        (Get-VMNetworkAdapter -VM $vm).SwitchId | Should -Be ([guid] '5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5')
        Get-VMNetworkAdapter -VM $vm | Connect-VMNetworkAdapter -VMSwitch (Get-VMSwitch -Name 'Default Switch')
        (Get-VMNetworkAdapter -VM $vm).SwitchName | Should -Be 'Default Switch'
        { Connect-VMNetworkAdapter -VMName 'web' -Name 'none' -SwitchName 'Lab' -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
        { Connect-VMNetworkAdapter -VMName 'web' -SwitchName 'none' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
    }

    It 'switch services on and off' {
        Disable-VMIntegrationService -VM $vm -Name 'Key-Value*', 'Time*'
        Get-VMIntegrationService -VM $vm -Name 'Guest*' | Enable-VMIntegrationService
        $on = @(Get-VMIntegrationService -VM $vm | Where-Object { $_.Enabled })
        $on.Name | Should -Be @('Guest Service Interface', 'Heartbeat', 'Shutdown', 'VSS')
    }
}

Describe 'Remove-VM' {
    BeforeAll { Enter-FreshLab }

    It 'leaves the disks and folders, and refuses a machine that runs' {
        $vm = New-Machine -Name 'web'
        $disk = Get-Disk
        Add-VMHardDiskDrive -VM $vm -Path $disk
        Start-VM -VM $vm
        { Remove-VM -VM $vm -Force -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,*'
        Stop-VM -VM $vm
        Remove-VM -VM $vm -Force
        { Get-VM -Id $vm.Id -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        $disk | Should -Exist
        "$($vm.Path)/Virtual Machines" | Should -Exist
        @(Get-ChildItem -LiteralPath "$($vm.Path)/Virtual Machines") | Should -HaveCount 0
    }

    It 'merges checkpoints after the machine is gone, and holds the disk meanwhile' {
        $vm = New-Machine -Name 'db'
        $disk = Get-Disk
        Add-VMHardDiskDrive -VM $vm -Path $disk
        Checkpoint-VM -VM $vm
        $child = $vm.HardDrives[0].Path
        Remove-VM -VM $vm -Force
        $child | Should -Exist
        foreach ($query in 1..2) { $null = Get-VM }
        { [IO.File]::Delete($disk) } | Should -Throw
        $null = Get-VM
        $child | Should -Not -Exist
        (Get-VHD -Path $disk).Attached | Should -BeFalse
    }

    It 'asks without -Force, which a session without a user cannot answer' {
        $null = New-Machine -Name 'kept'
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$PSScriptRoot/HyperVSimulator/Hyper-V/Hyper-V.psd1'; Remove-VM -Name kept")
        $null = $shell.Invoke()
        $shell.HadErrors | Should -BeTrue
        $shell.Dispose()
        (Get-VM -Name 'kept').Name | Should -Be 'kept'
    }
}
