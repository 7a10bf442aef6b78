# The preflight: all that speaks against a start is told at once, and nothing is made then.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-ErrorText {
        param([object] $Seen)
        @($Seen.Errors | ForEach-Object { "$_" }) -join '; '
    }

    function Get-ModuleResult {
        param([scriptblock] $Script, [object[]] $Argument = @())
        & (Get-Module -Name Ragnatramp) $Script @Argument
    }

    function New-AccessRule {
        param([string] $Sid, [string] $Rights = 'FullControl', [string] $Inherits = 'ContainerInherit, ObjectInherit', [string] $Type = 'Allow')
        [Security.AccessControl.FileSystemAccessRule]::new([Security.Principal.SecurityIdentifier]::new($Sid), $Rights, $Inherits, 'None', $Type)
    }
}

Describe 'Test-RagnaConfig -Preflight' {
    It 'finds nothing on a host that has everything, and makes nothing' {
        $lab = New-EmptyLab
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }
        Get-ErrorText -Seen $seen | Should -Be ''
        $seen.Warnings | Should -BeNullOrEmpty
        $seen.Output | Should -HaveCount 1
        $seen.Output[0].Valid | Should -BeTrue
        @($seen.Output[0].Findings).Count | Should -Be 0
        [IO.File]::Exists($lab.StatePath) | Should -BeFalse
        [IO.Directory]::Exists($lab.Artifact) | Should -BeFalse
    }

    It 'tells everything at once, an error for each finding' {
        $lab = New-EmptyLab -Machine @{ name = 'web'; cpu = 5 }, @{ name = 'db'; base_image = 'missing.vhdx' }
        Set-SimulatedHost -Processor 4 -Switch @{ name = 'Lan'; id = '11111111-2222-3333-4444-555555555555'; type = 'External' }
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }
        Get-ErrorCode -Seen $seen | Should -Be @('DEFAULT_SWITCH_NOT_FOUND', 'HOST_LIMIT', 'BASE_IMAGE_NOT_FOUND')
        foreach ($record in $seen.Errors) { $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty }
        $seen.Errors[1].TargetObject | Should -Be 'web'
        $seen.Warnings | Should -BeNullOrEmpty -Because 'a missing image is told once'
        $findings = @($seen.Output[0].Findings)
        @($findings | ForEach-Object { "$($_.Severity) $($_.Code) $($_.Machine)" }) |
            Should -Be @('Error DEFAULT_SWITCH_NOT_FOUND ', 'Error HOST_LIMIT web', 'Error BASE_IMAGE_NOT_FOUND db')
        $findings[0].PSObject.TypeNames[0] | Should -Be 'Ragnatramp.PreflightFinding'
    }

    It 'is false with -Quiet where something is an error, and tells nothing else' {
        $lab = New-EmptyLab
        (Test-RagnaConfig -Path $lab.Config -Preflight -Quiet) | Should -BeTrue
        Set-SimulatedHost -Switch @()
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight -Quiet }
        $seen.Output | Should -Be @($false)
        $seen.Errors.Count + $seen.Warnings.Count | Should -Be 0
    }

    It 'warns of too little memory for all together' {
        $lab = New-EmptyLab
        $findings = Get-ModuleResult {
            param($path)
            $opened = (Invoke-RagnaExport lab_open @{ path = $path; mayBegin = $true }).Response
            $none = [string[]] @()
            $vms = @{ id = $none; name = $none; state = $none; notes = $none; path = $none; generation = [int[]] @() }
            $look = [pscustomobject]@{ Failure = $null; Plain = @{ complete = $true; vms = $vms; host = @{ freeMemoryBytes = 1GB } } }
            $lab = [pscustomobject]@{ Handle = $opened.handle; ConfigPath = $path }
            try { Get-LabFinding -Lab $lab -Inventory $look -Machine @() } finally { Close-RagnaLab -Lab $lab }
        } -Argument $lab.Config
        @($findings | ForEach-Object { "$($_.Severity) $($_.Code)" }) | Should -Be @('Warning HOST_LIMIT')
    }

    It 'knows how much room there is on the volume' {
        $lab = New-EmptyLab -Default @{ disk_strategy = 'copy' }
        $stream = [IO.FileStream]::new($lab.Image, 'Open', 'Write')
        # A hole: it takes no room itself.
        $stream.SetLength(8TB)
        $stream.Dispose()
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }
        Get-ErrorCode -Seen $seen | Should -Be @('DISK_SPACE')
        [string] $seen.Errors[0] | Should -Match 'web, db: their files take 16777\d{3} MB'
    }

    It 'says that Hyper-V does not answer, and what is wrong with the images all the same' {
        $lab = New-EmptyLab
        [IO.File]::Delete($lab.Image)
        Set-SimulatedHost -Service stopped
        $seen = Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }
        Get-ErrorCode -Seen $seen | Should -Be @('HYPERV_ERROR', 'BASE_IMAGE_NOT_FOUND')
        $seen.Left.Count | Should -Be 2
    }

    It 'says that the account has no permission' {
        $lab = New-EmptyLab
        Set-SimulatedHost -Denied $true
        Get-ErrorCode -Seen (Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }) | Should -Be @('PERMISSION_DENIED')
    }

    It 'takes a refused Get-VMHost for unknown' {
        $lab = New-EmptyLab -Default @{ cpu = 64 }
        Set-SimulatedHost -Denied @('Get-VMHost')
        Get-ErrorText -Seen (Watch-Run { Test-RagnaConfig -Path $lab.Config -Preflight }) | Should -Be ''
    }
}

Describe 'Start-RagnaMachine' {
    It 'makes nothing where something speaks against it' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }, @{ name = 'db'; cpu = 9 }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -TimeoutSeconds 5 }
        Get-ErrorCode -Seen $seen | Should -Be @('HOST_LIMIT')
        $seen.Output.Count | Should -Be 0
        @(Hyper-V\Get-VM).Count | Should -Be 0
        [IO.Directory]::Exists($lab.Artifact) | Should -BeFalse
    }

    It 'is not kept from one machine by what speaks against another' {
        $lab = New-EmptyLab -Machine @{ name = 'web' }, @{ name = 'db'; cpu = 9 }
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine web -SkipReconcile }
        Get-ErrorText -Seen $seen | Should -Be ''
        @($seen.Output | ForEach-Object { "$($_.Machine) $($_.State)" }) | Should -Be @('web Running')
    }

    It 'tells once that Hyper-V does not answer' {
        $lab = New-EmptyLab
        Set-SimulatedHost -Service stopped
        $seen = Watch-Run { Start-RagnaMachine -Path $lab.Config }
        Get-ErrorCode -Seen $seen | Should -Be @('HYPERV_ERROR')
        $seen.Output.Count | Should -Be 0
    }
}

Describe 'Why Hyper-V does not answer' {
    BeforeAll {
        function Get-Resolved {
            param([string] $Code, [hashtable] $Access)
            Get-ModuleResult {
                param($code, $access)
                $failure = New-RagnaFailure -Code $code -Message 'It failed.' -Remedy 'As before.'
                $seen = [pscustomobject]@{ Service = $access.Service; IsMember = $access.IsMember; IsInToken = $access.IsInToken }
                Resolve-HyperVFailure -Failure $failure -Access $seen
            } -Argument $Code, $Access
        }
    }

    It 'is the service where that does not run' {
        $failure = Get-Resolved -Code 'HYPERV_ERROR' -Access @{ Service = 'Stopped'; IsMember = $null; IsInToken = $true }
        $failure.message | Should -Match 'vmms.*Stopped'
        $failure.remedy | Should -Match 'Start-Service vmms'
    }

    It 'is a session that is older than the membership' {
        $failure = Get-Resolved -Code 'PERMISSION_DENIED' -Access @{ Service = 'Running'; IsMember = $true; IsInToken = $false }
        $failure.code | Should -Be 'PERMISSION_DENIED'
        $failure.remedy | Should -Match '^Sign out and in again'
    }

    It 'stays as it was told where the computer tells nothing more' {
        foreach ($code in 'HYPERV_ERROR', 'PERMISSION_DENIED') {
            (Get-Resolved -Code $code -Access @{ Service = $null; IsMember = $null; IsInToken = $false }).remedy | Should -Be 'As before.'
        }
        foreach ($isBoth in $true, $false) {
            $access = @{ Service = 'Running'; IsMember = $isBoth; IsInToken = $isBoth }
            (Get-Resolved -Code 'PERMISSION_DENIED' -Access $access).remedy | Should -Be 'As before.'
        }
    }
}

Describe 'What SYSTEM may do in a folder' {
    BeforeAll {
        function Test-Rule {
            param([object[]] $Rule)
            Get-ModuleResult { param($rule) Test-SystemRule -Rule $rule } -Argument (, $Rule)
        }
    }

    It 'is all, by its own rule or one of a group that it is in' {
        foreach ($sid in 'S-1-5-18', 'S-1-5-32-544', 'S-1-1-0') { Test-Rule -Rule @(New-AccessRule -Sid $sid) | Should -BeTrue -Because $sid }
    }

    It 'is not all where a rule is for others, for less, for the folder alone, or taken away' {
        Test-Rule -Rule @() | Should -BeFalse
        Test-Rule -Rule @(New-AccessRule -Sid 'S-1-5-32-545') | Should -BeFalse
        Test-Rule -Rule @(New-AccessRule -Sid 'S-1-5-18' -Rights Modify) | Should -BeFalse
        Test-Rule -Rule @(New-AccessRule -Sid 'S-1-5-18' -Inherits None) | Should -BeFalse
        Test-Rule -Rule @((New-AccessRule -Sid 'S-1-5-18'), (New-AccessRule -Sid 'S-1-5-18' -Rights Write -Type Deny)) | Should -BeFalse
    }

    It 'is asked of the nearest folder that is there' {
        $there = New-TestFolder -Name 'there'
        $access = Get-ModuleResult { param($path) Get-SystemAccess -Path $path } -Argument "$there\not\yet"
        $access.folder | Should -Be $there
    }
}
