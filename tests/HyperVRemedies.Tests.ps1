# What a user is advised where Hyper-V fails: by what was seen, whatever the language of its text.

BeforeDiscovery {
    $service = 'Look whether the service "Hyper-V Virtual Machine Management" runs (Get-Service vmms)*Start-Service vmms'
    $group = 'Add your account to the local group Hyper-V Administrators*'
    $enable = 'Enable Hyper-V once*'
    $inUse = 'Something else is at work on it*'
    $gone = 'A VM, or a part of one, was removed*'
    $state = 'The VM is in a state that does not allow it*'
    $slow = 'Hyper-V took too long*'
    $busy = '*(WMI) is too busy*'
    $memory = 'The computer is short of memory*'
    $invalid = 'Hyper-V does not know what it was asked for*'
    $other = '*Get-WinEvent -LogName Microsoft-Windows-Hyper-V-VMMS-Admin*'
    # What a cmdlet of Hyper-V says: id, category, the code of the error, and the advice.
    $cmdlets = @(
        @{ Cmdlet = 'Get-VM'; Id = 'ObjectNotFound'; Category = 'ObjectNotFound'; Code = 'HYPERV_ERROR'; Remedy = $service }
        @{ Cmdlet = 'Get-VMNetworkAdapter'; Id = 'ObjectNotFound'; Category = 'ObjectNotFound'; Code = 'HYPERV_ERROR'; Remedy = $gone }
        @{ Cmdlet = 'Get-VM'; Id = 'AccessDenied'; Category = 'PermissionDenied'; Code = 'PERMISSION_DENIED'; Remedy = $group }
        @{ Cmdlet = 'Get-VM'; Id = 'ObjectInUse'; Category = 'ResourceBusy'; Code = 'HYPERV_ERROR'; Remedy = $inUse }
        @{ Cmdlet = 'Get-VMNetworkAdapter'; Id = 'InvalidParameter'; Category = 'InvalidArgument'; Code = 'HYPERV_ERROR'; Remedy = $invalid }
        @{ Cmdlet = 'Get-VMNetworkAdapter'; Id = 'InvalidState'; Category = 'InvalidOperation'; Code = 'HYPERV_ERROR'; Remedy = $state }
        @{ Cmdlet = 'Get-VM'; Id = 'OperationTimeout'; Category = 'OperationTimeout'; Code = 'HYPERV_ERROR'; Remedy = $slow }
        @{ Cmdlet = 'Get-VM'; Id = 'Unspecified'; Category = 'OperationTimeout'; Code = 'HYPERV_ERROR'; Remedy = $slow }
        @{ Cmdlet = 'Get-VM'; Id = 'OutOfMemory'; Category = 'NotSpecified'; Code = 'HYPERV_ERROR'; Remedy = $memory }
        @{ Cmdlet = 'Get-VM'; Id = 'OperationFailed'; Category = 'NotSpecified'; Code = 'HYPERV_ERROR'; Remedy = $other }
        @{ Cmdlet = 'Get-VM'; Id = 'Unspecified'; Category = 'NotSpecified'; Code = 'HYPERV_ERROR'; Remedy = $other }
    )
    # What CIM says: the code of WMI or of Windows.
    $classes = @(
        @{ Id = 'HRESULT 0x8004100e'; Category = 'NotSpecified'; Remedy = $enable }
        @{ Id = 'HRESULT 0x80041003'; Category = 'PermissionDenied'; Remedy = $group }
        @{ Id = 'HRESULT 0x80041013'; Category = 'NotSpecified'; Remedy = $service }
        @{ Id = 'HRESULT 0x800706ba'; Category = 'NotSpecified'; Remedy = $service }
        @{ Id = 'HRESULT 0x80041002'; Category = 'ObjectNotFound'; Remedy = $gone }
        @{ Id = 'HRESULT 0x80041069'; Category = 'OperationTimeout'; Remedy = $slow }
        @{ Id = 'HRESULT 0x80041045'; Category = 'NotSpecified'; Remedy = $busy }
        @{ Id = 'HRESULT 0x80041006'; Category = 'NotSpecified'; Remedy = $memory }
        @{ Id = 'HRESULT 0x80041010'; Category = 'MetadataError'; Remedy = $invalid }
        @{ Id = 'HRESULT 0x80041008'; Category = 'InvalidArgument'; Remedy = $invalid }
        @{ Id = 'HRESULT 0x80041001'; Category = 'NotSpecified'; Remedy = $other }
    )
    # What a method, or the job that it began, ends with.
    $jobs = @(
        @{ Job = 32768; Words = 'failed'; Remedy = $other }
        @{ Job = 32769; Words = 'access denied'; Remedy = $group }
        @{ Job = 32770; Words = 'not supported'; Remedy = $invalid }
        @{ Job = 32771; Words = 'status is unknown'; Remedy = $busy }
        @{ Job = 32772; Words = 'timeout'; Remedy = $slow }
        @{ Job = 32773; Words = 'invalid parameter'; Remedy = $invalid }
        @{ Job = 32774; Words = 'system is in use'; Remedy = $inUse }
        @{ Job = 32775; Words = 'invalid state for this operation'; Remedy = $state }
        @{ Job = 32776; Words = 'incorrect data type'; Remedy = $invalid }
        @{ Job = 32777; Words = 'system is not available'; Remedy = $service }
        @{ Job = 32778; Words = 'out of memory'; Remedy = $memory }
        @{ Job = 40000; Words = 'unknown'; Remedy = $other }
    )
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # Two Linux guests that acknowledge; the first one fails in this way when its items are set.
    function Invoke-WithFailure {
        param([object] $Failure)
        $lab = New-Lab -Machine @{ name = 'web'; Os = 'linux'; Agent = 'ragnatramp'; Failure = @{ 'Invoke-CimMethod' = $Failure } },
        @{ name = 'db'; Os = 'linux'; Agent = 'ragnatramp' }
        $seen = Invoke-Reconcile -Lab $lab -Transport KeyValuePair -TimeoutSeconds 30
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed', 'db synced')
        Get-ErrorCode -Seen $seen | Should -Be @('RECONCILE_HOSTS_FAILED')
        $seen.Left | Should -HaveCount 1
        $seen.Errors[0]
    }

    function Get-Remedy { param([object] $Record) [string] $Record.ErrorDetails.RecommendedAction }
}

Describe 'A question that Hyper-V does not answer' {
    It 'gets the advice that fits: <Cmdlet>, <Id> (<Category>)' -ForEach $cmdlets {
        $lab = New-Lab
        Set-SimulatedHost -Fault @{ $Cmdlet = @{ Id = $Id; Category = $Category; Message = 'Something is wrong.' } }
        $seen = Invoke-Reconcile -Lab $lab -Transport None
        Get-ErrorCode -Seen $seen | Should -Be @($Code)
        $seen.Errors[0].Exception.Message | Should -BeLike "*$Cmdlet*Something is wrong."
        Get-Remedy -Record $seen.Errors[0] | Should -BeLike $Remedy
        if ($Remedy -notlike '*vmms*') { Get-Remedy -Record $seen.Errors[0] | Should -Not -Match 'Get-Service' }
    }

    It 'gets the same advice where Get-RagnaStatus warns of it' {
        $lab = New-Lab
        Set-SimulatedHost -Fault @{ 'Get-VM' = @{ Id = 'ObjectInUse'; Category = 'ResourceBusy'; Message = 'In use.' } }
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike '*In use.*Something else is at work on it*'
    }

    It 'is none of Hyper-V where a module of Windows cannot be loaded' {
        $failure = & (Get-Module -Name Ragnatramp) {
            try { NoSuchModule\Get-Thing } catch { ConvertFrom-HyperVError -Record $_ -Query 'Get-Thing'; Remove-HandledError -Record $_ }
        }
        $failure.code | Should -Be 'HYPERV_ERROR'
        $failure.message | Should -Be "Windows' PowerShell module NoSuchModule cannot be loaded (Get-Thing)."
        $failure.remedy | Should -BeLike '*Import-Module NoSuchModule'
    }
}

Describe 'Data Exchange that cannot be asked' {
    It 'is told of once with the advice that fits, since what is said of the guests afterwards does not: <Id>' -ForEach @(
        @{ Id = 'HRESULT 0x80041003'; Category = 'PermissionDenied'; Text = 'Hyper-V refused the question Get-CimInstance *Something is wrong.*Hyper-V Administrators*' }
        @{ Id = 'HRESULT 0x80041069'; Category = 'NotSpecified'; Text = 'Hyper-V could not answer Get-CimInstance *Something is wrong.*took too long*' }
    ) {
        $lab = New-Lab
        Set-SimulatedHost -Fault @{ 'Get-CimInstance' = @{ Id = $Id; Category = $Category; Message = 'Something is wrong.' } }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        $seen.Errors.Count + $seen.Left.Count | Should -Be 0
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike $Text
        $status = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $status.Warnings | Should -HaveCount 1
        $status.Warnings[0] | Should -BeLike $Text
    }
}

Describe 'A guest whose items cannot be set' {
    It 'gets the advice that fits, and the other goes on: <Id> (<Category>)' -ForEach $classes {
        $told = Invoke-WithFailure -Failure @{ Id = $Id; Category = $Category; Message = 'Something is wrong ' }
        $told.Exception.Message | Should -BeLike 'web: its key-value pairs could not be set: *Something is wrong*'
        Get-Remedy -Record $told | Should -BeLike $Remedy
    }

    It 'gets the advice that fits, and the other goes on: the job ended with <Job>' -ForEach $jobs {
        $told = Invoke-WithFailure -Failure @{ Job = $Job }
        $told.Exception.Message | Should -BeLike "web: its key-value pairs could not be set: AddKvpItems ended with code $Job ($Words)."
        Get-Remedy -Record $told | Should -BeLike $Remedy
    }

    It 'is not blamed where its acknowledgement cannot be read' {
        $agent = [IO.Path]::GetFullPath("$TestDrive/agent.ps1")
        # Once the items have arrived, the guests' side is not to be read any more.
        [IO.File]::WriteAllText($agent, 'param($GuestFolder) $null = $GuestFolder
            Set-SimulatedHost -Fault @{ "Get-CimInstance Msvm_KvpExchangeComponent" = @{ Id = "HRESULT 0x80041069"; Message = "Timed out " } }')
        $lab = New-Lab -Machine @{ name = 'web'; Os = 'linux'; Agent = $agent }
        Set-SimulatedGuestItem -Id $lab.Machine.web.Id -Item @{ 'ragnatramp.guest' = 'v2 2.0.0 debian 12' }
        $seen = Invoke-Reconcile -Lab $lab -Transport KeyValuePair -Option @{ GuestTimeoutSeconds = 1 }
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed')
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].Exception.Message | Should -BeLike 'web: *Get-CimInstance Msvm_KvpExchangeComponent*Timed out*'
        Get-Remedy -Record $seen.Errors[0] | Should -BeLike 'Hyper-V took too long*'
        $seen.Left | Should -HaveCount 1
    }

    It 'is failed alone where its error has a text only' {
        $told = Invoke-WithFailure -Failure 'The disk is on fire.'
        $told.Exception.Message | Should -BeLike '*Invoke-CimMethod AddKvpItems: The disk is on fire.'
        $told.TargetObject | Should -Be 'web'
    }
}
