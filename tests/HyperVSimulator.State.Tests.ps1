# How machines of the simulated Hyper-V start, stop, save and fail to.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Enter-FreshLab {
        $script:folder = "$TestDrive/lab-$([guid]::NewGuid())"
        Enter-Lab -Lab @{ HyperV = $script:folder }
    }
    function New-Machine {
        param([string] $Name, [switch] $Disk)
        $vm = New-VM -Name $Name -Path "$script:folder/made" -Generation 2 -MemoryStartupBytes 1GB -NoVHD -SwitchName 'Default Switch'
        Set-VM -VM $vm -AutomaticCheckpointsEnabled $false
        if ($Disk) {
            $base = "$script:folder/$Name-base.vhdx"
            $null = New-SimulatedImage -Path $base
            $null = New-VHD -Path "$script:folder/$Name.vhdx" -ParentPath $base -Differencing
            Add-VMHardDiskDrive -VM $vm -Path "$script:folder/$Name.vhdx"
        }
        $vm
    }
    function Get-State { param([object] $Machine) "$((Get-VM -Id $Machine.Id).State)" }
    # What a session in which nobody can answer is told.
    function Invoke-Unattended {
        param([string] $Text)
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$PSScriptRoot/HyperVSimulator/Hyper-V/Hyper-V.psd1'; $Text").Invoke()
        @($shell.Streams.Error)
        $shell.Dispose()
    }
}

Describe 'The states that allow an action' {
    BeforeAll {
        Enter-FreshLab
        $vm = New-Machine -Name 'web'
    }

    It '<Action> from <From> is <Then>' -ForEach @(
        @{ Action = 'Start-VM'; From = 'Off'; Then = 'Running' }
        @{ Action = 'Start-VM'; From = 'Saved'; Then = 'Running' }
        @{ Action = 'Start-VM'; From = 'Paused'; Then = 'Running' }
        @{ Action = 'Start-VM'; From = 'Stopping'; Then = 'InvalidState' }
        @{ Action = 'Start-VM'; From = 'OffCritical'; Then = 'InvalidState' }
        @{ Action = 'Save-VM'; From = 'Paused'; Then = 'Saved' }
        @{ Action = 'Save-VM'; From = 'Off'; Then = 'InvalidState' }
        @{ Action = 'Suspend-VM'; From = 'Running'; Then = 'Paused' }
        @{ Action = 'Suspend-VM'; From = 'Saved'; Then = 'InvalidState' }
        @{ Action = 'Resume-VM'; From = 'Paused'; Then = 'Running' }
        @{ Action = 'Resume-VM'; From = 'Saved'; Then = 'InvalidState' }
        @{ Action = 'Stop-VM'; From = 'Running'; Then = 'Off' }
        @{ Action = 'Stop-VM'; From = 'Starting'; Then = 'InvalidState' }
        @{ Action = 'Remove-VMSavedState'; From = 'Saved'; Then = 'Off' }
        @{ Action = 'Remove-VMSavedState'; From = 'Running'; Then = 'InvalidState' }
    ) {
        Set-SimulatedVM -Name 'web' -State $From
        if ($Then -eq 'InvalidState') {
            { & $Action -VM $vm -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,Microsoft.HyperV.PowerShell.Commands.*'
            Get-State -Machine $vm | Should -Be $From
        }
        else {
            & $Action -VM $vm
            Get-State -Machine $vm | Should -Be $Then
        }
    }

    It 'is a warning where it is so already' {
        Set-SimulatedVM -Name 'web' -State 'Off'
        Stop-VM -VM $vm -WarningVariable words -WarningAction SilentlyContinue
        Stop-VM -VM $vm -TurnOff -WarningVariable +words -WarningAction SilentlyContinue
        $words | Should -HaveCount 2
    }

    It 'knows -Save and -TurnOff, not both' {
        Set-SimulatedVM -Name 'web' -State 'Running'
        { Stop-VM -VM $vm -Save -TurnOff -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidParameter,*'
        Stop-VM -VM $vm -Save
        Get-State -Machine $vm | Should -Be 'Saved'
        Stop-VM -VM $vm -TurnOff
        Get-State -Machine $vm | Should -Be 'Off'
    }
}

Describe 'A made machine that starts' {
    It 'gets a MAC, an address of the range some queries later, and keeps both' {
        Enter-FreshLab
        Set-SimulatedHost -NewGuest @{ Os = 'linux'; Agent = 'ragnatramp'; AddressQueries = 1 } -AddressPrefix '172.31.7'
        $vm = New-Machine -Name 'web' -Disk
        $other = New-Machine -Name 'db' -Disk
        Start-VM -VM $vm, $other
        $mac = (Get-VMNetworkAdapter -VM $vm).MacAddress
        $mac | Should -Match '^00155D[0-9A-F]{6}$'
        (Get-VMNetworkAdapter -VM $vm).IPAddresses | Should -Be '172.31.7.10'
        $null = Get-VMNetworkAdapter -VM $other
        (Get-VMNetworkAdapter -VM $other).IPAddresses | Should -Be '172.31.7.11'
        Stop-VM -VM $vm
        Start-VM -VM $vm
        (Get-VMNetworkAdapter -VM $vm).MacAddress | Should -Be $mac
        Get-SimulatedGuestItem -Id $vm.Id -Pool 1 | ForEach-Object { $_.Name } | Should -Be 'ragnatramp.guest'
        (Get-SimulatedVM -Name 'web').HostsPath | Should -Exist
    }

    It 'without a system shows no address and does not answer' {
        Enter-FreshLab
        Set-SimulatedHost -NewGuest @{ Boots = $false }
        $vm = New-Machine -Name 'web' -Disk
        Start-VM -VM $vm
        (Get-VMNetworkAdapter -VM $vm).IPAddresses | Should -HaveCount 0
        "$((Get-VM -Id $vm.Id).Heartbeat)" | Should -Be 'NoContact'
        "$((Get-VMIntegrationService -VM $vm -Name 'Shutdown').PrimaryOperationalStatus)" | Should -Be 'NoContact'
    }
}

Describe 'A shutdown' {
    BeforeAll {
        Enter-FreshLab
        $vm = New-Machine -Name 'web'
    }

    It 'of a guest that does not answer is a question, which -Force answers by turning it off' {
        Set-SimulatedVM -Name 'web' -State 'Running' -Shutdown 'none'
        @(Invoke-Unattended 'Stop-VM -Name web').Count | Should -BeGreaterThan 0
        Get-State -Machine $vm | Should -Be 'Running'
        Stop-VM -VM $vm -Force
        Get-State -Machine $vm | Should -Be 'Off'
    }

    It 'that hangs is Stopping until it is turned off, and so long its job runs' {
        Set-SimulatedVM -Name 'web' -State 'Running' -Shutdown 'hang'
        $job = Stop-VM -VM $vm -Force -AsJob
        foreach ($query in 1..3) { Get-State -Machine $vm | Should -Be 'Stopping' }
        "$($job.State)" | Should -Not -Be 'Completed'
        Stop-VM -VM $vm -TurnOff
        Get-State -Machine $vm | Should -Be 'Off'
        $null = Wait-Job -Job $job -Timeout 30
        "$($job.State)" | Should -Be 'Completed'
        Remove-Job -Job $job
    }

    It 'takes as many queries as the lab says' {
        Set-SimulatedVM -Name 'web' -State 'Running' -Shutdown 'ok' -ShutdownQuery 2
        $job = Stop-VM -VM $vm -Force -AsJob
        Get-State -Machine $vm | Should -Be 'Stopping'
        Get-State -Machine $vm | Should -Be 'Off'
        $null = Wait-Job -Job $job -Timeout 30
        Remove-Job -Job $job
    }
}

Describe 'A start that fails' {
    BeforeAll {
        Enter-FreshLab
        $vm = New-Machine -Name 'web' -Disk
        function Get-StartError {
            Start-VM -VM $vm -ErrorVariable faults -ErrorAction SilentlyContinue
            # The last: the -ErrorVariable of a function also holds the errors that were caught inside it.
            $faults[-1]
        }
    }

    It 'for want of memory is OutOfMemory, 0x8007000E' {
        Set-SimulatedHost -Memory 512MB
        $fault = Get-StartError
        $fault.FullyQualifiedErrorId | Should -BeLike 'OutOfMemory,Microsoft.HyperV.PowerShell.Commands.StartVM*'
        "$fault" | Should -BeLike '*(0x8007000E)*'
        Set-SimulatedHost -Memory 16GB
    }

    It 'for a read-only disk is AccessDenied, 0x80070005' {
        Set-ItemProperty -LiteralPath "$folder/web.vhdx" -Name IsReadOnly -Value $true
        $fault = Get-StartError
        Set-ItemProperty -LiteralPath "$folder/web.vhdx" -Name IsReadOnly -Value $false
        $fault.FullyQualifiedErrorId | Should -BeLike 'AccessDenied,*'
        "$fault" | Should -BeLike "*web.vhdx'*(0x80070005)*"
    }

    It 'for a disk that somebody holds is 0x80070020' {
        $stream = [IO.File]::Open("$folder/web.vhdx", 'Open', 'ReadWrite', 'None')
        try { "$(Get-StartError)" | Should -BeLike '*(0x80070020)*' } finally { $stream.Dispose() }
    }

    It 'for a parent that was started itself is a mismatch, 0xC03A000E' {
        $null = New-SimulatedImage -Path "$folder/own.vhdx"
        $null = New-VHD -Path "$folder/child.vhdx" -ParentPath "$folder/own.vhdx" -Differencing
        $first = New-Machine -Name 'first'
        Add-VMHardDiskDrive -VM $first -Path "$folder/own.vhdx"
        $second = New-Machine -Name 'second'
        Add-VMHardDiskDrive -VM $second -Path "$folder/child.vhdx"
        Start-VM -VM $second
        Stop-VM -VM $second
        Start-VM -VM $first
        Stop-VM -VM $first
        { Start-VM -VM $second -ErrorAction Stop } | Should -Throw '*(0xC03A000E)*'
    }

    It 'for a parent that is gone is 0xC03A000D, for a disk that is gone 0x80070002' {
        [IO.File]::Move("$folder/web-base.vhdx", "$folder/moved.vhdx")
        "$(Get-StartError)" | Should -BeLike '*(0xC03A000D)*'
        [IO.File]::Move("$folder/moved.vhdx", "$folder/web-base.vhdx")
        [IO.File]::Move("$folder/web.vhdx", "$folder/away.vhdx")
        "$(Get-StartError)" | Should -BeLike '*(0x80070002)*'
        [IO.File]::Move("$folder/away.vhdx", "$folder/web.vhdx")
    }

    It 'fails as the lab says, for a file or for a machine' {
        Set-SimulatedHost -FileFailure @{ 'web-base.vhdx' = '0xC03A001A' }
        "$(Get-StartError)" | Should -BeLike '*must not be sparse*(0xC03A001A)*'
        Set-SimulatedHost -FileFailure @{}
        Set-SimulatedVM -Name 'web' -Failure @{ 'Start-VM' = '0x800705AA' }
        (Get-StartError).FullyQualifiedErrorId | Should -BeLike 'Unspecified,*'
        Set-SimulatedVM -Name 'web' -Failure @{}
        Start-VM -VM $vm
        Get-State -Machine $vm | Should -Be 'Running'
    }
}
