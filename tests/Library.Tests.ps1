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

}

Describe 'The processor of this PowerShell' {
    BeforeAll {
        $processor = $env:PROCESSOR_ARCHITECTURE
        $lab = New-Lab -Machine @{ name = 'web' }

        # Makes a module's folder with the libraries of these runtimes, and has the module find that.
        function Use-Runtime {
            param([string[]] $Runtime)
            $folder = New-TestFolder -Name ([guid]::NewGuid().ToString('N'))
            foreach ($one in $Runtime) {
                $native = [IO.Path]::Combine($folder, 'bin', 'runtimes', $one, 'native')
                $null = [IO.Directory]::CreateDirectory($native)
                $machine = if ($one -eq 'win-arm64') { 0xAA64 } else { 0x8664 }
                [IO.File]::WriteAllBytes([IO.Path]::Combine($native, 'ragnatramp.dll'), (Set-Processor ([byte[]] $sound.Clone()) $machine))
            }
            & $module { param($root) $script:RagnaLibrary = $null; $script:RagnaModuleRoot = $root } ([IO.Path]::GetFullPath($folder))
        }
    }

    AfterEach {
        $env:PROCESSOR_ARCHITECTURE = $processor
        & $module { param($root) $script:RagnaLibrary = $null; $script:RagnaModuleRoot = $root } $soundRoot
    }

    It 'chooses its own library of two' {
        Use-Runtime 'win-arm64', 'win-x64'
        Test-RagnaConfig -Path $lab.Config -WarningAction SilentlyContinue | Should -Not -BeNullOrEmpty
        $env:PROCESSOR_ARCHITECTURE = 'ARM64'
        & $module { $script:RagnaLibrary = $null }
        # The one for ARM64 is taken, and this process, which is none, cannot load it.
        $failure = (& $module { Get-RagnaLibrary }).Failure
        $failure.code | Should -BeExactly 'LIBRARY_UNUSABLE'
        $failure.message | Should -BeLike '*win-arm64*'
    }

    It 'is told what to start where there is no library for it: <Processor>' -ForEach @(
        @{ Processor = 'ARM64'; Code = 'LIBRARY_NOT_FOUND'; Message = '*for x64 only, and this PowerShell is ARM64*win-arm64*'; Remedy = 'Start PowerShell for x64*' }
        @{ Processor = 'x86'; Code = 'LIBRARY_UNUSABLE'; Message = '*no native library for 32-bit x86*'; Remedy = 'Start 64-bit PowerShell*' }
        @{ Processor = 'IA64'; Code = 'LIBRARY_UNUSABLE'; Message = '*no native library for IA64*'; Remedy = 'Start PowerShell for x64 or*' }
    ) {
        Use-Runtime 'win-x64'
        $env:PROCESSOR_ARCHITECTURE = $Processor
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config }
        $seen.Output | Should -BeNullOrEmpty
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -BeExactly "$Code,Test-RagnaConfig"
        $seen.Errors[0].Exception.Message | Should -BeLike $Message
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike $Remedy
    }

    It 'is no matter where no library is there' {
        Use-Runtime @()
        $env:PROCESSOR_ARCHITECTURE = 'ARM64'
        $failure = (& $module { Get-RagnaLibrary }).Failure
        $failure.code | Should -BeExactly 'LIBRARY_NOT_FOUND'
        $failure.remedy | Should -BeLike 'Install the module again*'
    }
}

Describe 'Constrained Language Mode' {
    It 'is told once, in one error with its code and what to do: <Cmdlet>' -ForEach @(
        @{ Cmdlet = 'Get-RagnaStatus' }
        @{ Cmdlet = 'Invoke-RagnaReconcile' }
        @{ Cmdlet = 'ragnatramp' }
    ) {
        $session = [Management.Automation.Runspaces.InitialSessionState]::CreateDefault2()
        $session.LanguageMode = 'ConstrainedLanguage'
        $shell = [powershell]::Create($session)
        try {
            $null = $shell.AddCommand('Import-Module').AddParameter('Name', [IO.Path]::Combine($soundRoot, 'Ragnatramp.psd1')).Invoke()
            @($shell.Streams.Error) | Should -BeNullOrEmpty -Because 'its help can be read all the same'
            $shell.Commands.Clear()
            $null = $shell.AddCommand($Cmdlet)
            $told = $null
            try { $null = $shell.Invoke() } catch { $told = $_.Exception.InnerException.ErrorRecord }
            $all = @($shell.Streams.Error) + @($told | Where-Object { $_ })
            $all | Should -HaveCount 1
            $all[0].FullyQualifiedErrorId | Should -BeLike 'LIBRARY_UNUSABLE*'
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
