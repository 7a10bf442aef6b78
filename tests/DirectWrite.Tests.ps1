# What the scripts of PowerShell Direct do inside a guest where its file system refuses, and what the host takes for an answer.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $module = Get-Module -Name Ragnatramp
    $scripts = & $module { @{ Read = $script:DirectReadScript; Write = $script:DirectWriteScript } }

    # Puts another text in the place of one of a script, which must be in it once.
    function Set-DirectScript {
        param([string] $Name, [string] $Text, [string] $With)
        $old = "$($scripts[$Name])"
        ($old.Length - $old.Replace($Text, '').Length) | Should -Be $Text.Length -Because "'$Text' must be in the script once"
        Set-WholeScript -Name $Name -Script ([scriptblock]::Create($old.Replace($Text, $With)))
    }

    function Set-WholeScript {
        param([string] $Name, [scriptblock] $Script)
        & $module { param($name, $script) Set-Variable -Name "Direct$($name)Script" -Scope Script -Value $script } $Name $Script
    }

    # What is in the folder of a guest's hosts file.
    function Get-HostsFolderName {
        param([object] $Machine)
        $folder = [IO.DirectoryInfo]::new([IO.Path]::GetDirectoryName($Machine.HostsPath))
        @($folder.GetFiles() | ForEach-Object { $_.Name })
    }

    # In the place of Replace: ends with an outcome of Windows, at the first call or at every one.
    function Get-StagedReplace {
        param([string] $Outcome, [switch] $Always)
        $stage = @{
            1175 = 'throw (New-Object -TypeName IO.IOException -ArgumentList "1175", -2147023721)'
            # As Windows documents it where no backup is named, and some file systems do it where one is.
            1176 = '[IO.File]::Delete($file); throw (New-Object -TypeName IO.IOException -ArgumentList "1176", -2147023720)'
            1177 = '[IO.File]::Move($file, $backup); throw (New-Object -TypeName IO.IOException -ArgumentList "1177", -2147023719)'
            32   = 'throw (New-Object -TypeName IO.IOException -ArgumentList "32", -2147024864)'
            112  = 'throw (New-Object -TypeName IO.IOException -ArgumentList "112", -2147024784)'
        }[[int] $Outcome]
        $mark = '[IO.Path]::Combine($folder, "..", "staged")'
        if ($Always) { "if (`$true) { $stage }" } else {
            "if (-not [IO.File]::Exists($mark)) { [IO.File]::WriteAllText($mark, ''); $stage } else { [IO.File]::Replace(`$new, `$file, `$backup) }"
        }
    }
    $replace = '[IO.File]::Replace($new, $file, $backup)'

    # Holds a file open, without letting anybody in, from the moment at which the guest's script has begun.
    function Start-Holder {
        param([string] $Path, [int] $Milliseconds)
        $shell = [powershell]::Create().AddScript({
                param($path, $milliseconds)
                $stream = [IO.FileStream]::new($path, 'Open', 'Read', 'None')
                Start-Sleep -Milliseconds $milliseconds
                $stream.Dispose()
            }).AddArgument($Path).AddArgument($Milliseconds)
        $handle = $shell.BeginInvoke()
        Wait-Run { try { [IO.File]::OpenRead($Path).Dispose(); $false } catch { $true } }
        [pscustomobject]@{ Shell = $shell; Handle = $handle }
    }

    function Stop-Holder {
        param([object] $Holder)
        $null = $Holder.Shell.EndInvoke($Holder.Handle)
        $Holder.Shell.Dispose()
    }
}

Describe 'A replacement that fails' {
    AfterEach { foreach ($name in 'Read', 'Write') { Set-WholeScript -Name $name -Script $scripts[$name] } }

    It 'once with <_> is repaired and done again' -ForEach 1175, 1176, 1177, 32 {
        Set-DirectScript -Name Write -Text $replace -With (Get-StagedReplace -Outcome $_)
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db synced')
        $seen.Errors | Should -BeNullOrEmpty
        foreach ($machine in $lab.Machine.Values) {
            $text = [IO.File]::ReadAllText($machine.HostsPath)
            $text | Should -Match '127\.0\.0\.1 localhost'
            $text | Should -Match '172\.20\.0\.10 web'
            Get-HostsFolderName -Machine $machine | Should -Be @('hosts')
        }
    }

    It 'every time with <Outcome> leaves the file as it was, and nothing beside it' -ForEach @(
        @{ Outcome = 1175; Message = '*could not put the new hosts file*0x80070497*It is as it was.' }
        @{ Outcome = 1177; Message = '*could not put the new hosts file*0x80070499*It is as it was.' }
        @{ Outcome = 32; Message = '*another program in the guest holds its hosts file open. It is as it was.' }
        @{ Outcome = 112; Message = '*the drive of its hosts file is full. It is as it was.' }
    ) {
        Set-DirectScript -Name Write -Text $replace -With (Get-StagedReplace -Outcome $Outcome -Always)
        $lab = New-Lab -Machine @{ name = 'web'; Hosts = "1.2.3.4 theirs`r`n" }
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed')
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].Exception.Message | Should -BeLike $Message
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -Not -BeLike '*Nothing was written*'
        [IO.File]::ReadAllText($lab.Machine.web.HostsPath) | Should -BeExactly "1.2.3.4 theirs`r`n"
        Get-HostsFolderName -Machine $lab.Machine.web | Should -Be @('hosts')
    }

    It 'where nothing can be put back names the file that holds the content, and keeps it' {
        Set-DirectScript -Name Write -Text $replace -With (
            '[IO.File]::Move($file, $backup); [IO.File]::Delete($new); $held = [IO.FileStream]::new($backup, "Open", "Read", "None"); ' +
            'throw (New-Object -TypeName IO.IOException -ArgumentList "1177", -2147023719)')
        $lab = New-Lab -Machine @{ name = 'web'; Hosts = "1.2.3.4 theirs`r`n" }
        $seen = Invoke-Reconcile -Lab $lab
        [GC]::Collect(); [GC]::WaitForPendingFinalizers()
        $left = @(Get-HostsFolderName -Machine $lab.Machine.web)
        $left | Should -HaveCount 1
        $seen.Errors[0].Exception.Message | Should -BeLike "*is missing now; its content is in $($left[0]), in the same folder."
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike 'Rename that file to hosts*'
    }

    It 'whose session ends claims nothing about the file' {
        Set-WholeScript -Name Write -Script ([scriptblock]::Create('param($Before, $After, $Milliseconds) throw "The session ended."'))
        $seen = Invoke-Reconcile -Lab (New-Lab -Machine @{ name = 'web' })
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike 'Whether its hosts file was written is not known.*'
    }
}

Describe 'A hosts file that cannot be written' {
    AfterEach { foreach ($name in 'Read', 'Write') { Set-WholeScript -Name $name -Script $scripts[$name] } }

    It 'because it is read-only says so, and how to change it' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }
        [IO.File]::SetAttributes($lab.Machine.web.HostsPath, 'ReadOnly')
        try {
            $seen = Invoke-Reconcile -Lab $lab
        } finally {
            [IO.File]::SetAttributes($lab.Machine.web.HostsPath, 'Normal')
        }
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed', 'db synced')
        $seen.Errors[0].Exception.Message | Should -BeExactly 'web: its hosts file is read-only. It is as it was.'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*attrib -R*'
        Get-HostsFolderName -Machine $lab.Machine.web | Should -Be @('hosts')
    }

    It 'because its folder is not there says so' {
        $lab = New-Lab -Machine @{ name = 'web' }
        [IO.Directory]::Delete([IO.Path]::GetDirectoryName($lab.Machine.web.HostsPath), $true)
        $seen = Invoke-Reconcile -Lab $lab
        $seen.Errors[0].Exception.Message | Should -BeExactly 'web: the folder of its hosts file is not there. It is as it was.'
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike '*DataBasePath*'
    }

    It 'because the drive is full says so, and leaves no half-written file' {
        Set-DirectScript -Name Write -Text '$stream.Flush($true)' `
            -With 'throw (New-Object -TypeName IO.IOException -ArgumentList "Es steht nicht genug Platz zur Verfuegung.", -2147024784)'
        $lab = New-Lab -Machine @{ name = 'web' }
        $seen = Invoke-Reconcile -Lab $lab
        $seen.Errors[0].Exception.Message | Should -BeExactly 'web: the drive of its hosts file is full. It is as it was.'
        Get-HostsFolderName -Machine $lab.Machine.web | Should -Be @('hosts')
    }

    It 'that another program holds for 2 s is synced all the same' {
        $lab = New-Lab -Machine @{ name = 'web' }
        $holder = Start-Holder -Path $lab.Machine.web.HostsPath -Milliseconds 2000
        $seen = Invoke-Reconcile -Lab $lab
        Stop-Holder -Holder $holder
        $seen.Errors | Should -BeNullOrEmpty
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced')
    }

    It 'that another program holds for 2 s after it was read is synced all the same' {
        $lab = New-Lab -Machine @{ name = 'web' }
        Set-DirectScript -Name Write -Text '$there = [IO.File]::Exists($file)' -With (
            '$there = [IO.File]::Exists($file); if (-not $held) { $held = [IO.FileStream]::new($file, "Open", "Read", "None"); ' +
            '$until = [DateTime]::UtcNow.AddSeconds(2) } elseif ([DateTime]::UtcNow -gt $until) { $held.Dispose() }')
        $seen = Invoke-Reconcile -Lab $lab
        $seen.Errors | Should -BeNullOrEmpty
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced')
        Get-HostsFolderName -Machine $lab.Machine.web | Should -Be @('hosts')
    }
}

Describe 'What comes back from a guest' {
    AfterEach { foreach ($name in 'Read', 'Write') { Set-WholeScript -Name $name -Script $scripts[$name] } }

    It 'where it reads is only that guest''s failure: <Why>' -ForEach @(
        @{ Why = 'two objects'; Emit = '"YQ=="; "YQ=="'; Told = '2 objects' }
        @{ Why = 'nothing'; Emit = ''; Told = '0 objects' }
        @{ Why = 'null'; Emit = '$null'; Told = '* object*' }
        @{ Why = 'a number'; Emit = '42'; Told = 'an object that is no text' }
        @{ Why = 'no base64'; Emit = '"not base64!"'; Told = 'a text that is not of the expected form' }
        @{ Why = 'a failure that is not known'; Emit = '"failed:rm -rf:kept:00000000"'; Told = 'a text that is not of the expected form' }
        @{ Why = 'a huge text'; Emit = "'A' * 5MB"; Told = 'a text of 5242880 characters' }
        @{ Why = 'an object with a ToString'; Told = 'an object that is no text'
            Emit = '$o = [pscustomobject] @{ a = 1 }; Add-Member -InputObject $o -MemberType ScriptMethod -Name ToString -Value { throw "hostile" } -Force; $o'
        }
    ) {
        Set-WholeScript -Name Read -Script ([scriptblock]::Create(
                "param([int] `$Milliseconds) `$own = { $($scripts.Read) }; " +
                '$key = "HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"; $etc = (Get-ItemProperty -LiteralPath $key -Name DataBasePath).DataBasePath; ' +
                "if ([IO.File]::Exists([IO.Path]::Combine(`$etc, 'hostile'))) { $Emit } else { & `$own `$Milliseconds }"))
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }
        [IO.File]::WriteAllText([IO.Path]::Combine([IO.Path]::GetDirectoryName($lab.Machine.web.HostsPath), 'hostile'), '')
        $seen = Invoke-Reconcile -Lab $lab
        $seen.Thrown | Should -BeNullOrEmpty
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed', 'db synced')
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].Exception.Message | Should -BeLike "web: its guest answered PowerShell Direct with $Told."
        $seen.Left | Should -HaveCount 1
        [IO.File]::ReadAllText($lab.Machine.web.HostsPath) | Should -Not -Match 'RAGNATRAMP'
    }

    It 'where it writes is not taken for a result: <Why>' -ForEach @(
        @{ Why = 'another word'; Emit = '"WRITTEN"' }
        @{ Why = 'the word among others'; Emit = '"changed"; "written"' }
        @{ Why = 'nothing'; Emit = '' }
        @{ Why = 'an object that reads like the word'; Emit = '[pscustomobject] @{ written = "written" }' }
    ) {
        Set-WholeScript -Name Write -Script ([scriptblock]::Create("param(`$Before, `$After, `$Milliseconds) $Emit"))
        $lab = New-Lab -Machine @{ name = 'web' }
        $seen = Invoke-Reconcile -Lab $lab
        Get-HostSyncStatus -Seen $seen | Should -Be @('web failed')
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeLike 'Whether its hosts file was written is not known.*'
    }

    It 'beside its output and its errors is not for the user''s terminal' {
        Set-WholeScript -Name Read -Script ([scriptblock]::Create("param([int] `$Milliseconds)`nWrite-Warning -Message 'guest'; Write-Information -MessageData 'guest' -InformationAction Continue`n& { $($scripts.Read) } `$Milliseconds"))
        $seen = Invoke-Reconcile -Lab (New-Lab -Machine @{ name = 'web' })
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced')
        $seen.Warnings | Should -BeNullOrEmpty
        $seen.Other | Should -BeNullOrEmpty
    }
}
