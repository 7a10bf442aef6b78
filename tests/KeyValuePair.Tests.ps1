# The transport KeyValuePair: the block goes to the guest in a KVP update, and its acknowledgement comes back.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # Stands for the script in the guest: takes the block when it is whole, and acknowledges as PROTOCOL.md has it, with the
    # status and the codes that are put in here.
    $agentText = @'
param([string] $GuestFolder)
$id = [guid] [IO.Path]::GetFileName($GuestFolder)
$items = @{}
foreach ($item in Get-SimulatedGuestItem -Id $id) { $items[$item.Name] = $item.Value }
if (-not $items.ContainsKey('ragnatramp.block')) { return }
$version, $count, $digest, $vm, $lab = $items['ragnatramp.block'] -split ' '
if ($vm -cne "$id") { return }
$block = -join @(for ($part = 0; $part -lt [int] $count; $part++) { $items["ragnatramp.block.$part"].Replace('|', "`n") + "`n" })
$sha = [Security.Cryptography.SHA256]::Create()
$hex = { param($text) -join ($sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($text)) | ForEach-Object { $_.ToString('x2') }) }
if ((& $hex $block) -cne $digest) { return }
if ('{status}' -eq 'synced') { [IO.File]::WriteAllText([IO.Path]::Combine($GuestFolder, 'etc', 'hosts'), $block) }
$body = "v2 {status} $digest $vm $lab 2.0.0 {codes}"
Set-SimulatedGuestItem -Id $id -Item @{ 'ragnatramp.answer' = "$body check=$((& $hex $body).Substring(0, 8))" }
'@

    function New-Agent {
        param([string] $Status, [string] $Codes)
        $file = [IO.Path]::GetFullPath("$TestDrive/agent-$([guid]::NewGuid().ToString('N')).ps1")
        $text = $agentText.Replace('{status}', $Status).Replace('{codes}', $Codes)
        [IO.File]::WriteAllText($file, $text)
        $file
    }

    # Linux machines in whose guests the script is installed; Agent is what it acknowledges: 'synced ok'.
    function New-ScriptedLab {
        param([hashtable[]] $Machine)
        $all = foreach ($one in $Machine) {
            $copy = $one.Clone()
            $copy.Os = 'linux'
            if ($copy.Contains('Agent')) {
                $status, $codes = $copy.Agent -split ' ', 2
                $copy.Agent = New-Agent -Status $status -Codes $codes
            }
            $copy
        }
        $lab = New-Lab -Machine $all
        foreach ($one in $lab.Machine.Values) { Set-SimulatedGuestItem -Id $one.Id -Item @{ 'ragnatramp.guest' = 'v2 2.0.0 debian 12' } }
        $lab
    }

    # Calls with one item each: 'AddKvpItems name'.
    function New-Call {
        param([string[]] $Call)
        foreach ($one in $Call) {
            $method, $name = $one -split ' '
            [pscustomobject]@{ method = $method; dataItems = @(Get-KvpItemText -Name $name) }
        }
    }

    function Send-ByHand {
        [CmdletBinding()] param([object[]] $Guest, [object[]] $Call)
        & (Get-Module -Name Ragnatramp) {
            param($cmdlet, $guest, $call) Send-KvpUpdate -Cmdlet $cmdlet -Guest $guest -Call $call
        } $PSCmdlet $Guest $Call
    }

    function Get-Method { @(Get-SimulatedCall -Cmdlet 'Invoke-CimMethod' | ForEach-Object { $_.Detail }) }
}

Describe 'A guest in which the script acknowledges' {
    BeforeAll {
        $lab = New-ScriptedLab -Machine @{ name = 'web'; Agent = 'synced ok' }, @{ name = 'db'; Agent = 'synced ok' }
        $first = Invoke-Reconcile -Lab $lab -Transport Auto
        $firstMethods = Get-Method
    }

    It 'is synced through Data Exchange, without a credential' {
        Get-HostSyncStatus -Seen $first | Should -Be @('web synced', 'db synced')
        $first.Output[0].HostSync[0].Transport | Should -Be 'KeyValuePair'
        $first.Errors.Count + $first.Warnings.Count + $first.Left.Count | Should -Be 0
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
    }

    It 'is given the block as numbered parts and a head with the digest, and has put it together' {
        $items = @(Get-SimulatedGuestItem -Id $lab.Machine.web.Id)
        @($items | ForEach-Object { $_.Name } | Sort-Object) | Should -Be @('ragnatramp.block', 'ragnatramp.block.0')
        @($items | Where-Object { $_.Name -eq 'ragnatramp.block' })[0].Value | Should -Match "^v2 1 [0-9a-f]{64} $($lab.Machine.web.Id) lab-[0-9a-f]{8}`$"
        [IO.File]::ReadAllText($lab.Machine.web.HostsPath) | Should -BeExactly $first.Output[0].HostsBlock
        $firstMethods | Should -Be @('AddKvpItems', 'AddKvpItems', 'AddKvpItems', 'AddKvpItems')
    }

    It 'is unchanged at the second run, and nothing is sent' {
        Clear-SimulatedCall
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @('web unchanged', 'db unchanged')
        Get-Method | Should -HaveCount 0
        @(Get-SimulatedCall -Cmdlet 'Get-CimInstance' | ForEach-Object { $_.Detail } | Sort-Object -Unique) |
            Should -Be @('Msvm_KvpExchangeComponent', 'Msvm_KvpExchangeComponentSettingData')
    }

    It 'is sent what changed when an address changed' {
        Clear-SimulatedCall
        Set-SimulatedVM -Id $lab.Machine.db.Id -Address '172.31.1.1'
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db synced')
        @(Get-Method | Sort-Object -Unique) | Should -Be @('ModifyKvpItems')
        [IO.File]::ReadAllText($lab.Machine.web.HostsPath) | Should -Match '172\.31\.1\.1 db'
    }

    It 'is told nothing in a dry run' {
        Clear-SimulatedCall
        Set-SimulatedVM -Id $lab.Machine.db.Id -Address '172.31.1.2'
        $before = Get-FolderDigest -Path $lab.HyperV
        Get-HostSyncStatus -Seen (Invoke-Reconcile -Lab $lab -Transport Auto -Option @{ WhatIf = $true }) | Should -Be @('web planned', 'db planned')
        Get-Method | Should -HaveCount 0
        Get-FolderDigest -Path $lab.HyperV | Should -Be $before
    }

    It 'takes a block of many parts, and old parts go when it shrinks' {
        $machines = @(foreach ($number in 1..90) { @{ name = "machine-number$number"; Address = "172.21.100.$number"; hasVM = $true } })
        $machines[0].Agent = 'synced ok'
        $big = New-ScriptedLab -Machine $machines
        foreach ($name in @($big.Machine.Keys | Where-Object { $_ -ne 'machine-number1' })) { Set-SimulatedGuestItem -Id $big.Machine[$name].Id -Item @{ 'ragnatramp.guest' = $null } }
        $seen = Invoke-Reconcile -Lab $big -Transport Auto
        @(Get-HostSyncStatus -Seen $seen)[0] | Should -Be 'machine-number1 synced'
        [IO.File]::ReadAllText($big.Machine['machine-number1'].HostsPath) | Should -BeExactly $seen.Output[0].HostsBlock
        $many = @(Get-SimulatedHostItem -Id $big.Machine['machine-number1'].Id).Count
        $many | Should -BeGreaterThan 3
        foreach ($number in 2..90) { Set-SimulatedVM -Id $big.Machine["machine-number$number"].Id -State 'Off' }
        $null = Invoke-Reconcile -Lab $big -Transport Auto
        @(Get-SimulatedHostItem -Id $big.Machine['machine-number1'].Id) | Should -HaveCount 2
    }
}

Describe 'A guest that acknowledges with' {
    It '<Acknowledgement> gives <Status>' -ForEach @(
        @{ Acknowledgement = 'refused markers two blocks, lines 3,7'; Status = 'failed'; Text = '*two blocks, lines 3,7*'; Remedy = '*marker lines*' }
        @{ Acknowledgement = 'failed read-only the file system is read-only'; Status = 'failed'; Text = '*file system is read-only*'; Remedy = '*writable*' }
        @{ Acknowledgement = 'failed no-space no room'; Status = 'failed'; Text = '*no room*'; Remedy = '*Free room*' }
    ) {
        $lab = New-ScriptedLab -Machine @{ name = 'web'; Agent = $Acknowledgement }, @{ name = 'db'; Agent = 'synced ok' }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @("web $Status", 'db synced')
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -Be 'RECONCILE_HOSTS_FAILED,Invoke-RagnaReconcile'
        $seen.Errors[0].TargetObject | Should -Be 'web'
        $seen.Errors[0].Exception.Message | Should -BeLike $Text
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike $Remedy
    }

    It 'a warning is synced, and warned of' {
        $seen = Invoke-Reconcile -Lab (New-ScriptedLab -Machine @{ name = 'web'; Agent = 'synced ok,cloud-init manage_etc_hosts is on' }) -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced')
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike 'web: *cloud-init*'
    }

    It 'nothing in time is failed; the names stay there, and the others are done' {
        $lab = New-ScriptedLab -Machine @{ name = 'mute' }, @{ name = 'db'; Agent = 'synced ok' }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @('mute failed', 'db synced')
        $seen.Errors[0].Exception.Message | Should -BeLike 'mute: *did not answer within 5 s.'
        @(Get-SimulatedGuestItem -Id $lab.Machine.mute.Id).Count | Should -Be 2
    }

    It 'nothing in time where cron starts the script is no failure: it is skipped, with a warning' {
        $lab = New-ScriptedLab -Machine @{ name = 'night' }, @{ name = 'db'; Agent = 'synced ok' }
        Set-SimulatedGuestItem -Id $lab.Machine.night.Id -Item @{ 'ragnatramp.guest' = 'v2 2.0.0 debian 12 cron' }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @('night skipped', 'db synced')
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Output[0].Success | Should -BeTrue
        $seen.Output[0].HostSync[0].Reason | Should -BeExactly 'not-yet'
        $seen.Warnings[0] | Should -BeLike 'night: cron starts the script in its guest, which takes the names within a minute. *'
        ($seen.Output | Out-String -Width 80) | Should -Match '(?m)^night .* skipped: not yet'
    }
}

Describe 'A guest that was made from the disk of another one' {
    It 'is not believed what that one acknowledged, before its own script has spoken' {
        $lab = New-ScriptedLab -Machine @{ name = 'web'; Agent = 'synced ok' }, @{ name = 'copy' }
        $null = Invoke-Reconcile -Lab $lab -Transport Auto
        # The same block, so the digest fits.
        $parent = @(Get-SimulatedGuestItem -Id $lab.Machine.web.Id -Pool 1 | Where-Object { $_.Name -eq 'ragnatramp.answer' })[0].Value
        $parent | Should -Match '^v2 synced '
        Set-SimulatedGuestItem -Id $lab.Machine.copy.Id -Item @{ 'ragnatramp.answer' = $parent }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @('web unchanged', 'copy failed')
        $seen.Errors[0].Exception.Message | Should -BeLike 'copy: *did not answer within 5 s.'
    }
}

Describe 'A guest whose script is of version 1' {
    It 'is skipped, told to be updated, and sent nothing; what it acknowledged is not read' {
        $lab = New-ScriptedLab -Machine @{ name = 'old'; Agent = 'synced ok' }, @{ name = 'web'; Agent = 'synced ok' }
        Set-SimulatedGuestItem -Id $lab.Machine.old.Id -Item @{ 'ragnatramp.guest' = 'v1 1.1.0 debian 12' }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @('old skipped', 'web synced')
        $seen.Output[0].HostSync[0].Reason | Should -BeExactly 'script-version'
        $seen.Output[0].ExitCode | Should -Be 0
        $seen.Warnings[0] | Should -BeLike 'old: its guest script is of version 1*Export-RagnaGuest*install.sh*'
        @(Get-SimulatedHostItem -Id $lab.Machine.old.Id) | Should -HaveCount 0
    }
}

Describe 'A guest whose items cannot be set' {
    It 'is failed with the words of the code, and the others go on' {
        $lab = New-ScriptedLab -Machine @{ name = 'web'; Agent = 'synced ok' }, @{ name = 'db'; Agent = 'synced ok' }
        Set-SimulatedHost -Denied 'Invoke-CimMethod'
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Set-SimulatedHost -Denied $false
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed', 'db failed')
        $seen.Errors[0].Exception.Message | Should -BeLike 'web: its key-value pairs could not be set: *Access denied*'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*Hyper-V Administrators*'
        $seen.Left | Should -HaveCount 2
    }

    It 'is told the code with which the job ended, in words' {
        $lab = New-ScriptedLab -Machine @{ name = 'web'; Agent = 'synced ok' }
        $guest = [pscustomobject]@{ machineName = 'web'; vmId = [string] $lab.Machine.web.Id; calls = @(0) }
        $calls = @(New-Call -Call 'ModifyKvpItems none')
        # Out of the ordinary run nobody changes what is not there, so this step is sent by hand.
        $failure = (Send-ByHand -Guest $guest -Call $calls).web
        $failure.code | Should -Be 'RECONCILE_HOSTS_FAILED'
        $failure.message | Should -BeLike '*ModifyKvpItems ended with code 32773 (invalid parameter)*'
    }

    It 'waits for the job of each call' {
        $lab = New-ScriptedLab -Machine @{ name = 'web'; Agent = 'synced ok' }
        Set-SimulatedHost -JobQuery 2
        Get-HostSyncStatus -Seen (Invoke-Reconcile -Lab $lab -Transport Auto) | Should -Be @('web synced')
        @(Get-SimulatedCall -Cmdlet 'Get-CimInstance' | Where-Object { $_.Detail -eq 'Msvm_ConcreteJob' }).Count | Should -BeGreaterOrEqual 6
    }
}

Describe 'A guest that another run sends something at the same time' {
    It 'is sent the names by what stands there then, and the others are awaited as before' {
        $lab = New-ScriptedLab -Machine @{ name = 'web'; Agent = 'synced ok' }, @{ name = 'db'; Agent = 'synced ok' }
        $module = Get-Module -Name Ragnatramp
        # The other run adds its part right after this one's look at what stands there.
        $other = [pscustomobject]@{
            Guest = [pscustomobject]@{ machineName = 'web'; vmId = [string] $lab.Machine.web.Id; calls = @(0) }
            Calls = @(New-Call -Call 'AddKvpItems ragnatramp.block.0')
        }
        & $module {
            param($other)
            $script:otherRun, $script:look = $other, ${function:Get-DataExchange}
            function script:Get-DataExchange {
                [CmdletBinding()] param($Cmdlet, $About)
                $answer = & $script:look -Cmdlet $Cmdlet -About $About
                if ($About -eq 'Host' -and $null -ne $script:otherRun) {
                    $null = Send-KvpUpdate -Cmdlet $Cmdlet -Guest $script:otherRun.Guest -Call $script:otherRun.Calls
                    $script:otherRun = $null
                }
                $answer
            }
        } $other
        try { $seen = Invoke-Reconcile -Lab $lab -Transport Auto } finally {
            & $module {
                ${function:script:Get-DataExchange} = $script:look
                Remove-Variable -Scope Script -Name look, otherRun
            }
        }
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db synced')
        $seen.Errors.Count + $seen.Left.Count | Should -Be 0
        foreach ($one in $lab.Machine.Values) { [IO.File]::ReadAllText($one.HostsPath) | Should -BeExactly $seen.Output[0].HostsBlock }
    }
}

Describe 'Many guests' {
    It 'are sent to in waves: one question for the VMs, one per query for the jobs, and each guest''s calls in their order' {
        $lab = New-ScriptedLab -Machine @{ name = 'web'; Agent = 'synced ok' }, @{ name = 'db'; Agent = 'synced ok' }, @{ name = 'mq'; Agent = 'synced ok' }
        Get-HostSyncStatus -Seen (Invoke-Reconcile -Lab $lab -Transport Auto) | Should -Be @('web synced', 'db synced', 'mq synced')
        $asked = @(Get-SimulatedCall -Cmdlet 'Get-CimInstance' | Group-Object -Property Detail | Sort-Object -Property Name |
                ForEach-Object { "$($_.Name) $($_.Count)" })
        foreach ($once in 'Msvm_ComputerSystem 1', 'Msvm_VirtualSystemManagementService 1', 'Msvm_ConcreteJob 2') {
            $asked | Should -Contain $once
        }
    }

    It 'go on where one drops out: it is sent no further call' {
        $lab = New-ScriptedLab -Machine @{ name = 'web' }, @{ name = 'db' }
        $guests = @(
            [pscustomobject]@{ machineName = 'web'; vmId = [string] $lab.Machine.web.Id; calls = @(1, 2) }
            [pscustomobject]@{ machineName = 'db'; vmId = [string] $lab.Machine.db.Id; calls = @(0, 2) }
        )
        $failures = Send-ByHand -Guest $guests -Call (New-Call -Call 'AddKvpItems one', 'ModifyKvpItems none', 'AddKvpItems two')
        @($failures.Keys) | Should -Be @('web')
        Get-Method | Should -Be @('ModifyKvpItems', 'AddKvpItems', 'AddKvpItems')
        @(Get-SimulatedHostItem -Id $lab.Machine.web.Id) | Should -HaveCount 0
        @(Get-SimulatedHostItem -Id $lab.Machine.db.Id | ForEach-Object { $_.Name }) | Should -Be @('one', 'two')
    }

    It 'are sent a block that takes more items than one call may carry in several' {
        # As the library splits it (tests/it/guest_exchange.rs): 128 items at most in one call, the block's head last.
        $lab = New-ScriptedLab -Machine @{ name = 'web' }
        $parts = @(foreach ($number in 0..169) { "ragnatramp.block.$number" }) + 'ragnatramp.block'
        $single = New-Call -Call @(foreach ($part in $parts) { "AddKvpItems $part" })
        $items = @(foreach ($call in $single) { $call.dataItems })
        $calls = @(
            [pscustomobject]@{ method = 'AddKvpItems'; dataItems = $items[0..127] }
            [pscustomobject]@{ method = 'AddKvpItems'; dataItems = $items[128..169] }
            [pscustomobject]@{ method = 'AddKvpItems'; dataItems = @($items[170]) }
        )
        $guest = [pscustomobject]@{ machineName = 'web'; vmId = [string] $lab.Machine.web.Id; calls = @(0, 1, 2) }
        (Send-ByHand -Guest $guest -Call $calls).Count | Should -Be 0
        $carried = @(Get-SimulatedCall -Cmdlet 'Invoke-CimMethod' | ForEach-Object { $_.Objects })
        ($carried | Measure-Object -Maximum).Maximum | Should -Be 128
        $kept = @(Get-SimulatedHostItem -Id $lab.Machine.web.Id)
        $kept.Count | Should -Be ($carried | Measure-Object -Sum).Sum
        $kept.Count | Should -BeGreaterThan 129
        $kept[-1].Name | Should -Be 'ragnatramp.block'
    }
}

Describe 'A guest that this transport does not reach' {
    It 'is skipped with its own next step: <Reason>' -ForEach @(
        @{ Reason = 'no-script'; Machine = @{}; Text = '*Export-RagnaGuest*' }
        @{ Reason = 'no-contact'; Machine = @{ Daemon = $false; OsName = '' }; Text = '*hyperv-daemons*' }
        @{ Reason = 'exchange-disabled'; Machine = @{ DataExchange = $false }; Text = '*Integration Services*' }
    ) {
        $machine = $Machine.Clone()
        $machine.name = 'web'
        $machine.Os = 'linux'
        $lab = New-Lab -Folder "$TestDrive/skip-$Reason" -Machine $machine
        Set-SimulatedNeighbor -Entry @{ ip = '172.20.0.10'; mac = '00-15-5D-00-00-0A' }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        $seen.Output[0].HostSync[0].Reason | Should -Be $Reason
        $seen.Output[0].ExitCode | Should -Be 0
        ($seen.Warnings -join "`n") | Should -BeLike $Text
        Get-Method | Should -HaveCount 0
    }

    It 'is not entered by another one where KeyValuePair alone is asked for' {
        $lab = New-Lab -Folder "$TestDrive/only" -Machine @{ name = 'web' }
        $seen = Invoke-Reconcile -Lab $lab -Transport KeyValuePair -Option @{ Credential = Get-LabCredential }
        $seen.Output[0].HostSync[0].Reason | Should -Be 'no-script'
    }
}

Describe 'The script that is shipped' {
    # Under Wine it runs beside this process; its folder goes only when it has ended.
    AfterEach {
        $work = [IO.Path]::Combine($lab.Machine.web.GuestPath, 'run', 'ragnatramp', 'work')
        for ($quiet = 0; $quiet -lt 5; $quiet = if ([IO.Directory]::Exists($work)) { 0 } else { $quiet + 1 }) { Start-Sleep -Milliseconds 200 }
    }

    It 'takes the block, merges it and acknowledges' {
        $lab = New-Lab -Folder "$TestDrive/real" -Machine @{ name = 'web'; Os = 'linux'; Agent = [IO.Path]::Combine($PSScriptRoot, 'HyperVSimulator', 'Agents', 'Invoke-GuestScript.ps1') }
        $machine = $lab.Machine.web
        & ([IO.Path]::Combine($PSScriptRoot, 'HyperVSimulator', 'Agents', 'Invoke-GuestScript.ps1')) -GuestFolder $machine.GuestPath
        # Under Wine it runs beside this process; it is given time to say that it is there.
        for ($try = 0; $try -lt 100 -and @(Get-SimulatedGuestItem -Id $machine.Id -Pool 1).Count -eq 0; $try++) { Start-Sleep -Milliseconds 100 }
        if (@(Get-SimulatedGuestItem -Id $machine.Id -Pool 1).Count -eq 0) {
            Set-ItResult -Skipped -Because 'there is no sh on this computer to run it'
            return
        }
        $before = [IO.File]::ReadAllText($machine.HostsPath)
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced')
        $text = [IO.File]::ReadAllText($machine.HostsPath)
        $text.StartsWith($before, [StringComparison]::Ordinal) | Should -BeTrue
        $text.EndsWith($seen.Output[0].HostsBlock, [StringComparison]::Ordinal) | Should -BeTrue
    }
}
