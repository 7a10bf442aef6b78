# Data Exchange in the simulation: items from host to guest and back, with the limits and errors of the real one.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    Enter-Lab -Lab @{ HyperV = "$TestDrive/lab" }
    $space = 'root\virtualization\v2'
    $web = Add-SimulatedVM -Name 'web' -Address '172.20.1.5', 'fe80::1' -OsName 'Debian GNU/Linux'
    $mute = Add-SimulatedVM -Name 'mute' -Daemon $false
    $off = Add-SimulatedVM -Name 'off' -State 'Off'
    $service = Get-CimInstance -Namespace $space -ClassName 'Msvm_VirtualSystemManagementService'

    function Get-System {
        param([guid] $Id)
        Get-CimInstance -Namespace $space -ClassName 'Msvm_ComputerSystem' -Filter "Name = '$Id'"
    }

    # The error code in which the call ends, as a caller finds it out.
    function Invoke-Method {
        param([guid] $Id, [string] $Method, [string[]] $Item)
        $result = Invoke-CimMethod -InputObject $service -MethodName $Method -Arguments @{ TargetSystem = Get-System -Id $Id; DataItems = $Item }
        if ($result.ReturnValue -ne 4096) { return "returned $($result.ReturnValue)" }
        $job = Get-CimInstance -InputObject $result.Job
        "job $($job.JobState), error $($job.ErrorCode)"
    }
}

Describe 'Items from the host' {
    It 'arrive in the guest as records of 512 and 2048 bytes' {
        Invoke-Method -Id $web.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'one' -Data 'a <&> "b"'), (Get-KvpItemText -Name 'two' -Data ([string] [char] 0xFC)) |
            Should -Be 'job 7, error 0'
        $items = @(Get-SimulatedGuestItem -Id $web.Id)
        $items.Name | Should -Be @('one', 'two')
        $items.Value | Should -Be @('a <&> "b"', [string] [char] 0xFC)
        $bytes = [IO.File]::ReadAllBytes([IO.Path]::Combine($web.GuestPath, 'var', 'lib', 'hyperv', '.kvp_pool_0'))
        $bytes.Length | Should -Be (2 * 2560)
        [Text.Encoding]::UTF8.GetString($bytes, 2560, 4) | Should -Be "two`0"
        $bytes[3072..3074] | Should -Be @(0xC3, 0xBC, 0)
    }

    It 'stay with the machine as its settings' {
        $setting = Get-CimInstance -Namespace $space -Query "SELECT * FROM Msvm_KvpExchangeComponentSettingData WHERE InstanceID LIKE 'Microsoft:$($web.Id)%'"
        $setting.HostExchangeItems | Should -HaveCount 2
        ([xml] $setting.HostExchangeItems[0]).SelectSingleNode("//PROPERTY[@NAME='Data']/VALUE").InnerText | Should -Be 'a <&> "b"'
    }

    It 'leave behind them what a longer value had' {
        $null = Invoke-Method -Id $web.Id -Method 'ModifyKvpItems' -Item (Get-KvpItemText -Name 'one' -Data 'xy')
        (Get-SimulatedGuestItem -Id $web.Id)[0].Value | Should -Be 'xy'
        $bytes = [IO.File]::ReadAllBytes([IO.Path]::Combine($web.GuestPath, 'var', 'lib', 'hyperv', '.kvp_pool_0'))
        [Text.Encoding]::UTF8.GetString($bytes, 512, 9) | Should -Be "xy`0&> `"b`""
    }

    It 'go when they are removed' {
        Invoke-Method -Id $web.Id -Method 'RemoveKvpItems' -Item (Get-KvpItemText -Name 'one' -Data '') | Should -Be 'job 7, error 0'
        (Get-SimulatedGuestItem -Id $web.Id).Name | Should -Be 'two'
        (Get-SimulatedHostItem -Id $web.Id).Name | Should -Be 'two'
    }

    It 'wait for a guest that is off until it starts' {
        Invoke-Method -Id $off.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'early' -Data '1') | Should -Be 'job 7, error 0'
        @(Get-SimulatedGuestItem -Id $off.Id) | Should -HaveCount 0
        Start-VM -Name 'off'
        (Get-SimulatedGuestItem -Id $off.Id).Name | Should -Be 'early'
    }

    It 'never reach a guest without a daemon' {
        Invoke-Method -Id $mute.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'lost' -Data '1') | Should -Be 'job 7, error 0'
        @(Get-SimulatedGuestItem -Id $mute.Id) | Should -HaveCount 0
        (Get-SimulatedHostItem -Id $mute.Id).Name | Should -Be 'lost'
    }

    It 'are told to the program in the guest' {
        $agent = [IO.Path]::Combine("$TestDrive", 'agent.ps1')
        [IO.File]::WriteAllText($agent, 'param($GuestFolder) [IO.File]::WriteAllText([IO.Path]::Combine($GuestFolder, "seen"), "yes")')
        $told = Add-SimulatedVM -Name 'told' -Agent $agent
        $null = Invoke-Method -Id $told.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'a' -Data '1')
        [IO.Path]::Combine($told.GuestPath, 'seen') | Should -Exist
    }
}

Describe 'What is refused' {
    # What lies in the lab is gone after each block, with everything in TestDrive.
    BeforeAll { $null = Invoke-Method -Id $web.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'two' -Data '2') }

    It '<Why>' -ForEach @(
        @{ Why = 'adding what is there'; Method = 'AddKvpItems'; Name = 'two'; Length = 1; Outcome = 'job 10, error 32773' }
        @{ Why = 'changing what is not there'; Method = 'ModifyKvpItems'; Name = 'none'; Length = 1; Outcome = 'job 10, error 32773' }
        @{ Why = 'a value of 1,024 characters'; Method = 'AddKvpItems'; Name = 'long'; Length = 1024; Outcome = 'job 10, error 32773' }
    ) {
        $before = @(Get-SimulatedHostItem -Id $web.Id).Count
        Invoke-Method -Id $web.Id -Method $Method -Item (Get-KvpItemText -Name 'fine' -Data '1'), (Get-KvpItemText -Name $Name -Data ('x' * $Length)) |
            Should -Be $Outcome
        @(Get-SimulatedHostItem -Id $web.Id) | Should -HaveCount $before -Because 'a call is done wholly or not at all'
    }

    It 'but not 1,023 characters, nor removing what is not there' {
        Invoke-Method -Id $web.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'long' -Data ('x' * 1023)) | Should -Be 'job 7, error 0'
        (Get-SimulatedGuestItem -Id $web.Id | Where-Object { $_.Name -eq 'long' }).Value.Length | Should -Be 1023
        Invoke-Method -Id $web.Id -Method 'RemoveKvpItems' -Item (Get-KvpItemText -Name 'none' -Data '') | Should -Be 'job 7, error 0'
    }

    It 'what is no item, and more than 128 of them' {
        Invoke-Method -Id $web.Id -Method 'AddKvpItems' -Item 'rubbish' | Should -Be 'returned 32773'
        $many = @(foreach ($number in 1..129) { Get-KvpItemText -Name "n$number" -Data '1' })
        Invoke-Method -Id $web.Id -Method 'AddKvpItems' -Item $many | Should -Be 'returned 32773'
        Invoke-Method -Id $web.Id -Method 'AddKvpItems' -Item $many[0..127] | Should -Be 'job 7, error 0'
    }

    It 'a class in another namespace, a query that is none' {
        { Get-CimInstance -ClassName 'Msvm_ComputerSystem' -ErrorAction Stop } | Should -Throw -ErrorId 'HRESULT 0x80041010,*'
        { Get-CimInstance -Namespace $space -ClassName 'Msvm_ComputerSystem' -Filter 'Name ~ 1' -ErrorAction Stop } |
            Should -Throw -ErrorId 'HRESULT 0x80041017,*'
    }

    It 'everything, where there is no permission' {
        Set-SimulatedHost -Denied $true
        { Get-CimInstance -Namespace $space -ClassName 'Msvm_ComputerSystem' -ErrorAction Stop } | Should -Throw -ErrorId 'HRESULT 0x80041003,*'
        Set-SimulatedHost -Denied $false
    }
}

Describe 'A job' {
    BeforeAll { $null = Invoke-Method -Id $web.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'two' -Data '2') }

    It 'runs for as many queries as it is told' {
        Set-SimulatedHost -JobQuery 2
        $result = Invoke-CimMethod -InputObject $service -MethodName 'ModifyKvpItems' -Arguments @{
            TargetSystem = Get-System -Id $web.Id; DataItems = [string[]] @(Get-KvpItemText -Name 'two' -Data '2')
        }
        $result.ReturnValue | Should -Be 4096
        $states = foreach ($query in 1..3) {
            (Get-CimInstance -Namespace $space -ClassName 'Msvm_ConcreteJob' -Filter "InstanceID = '$($result.Job.InstanceID)'").JobState
        }
        $states | Should -Be @(4, 4, 7)
        Set-SimulatedHost -JobQuery 0
    }
}

Describe 'What a guest says' {
    It 'comes back as items of its own' {
        Set-SimulatedGuestItem -Id $web.Id -Item @{ 'ragnatramp.guest' = 'v2 2.0.0 debian 12' }
        $system = Get-System -Id $web.Id
        $component = Get-CimAssociatedInstance -InputObject $system -ResultClassName 'Msvm_KvpExchangeComponent'
        $component.GuestExchangeItems | Should -HaveCount 1
        $item = [xml] $component.GuestExchangeItems[0]
        $item.SelectSingleNode("//PROPERTY[@NAME='Name']/VALUE").InnerText | Should -Be 'ragnatramp.guest'
        $item.SelectSingleNode("//PROPERTY[@NAME='Data']/VALUE").InnerText | Should -Be 'v2 2.0.0 debian 12'
        "$($component.GuestIntrinsicExchangeItems)" | Should -Match 'Debian GNU/Linux'
        Set-SimulatedGuestItem -Id $web.Id -Item @{ 'ragnatramp.guest' = $null }
        (Get-CimInstance -InputObject $component).GuestExchangeItems | Should -HaveCount 0
    }

    It 'is nothing without a daemon, for all machines in one query' {
        Clear-SimulatedCall
        $all = @(Get-CimInstance -Namespace $space -ClassName 'Msvm_KvpExchangeComponent')
        $without = $all | Where-Object { $_.SystemName -eq "$($mute.Id)" }
        $without.GuestIntrinsicExchangeItems | Should -BeNullOrEmpty
        $without.OperationalStatus | Should -Be 12
        (Get-SimulatedCall).Detail | Should -Be 'Msvm_KvpExchangeComponent'
    }

    It 'is reached from the machine and its settings only by real associations' {
        $system = Get-System -Id $web.Id
        Get-CimAssociatedInstance -InputObject $system -ResultClassName 'Msvm_KvpExchangeComponentSettingData' | Should -BeNullOrEmpty
        $setting = $system | Get-CimAssociatedInstance -ResultClassName 'Msvm_VirtualSystemSettingData' |
            Get-CimAssociatedInstance -ResultClassName 'Msvm_KvpExchangeComponentSettingData'
        $setting.InstanceID | Should -BeLike "Microsoft:$($web.Id)\*"
    }
}

Describe 'A machine whose items cannot be set' {
    It 'fails by an error with the code of CIM, and the others do not' {
        Set-SimulatedVM -Name 'web' -Failure @{ 'Invoke-CimMethod' = @{ Id = 'HRESULT 0x80041069'; Category = 'OperationTimeout'; Message = 'Timed out ' } }
        { Invoke-CimMethod -InputObject $service -MethodName 'AddKvpItems' -ErrorAction Stop -Arguments @{
                TargetSystem = Get-System -Id $web.Id; DataItems = Get-KvpItemText -Name 'f' -Data '1'
            } } | Should -Throw -ErrorId 'HRESULT 0x80041069,*InvokeCimMethodCommand*'
        Invoke-Method -Id $mute.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'f' -Data '1') | Should -Be 'job 7, error 0'
    }

    It 'fails by the job that was begun, and has nothing of it' {
        Set-SimulatedVM -Name 'web' -Failure @{ 'Invoke-CimMethod' = @{ Job = 32774 } }
        Invoke-Method -Id $web.Id -Method 'AddKvpItems' -Item (Get-KvpItemText -Name 'g' -Data '1') | Should -Be 'job 10, error 32774'
        @(Get-SimulatedHostItem -Id $web.Id | ForEach-Object { $_.Name }) | Should -Not -Contain 'g'
        Set-SimulatedVM -Name 'web' -Failure @{}
    }
}
