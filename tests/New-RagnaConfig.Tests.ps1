# New-RagnaConfig: a starter file that is sound, and never written over another.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
}

Describe 'A new config' {
    BeforeAll {
        $folder = New-TestFolder -Name 'a folder'
        $seen = Watch-Run { New-RagnaConfig -Path $folder }
        $file = [IO.Path]::Combine($folder, 'ragnatramp.yaml')
    }

    It 'is the file that is emitted' {
        $seen.Output | Should -HaveCount 1
        $seen.Output[0] | Should -BeOfType [IO.FileInfo]
        $seen.Output[0].FullName | Should -Be $file
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
    }

    It 'is sound' { Test-RagnaConfig -Path $file -Quiet | Should -BeTrue }

    It 'tells editors of a schema that is there' {
        $first = [IO.File]::ReadAllLines($file)[0]
        $first | Should -Match '^# yaml-language-server: \$schema=file:///'
        $schema = [Uri] $first.Substring($first.IndexOf('file:'))
        $schema.LocalPath | Should -Exist
    }

    It 'is plain UTF-8 with comments' {
        $bytes = [IO.File]::ReadAllBytes($file)
        $bytes[0] | Should -Be ([byte] [char] '#')
        @([IO.File]::ReadAllLines($file) | Where-Object { $_ -match '#' }).Count | Should -BeGreaterThan 5
    }
}

Describe 'A new config in the current folder' {
    It 'is what the cmdlet writes without a path' {
        $folder = New-TestFolder -Name 'here'
        Push-Location -LiteralPath $folder
        try { $made = New-RagnaConfig } finally { Pop-Location }
        $made.DirectoryName | Should -Be $folder
    }
}

Describe 'Nothing is written' {
    It 'over a file that is there' {
        $folder = New-TestFolder -Name 'taken'
        [IO.File]::WriteAllText("$folder\ragnatramp.yaml", 'mine')
        $seen = Watch-Run { New-RagnaConfig -Path $folder }
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -Be 'CONFIG_NOT_WRITTEN,New-RagnaConfig'
        $seen.Errors[0].CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        $seen.Errors[0].TargetObject | Should -Be "$folder\ragnatramp.yaml"
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $seen.Left | Should -HaveCount 1
        $seen.Output | Should -BeNullOrEmpty
        [IO.File]::ReadAllText("$folder\ragnatramp.yaml") | Should -BeExactly 'mine'
    }

    It 'where there is no folder' {
        $seen = Watch-Run { New-RagnaConfig -Path "$TestDrive\no\where" }
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -Be 'CONFIG_NOT_WRITTEN,New-RagnaConfig'
        $seen.Errors[0].Exception.Message | Should -BeLike '*no\where*'
        "$TestDrive\no" | Should -Not -Exist
    }

    It 'on a drive that is not there, which is one error' {
        # Not Watch-Run: in a try block an error that nothing caught would end the cmdlet.
        $told = @(New-RagnaConfig -Path 'nowhere:\lab' 2>&1)
        $told | Should -HaveCount 1
        $told[0].FullyQualifiedErrorId | Should -BeExactly 'CONFIG_NOT_WRITTEN,New-RagnaConfig'
        $told[0].Exception.Message | Should -BeLike "*nowhere:\lab*'nowhere'*"
        $told[0].TargetObject | Should -BeExactly 'nowhere:\lab'
        $told[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'with -WhatIf' {
        $folder = New-TestFolder -Name 'whatif'
        $seen = Watch-Run { New-RagnaConfig -Path $folder -WhatIf }
        $seen.Output | Should -BeNullOrEmpty
        @([IO.Directory]::GetFileSystemEntries($folder)) | Should -HaveCount 0
    }
}

Describe 'Where nobody can be asked' {
    It '-Confirm ends a cmdlet before it writes: <Name>' -ForEach @(
        @{ Name = 'New-RagnaConfig'; Text = 'New-RagnaConfig -Path .' }
        @{ Name = 'Export-RagnaGuest'; Text = 'Export-RagnaGuest -Destination ./out' }
    ) {
        $folder = New-TestFolder -Name "ask $Name"
        $shell = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
        $module = (Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1')
        $text = "Import-Module '$module'; Set-Location -LiteralPath '$folder'; try { $Text -Confirm } catch { `$_.FullyQualifiedErrorId }; `$Error.Count"
        $told = @(& $shell -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command $text)
        $told[0] | Should -BeLike "*,$Name"
        $told[1] | Should -Be '1'
        @([IO.Directory]::GetFileSystemEntries($folder)) | Should -HaveCount 0
    }
}
