# The simulated machines, adapters, neighbours, and the ways in which a host and its machines misbehave.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Enter-FreshLab { Enter-Lab -Lab @{ HyperV = "$TestDrive/lab-$([guid]::NewGuid())" } }
    Enter-FreshLab
}

Describe 'Get-VM' {
    BeforeAll {
        Enter-FreshLab
        $web = Add-SimulatedVM -Name 'web' -ConfigPath 'C:\lab\ragnatramp.yaml' -ProcessorCount 4 -MemoryStartup 4GB
        $null = Add-SimulatedVM -Name 'we[b]' -State 'Saved'
        $null = Add-SimulatedVM -Name 'same' -State 'Off'
        $null = Add-SimulatedVM -Name 'same' -State 'Off'
    }

    It 'gives all machines with the properties and types of the real objects' {
        $all = @(Get-VM)
        $all | Should -HaveCount 4
        $one = $all | Where-Object { $_.Name -eq 'web' }
        $one.PSTypeNames[0] | Should -Be 'Microsoft.HyperV.PowerShell.VirtualMachine'
        $one.Id | Should -BeOfType 'guid'
        [int] $one.State | Should -Be 2
        "$($one.State)" | Should -Be 'Running'
        $one.MemoryStartup | Should -Be 4GB
        $one.ProcessorCount | Should -BeOfType 'long'
        $one.Uptime | Should -BeGreaterThan ([timespan]::FromMinutes(4))
        $one.Notes | Should -Be "ragnatramp:v0.1.0`nconfig:C:\lab\ragnatramp.yaml`nmanaged:true"
    }

    It 'takes -Name as wildcards, so that brackets do not find themselves' {
        (Get-VM -Name 'we[b]').Name | Should -Be 'web'
        (Get-VM -Name 'we`[b`]').Name | Should -Be 'we[b]'
        @(Get-VM -Name 'same') | Should -HaveCount 2
        @(Get-VM -Name 'none*') | Should -HaveCount 0
    }

    It 'takes -Id' { (Get-VM -Id $web.Id).Name | Should -Be 'web' }

    It 'tells of a name and of an id that nobody has, and goes on' {
        $found = Get-VM -Name 'none', 'web' -ErrorVariable faults -ErrorAction SilentlyContinue
        $found.Name | Should -Be 'web'
        $faults[0].Exception.Message | Should -Be 'Hyper-V was unable to find a virtual machine with name "none".'
        $faults[0].FullyQualifiedErrorId | Should -BeLike 'InvalidParameter,Microsoft.HyperV.PowerShell.Commands.GetVM*'
        $faults[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $faults[0].Exception.GetType().FullName | Should -Be 'Microsoft.HyperV.PowerShell.VirtualizationException'
        { Get-VM -Id ([guid]::Empty) -ErrorAction Stop } | Should -Throw '*unable to find a virtual machine with id*'
    }

    It 'sees at once what has changed' {
        Set-SimulatedVM -Id $web.Id -State 'Off' -NewName 'web2'
        (Get-VM -Id $web.Id).Name | Should -Be 'web2'
        (Get-VM -Id $web.Id).Uptime | Should -Be ([timespan]::Zero)
    }
}

Describe 'Get-VMNetworkAdapter' {
    BeforeAll {
        Enter-FreshLab
        $web = Add-SimulatedVM -Name 'web' -AddressSeries @(@(), @('169.254.7.1'), @('172.20.1.5', 'fe80::1'))
        $null = Add-SimulatedVM -Name 'still' -Address '172.20.1.9'
        $null = Add-SimulatedVM -Name 'mute' -Address '172.20.1.10' -Daemon $false
        $null = Add-SimulatedVM -Name 'off' -Address '172.20.1.11' -State 'Off'
        $null = Add-SimulatedVM -Name 'two' -Adapter @(
            @{ name = 'lan'; mac = '00155D000001'; switchName = 'Lab'; switchId = '5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5'; addresses = @('10.0.0.1') }
            @{ name = 'loose'; mac = '000000000000' })
    }

    It 'shows one list of addresses per query, and the last one stays' {
        $shown = foreach ($query in 1..4) { (Get-VM -Name 'web' | Get-VMNetworkAdapter).IPAddresses -join ',' }
        $shown | Should -Be @('', '169.254.7.1', '172.20.1.5,fe80::1', '172.20.1.5,fe80::1')
        Set-SimulatedVM -Name 'web' -AddressSeries @('172.20.1.6'), @()
        (Get-VMNetworkAdapter -VMName 'web').IPAddresses | Should -Be '172.20.1.6'
        (Get-VMNetworkAdapter -VMName 'web').IPAddresses | Should -HaveCount 0
    }

    It 'shows the same at every query' {
        foreach ($query in 1..2) { , (Get-VMNetworkAdapter -VMName 'still').IPAddresses | Should -BeOfType 'string[]' }
        (Get-VMNetworkAdapter -VMName 'still').IPAddresses | Should -Be '172.20.1.9'
    }

    It 'shows no address without a daemon or when off' {
        (Get-VMNetworkAdapter -VMName 'mute').IPAddresses | Should -HaveCount 0
        (Get-VMNetworkAdapter -VMName 'off').IPAddresses | Should -HaveCount 0
    }

    It 'gives each adapter with its switch' {
        $adapters = @(Get-VMNetworkAdapter -VMName 'two')
        $adapters.Name | Should -Be @('lan', 'loose')
        $adapters[0].SwitchId | Should -Be ([guid] '5d7e0c11-2a6b-4f0e-9a77-3b1c8e20d4f5')
        $adapters[1].SwitchId | Should -BeNullOrEmpty
        $adapters[1].Connected | Should -BeFalse
        $adapters[0].VMId | Should -Be (Get-VM -Name 'two').Id
    }

    It 'takes all machines in one call' {
        Clear-SimulatedCall
        @(Get-VMNetworkAdapter -VM (Get-VM)) | Should -HaveCount 6
        $calls = @(Get-SimulatedCall)
        $calls.Cmdlet | Should -Be @('Get-VM', 'Get-VMNetworkAdapter')
        $calls.Objects | Should -Be @(5, 6)
        $calls[1].Parameters | Should -Be @('VM')
    }

    It 'refuses what is no machine' {
        { Get-VMNetworkAdapter -VM 'web' } | Should -Throw -ErrorId '*Get-VMNetworkAdapter'
        { Get-VMNetworkAdapter } | Should -Throw
    }

    It 'tells of a machine that is gone since' {
        $gone = Get-VM -Name 'off'
        Remove-SimulatedVM -Id $gone.Id
        { Get-VMNetworkAdapter -VM $gone -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
    }
}

Describe 'Get-VMIntegrationService' {
    It 'tells whether the guest responds' {
        Enter-FreshLab
        $null = Add-SimulatedVM -Name 'well'
        $null = Add-SimulatedVM -Name 'mute' -Daemon $false
        $null = Add-SimulatedVM -Name 'closed' -DataExchange $false
        $found = @(Get-VM | Get-VMIntegrationService -Name 'Key-Value*' | Sort-Object -Property VMName)
        $found.VMName | Should -Be @('closed', 'mute', 'well')
        $found.Enabled | Should -Be @($false, $true, $true)
        $found.PrimaryStatusDescription | Should -Be @('', 'No Contact', 'OK')
        $found[0].Id | Should -BeLike '*\2A34B1C2-FD73-4043-8A5B-DD2159BC743F'
    }
}

Describe 'Start-VM and Stop-VM' {
    BeforeAll {
        Enter-FreshLab
        $machine = Add-SimulatedVM -Name 'web' -State 'Off' -Adapter @(@{ mac = '000000000000'; addresses = @(@(), @('172.20.1.5')) })
    }

    It 'change the state, deal out a MAC, begin a series of addresses anew' {
        Start-VM -Name 'web' -WhatIf
        "$((Get-VM -Name 'web').State)" | Should -Be 'Off'
        "$((Start-VM -Name 'web' -Passthru).State)" | Should -Be 'Running'
        $first = Get-VMNetworkAdapter -VMName 'web'
        $first.MacAddress | Should -Match '^00155D[0-9A-F]{6}$'
        $first.IPAddresses | Should -HaveCount 0
        (Get-VMNetworkAdapter -VMName 'web').IPAddresses | Should -Be '172.20.1.5'
        Start-VM -Name 'web' -WarningVariable words -WarningAction SilentlyContinue
        "$words" | Should -BeLike '*already in the specified state*'
        Get-VM -Name 'web' | Stop-VM
        "$((Get-VM -Id $machine.Id).State)" | Should -Be 'Off'
        Start-VM -Name 'web'
        (Get-VMNetworkAdapter -VMName 'web').IPAddresses | Should -HaveCount 0
    }

    It 'refuse a machine in between' {
        Set-SimulatedVM -Name 'web' -State 'Stopping'
        { Start-VM -Name 'web' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidState,*'
    }
}

Describe 'The host''s own network' {
    BeforeAll { Enter-FreshLab }

    It 'has an interface on the Default Switch, hidden, whose GUID is that of the host''s adapter' {
        $adapter = Get-VMNetworkAdapter -ManagementOS
        "$($adapter.SwitchId)" | Should -Be 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'
        @(Get-NetAdapter | ForEach-Object { $_.Name }) | Should -Be @('Ethernet')
        $hidden = Get-NetAdapter -IncludeHidden | Where-Object { $_.InterfaceGuid -eq $adapter.DeviceId }
        $hidden.Name | Should -Be 'vEthernet (Default Switch)'
        $address = Get-NetIPAddress -AddressFamily IPv4 -InterfaceIndex $hidden.InterfaceIndex
        "$($address.IPAddress)/$($address.PrefixLength)" | Should -Be '172.20.0.1/20'
    }

    It 'has no address where it was given none, and says so' {
        Set-SimulatedHost -Range @()
        { Get-NetIPAddress -InterfaceIndex 24 -ErrorAction Stop } | Should -Throw -ErrorId 'CmdletizationQuery_NotFound_InterfaceIndex,Get-NetIPAddress'
        Set-SimulatedHost -Range '172.20.0.1/20'
    }
}

Describe 'Get-NetNeighbor' {
    BeforeAll {
        Enter-FreshLab
        Set-SimulatedNeighbor -Entry @{ ip = '172.20.1.5'; mac = '00-15-5D-01-02-03'; state = 'Permanent'; interface = 'vEthernet (Default Switch)' },
        @{ ip = '192.168.1.1'; mac = '00-11-22-33-44-55'; state = 'Unreachable'; interface = 'Ethernet' }, @{ ip = 'fe80::1' }
    }

    It 'filters as the real one' {
        @(Get-NetNeighbor) | Should -HaveCount 3
        $found = @(Get-NetNeighbor -AddressFamily IPv4 -InterfaceAlias 'vEthernet*')
        $found.IPAddress | Should -Be '172.20.1.5'
        "$($found[0].State)" | Should -Be 'Permanent'
        (Get-NetNeighbor -State Unreachable).InterfaceAlias | Should -Be 'Ethernet'
    }

    It 'has an error for a name that nobody has, none for a family' {
        { Get-NetNeighbor -InterfaceAlias 'none' -ErrorAction Stop } | Should -Throw -ErrorId 'CmdletizationQuery_NotFound_InterfaceAlias,Get-NetNeighbor'
        Set-SimulatedNeighbor -Entry @()
        @(Get-NetNeighbor -AddressFamily IPv4) | Should -HaveCount 0
    }
}

Describe 'A host that misbehaves' {
    BeforeAll {
        Enter-FreshLab
        $null = Add-SimulatedVM -Name 'web' -Address '172.20.1.5' -Failure @{ 'Get-VMNetworkAdapter' = 'The adapter is in a bad state.' }
        $null = Add-SimulatedVM -Name 'db' -Address '172.20.1.6'
    }

    It 'fails for one machine and gives the others' {
        $found = @(Get-VMNetworkAdapter -VM (Get-VM) -ErrorVariable faults -ErrorAction SilentlyContinue)
        $found.VMName | Should -Be 'db'
        "$($faults[0])" | Should -Be 'The adapter is in a bad state.'
    }

    It 'can be slow' {
        Set-SimulatedHost -Delay @{ 'Get-VM' = 150 }
        Clear-SimulatedCall
        $null = Get-VM
        (Get-SimulatedCall).Ms | Should -BeGreaterOrEqual 140
        Set-SimulatedHost -Delay @{}
    }

    It 'can deny: one error for each call, with the real text' {
        Set-SimulatedHost -Denied $true
        @(Get-VM -ErrorVariable faults -ErrorAction SilentlyContinue) | Should -HaveCount 0
        $faults | Should -HaveCount 1
        "$($faults[0])" | Should -BeLike "You do not have the required permission to complete this task.*'LABHOST'."
        $faults[0].CategoryInfo.Category | Should -Be 'PermissionDenied'
        Set-SimulatedHost -Denied @('Get-VMNetworkAdapter')
        @(Get-VM) | Should -HaveCount 2
        { Get-VMNetworkAdapter -VM (Get-VM) -ErrorAction Stop } | Should -Throw -ErrorId 'AccessDenied,*'
        Set-SimulatedHost -Denied $false
    }

    It 'can be without its service' {
        Set-SimulatedHost -Service 'stopped'
        { Get-VM -ErrorAction Stop } | Should -Throw '*Verify that the Virtual Machine Management service*'
        Set-SimulatedHost -Service 'running'
    }

    It 'can be too busy for some calls' {
        Set-SimulatedHost -Busy @{ 'Get-VM' = 2; 'Get-CimInstance' = 1 }
        foreach ($time in 1, 2) { { Get-VM -ErrorAction Stop } | Should -Throw '*busy*' }
        @(Get-VM) | Should -HaveCount 2
        $class = @{ Namespace = 'root/virtualization/v2'; ClassName = 'Msvm_ComputerSystem' }
        { Get-CimInstance @class -ErrorAction Stop } | Should -Throw '*busy*'
        @(Get-CimInstance @class) | Should -HaveCount 3
    }

    It 'answers to the names of the real modules' {
        foreach ($name in 'Hyper-V\Get-VM', 'NetTCPIP\Get-NetNeighbor', 'CimCmdlets\Get-CimInstance', 'CimCmdlets\Invoke-CimMethod',
            'Microsoft.PowerShell.Core\Invoke-Command') {
            (Get-Command -Name $name).CommandType | Should -Be 'Function'
        }
        Clear-SimulatedCall
        $null = Hyper-V\Get-VM
        $null = NetTCPIP\Get-NetNeighbor
        $null = CimCmdlets\Get-CimInstance -Namespace 'root/virtualization/v2' -ClassName 'Msvm_ComputerSystem'
        @(Get-SimulatedCall | ForEach-Object { $_.Cmdlet }) | Should -Be @('Get-VM', 'Get-NetNeighbor', 'Get-CimInstance')
        # What is not simulated is still that of PowerShell.
        (Get-Command -Name 'Microsoft.PowerShell.Core\Where-Object').CommandType | Should -Be 'Cmdlet'
        (Get-Command -Name 'CimCmdlets\New-CimSession').CommandType | Should -Be 'Cmdlet'
    }

    It 'can be without Hyper-V' {
        Set-SimulatedHost -Installed $false
        Import-SimulatedHyperV
        { Get-VM } | Should -Throw -ErrorId 'CommandNotFoundException'
        Set-SimulatedHost -Installed $true
        Import-SimulatedHyperV
        @(Get-VM) | Should -HaveCount 2
    }

    It 'says so where there is no lab' {
        $folder = [Environment]::GetEnvironmentVariable('RAGNA_HYPERV_FOLDER')
        [Environment]::SetEnvironmentVariable('RAGNA_HYPERV_FOLDER', "$TestDrive/nowhere")
        try { { Get-VM } | Should -Throw '*is not there*' }
        finally { [Environment]::SetEnvironmentVariable('RAGNA_HYPERV_FOLDER', $folder) }
    }
}

Describe 'A lab of 500 machines' {
    It 'reads each file once and gives all in one query' {
        Enter-FreshLab
        foreach ($number in 1..500) { $null = Add-SimulatedVM -Name "m$number" -AddressSeries @(@(), @("172.20.1.$($number % 250)")) }
        @(Get-VM) | Should -HaveCount 500
        $null = Get-VMNetworkAdapter -VM (Get-VM)
        @(Get-VMNetworkAdapter -VM (Get-VM) | Where-Object { $_.IPAddresses.Count -eq 1 }) | Should -HaveCount 500
        @(Get-SimulatedCall) | Should -HaveCount 5
    }
}

Describe 'A lab from a case' {
    It 'shows what the case says' {
        Enter-FreshLab
        $case = ConvertFrom-Json -InputObject '{"vms": [{"id": "7dc368b5-f6a8-471a-a45c-13bc1d6d1106", "name": "lab-web", "state": "Saved", "notes": "x"}],
            "adapters": [{"vmId": "7DC368B5-f6a8-471a-a45c-13bc1d6d1106", "name": "Network Adapter", "mac": "00155D569CA6",
            "switchName": "Standardswitch", "switchId": "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444", "ipAddresses": ["172.29.128.10"]}],
            "neighbours": [{"ip": "172.29.128.11", "mac": "00-15-5D-9C-A1-B5", "state": "Stale", "interface": "Ethernet"}]}'
        Import-SimulatedCase -Case $case
        "$((Get-VM -Name 'lab-web').State)" | Should -Be 'Saved'
        (Get-VMNetworkAdapter -VMName 'lab-web').SwitchName | Should -Be 'Standardswitch'
        Set-SimulatedVM -Name 'lab-web' -State 'Running'
        (Get-VMNetworkAdapter -VMName 'lab-web').IPAddresses | Should -Be '172.29.128.10'
        "$((Get-NetNeighbor).State)" | Should -Be 'Stale'
    }
}
