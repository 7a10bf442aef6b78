# What users of PowerShell expect of every cmdlet: preferences, common parameters, pipelines, try and catch.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $credential = Get-LabCredential
    $reconcile = @{ TimeoutSeconds = 0; Credential = $credential; GuestTransport = 'PowerShellDirect' }

    # A script file, as a user would write it; it is given the config's path and the parameters.
    function Get-ScriptFile {
        param([string] $Text)
        $file = "$TestDrive/script$([guid]::NewGuid().ToString('N')).ps1"
        [IO.File]::WriteAllText($file, "param(`$Config, `$Parameters)`n$Text`n")
        $file
    }
}

Describe 'WhatIf' {
    It '<Way> makes a dry run, and nothing is written' -ForEach @(
        @{ Way = 'as a parameter'; Text = 'Invoke-RagnaReconcile $Config @Parameters -WhatIf' }
        @{ Way = 'as a variable of the script that calls'; Text = '$WhatIfPreference = $true; Invoke-RagnaReconcile $Config @Parameters' }
        @{ Way = 'as a variable of a function in another module'
            Text = '$m = New-Module { function Invoke-It { param($c, $p) $WhatIfPreference = $true; Invoke-RagnaReconcile $c @p } }; Invoke-It $Config $Parameters; Remove-Module $m'
        }
    ) {
        $lab = New-Lab
        $before = Get-FolderDigest -Path $lab.Folder
        $file = Get-ScriptFile -Text $Text
        $seen = Watch-Run { & $file $lab.Config $reconcile }
        $seen.Output[0].DryRun | Should -BeTrue
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
    }

    It 'as -WhatIf:$false wins over the variable' {
        $lab = New-Lab
        $file = Get-ScriptFile -Text '$WhatIfPreference = $true; Invoke-RagnaReconcile $Config @Parameters -WhatIf:$false'
        $seen = Watch-Run { & $file $lab.Config $reconcile }
        $seen.Output[0].DryRun | Should -BeFalse
        $seen.Output[0].Summary.Synced | Should -Be 2
    }

    It 'tells each thing that would be done, in a line of its own' {
        $lab = New-Lab
        $file = "$TestDrive/whatif.txt"
        $shell = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
        $script = Get-ScriptFile -Text (". '$PSScriptRoot/session/Start-TestSession.ps1'; Import-SimulatedHyperV`n" +
            'Invoke-RagnaReconcile $Config -TimeoutSeconds 0 -Credential (Get-LabCredential) -GuestTransport PowerShellDirect -WhatIf | Out-Null')
        & $shell -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $script $lab.Config > $file
        @([IO.File]::ReadAllLines($file)) | Should -Be @(
            "What if: Performing the operation `"Record 2 addresses`" on target `"$($lab.StatePath)`"."
            "What if: Performing the operation `"Write the hosts block (2 names)`" on target `"web ($($lab.Machine.web.Name))`"."
            "What if: Performing the operation `"Write the hosts block (2 names)`" on target `"db ($($lab.Machine.db.Name))`"."
        )
    }
}

Describe 'Confirm' {
    It '-Confirm:$false asks nothing, whatever $ConfirmPreference says' {
        $lab = New-Lab
        $file = Get-ScriptFile -Text '$ConfirmPreference = "Low"; Invoke-RagnaReconcile $Config @Parameters -Confirm:$false'
        (Watch-Run { & $file $lab.Config $reconcile }).Output[0].Summary.Synced | Should -Be 2
    }

    It 'the $ConfirmPreference of the caller is honoured: where nobody can be asked, nothing is written' {
        $lab = New-Lab
        $before = Get-FolderDigest -Path $lab.Folder
        $shell = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
        $script = Get-ScriptFile -Text (". '$PSScriptRoot/session/Start-TestSession.ps1'; Import-SimulatedHyperV; `$ConfirmPreference = 'Low'`n" +
            'Invoke-RagnaReconcile $Config -TimeoutSeconds 0 -GuestTransport None | Out-Null')
        & $shell -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File $script $lab.Config *> "$TestDrive/confirm.txt"
        [IO.File]::ReadAllText("$TestDrive/confirm.txt") | Should -Match 'NonInteractive'
        Get-FolderDigest -Path $lab.Folder | Should -Be $before
    }
}

Describe 'ErrorAction' {
    BeforeAll { $lab = New-Lab -Machine @{ name = 'web'; Address = @() }, @{ name = 'db'; Address = @() } }

    It 'Continue tells every machine, and the result comes after' {
        $seen = Watch-Run { Invoke-RagnaReconcile $lab.Config @reconcile }
        $seen.Errors | Should -HaveCount 2
        $seen.Left | Should -HaveCount 2
        $seen.Output | Should -HaveCount 1
    }

    It 'SilentlyContinue tells nothing, and leaves both in $Error' {
        $seen = Watch-Run { Invoke-RagnaReconcile $lab.Config @reconcile -ErrorAction SilentlyContinue }
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Left | Should -HaveCount 2
        $seen.Output | Should -HaveCount 1
    }

    It 'Ignore leaves nothing in $Error' {
        $seen = Watch-Run { Invoke-RagnaReconcile $lab.Config @reconcile -ErrorAction Ignore }
        $seen.Errors.Count + $seen.Left.Count | Should -Be 0
        $seen.Output | Should -HaveCount 1
    }

    It 'Stop ends it at the first error, which catch gets whole' {
        $caught = $null
        try { Invoke-RagnaReconcile $lab.Config @reconcile -ErrorAction Stop } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -Be 'RECONCILE_IP_FAILED,Invoke-RagnaReconcile'
        $caught.TargetObject | Should -Be 'web'
        $caught.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'of the caller counts: $ErrorActionPreference = Stop in a script' {
        $file = Get-ScriptFile -Text '$ErrorActionPreference = "Stop"; try { Invoke-RagnaReconcile $Config @Parameters } catch { $_.FullyQualifiedErrorId }; "after"'
        $seen = Watch-Run { & $file $lab.Config $reconcile }
        $seen.Output | Should -Be @('RECONCILE_IP_FAILED,Invoke-RagnaReconcile', 'after')
        $seen.Errors | Should -BeNullOrEmpty
    }

    It 'of the caller counts: SilentlyContinue in a script' {
        $file = Get-ScriptFile -Text '$ErrorActionPreference = "SilentlyContinue"; Invoke-RagnaReconcile $Config @Parameters'
        $seen = Watch-Run { & $file $lab.Config $reconcile }
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Output[0].Success | Should -BeFalse
    }

    It 'fills -ErrorVariable with the errors and nothing else' {
        $null = Watch-Run { Invoke-RagnaReconcile $lab.Config @reconcile -ErrorVariable script:ragnaFaults -ErrorAction SilentlyContinue }
        @($script:ragnaFaults | ForEach-Object { $_.TargetObject }) | Should -Be @('web', 'db')
        Remove-Variable -Name ragnaFaults -Scope Script
    }
}

Describe 'Other streams' {
    BeforeAll { $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; State = 'Off' } }

    It 'fill -WarningVariable' {
        $null = Watch-Run { Invoke-RagnaReconcile $lab.Config @reconcile -WarningVariable script:ragnaWarnings -WarningAction SilentlyContinue }
        @($script:ragnaWarnings) | Should -HaveCount 1
        Remove-Variable -Name ragnaWarnings -Scope Script
    }

    It 'keep warnings back where the caller says so' {
        $file = Get-ScriptFile -Text '$WarningPreference = "SilentlyContinue"; Invoke-RagnaReconcile $Config @Parameters'
        $seen = Watch-Run { & $file $lab.Config $reconcile }
        $seen.Warnings | Should -BeNullOrEmpty
        $seen.Output[0].Warnings | Should -HaveCount 1
    }

    It 'tell each question to Hyper-V under -Verbose, with its time: <Way>' -ForEach @(
        @{ Way = 'as a parameter'; Text = 'Invoke-RagnaReconcile $Config @Parameters -Verbose' }
        @{ Way = 'as a variable of the caller'; Text = '$VerbosePreference = "Continue"; Invoke-RagnaReconcile $Config @Parameters' }
    ) {
        $file = Get-ScriptFile -Text $Text
        $seen = Watch-Run { & $file $lab.Config $reconcile }
        foreach ($question in 'Get-VM', 'Get-VMNetworkAdapter', 'Get-CimInstance Msvm_KvpExchangeComponent') {
            @($seen.Verbose | Where-Object { $_ -match "^$question\b.*\d+ ms$" }) | Should -HaveCount 1 -Because $question
        }
    }

    It 'tell each call of the library where debug messages are wanted, with the bytes that crossed: <Way>' -ForEach @(
        # -Debug asks at each message in Windows PowerShell.
        if ($PSVersionTable.PSVersion.Major -ge 6) { @{ Way = 'as a parameter'; Text = 'Test-RagnaConfig $Config -Debug' } }
        @{ Way = 'as a variable of the caller'; Text = '$DebugPreference = "Continue"; Test-RagnaConfig $Config' }
    ) {
        $file = Get-ScriptFile -Text $Text
        $seen = Watch-Run { & $file $lab.Config }
        @($seen.Other | Where-Object { "$_" -match '^ragna_config_parse: \d+ bytes in, \d+ bytes out, status 0$' }) | Should -HaveCount 1
    }

    It 'tell nothing without it' {
        $seen = Watch-Run { Invoke-RagnaReconcile $lab.Config @reconcile }
        $seen.Verbose.Count + $seen.Other.Count | Should -Be 0
    }
}

Describe 'A pipeline of configs' {
    BeforeAll {
        $root = "$TestDrive/many"
        $labs = foreach ($name in 'a', 'b', 'c') { New-Lab -Folder "$root/$name" -Machine @{ name = 'web' } }
        # The three share one Hyper-V: the last one's.
        foreach ($lab in $labs[0..1]) {
            Copy-Item -Path "$($lab.HyperV)/vms/*" -Destination "$($labs[2].HyperV)/vms"
            Copy-Item -Path "$($lab.HyperV)/guests/*" -Destination "$($labs[2].HyperV)/guests" -Recurse
        }
        [IO.File]::WriteAllText($labs[1].Config, 'machines: 1')
    }

    It 'goes on after one that fails, and gives one result per config' {
        $seen = Watch-Run { Get-ChildItem -Path $root -Recurse -Filter ragnatramp.yaml | Invoke-RagnaReconcile @reconcile }
        @($seen.Output | ForEach-Object { $_.ConfigPath }) | Should -Be @($labs[0].Config, $labs[2].Config)
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].TargetObject | Should -Be $labs[1].Config
        foreach ($result in $seen.Output) { $result.PSObject.TypeNames | Should -Contain 'Ragnatramp.ReconcileResult' }
    }

    It 'takes results apart with the usual cmdlets' {
        $rows = @(Get-ChildItem -Path $root -Recurse -Filter ragnatramp.yaml | Invoke-RagnaReconcile @reconcile -ErrorAction Ignore |
                Select-Object -ExpandProperty HostSync)
        @($rows | ForEach-Object { $_.Status }) | Should -Be @('unchanged', 'unchanged')
    }

    It 'takes paths and folders as text, also several at once' {
        $seen = Watch-Run { Invoke-RagnaReconcile -Path $labs[0].Folder, $labs[2].Config @reconcile }
        $seen.Output | Should -HaveCount 2
    }

    It 'leaves an error further down the pipeline to whoever made it' {
        $caught = $null
        try { Invoke-RagnaReconcile $labs[0].Config @reconcile | ForEach-Object { throw 'mine' } } catch { $caught = $_ }
        $caught.Exception.Message | Should -Be 'mine'
        $caught.FullyQualifiedErrorId | Should -Be 'mine'
    }

    It 'ends early where nobody wants more' {
        $paths = $labs[0].Config, $labs[2].Config
        @($paths | Invoke-RagnaReconcile @reconcile | Select-Object -First 1) | Should -HaveCount 1
    }

    It 'stops where it is told to' {
        $results = [Collections.ArrayList]::new()
        { Get-ChildItem -Path $root -Recurse -Filter ragnatramp.yaml | Invoke-RagnaReconcile @reconcile -ErrorAction Stop |
                ForEach-Object { $null = $results.Add($_) } } | Should -Throw -ErrorId 'CONFIG_VALIDATION_FAILED,Invoke-RagnaReconcile'
        $results | Should -HaveCount 1
    }
}

Describe 'Strict mode and Stop' {
    It 'change nothing of a run' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; State = 'Off' }, @{ name = 'gone'; hasVM = $false }
        $plain = Watch-Run { Invoke-RagnaReconcile $lab.Config @reconcile }
        $file = Get-ScriptFile -Text 'Set-StrictMode -Version Latest; $ErrorActionPreference = "Stop"; Invoke-RagnaReconcile $Config @Parameters'
        $strict = Watch-Run { & $file $lab.Config $reconcile }
        $strict.Thrown | Should -BeNullOrEmpty
        $strict.Left | Should -BeNullOrEmpty
        $strict.Warnings | Should -Be $plain.Warnings
        @($strict.Output[0].HostSync | ForEach-Object { $_.Reason }) | Should -Be @($plain.Output[0].HostSync | ForEach-Object { $_.Reason })
    }
}

Describe 'The config' {
    It 'is found in the current folder or the nearest one above' {
        $lab = New-Lab
        $below = [IO.Path]::Combine($lab.Folder, 'some', 'where')
        $null = [IO.Directory]::CreateDirectory($below)
        Push-Location -LiteralPath $below
        try { $seen = Watch-Run { Invoke-RagnaReconcile @reconcile } } finally { Pop-Location }
        $seen.Output[0].ConfigPath | Should -Be $lab.Config
    }

    It 'may have [ and ] in its path, which are no wildcards' {
        $lab = New-Lab -Folder "$TestDrive/a [b] lab" -Machine @{ name = 'web' }
        $seen = Watch-Run { Invoke-RagnaReconcile $lab.Config @reconcile }
        $seen.Errors | Should -BeNullOrEmpty
        $seen.Output[0].Summary.Synced | Should -Be 1
    }
}

Describe 'A path on a drive that is gone' {
    BeforeAll {
        $first = New-Lab -Folder "$TestDrive/drives/a" -Machine @{ name = 'web' }
        $last = New-Lab -Folder "$TestDrive/drives/b" -Machine @{ name = 'web' }
        Copy-Item -Path "$($first.HyperV)/vms/*" -Destination "$($last.HyperV)/vms"
        Copy-Item -Path "$($first.HyperV)/guests/*" -Destination "$($last.HyperV)/guests" -Recurse
    }

    It 'is one error, and the others of the list go on: <Name>' -ForEach @(
        @{ Name = 'Invoke-RagnaReconcile'; Parameters = @{ TimeoutSeconds = 0; GuestTransport = 'None' }; Place = 'ConfigPath' }
        @{ Name = 'Get-RagnaStatus'; Parameters = @{}; Place = 'ConfigPath' }
        @{ Name = 'Test-RagnaConfig'; Parameters = @{}; Place = 'Path' }
        @{ Name = 'Repair-RagnaState'; Parameters = @{}; Place = 'Path' }
    ) {
        $paths = $first.Config, 'ragnagone:\lab\ragnatramp.yaml', $last.Config
        $places = if ($Name -eq 'Repair-RagnaState') { $first.StatePath, $last.StatePath } else { $first.Config, $last.Config }
        foreach ($way in { & $Name -Path $paths @Parameters }, { $paths | & $Name @Parameters }) {
            $seen = Watch-Run $way
            $seen.Thrown | Should -BeNullOrEmpty
            @($seen.Output | ForEach-Object { $_.$Place }) | Should -Be $places
            Get-ErrorCode -Seen $seen | Should -Be @('CONFIG_NOT_FOUND')
            $seen.Errors[0].TargetObject | Should -Be 'ragnagone:\lab\ragnatramp.yaml'
            $seen.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            $seen.Left | Should -HaveCount 1
        }
    }
}
