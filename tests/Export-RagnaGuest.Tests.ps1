# Export-RagnaGuest: what a Linux guest needs, as a folder or as a cloud-init document.

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
        $files | Should -Contain 'ragnatramp-guest'
        $files.Count | Should -BeGreaterThan 5
        @([IO.Directory]::GetFiles($target, '*', [IO.SearchOption]::AllDirectories)) | Should -HaveCount $files.Count
        foreach ($name in $files) {
            [Convert]::ToBase64String([IO.File]::ReadAllBytes([IO.Path]::Combine($target, $name))) |
                Should -BeExactly ([Convert]::ToBase64String([IO.File]::ReadAllBytes([IO.Path]::Combine($source, $name)))) -Because $name
        }
    }

    It 'has no carriage return in it, which no shell would take' {
        foreach ($name in $files) { [IO.File]::ReadAllText([IO.Path]::Combine($target, $name)).Contains("`r") | Should -BeFalse -Because $name }
    }

    It 'may be there already where it is empty' {
        $empty = [IO.Directory]::CreateDirectory([IO.Path]::GetFullPath("$TestDrive/empty")).FullName
        $again = Watch-Run { Export-RagnaGuest -Destination $empty }
        $again.Errors | Should -BeNullOrEmpty
        "$empty\install.sh" | Should -Exist
    }

    It 'is relative to the current folder' {
        $folder = [IO.Directory]::CreateDirectory([IO.Path]::GetFullPath("$TestDrive/relative")).FullName
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
            $name = $entry.Groups[1].Value.Replace('/usr/local/src/ragnatramp-guest/', '').Replace('/', '\')
            $files | Should -Contain $name
            $entry.Groups[2].Value | Should -BeExactly ([Convert]::ToBase64String([IO.File]::ReadAllBytes([IO.Path]::Combine($source, $name)))) -Because $name
        }
        $text | Should -Match '(?m)^runcmd:\n  - \[sh, /usr/local/src/ragnatramp-guest/install\.sh\]$'
    }
}

Describe 'Nothing is written' {
    It 'into a folder that holds something' {
        $folder = [IO.Directory]::CreateDirectory([IO.Path]::GetFullPath("$TestDrive/full")).FullName
        [IO.File]::WriteAllText("$folder\mine.txt", 'mine')
        Assert-Taken -Seen (Watch-Run { Export-RagnaGuest -Destination $folder }) -Target $folder
        @([IO.Directory]::GetFileSystemEntries($folder)) | Should -HaveCount 1
    }

    It 'over a file' {
        $file = [IO.Path]::GetFullPath("$TestDrive/taken")
        [IO.File]::WriteAllText($file, 'mine')
        Assert-Taken -Seen (Watch-Run { Export-RagnaGuest -Destination $file -As CloudInit }) -Target $file
        Assert-Taken -Seen (Watch-Run { Export-RagnaGuest -Destination $file }) -Target $file
        [IO.File]::ReadAllText($file) | Should -BeExactly 'mine'
    }

    It 'where the folder of a document is not there' {
        $file = [IO.Path]::GetFullPath("$TestDrive/no/where/user-data")
        Assert-Taken -Seen (Watch-Run { Export-RagnaGuest -Destination $file -As CloudInit }) -Target $file
    }

    It 'with -WhatIf' {
        foreach ($kind in 'Folder', 'CloudInit') {
            $seen = Watch-Run { Export-RagnaGuest -Destination "$TestDrive/whatif $kind" -As $kind -WhatIf }
            $seen.Output | Should -BeNullOrEmpty
            "$TestDrive/whatif $kind" | Should -Not -Exist
        }
    }
}
