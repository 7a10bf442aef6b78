# unattend: a Windows machine is named from its first boot on, once; and a Windows guest that calls itself by another name is told.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    # A lab of a sysprepped Windows image.
    function New-WindowsLab {
        param([string] $Unattend = 'true', [hashtable[]] $Machine = @(@{ name = 'web' }, @{ name = 'db' }), [hashtable] $NewGuest = @{})
        New-EmptyLab -Machine $Machine -Default @{ unattend = $Unattend } -Image @{ Kind = 'Windows' } `
            -NewGuest (@{ Os = 'windows'; Agent = ''; Sysprepped = $true } + $NewGuest)
    }

    function Start-TestLab {
        param([object] $Lab)
        Watch-Run { Start-RagnaMachine -Path $Lab.Config -TimeoutSeconds 20 -Credential (Get-LabCredential) }
    }

    function Get-DiscPath {
        param([object] $Lab, [string] $Machine)
        (Get-LabState -Lab $Lab).vms.$Machine.seed.path
    }

    # The text of a file in the root of a disc, by another reader than the writer's own.
    function Get-AnswerFile {
        param([string] $Path)
        $bytes = [IO.File]::ReadAllBytes($Path)
        $root = [BitConverter]::ToInt32($bytes, 16 * 2048 + 158) * 2048
        $at = $root + $bytes[$root]
        $at += $bytes[$at]
        [Text.Encoding]::ASCII.GetString($bytes, $at + 33, $bytes[$at + 32]) | Should -BeExactly 'UNATTEND.XML;1'
        [Text.Encoding]::UTF8.GetString($bytes, [BitConverter]::ToInt32($bytes, $at + 2) * 2048, [BitConverter]::ToInt32($bytes, $at + 10))
    }
}

Describe 'A machine with unattend' {
    It 'has its name from its first start on, and nothing is told of it' {
        $lab = New-WindowsLab
        $seen = Start-TestLab -Lab $lab
        (@($seen.Errors) + @($seen.Warnings) | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        ($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action), $($_.Hosts)" }) -join '; ' |
            Should -Be 'web: created, started, synced; db: created, started, synced'
        foreach ($name in 'web', 'db') {
            $disc = Get-DiscPath -Lab $lab -Machine $name
            $disc | Should -BeLike "*\$name-unattend.iso"
            ([xml] (Get-AnswerFile -Path $disc)).unattend.settings.component[0].ComputerName | Should -BeExactly $name
            $vm = Hyper-V\Get-VM -Id (Get-LabState -Lab $lab).vms.$name.id
            @(Hyper-V\Get-VMDvdDrive -VM $vm).Path | Should -Be @($disc)
            (Hyper-V\Get-VMFirmware -VM $vm).BootOrder[0].Device.Path | Should -BeLike "*\$name.vhdx" -Because 'it starts from its disk'
        }
    }

    It 'hands the user''s own answer file on, with the name where that is left to chance' {
        $lab = New-WindowsLab -Unattend '{answer_file: own.xml}' -Machine @{ name = 'web' }
        $own = '<unattend xmlns="urn:schemas-microsoft-com:unattend"><settings pass="specialize"><component name="Microsoft-Windows-Shell-Setup" ' +
        "processorArchitecture=`"amd64`"><ComputerName>*</ComputerName><TimeZone>UTC</TimeZone></component></settings></unattend>`r`n"
        [IO.File]::WriteAllText([IO.Path]::Combine($lab.Folder, 'own.xml'), $own)
        $seen = Start-TestLab -Lab $lab
        (@($seen.Errors) + @($seen.Warnings) | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        Get-AnswerFile -Path (Get-DiscPath -Lab $lab -Machine web) | Should -BeExactly $own.Replace('>*<', '>web<')
    }

    It 'has one first boot, whatever its answer file and its config say later, and goes with its disc' {
        $lab = New-WindowsLab -Machine @{ name = 'web' }
        $null = Start-TestLab -Lab $lab
        $disc = [Convert]::ToBase64String([IO.File]::ReadAllBytes((Get-DiscPath -Lab $lab -Machine web)))
        [IO.File]::WriteAllText($lab.Config, [IO.File]::ReadAllText($lab.Config).Replace('unattend: true', 'unattend: {answer_file: gone.xml}'))
        $null = Watch-Run { Stop-RagnaMachine -Path $lab.Config }
        $null = Watch-Run { Checkpoint-RagnaMachine -Path $lab.Config -Name clean }
        $null = Watch-Run { Restore-RagnaMachine -Path $lab.Config -Name clean -Confirm:$false }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Force -TimeoutSeconds 20 -Credential (Get-LabCredential) }
        (@($seen.Errors) + @($seen.Warnings) | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        [Convert]::ToBase64String([IO.File]::ReadAllBytes((Get-DiscPath -Lab $lab -Machine web))) | Should -Be $disc
        $seen = Watch-Run { Remove-RagnaMachine -Path $lab.Config -Force }
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        @([IO.Directory]::GetFileSystemEntries($lab.Artifact)).Count | Should -Be 0
    }

    It 'is not made where its answer file is not there' {
        $lab = New-WindowsLab -Unattend '{answer_file: own.xml}' -Machine @{ name = 'web' }
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config }
        ($seen.Warnings | ForEach-Object { "$_" }) -join '; ' | Should -BeLike '*There is no answer file *\own.xml yet; these machines need it: web.'
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }
        Get-ErrorCode -Seen $seen | Should -Be @('ANSWER_FILE_UNREADABLE')
        $seen.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $seen.Warnings | Should -BeNullOrEmpty -Because 'it is told once'
        $seen = Start-TestLab -Lab $lab
        Get-ErrorCode -Seen $seen | Should -Be @('ANSWER_FILE_UNREADABLE')
        @(Hyper-V\Get-VM).Count | Should -Be 0
    }

    It 'of an image of Linux is told before it is made' {
        $lab = New-EmptyLab -Machine @{ name = 'web' } -Default @{ unattend = 'true' }
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }
        ($seen.Errors | ForEach-Object { "$_" }) -join '; ' | Should -Be ''
        @($seen.Warnings) | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike 'web: the base image *\base.vhdx has the partitions of a Linux system*'
    }
}

Describe 'A Windows guest that is entered' {
    It 'and calls itself by another name gives one warning with the command that renames it' {
        $lab = New-Lab -Machine @{ name = 'web'; HostName = 'WIN-3K0AB7' }, @{ name = 'db'; HostName = 'DB' }
        foreach ($status in 'synced', 'unchanged') {
            $seen = Invoke-Reconcile -Lab $lab
            Get-HostSyncStatus -Seen $seen | Should -Be @("web $status", "db $status")
            $seen.Errors | Should -BeNullOrEmpty
            $seen.Warnings | Should -HaveCount 1
            $seen.Warnings[0] | Should -BeLike ('web: its guest calls itself WIN-3K0AB7, and the others know it as web.*' +
                "Invoke-Command -VMId $($lab.Machine.web.Id) -Credential (Get-Credential) { Rename-Computer -NewName web -Restart }*")
            @($seen.Output[0].Warnings).Code | Should -Be @('GUEST_NAME_DIFFERS')
            $seen.Output[0].ExitCode | Should -Be 0
        }
    }

    It 'and belongs to a machine without a disc is told of, too' {
        $lab = New-WindowsLab -Unattend 'false' -Machine @{ name = 'web' }
        $seen = Start-TestLab -Lab $lab
        @($seen.Warnings) | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike 'web: its guest calls itself WIN-*'
    }

    It 'and answers with <Why> for its name is synced all the same' -ForEach @(
        @{ Why = 'control characters'; Saying = "'read:' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes([char] 27 + '[2J' + [char] 0x202e + 'x')) + `$rest"; Told = 'web: its guest calls itself \u{1b}`[2J\u{202e}x, and *' }
        @{ Why = 'bytes that are no UTF-8'; Saying = "'read:' + [Convert]::ToBase64String([byte[]] (255, 0, 27, 200)) + `$rest"; Told = 'web: its guest calls itself *\u{0}\u{1b}*' }
        @{ Why = 'a megabyte'; Saying = "'read:' + [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('x' * 1MB)) + `$rest"; Told = '' }
        @{ Why = 'no base64'; Saying = "'read:%%%' + `$rest"; Told = '' }
        @{ Why = 'nothing'; Saying = "'read:' + `$rest"; Told = '' }
    ) {
        $read = "`$rest = ':' + [Convert]::ToBase64String([Text.Encoding]::ASCII.GetBytes('127.0.0.1 localhost')); if (`$args.Count -eq 1) { $Saying } else { 'written' }"
        $lab = New-Lab -Machine @{ name = 'web'; GuestSaying = $read }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db synced')
        if ($Told) {
            $seen.Warnings | Should -HaveCount 1
            $seen.Warnings[0] | Should -BeLike $Told
            $seen.Warnings[0] | Should -Not -Match '[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]'
        } else {
            $seen.Warnings | Should -BeNullOrEmpty
        }
    }

    It 'and answers with <Why> in place of a text fails, and the healthy one is synced' -ForEach @(
        @{ Why = 'a list'; Saying = "@('read:d2Vi:', 'read:d2Vi:')" }
        @{ Why = 'an object'; Saying = "[pscustomobject] @{ name = 'web' }" }
        @{ Why = 'no end of the name'; Saying = "'read:d2Vi'" }
        @{ Why = 'more than a name and a file'; Saying = "'read:d2Vi:MTI3:MTI3'" }
    ) {
        $lab = New-Lab -Machine @{ name = 'web'; GuestSaying = $Saying }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed', 'db synced')
        $seen.Errors | Should -HaveCount 1
        $seen.Warnings | Should -BeNullOrEmpty
    }
}
