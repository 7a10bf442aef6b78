# Export-RagnaGuest: what a Linux guest needs, as a folder, a disc image or a cloud-init document.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $source = [IO.Path]::Combine([IO.Path]::GetDirectoryName((Get-Module -Name Ragnatramp).Path), 'guest')
    $files = @([IO.Directory]::GetFiles($source, '*', [IO.SearchOption]::AllDirectories) | Where-Object { -not $_.EndsWith('.md') } |
            ForEach-Object { $_.Substring($source.Length + 1) })

    function Assert-Taken {
        param([object] $Seen, [string] $Target)
        $Seen.Errors | Should -HaveCount 1
        $Seen.Errors[0].FullyQualifiedErrorId | Should -Be 'GUEST_NOT_EXPORTED,Export-RagnaGuest'
        $Seen.Errors[0].TargetObject | Should -Be $Target
        $Seen.Errors[0].CategoryInfo.Category | Should -Be 'WriteError'
        $Seen.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $Seen.Left | Should -HaveCount 1
        $Seen.Output | Should -BeNullOrEmpty
    }
}

Describe 'A folder' {
    BeforeAll {
        $target = [IO.Path]::GetFullPath("$TestDrive/new folder/guest")
        $seen = Watch-Run { Export-RagnaGuest -Destination $target }
    }

    It 'is emitted' {
        $seen.Output | Should -HaveCount 1
        $seen.Output[0] | Should -BeOfType [IO.DirectoryInfo]
        $seen.Output[0].FullName | Should -Be $target
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
    }

    It 'holds the script, the installer and the units, byte for byte' {
        $files | Should -Contain 'install.sh'
        foreach ($name in 'ragnatramp-guest', 'hosts.sh', 'paths.sh', 'uninstall.sh') { $files | Should -Contain $name }
        $files.Count | Should -BeGreaterThan 5
        @([IO.Directory]::GetFiles($target, '*', [IO.SearchOption]::AllDirectories)) | Should -HaveCount $files.Count
        foreach ($name in $files) {
            Get-FileBase64 -Path ([IO.Path]::Combine($target, $name)) |
                Should -BeExactly (Get-FileBase64 -Path ([IO.Path]::Combine($source, $name))) -Because $name
        }
    }

    It 'has no carriage return in it, which no shell would take' {
        foreach ($name in $files) { [IO.File]::ReadAllText([IO.Path]::Combine($target, $name)).Contains("`r") | Should -BeFalse -Because $name }
    }

    It 'may be there already where it is empty' {
        $empty = New-TestFolder -Name 'empty'
        $again = Watch-Run { Export-RagnaGuest -Destination $empty }
        $again.Errors | Should -BeNullOrEmpty
        "$empty\install.sh" | Should -Exist
    }

    It 'is relative to the current folder' {
        $folder = New-TestFolder -Name 'relative'
        Push-Location -LiteralPath $folder
        try { $made = Export-RagnaGuest -Destination './out' } finally { Pop-Location }
        $made.FullName | Should -Be "$folder\out"
    }
}

Describe 'A cloud-init document' {
    It 'writes the same files and runs the installer' {
        $target = [IO.Path]::GetFullPath("$TestDrive/user-data")
        $made = Export-RagnaGuest -Destination $target -As CloudInit
        $made | Should -BeOfType [IO.FileInfo]
        $text = [IO.File]::ReadAllText($target)
        $text.StartsWith("#cloud-config`n", [StringComparison]::Ordinal) | Should -BeTrue
        $text.Contains("`r") | Should -BeFalse
        $entries = [regex]::Matches($text, '- path: (\S+)\n    permissions: ''0755''\n    encoding: b64\n    content: (\S+)\n')
        $entries.Count | Should -Be $files.Count
        foreach ($entry in $entries) {
            $name = $entry.Groups[1].Value.Replace('/usr/lib/ragnatramp/guest/', '').Replace('/', '\')
            $files | Should -Contain $name
            $entry.Groups[2].Value | Should -BeExactly (Get-FileBase64 -Path ([IO.Path]::Combine($source, $name))) -Because $name
        }
        $text | Should -Match '(?m)^runcmd:\n  - \[sh, /usr/lib/ragnatramp/guest/install\.sh\]$'
    }
}

Describe 'A disc image' {
    BeforeAll {
        $target = [IO.Path]::GetFullPath("$TestDrive/guest.iso")
        $seen = Watch-Run { Export-RagnaGuest -Destination $target -As Seed }
        $bytes = [IO.File]::ReadAllBytes($target)
        # Latin-1: one character a byte.
        $text = [Text.Encoding]::GetEncoding(28591).GetString($bytes)
    }

    It 'is emitted' {
        $seen.Output | Should -HaveCount 1
        $seen.Output[0] | Should -BeOfType [IO.FileInfo]
        $seen.Output[0].FullName | Should -Be $target
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
    }

    It 'is of whole sectors, and labelled as a seed for cloud-init, in ISO 9660 and in Joliet' {
        $bytes.Length % 2048 | Should -Be 0
        $text.Substring(16 * 2048, 6) | Should -BeExactly "$([char] 1)CD001"
        $text.Substring(16 * 2048 + 40, 32) | Should -BeExactly 'cidata'.PadRight(32)
        $text.Substring(17 * 2048, 6) | Should -BeExactly "$([char] 2)CD001"
    }

    It 'holds every file at the beginning of a sector, and names it as it is' {
        $big = [Text.Encoding]::BigEndianUnicode
        foreach ($name in $files + 'user-data' + 'meta-data') {
            $leaf = [Text.Encoding]::GetEncoding(28591).GetString($big.GetBytes([IO.Path]::GetFileName($name) + ';1'))
            $text.Contains($leaf) | Should -BeTrue -Because $name
        }
        $documents = [IO.Path]::GetFullPath("$TestDrive/iso-user-data")
        $null = Export-RagnaGuest -Destination $documents -As CloudInit
        $paths = @($files | ForEach-Object { [IO.Path]::Combine($source, $_) }) + $documents
        foreach ($path in $paths) {
            $content = [Text.Encoding]::GetEncoding(28591).GetString([IO.File]::ReadAllBytes($path))
            $at = $text.IndexOf($content, [StringComparison]::Ordinal)
            # The document holds no file as it is, and no file is a part of another.
            $at | Should -BeGreaterThan 0 -Because $path
            $at % 2048 | Should -Be 0 -Because $path
        }
        $text | Should -Match 'instance-id: ragnatramp-guest-[0-9a-f]{16}\n'
    }

    It 'is no seed where none is asked for' {
        $plain = [IO.Path]::GetFullPath("$TestDrive/plain.iso")
        $null = Export-RagnaGuest -Destination $plain -As Iso
        $plainText = [Text.Encoding]::GetEncoding(28591).GetString([IO.File]::ReadAllBytes($plain))
        $plainText.Substring(16 * 2048 + 40, 32) | Should -BeExactly 'RAGNATRAMP'.PadRight(32)
        $plainText.Contains('instance-id') | Should -BeFalse
    }

    It 'is the same each time' {
        $again = [IO.Path]::GetFullPath("$TestDrive/again.iso")
        $null = Export-RagnaGuest -Destination $again -As Seed
        [Convert]::ToBase64String([IO.File]::ReadAllBytes($again)) -ceq [Convert]::ToBase64String($bytes) | Should -BeTrue
    }
}

Describe 'Nothing is written' {
    It 'into a folder that holds something' {
        $folder = New-TestFolder -Name 'full'
        [IO.File]::WriteAllText("$folder\mine.txt", 'mine')
        Assert-Taken -Seen (Watch-Run { Export-RagnaGuest -Destination $folder }) -Target $folder
        @([IO.Directory]::GetFileSystemEntries($folder)) | Should -HaveCount 1
    }

    It 'over a file' {
        $file = [IO.Path]::GetFullPath("$TestDrive/taken")
        [IO.File]::WriteAllText($file, 'mine')
        foreach ($kind in 'Folder', 'Iso', 'Seed', 'CloudInit') {
            Assert-Taken -Seen (Watch-Run { Export-RagnaGuest -Destination $file -As $kind }) -Target $file
        }
        [IO.File]::ReadAllText($file) | Should -BeExactly 'mine'
    }

    It 'where the folder of a document is not there' {
        $file = [IO.Path]::GetFullPath("$TestDrive/no/where/user-data")
        foreach ($kind in 'Iso', 'Seed', 'CloudInit') {
            Assert-Taken -Seen (Watch-Run { Export-RagnaGuest -Destination $file -As $kind }) -Target $file
        }
    }

    It 'on a drive that is not there, which is one error' {
        # Not Watch-Run: in a try block an error that nothing caught would end the cmdlet.
        $told = @(Export-RagnaGuest -Destination 'nowhere:\guest' 2>&1)
        $told | Should -HaveCount 1
        $told[0].FullyQualifiedErrorId | Should -BeExactly 'GUEST_NOT_EXPORTED,Export-RagnaGuest'
        $told[0].Exception.Message | Should -BeLike "*nowhere:\guest*'nowhere'*"
        $told[0].TargetObject | Should -BeExactly 'nowhere:\guest'
        $told[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'with -WhatIf' {
        foreach ($kind in 'Folder', 'Iso', 'Seed', 'CloudInit') {
            $seen = Watch-Run { Export-RagnaGuest -Destination "$TestDrive/whatif $kind" -As $kind -WhatIf }
            $seen.Output | Should -BeNullOrEmpty
            "$TestDrive/whatif $kind" | Should -Not -Exist
        }
    }
}
