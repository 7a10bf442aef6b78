# The transport PowerShell Direct: bytes in, the library's merge, bytes out, and what is told where a guest cannot be entered.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
}

Describe 'A guest that can be entered' {
    It 'is synced, then unchanged: the file is read, and not written again' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }
        Get-HostSyncStatus -Seen (Invoke-Reconcile -Lab $lab) | Should -Be @('web synced', 'db synced')
        @(Get-SimulatedCall -Cmdlet 'Invoke-Command') | Should -HaveCount 4
        $before = Get-FolderDigest -Path $lab.HyperV
        [IO.File]::SetLastWriteTimeUtc($lab.Machine.web.HostsPath, [datetime] '2026-01-01')
        Clear-SimulatedCall
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web unchanged', 'db unchanged')
        $seen.Output[0].HostSync[0].Transport | Should -Be 'PowerShellDirect'
        @(Get-SimulatedCall -Cmdlet 'Invoke-Command') | Should -HaveCount 2
        Get-FolderDigest -Path $lab.HyperV | Should -Be $before
        [IO.File]::GetLastWriteTimeUtc($lab.Machine.web.HostsPath) | Should -Be ([datetime] '2026-01-01')
    }

    It 'is called by its Id, never by its name' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $null = Invoke-Reconcile -Lab $lab
        foreach ($call in Get-SimulatedCall -Cmdlet 'Invoke-Command') {
            $call.Parameters | Should -Contain 'VMId'
            $call.Parameters | Should -Not -Contain 'VMName'
        }
    }

    It 'keeps every byte outside of the block: <Why>' -ForEach @(
        @{ Why = 'CRLF'; Bytes = [byte[]] [char[]] "127.0.0.1`tlocalhost`r`n`r`n# end`r`n"; End = "`r`n" }
        @{ Why = 'LF'; Bytes = [byte[]] [char[]] "127.0.0.1 localhost`n"; End = "`n" }
        @{ Why = 'no line end at the end'; Bytes = [byte[]] [char[]] "a`r`nb"; End = "`r`n" }
        @{ Why = 'bytes that are no UTF-8'; Bytes = [byte[]] @(0x23, 0xE9, 0xFF, 0x0D, 0x0A); End = "`r`n" }
        @{ Why = 'a byte order mark'; Bytes = [byte[]] (@(0xEF, 0xBB, 0xBF) + [byte[]] [char[]] "1.2.3.4 x`r`n"); End = "`r`n" }
    ) {
        $lab = New-Lab -Machine @{ name = 'web'; Hosts = $Bytes }
        $null = Invoke-Reconcile -Lab $lab
        $after = [IO.File]::ReadAllBytes($lab.Machine.web.HostsPath)
        [Convert]::ToBase64String($after, 0, $Bytes.Length) | Should -BeExactly ([Convert]::ToBase64String($Bytes))
        $block = [Text.Encoding]::ASCII.GetString($after, $Bytes.Length, $after.Length - $Bytes.Length)
        $block.Contains("172.20.0.10 web$End# END RAGNATRAMP") | Should -BeTrue -Because $block
    }

    It '<Why> gets one' -ForEach @(
        @{ Why = 'without a hosts file'; Arrange = { param($path) [IO.File]::Delete($path) } }
        @{ Why = 'with an empty one'; Arrange = { param($path) [IO.File]::WriteAllText($path, '') } }
    ) {
        $lab = New-Lab -Machine @{ name = 'web' }
        & $Arrange $lab.Machine.web.HostsPath
        Get-HostSyncStatus -Seen (Invoke-Reconcile -Lab $lab) | Should -Be @('web synced')
        [IO.File]::ReadAllText($lab.Machine.web.HostsPath) | Should -Match '172\.20\.0\.10 web'
    }

    It 'whose hosts file gives its own name a loopback address is warned of, with the line: <Why>' -ForEach @(
        @{ Why = 'written'; Times = 1; Status = 'web synced' }
        @{ Why = 'unchanged'; Times = 2; Status = 'web unchanged' }
    ) {
        $lab = New-Lab -Machine @{ name = 'web'; Hosts = "127.0.0.1 localhost`r`n127.0.0.1 web`r`n127.0.0.1 db`r`n" }, @{ name = 'db' }
        foreach ($time in 1..$Times) { $seen = Invoke-Reconcile -Lab $lab }
        Get-HostSyncStatus -Seen $seen | Should -Be @($Status, $Status.Replace('web', 'db'))
        $seen.Warnings | Should -HaveCount 2
        $seen.Warnings[0] | Should -BeLike 'web: line 2 of its hosts file (127.0.0.1 web) gives its own name a loopback address*'
        $seen.Warnings[1] | Should -BeLike 'web: line 3 of its hosts file (127.0.0.1 db) gives*'
    }

    It 'leaves no file of its own behind' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $null = Invoke-Reconcile -Lab $lab
        @([IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($lab.Machine.web.HostsPath))) | Should -HaveCount 1
    }
}

Describe 'A hosts file' {
    It 'whose markers are no pair is refused with their lines, and stays: <Why>' -ForEach @(
        @{ Why = 'two blocks'; Text = "# BEGIN RAGNATRAMP`r`n# END RAGNATRAMP`r`n# BEGIN RAGNATRAMP`r`n# END RAGNATRAMP`r`n"; Lines = '1, 2, 3, 4' }
        @{ Why = 'no end'; Text = "x`r`n# BEGIN RAGNATRAMP`r`n1.2.3.4 x`r`n"; Lines = '2' }
        @{ Why = 'end before begin'; Text = "# END RAGNATRAMP`r`n# BEGIN RAGNATRAMP`r`n"; Lines = '1, 2' }
    ) {
        $lab = New-Lab -Machine @{ name = 'web'; Hosts = $Text }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed', 'db synced')
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -Be 'RECONCILE_HOSTS_FAILED,Invoke-RagnaReconcile'
        $seen.Errors[0].Exception.Message.Contains($Lines) | Should -BeTrue -Because $seen.Errors[0].Exception.Message
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*drivers\etc\hosts*'
        [IO.File]::ReadAllText($lab.Machine.web.HostsPath) | Should -BeExactly $Text
    }

    Context 'that another program changes in between' {
        BeforeAll { $module = Get-Module -Name Ragnatramp; $read = & $module { $script:DirectReadScript } }
        AfterEach { & $module { param($block) $script:DirectReadScript = $block } $read }

        It 'once is read again, and both changes are there' {
            & $module { $script:DirectReadScript = [scriptblock]::Create("$script:DirectReadScript" + @'

                $mark = [IO.Path]::Combine($folder, '..', 'changed')
                if (-not [IO.File]::Exists($mark)) { [IO.File]::WriteAllText($mark, ''); [IO.File]::AppendAllText($file, "10.9.9.9 theirs`r`n") }
'@) }
            $lab = New-Lab -Machine @{ name = 'web' }
            Get-HostSyncStatus -Seen (Invoke-Reconcile -Lab $lab) | Should -Be @('web synced')
            $text = [IO.File]::ReadAllText($lab.Machine.web.HostsPath)
            $text | Should -Match '10\.9\.9\.9 theirs'
            $text | Should -Match '172\.20\.0\.10 web'
            @(Get-SimulatedCall -Cmdlet 'Invoke-Command') | Should -HaveCount 4
        }

        It 'again and again is left to it, with an error' {
            & $module { $script:DirectReadScript = [scriptblock]::Create("$script:DirectReadScript; [IO.File]::AppendAllText(`$file, '#')") }
            $lab = New-Lab -Machine @{ name = 'web' }
            $seen = Invoke-Reconcile -Lab $lab
            $seen.Errors | Should -HaveCount 1
            $seen.Errors[0].Exception.Message | Should -BeLike 'web: another program in the guest keeps changing its hosts file.'
            [IO.File]::ReadAllText($lab.Machine.web.HostsPath) | Should -Not -Match 'RAGNATRAMP'
        }
    }
}

Describe 'A guest that cannot be entered' {
    It 'for a credential that is not right says so' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ Credential = (Get-LabCredential -Password 'wrong') }
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].Exception.Message | Should -BeLike 'web: PowerShell Direct was refused: The credential is invalid.'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Credential*'
        $seen.Left | Should -HaveCount 1
    }

    It 'because it is known to run Linux is not dialled, and gets no password: <Why>' -ForEach @(
        @{ Why = 'its name'; Item = @{} }, @{ Why = 'its script, though it calls itself Windows'; Item = @{ OsName = 'Windows 11 Pro'; Agent = 'ragnatramp' } }
    ) {
        $lab = New-Lab -Machine (@{ name = 'web'; Os = 'linux' } + $Item)
        if ($Item.Count -gt 0) { Set-SimulatedGuestItem -Id $lab.Machine.web.Id -Item @{ 'ragnatramp.guest' = 'v1 1.0.0 debian 12' } }
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web skipped')
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike '*runs Linux*gets no credential*'
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
    }

    It 'because it runs Linux, though it calls itself Windows, is told about PowerShell Direct' {
        $seen = Invoke-Reconcile -Lab (New-Lab -Machine @{ name = 'web'; Os = 'linux'; OsName = 'Windows 11 Pro' })
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*Linux guest never answers*'
        $seen.Left | Should -HaveCount 1
    }

    It 'for want of a credential is skipped, and told' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ Credential = ([pscredential]::Empty) }
        $seen.Output[0].HostSync[0].Reason | Should -Be 'no-credential'
        $seen.Warnings | Should -HaveCount 1
        $seen.Output[0].ExitCode | Should -Be 0
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
    }

    It 'within its 5 s does not hold the others, and leaves no job behind' {
        $lab = New-Lab -Machine @{ name = 'slow'; GuestDelay = 60000 }, @{ name = 'web' }, @{ name = 'tardy'; GuestDelay = 8000 }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ GuestTimeoutSeconds = 5 }
        Get-HostSyncStatus -Seen $seen | Should -Be @('slow failed', 'web synced', 'tardy failed')
        @($seen.Errors | ForEach-Object { $_.TargetObject }) | Should -Be @('slow', 'tardy')
        foreach ($told in $seen.Errors) { $told.Exception.Message | Should -BeLike '*did not answer PowerShell Direct within 5 s.' }
        $seen.Left | Should -HaveCount 2
        Get-Job | Should -BeNullOrEmpty
    }
}

Describe 'Auto' {
    It 'takes PowerShell Direct for Windows guests, and tells a Linux guest''s next step' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'penguin'; Os = 'linux' }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ GuestTransport = 'Auto' }
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'penguin skipped')
        $seen.Output[0].HostSync[1].Reason | Should -Be 'no-script'
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike 'penguin: *Export-RagnaGuest*'
    }
}
