# The package: what it holds, that it is whole, and that it installs, works and goes without the repository.

BeforeDiscovery {
    # Windows PowerShell and PowerShell before 7.5 have it only where somebody installed it.
    $hasGet = @(Get-Module -ListAvailable -Name Microsoft.PowerShell.PSResourceGet | Where-Object { $_.Version -ge '1.1.0' }).Count -gt 0
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $tools = [IO.Path]::Combine($repository, 'tools')
    $version = & ([IO.Path]::Combine($tools, 'build', 'Get-Version.ps1'))
    $folder = [IO.Path]::Combine($built, $version)
    $out = [IO.Path]::GetFullPath((New-TestFolder -Name 'out'))
    $hasGet = @(Get-Module -ListAvailable -Name Microsoft.PowerShell.PSResourceGet | Where-Object { $_.Version -ge '1.1.0' }).Count -gt 0
    $program = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $gallery = "ragnatramp-$([guid]::NewGuid().ToString('N'))"
    if ($hasGet) {
        $made = @(& ([IO.Path]::Combine($tools, 'New-Package.ps1')) -Module $built -Destination $out)
        Register-PSResourceRepository -Name $gallery -Uri $out -Trusted
    }

    # Runs a script in a fresh process that finds modules in these folders and in PowerShell's own, and knows no other path of ours.
    function Invoke-Fresh {
        param([Parameter(Mandatory)] [string] $Script, [string[]] $ModulePath = @(), [string] $Folder = [IO.Path]::GetTempPath())
        $file = [IO.Path]::Combine((New-TestFolder -Name ([guid]::NewGuid().ToString('N'))), 'script.ps1')
        # PowerShell puts the user's own folder before what it is given, so the script sets what counts.
        $paths = (@($ModulePath) + [IO.Path]::Combine($PSHOME, 'Modules')) -join ';'
        [IO.File]::WriteAllText($file, "Set-StrictMode -Version Latest`n`$ErrorActionPreference = 'Stop'`n`$ProgressPreference = 'SilentlyContinue'`n`$env:PSModulePath = '$paths'`n$Script`n")
        Push-Location -LiteralPath $Folder
        try {
            @(& $program -NoProfile -NonInteractive -ExecutionPolicy Bypass -File ([IO.Path]::GetFullPath($file)) 2>&1 | ForEach-Object { "$_" })
        } finally {
            Pop-Location
        }
    }

    # Runs the check of the hashes and gives its lines and its exit code.
    function Test-Whole {
        param([Parameter(Mandatory)] [string] $Path)
        $lines = @(& $program -NoProfile -NonInteractive -ExecutionPolicy Bypass -File ([IO.Path]::Combine($tools, 'build', 'Test-Package.ps1')) -Path $Path)
        [pscustomobject]@{ Lines = $lines; Code = $LASTEXITCODE }
    }
}

AfterAll {
    if ($hasGet) { Unregister-PSResourceRepository -Name $gallery }
}

Describe 'The built module' {
    It 'has the version of Cargo.toml, and the manifest in the source has none' {
        [version] $version | Should -Be (Test-ModuleManifest -Path ([IO.Path]::Combine($folder, 'Ragnatramp.psd1'))).Version
        [IO.File]::ReadAllText([IO.Path]::Combine($repository, 'module', 'Ragnatramp.psd1')) | Should -Match "ModuleVersion\s+= '0\.0\.0'"
        @(Get-ChildItem -LiteralPath $built | ForEach-Object { $_.Name }) | Should -Be $version
    }

    It 'holds all that a user needs' {
        foreach ($part in 'LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt', 'SHA256SUMS', 'Ragnatramp.psm1', 'Private/Base.part.ps1', 'Ragnatramp.Format.ps1xml',
            'ragnatramp.cmd', 'en-US/about_Ragnatramp.help.txt', 'schema/ragnatramp.schema.json', 'template/ragnatramp.yaml', 'guest/install.sh',
            'bin/runtimes/win-x64/native/ragnatramp.dll') {
            [IO.Path]::Combine($folder, $part) | Should -Exist
        }
    }

    It 'tells in its manifest what CHANGELOG.md says' {
        $data = (Import-PowerShellDataFile -LiteralPath ([IO.Path]::Combine($folder, 'Ragnatramp.psd1'))).PrivateData.PSData
        $data.ReleaseNotes | Should -BeExactly (& ([IO.Path]::Combine($tools, 'build', 'Get-ReleaseNote.ps1')) -Version $version)
        $data.ReleaseNotes | Should -BeLike '*``Invoke-RagnaReconcile``*'
        $data.Tags | Should -Contain 'Hyper-V'
    }

    It 'is found by name below PSModulePath, and is this version' {
        $told = Invoke-Fresh -ModulePath ([IO.Path]::GetDirectoryName($built)) -Script 'Import-Module -Name Ragnatramp; ragnatramp --version'
        $told | Should -Be $version
    }

    It 'is as it was packed; a changed, a missing and an added file are each told' {
        $whole = Test-Whole -Path $folder
        $whole.Lines -join '; ' | Should -Be 'Every file is as it was packed.'
        $whole.Code | Should -Be 0
        $copy = [IO.Path]::Combine((New-TestFolder -Name 'copy'), 'm')
        Copy-Item -LiteralPath $folder -Destination $copy -Recurse
        [IO.File]::AppendAllText([IO.Path]::Combine($copy, 'guest', 'hosts.sh'), ' ')
        [IO.File]::Delete([IO.Path]::Combine($copy, 'LICENSE'))
        [IO.File]::WriteAllText([IO.Path]::Combine($copy, 'new.ps1'), '')
        $broken = Test-Whole -Path $copy
        $broken.Code | Should -Be 1
        @($broken.Lines | Sort-Object) | Should -Be @(
            '3 files are not as they were packed.', 'guest/hosts.sh: was changed', 'LICENSE: is missing', 'new.ps1: is not in the list')
    }
}

Describe 'Release notes' {
    It 'are those of the version, of Unreleased before it is released, and never nothing' {
        $script = [IO.Path]::Combine($tools, 'build', 'Get-ReleaseNote.ps1')
        $file = [IO.Path]::Combine((New-TestFolder -Name 'notes'), 'CHANGELOG.md')
        [IO.File]::WriteAllText($file, "# Changelog`n`n## [Unreleased]`n`n- new`n`n## [1.2.0] - 2026-01-01`n`n- old`n`n## [1.1.0]`n`n")
        & $script -Path $file -Version '1.2.0' -Released | Should -BeExactly '- old'
        & $script -Path $file -Version '1.3.0' | Should -BeExactly '- new'
        { & $script -Path $file -Version '1.3.0' -Released } | Should -Throw '*0 parts*1.3.0*'
        { & $script -Path $file -Version '1.1.0' } | Should -Throw '*says nothing of 1.1.0.'
    }
}

Describe 'The links in the manifest' {
    It 'are made of the place of the project, and are not there where none is named' {
        $target = [IO.Path]::Combine((New-TestFolder -Name 'links'), 'Ragnatramp')
        $library = [IO.Path]::Combine($folder, 'bin', 'runtimes', 'win-x64', 'native', 'ragnatramp.dll')
        $made = & ([IO.Path]::Combine($tools, 'Build-Module.ps1')) -Library $library -Arm64Library $library -Destination $target -ProjectUri 'https://example.org/o/r/'
        $data = (Test-ModuleManifest -Path ([IO.Path]::Combine($made, 'Ragnatramp.psd1'))).PrivateData.PSData
        "$($data.ProjectUri) $($data.LicenseUri) $($data.IconUri)" | Should -BeExactly (
            "https://example.org/o/r https://example.org/o/r/blob/v$version/LICENSE https://example.org/o/r/raw/v$version/docs/icon.png")
        [IO.Path]::Combine($made, 'bin', 'runtimes', 'win-arm64', 'native', 'ragnatramp.dll') | Should -Exist
        [IO.Path]::Combine($repository, 'docs', 'icon.png') | Should -Exist
        if (-not $env:RAGNATRAMP_PROJECT_URI) {
            (Import-PowerShellDataFile -LiteralPath ([IO.Path]::Combine($folder, 'Ragnatramp.psd1'))).PrivateData.PSData.ContainsKey('ProjectUri') | Should -BeFalse
        }
    }
}

Describe 'The archives' {
    BeforeAll {
        if (-not $hasGet) { return }
        $clean = [IO.Path]::GetFullPath((New-TestFolder -Name 'clean'))
        # The demo without the repository: the simulated Hyper-V, and the guests' script as it was installed.
        $stage = [IO.Path]::GetFullPath((New-TestFolder -Name 'stage'))
        Save-PSResource -Name Ragnatramp -Repository $gallery -Path $clean -IncludeXml
        $installed = [IO.Path]::Combine($clean, 'Ragnatramp', $version)
        $parts = @{
            'tools' = "$tools\demo.ps1"; 'tests' = "$repository\tests\HyperVSimulator"; 'module' = "$installed\guest"
            'tests\vectors' = "$repository\tests\vectors\hyperv-cmdlets.json"
        }
        foreach ($part in $parts.Keys) {
            $null = New-Item -ItemType Directory -Path "$stage\$part" -Force
            Copy-Item -LiteralPath $parts[$part] -Destination "$stage\$part" -Recurse
        }
    }

    It 'have their names, and are listed with their hashes' -Skip:(-not $hasGet) {
        @($made | ForEach-Object { [IO.Path]::GetFileName($_) }) | Should -Be @("Ragnatramp-$version.zip", "Ragnatramp.$version.nupkg")
        foreach ($line in [IO.File]::ReadAllLines([IO.Path]::Combine($out, 'SHA256SUMS'))) {
            $hash, $name = $line -split '  '
            (Get-FileHash -LiteralPath ([IO.Path]::Combine($out, $name)) -Algorithm SHA256).Hash | Should -Be $hash
        }
    }

    It 'hold the same files, each once' -Skip:(-not $hasGet) {
        Add-Type -AssemblyName System.IO.Compression.FileSystem
        $zip = [IO.Compression.ZipFile]::OpenRead($made[0])
        try { $names = @($zip.Entries | ForEach-Object { $_.FullName }) } finally { $zip.Dispose() }
        $there = @(Get-ChildItem -LiteralPath $installed -Recurse -File | ForEach-Object { $_.FullName.Substring($clean.TrimEnd('\').Length + 1).Replace('\', '/') } |
                Where-Object { $_ -notlike '*/PSGetModuleInfo.xml' })
        ($names | Sort-Object) -join "`n" | Should -Be (($there | Sort-Object) -join "`n")
        $names.Count | Should -BeGreaterThan 20
        (Test-Whole -Path $installed).Lines -join '; ' | Should -Be 'Every file is as it was packed.'
    }

    It 'give the same zip a second time' -Skip:(-not $hasGet) {
        $again = [IO.Path]::GetFullPath((New-TestFolder -Name 'again'))
        $second = @(& ([IO.Path]::Combine($tools, 'New-Package.ps1')) -Module $built -Destination $again)
        (Get-FileHash -LiteralPath $second[0]).Hash | Should -Be (Get-FileHash -LiteralPath $made[0]).Hash
    }

    It 'run the demo from a clean folder, in a process that knows no other' -Skip:(-not $hasGet) {
        $told = Invoke-Fresh -ModulePath $clean -Folder $stage -Script "& '$stage\tools\demo.ps1' -Module Ragnatramp
            'from ' + (Get-Module -Name Ragnatramp).ModuleBase; 'commands ' + @(Get-Command -Module Ragnatramp).Count"
        $told | Should -Contain "from $installed"
        $told | Should -Contain "commands $((Get-Module -Name Ragnatramp).ExportedCommands.Count)"
        @($told | Where-Object { $_ -match '^The demo took \d+ s\.$' }) | Should -HaveCount 1
        @($told | Where-Object { $_ -match '^172\.20\.131\.\d+ (db|queue|web|worker)$' }) | Should -HaveCount 4
        @($told | Where-Object { $_.Contains($repository) }) -join '; ' | Should -Be ''
        # Using it changed nothing of it.
        (Test-Whole -Path $installed).Code | Should -Be 0
    }

    It 'install, are used, and uninstall; nothing is left' -Skip:(-not $hasGet) {
        $own = [IO.Path]::Combine([Environment]::GetFolderPath('MyDocuments'), $(if ($PSVersionTable.PSEdition -eq 'Core') { 'PowerShell' } else { 'WindowsPowerShell' }), 'Modules')
        $there = [IO.Path]::Combine($own, 'Ragnatramp')
        if ([IO.Directory]::Exists($there)) {
            Set-ItResult -Skipped -Because 'this user has Ragnatramp installed'
            return
        }
        $before = @(Get-ChildItem -Path $own -Force -ErrorAction Ignore | ForEach-Object { $_.FullName }) -join '; '
        $get = ((Get-Module -Name Microsoft.PowerShell.PSResourceGet).ModuleBase -split '\\Microsoft\.PowerShell\.PSResourceGet')[0]
        try {
            $told = Invoke-Fresh -ModulePath $own, $get -Script "Install-PSResource -Name Ragnatramp -Repository '$gallery'
                'commands ' + @(Get-Command -Module Ragnatramp).Count
                'path ' + (Get-Module -ListAvailable -Name Ragnatramp).ModuleBase
                New-RagnaConfig -Path '$out' | ForEach-Object { 'wrote ' + `$_.Name }"
            $told -join '; ' | Should -BeLike "*commands $((Get-Module -Name Ragnatramp).ExportedCommands.Count); path $there*; wrote ragnatramp.yaml"
            (Test-Whole -Path ([IO.Path]::Combine($there, $version))).Code | Should -Be 0
        } finally {
            # A session that has just ended may hold its library for a moment longer.
            $library = [IO.Path]::Combine($there, $version, 'bin', 'runtimes', 'win-x64', 'native', 'ragnatramp.dll')
            for ($attempt = 1; $attempt -le 40; $attempt++) {
                try {
                    [IO.File]::Open($library, 'Open', 'ReadWrite', 'None').Dispose()
                    break
                } catch [IO.IOException], [UnauthorizedAccessException] { Start-Sleep -Milliseconds 250 }
            }
            $gone = (Invoke-Fresh -ModulePath $own, $get -Script "Uninstall-PSResource -Name Ragnatramp; 'gone'") -join '; '
        }
        $gone | Should -Be 'gone'
        $there | Should -Not -Exist
        @(Get-ChildItem -Path $own -Force -ErrorAction Ignore | ForEach-Object { $_.FullName }) -join '; ' | Should -Be $before
    }
}
