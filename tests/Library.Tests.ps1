# A native library that cannot be used: each cause is told with its own remedy, once, and is no verdict on anything else.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $module = Get-Module -Name Ragnatramp
    $soundRoot = & $module { $script:RagnaModuleRoot }
    $part = 'bin\runtimes\win-x64\native\ragnatramp.dll'
    $sound = [IO.File]::ReadAllBytes([IO.Path]::Combine($soundRoot, $part))

    # Makes a folder whose library is the sound one with some bytes changed, and has the module find that.
    function Use-ChangedLibrary {
        param([string] $Name, [scriptblock] $Change)
        $bytes = & $Change ([byte[]] $sound.Clone())
        $file = [IO.Path]::Combine((New-TestFolder -Name $Name), $part)
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
        [IO.File]::WriteAllBytes($file, $bytes)
        & $module { param($root) $script:RagnaLibrary = $null; $script:RagnaModuleRoot = $root } ([IO.Path]::GetFullPath("$TestDrive/$Name"))
        $file
    }

    function Set-Processor {
        param([byte[]] $Bytes, [uint16] $Machine)
        $at = [BitConverter]::ToInt32($Bytes, 60) + 4
        [BitConverter]::GetBytes($Machine).CopyTo($Bytes, $at)
        , $Bytes
    }

    function Set-Import {
        # Gives a DLL that the library needs the name of one that no computer has.
        param([byte[]] $Bytes)
        $latin = [Text.Encoding]::GetEncoding(28591)
        , $latin.GetBytes($latin.GetString($Bytes).Replace('WS2_32.dll', 'WSQ_32.dll'))
    }
}

Describe 'A library that cannot be used' {
    AfterEach {
        & $module { param($root) $script:RagnaLibrary = $null; $script:RagnaModuleRoot = $root } $soundRoot
    }

    It 'is told with its own remedy, and is no verdict on the config: <Why>' -ForEach @(
        @{ Why = 'cut off'; Change = { param($all) , $all[0..([int] ($all.Length / 2))] }; Message = '*it is cut off: *'; Remedy = '*not copied to its end*' }
        @{ Why = 'only its first bytes'; Change = { param($all) , $all[0..99] }; Message = '*or not whole*'; Remedy = '*not copied to its end*' }
        @{ Why = 'for ARM64'; Change = { param($all) Set-Processor $all 0xAA64 }; Message = '*it is for ARM64, and this PowerShell is x64*'; Remedy = '*another one''s*' }
        @{ Why = 'for 32-bit'; Change = { param($all) Set-Processor $all 0x14C }; Message = '*it is for 32-bit x86, and*'; Remedy = '*another one''s*' }
        @{ Why = 'in want of a DLL'; Change = { param($all) Set-Import $all }; Message = '*a DLL that it needs*'; Remedy = '*Windows 10*' }
    ) {
        $lab = New-Lab -Machine @{ name = 'web' }
        $null = Use-ChangedLibrary -Name $Why -Change $Change
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config }
        $seen.Output | Should -BeNullOrEmpty
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -BeExactly 'LIBRARY_UNUSABLE,Test-RagnaConfig'
        $seen.Errors[0].Exception.Message | Should -BeLike $Message
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike $Remedy
        $seen.Left | Should -HaveCount 1
    }

    It 'by a PowerShell of another processor is told what to start: <Processor>' -ForEach @(
        @{ Processor = 'ARM64'; Remedy = 'Start PowerShell for x64*' }, @{ Processor = 'x86'; Remedy = 'Start 64-bit PowerShell*' }
    ) {
        $failure = & $module {
            param($path, $processor)
            Get-LibraryFailure -Path $path -Exception ([BadImageFormatException]::new('no')) -Processor $processor
        } ([IO.Path]::Combine($soundRoot, $part)) $Processor
        $failure.message | Should -BeLike "*it is for x64, and this PowerShell is *$Processor*"
        $failure.remedy | Should -BeLike $Remedy
    }
}

Describe 'Constrained Language Mode' {
    It 'is told once, in one error with its code and what to do' {
        $session = [Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
        $session.LanguageMode = 'ConstrainedLanguage'
        $shell = [powershell]::Create($session)
        try {
            $null = $shell.AddCommand('Import-Module').AddParameter('Name', [IO.Path]::Combine($soundRoot, 'Ragnatramp.psd1'))
            $told = $null
            try { $null = $shell.Invoke() } catch { $told = $_.Exception.InnerException.ErrorRecord }
            $all = @($shell.Streams.Error) + @($told | Where-Object { $_ })
            $all | Should -HaveCount 1
            $all[0].Exception.Message | Should -BeLike '*Constrained Language Mode*(LIBRARY_UNUSABLE)*'
            $all[0].ErrorDetails.RecommendedAction | Should -BeLike '*application control*'
        } finally {
            $shell.Dispose()
        }
    }
}

Describe 'The package' {
    It 'has a library that needs only what every Windows has' {
        $check = [IO.Path]::Combine($repository, 'tools', 'build', 'Test-LibraryImport.ps1')
        & $check -Path ([IO.Path]::Combine($soundRoot, $part))
        $file = [IO.Path]::Combine((New-TestFolder -Name 'import'), 'ragnatramp.dll')
        [IO.File]::WriteAllBytes($file, (Set-Import ([byte[]] $sound.Clone())))
        { & $check -Path $file } | Should -Throw '*not every Windows has: WSQ_32.dll.'
    }
}
