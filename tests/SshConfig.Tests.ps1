# settings.ssh_config: a reconcile keeps the machines' names in the user's ssh config, and removing the machines takes them out.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $home0 = [Environment]::GetEnvironmentVariable('USERPROFILE')

    # A lab whose user has a home folder below the test drive.
    function Get-SshLab {
        param([string] $Setting = 'true')
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }
        [IO.File]::AppendAllText($lab.Config, "settings:`n  ssh_config: $Setting`n")
        [Environment]::SetEnvironmentVariable('USERPROFILE', $lab.Folder)
        $lab
    }
    function Get-SshPath { param([object] $Lab) [IO.Path]::Combine($Lab.Folder, '.ssh', 'config') }
}

AfterAll { [Environment]::SetEnvironmentVariable('USERPROFILE', $home0) }

Describe 'A reconcile with ssh_config' {
    It 'writes the names behind what is there, follows new addresses, and takes them out once it is off' {
        $lab = Get-SshLab
        $path = Get-SshPath -Lab $lab
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path))
        [IO.File]::WriteAllText($path, "Host mine`n")
        $seen = Invoke-Reconcile -Lab $lab -Transport None
        $seen.Warnings | Should -BeNullOrEmpty
        $text = [IO.File]::ReadAllText($path)
        $text | Should -Match '(?s)^Host mine\n\n# BEGIN RAGNATRAMP lab-[0-9a-f]{8}\n.*Host db db\.lab\n    HostName 172\.20\.0\.11\n.*Host web web\.lab\n    HostName 172\.20\.0\.10\n'
        Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.28.64.10'
        $null = Invoke-Reconcile -Lab $lab -Transport None
        [IO.File]::ReadAllText($path) | Should -BeExactly $text.Replace('172.20.0.10', '172.28.64.10')
        [IO.File]::WriteAllText($lab.Config, [IO.File]::ReadAllText($lab.Config).Replace('ssh_config: true', 'ssh_config: false'))
        $null = Invoke-Reconcile -Lab $lab -Transport None
        [IO.File]::ReadAllText($path) | Should -BeExactly "Host mine`n`n"
    }

    It 'under -WhatIf writes nothing' {
        $lab = Get-SshLab
        $null = Invoke-Reconcile -Lab $lab -Transport None -Option @{ WhatIf = $true }
        [IO.Directory]::Exists([IO.Path]::GetDirectoryName((Get-SshPath -Lab $lab))) | Should -BeFalse
    }

    It 'goes on with a warning where the file cannot be merged into, which stays as it is' {
        $lab = Get-SshLab
        $path = Get-SshPath -Lab $lab
        $null = Invoke-Reconcile -Lab $lab -Transport None
        $broken = [IO.File]::ReadAllText($path) -replace '# BEGIN.*\n', ''
        [IO.File]::WriteAllText($path, $broken)
        $seen = Invoke-Reconcile -Lab $lab -Transport None
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike 'The ssh config * was left as it is: its markers are not one BEGIN followed by one END*'
        $seen.Output[0].Success | Should -BeTrue
        [IO.File]::ReadAllText($path) | Should -BeExactly $broken
    }

    It 'without it touches no file' {
        $lab = Get-SshLab -Setting 'false'
        (Invoke-Reconcile -Lab $lab -Transport None).Errors | Should -BeNullOrEmpty
        [IO.Directory]::Exists([IO.Path]::GetDirectoryName((Get-SshPath -Lab $lab))) | Should -BeFalse
    }
}

Describe 'Removing machines' {
    It 'takes their names out, the last one with the block' {
        $lab = Get-SshLab
        $path = Get-SshPath -Lab $lab
        $null = Invoke-Reconcile -Lab $lab -Transport None
        $null = Remove-RagnaMachine -Path $lab.Config -Machine web -Force
        [IO.File]::ReadAllText($path) | Should -Not -BeLike '*Host web*'
        [IO.File]::ReadAllText($path) | Should -BeLike '*Host db*'
        $null = Remove-RagnaMachine -Path $lab.Config -Force
        [IO.File]::ReadAllText($path) | Should -BeExactly ''
    }
}
