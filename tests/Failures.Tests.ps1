# What keeps a cmdlet from its work is told once: an error with code, category, target and remedy, and nothing written.

BeforeDiscovery {
    $cases = @(
        @{
            Case = 'a config that is not there'; Code = 'CONFIG_NOT_FOUND'; Category = 'ObjectNotFound'
            Arrange = { param($lab) [IO.File]::Delete($lab.Config) }
        }
        @{
            Case = 'a config that is not YAML'; Code = 'CONFIG_INVALID_YAML'; Category = 'SyntaxError'
            Arrange = { param($lab) [IO.File]::WriteAllText($lab.Config, "project:`n  name: lab`n name: [") }
        }
        @{
            Case = 'a config with five faults'; Code = 'CONFIG_VALIDATION_FAILED'; Category = 'InvalidData'
            Arrange = { param($lab) [IO.File]::WriteAllText($lab.Config, @(
                        'project:', '  name: 7up!', 'defaults:', '  base_image: b.vhdx', '  cpu: 0', 'machines:', '  - name: web',
                        '    memroy: 2048', '  - name: WEB', '    cpu: two', '') -join "`n") }
        }
        @{
            Case = 'no state file'; Code = 'STATE_NOT_FOUND'; Category = 'ObjectNotFound'
            Arrange = { param($lab) [IO.File]::Delete($lab.StatePath) }
        }
        @{
            Case = 'a state file that is cut off'; Code = 'STATE_CORRUPTED'; Category = 'InvalidData'
            Arrange = { param($lab) [IO.File]::WriteAllText($lab.StatePath, '{"version": 1, "vms": {') }
        }
        @{
            Case = 'a state file of another config'; Code = 'STATE_CONFLICT'; Category = 'ResourceExists'
            Arrange = { param($lab)
                $text = [IO.File]::ReadAllText($lab.StatePath)
                [IO.File]::WriteAllText($lab.StatePath, $text.Replace('ragnatramp.yaml', 'other.yaml'))
            }
        }
        @{
            Case = 'a computer without Hyper-V'; Code = 'HYPERV_NOT_AVAILABLE'; Category = 'NotInstalled'
            Arrange = { param($lab) Set-SimulatedHost -Installed $false; Enter-Lab -Lab $lab -Anew }
        }
        @{
            Case = 'an account without permission'; Code = 'PERMISSION_DENIED'; Category = 'PermissionDenied'
            Arrange = { param($lab) $null = $lab; Set-SimulatedHost -Denied $true }
        }
        @{
            Case = 'no permission for the adapters alone'; Code = 'PERMISSION_DENIED'; Category = 'PermissionDenied'
            Arrange = { param($lab) $null = $lab; Set-SimulatedHost -Denied 'Get-VMNetworkAdapter' }
        }
        @{
            Case = 'a management service that is stopped'; Code = 'HYPERV_ERROR'; Category = 'ResourceUnavailable'
            Arrange = { param($lab) $null = $lab; Set-SimulatedHost -Service 'stopped' }
        }
        @{
            Case = 'a library that is not there'; Code = 'LIBRARY_NOT_FOUND'; Category = 'ObjectNotFound'
            Arrange = { param($lab) Use-Library -Folder ([IO.Path]::Combine($lab.Folder, 'module')) }
        }
        @{
            Case = 'a library that is none'; Code = 'LIBRARY_UNUSABLE'; Category = 'InvalidOperation'
            Arrange = { param($lab) Use-Library -Folder ([IO.Path]::Combine($lab.Folder, 'module')) -Content ([Text.Encoding]::ASCII.GetBytes('no library')) }
        }
        @{
            Case = 'a library of something else'; Code = 'LIBRARY_UNUSABLE'; Category = 'InvalidOperation'
            Arrange = { param($lab)
                $other = [IO.File]::ReadAllBytes([IO.Path]::Combine([Environment]::SystemDirectory, 'version.dll'))
                # Not below the test drive: a library that is loaded cannot be removed.
                Use-Library -Folder ([IO.Path]::Combine($loaded, [guid]::NewGuid().ToString('N'))) -Content $other
            }
        }
        @{
            Case = 'a library with another contract of one function'; Code = 'LIBRARY_UNUSABLE'; Category = 'InvalidOperation'
            Arrange = { param($lab) $null = $lab
                & (Get-Module -Name Ragnatramp) {
                    $script:RagnaLibrary = $null
                    $script:RagnaContract = $script:RagnaContract.Clone()
                    $script:RagnaContract['ragna_diff'] = 4711L
                }
            }
        }
    )
    # Get-RagnaStatus goes on without Hyper-V; see its own tests.
    $readers = @($cases | Where-Object { $_.Code -notlike 'HYPERV*' -and $_.Code -ne 'PERMISSION_DENIED' })
    $checkers = @($readers | Where-Object { $_.Code -like 'CONFIG*' -or $_.Code -like 'LIBRARY*' })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Use-Library {
        # Has the module find its library below another folder, which holds this content or nothing.
        param([string] $Folder, [byte[]] $Content)
        if ($null -ne $Content) {
            $file = [IO.Path]::Combine($Folder, 'bin\runtimes\win-x64\native\ragnatramp.dll')
            $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
            [IO.File]::WriteAllBytes($file, $Content)
        }
        & (Get-Module -Name Ragnatramp) { param($root) $script:RagnaLibrary = $null; $script:RagnaModuleRoot = $root } $Folder
    }

    function Get-FailingLab {
        param([scriptblock] $Arrange)
        $lab = New-Lab
        $null = & $Arrange $lab
        $lab
    }

    function Assert-OneError {
        param([object] $Seen, [string] $Id, [string] $Category, [string] $Target)
        $Seen.Errors | Should -HaveCount 1
        $told = $Seen.Errors[0]
        $told.FullyQualifiedErrorId | Should -BeExactly $Id
        $told.CategoryInfo.Category | Should -Be $Category
        ([string] $told.TargetObject).EndsWith($Target) | Should -BeTrue -Because "the target is $($told.TargetObject)"
        $told.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $Seen.Warnings | Should -BeNullOrEmpty
        $Seen.Left | Should -HaveCount 1
        [object]::ReferenceEquals($Seen.Left[0].Exception, $told.Exception) | Should -BeTrue -Because '$Error holds what was told'
        $shown = ($told | Out-String -Width 4096)
        $shown | Should -Not -Match 'line:\d|char:\d|\.psm1|   at |Exception' -Because 'the user sees no stack trace'
        $words = [regex]::Replace($told.ErrorDetails.RecommendedAction, '\s+', ' ')
        $all = [regex]::Replace($shown, '\s+', ' ')
        ($all.Length - $all.Replace($words, '').Length) / $words.Length | Should -Be 1 -Because 'the remedy is shown once'
    }

    $loaded = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'ragnatramp-failures-test')
    # Those of earlier processes.
    if ([IO.Directory]::Exists($loaded)) { Remove-Item -LiteralPath $loaded -Recurse -Force -ErrorAction Ignore }
    $module = Get-Module -Name Ragnatramp
    $sound = & $module { @{ Root = $script:RagnaModuleRoot; Contract = $script:RagnaContract } }
    $autoLoading = Get-Variable -Name PSModuleAutoLoadingPreference -Scope Global -ValueOnly -ErrorAction Ignore
    # Where the real Hyper-V is installed, it must not come in for the simulated one that says it is not there.
    $global:PSModuleAutoLoadingPreference = 'None'
}

AfterAll {
    if ($autoLoading) { $global:PSModuleAutoLoadingPreference = $autoLoading }
    else { Remove-Variable -Name PSModuleAutoLoadingPreference -Scope Global }
}

Describe 'A failure' {
    AfterEach {
        & $module { param($old) $script:RagnaLibrary = $null; $script:RagnaModuleRoot = $old.Root; $script:RagnaContract = $old.Contract } $sound
    }

    It 'of Invoke-RagnaReconcile is one error, and nothing is written: <Case>' -ForEach $cases {
        $lab = Get-FailingLab -Arrange $Arrange
        $before = Get-FolderDigest -Path $lab.Folder
        $seen = Watch-Run { Invoke-RagnaReconcile -Path $lab.Config -TimeoutSeconds 0 -Credential (Get-LabCredential) }
        Assert-OneError -Seen $seen -Id "$Code,Invoke-RagnaReconcile" -Category $Category -Target $lab.Config
        $seen.Output | Should -BeNullOrEmpty
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
    }

    It 'of Get-RagnaStatus is one error: <Case>' -ForEach $readers {
        $lab = Get-FailingLab -Arrange $Arrange
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        Assert-OneError -Seen $seen -Id "$Code,Get-RagnaStatus" -Category $Category -Target $lab.Config
        $seen.Output | Should -BeNullOrEmpty
    }

    It 'of Test-RagnaConfig is one error: <Case>' -ForEach $checkers {
        $lab = Get-FailingLab -Arrange $Arrange
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config }
        Assert-OneError -Seen $seen -Id "$Code,Test-RagnaConfig" -Category $Category -Target $lab.Config
        # A library that cannot be used is no verdict on the config.
        @($seen.Output) | Should -HaveCount ([int] ($Code -like 'CONFIG*'))
    }

    It 'of the library is no verdict on a config: Test-RagnaConfig -Quiet' {
        $lab = New-Lab -Folder "$TestDrive/quiet" -Machine @{ name = 'web' }
        Use-Library -Folder ([IO.Path]::Combine($lab.Folder, 'nowhere'))
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Quiet }
        Assert-OneError -Seen $seen -Id 'LIBRARY_NOT_FOUND,Test-RagnaConfig' -Category 'ObjectNotFound' -Target $lab.Config
        $seen.Output | Should -BeNullOrEmpty
    }

    It 'of the library names its path, and is over once the library is there' {
        $lab = New-Lab -Folder "$TestDrive/back" -Machine @{ name = 'web' }
        $nowhere = [IO.Path]::Combine($lab.Folder, 'nowhere')
        Use-Library -Folder $nowhere
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $seen.Errors[0].Exception.Message.Contains($nowhere) | Should -BeTrue
        & $module { param($root) $script:RagnaModuleRoot = $root } $sound.Root
        (Get-RagnaStatus -Path $lab.Config).Machine | Should -Be 'web'
    }

    It 'names the folder where the search for a config began, where none is found' {
        $null = [IO.Directory]::CreateDirectory("$TestDrive\nothing here")
        Push-Location -LiteralPath "$TestDrive\nothing here"
        try { $seen = Watch-Run { Invoke-RagnaReconcile } } finally { Pop-Location }
        Assert-OneError -Seen $seen -Id 'CONFIG_NOT_FOUND,Invoke-RagnaReconcile' -Category 'ObjectNotFound' -Target 'nothing here\ragnatramp.yaml'
    }
}

Describe 'Five faults' {
    It 'are all in the one message, each with line and column' -ForEach @($cases | Where-Object { $_.Case -eq 'a config with five faults' }) {
        $lab = Get-FailingLab -Arrange $Arrange
        $seen = Watch-Run { Invoke-RagnaReconcile -Path $lab.Config }
        $shown = [string] $seen.Errors[0]
        foreach ($place in '2:9', '5:8', '8:5', '9:11', '10:10') { $shown | Should -Match "(?m)^ *$place " }
        $shown | Should -Match 'did you mean memory'
    }
}
