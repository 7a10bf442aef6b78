# PowerShell Direct in the simulation: who can be entered, what is there inside, what comes back.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    Enter-Lab -Lab @{ HyperV = "$TestDrive/lab" }
    $right = Get-LabCredential -Password 'open'
    $wrong = Get-LabCredential -Password 'Open'

    $first = Add-SimulatedVM -Name 'first' -Os 'windows' -Credential $right -Hosts "127.0.0.1 localhost`r`n"
    $second = Add-SimulatedVM -Name 'second' -Os 'windows' -Credential $right
    $linux = Add-SimulatedVM -Name 'linux'
    $off = Add-SimulatedVM -Name 'off' -Os 'windows' -State 'Off'
    $same = @(Add-SimulatedVM -Name 'same' -Os 'windows'; Add-SimulatedVM -Name 'same' -Os 'windows')

    # What the product does to find the file.
    $read = {
        $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
        $folder = (Get-ItemProperty -LiteralPath $key -Name DataBasePath).DataBasePath
        , [IO.File]::ReadAllBytes([IO.Path]::Combine($folder, 'hosts'))
    }
}

Describe 'A session' {
    It 'finds the hosts file of its own guest' {
        $bytes = Invoke-Command -VMId $first.Id -Credential $right -ScriptBlock $read
        [Text.Encoding]::UTF8.GetString($bytes) | Should -Be "127.0.0.1 localhost`r`n"
        $first.HostsPath | Should -BeLike '*\Windows\System32\drivers\etc\hosts'
    }

    It 'writes into that guest only' {
        $write = {
            param([byte[]] $Bytes)
            $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
            $folder = (Get-ItemProperty -LiteralPath $key -Name DataBasePath).DataBasePath
            [IO.File]::WriteAllBytes([IO.Path]::Combine($folder, 'hosts'), $Bytes)
        }
        $before = [IO.File]::ReadAllText($second.HostsPath)
        Invoke-Command -VMId $first.Id -Credential $right -ScriptBlock $write -ArgumentList (, [byte[]] (0, 13, 255))
        [IO.File]::ReadAllBytes($first.HostsPath) | Should -Be @(0, 13, 255)
        [IO.File]::ReadAllText($second.HostsPath) | Should -Be $before
    }

    It 'knows nothing of its caller but the arguments' {
        $here = 'the host'
        $seen = Invoke-Command -VMId $first.Id -Credential $right -ArgumentList 'an argument' -ScriptBlock {
            param($Given)
            "$here|$Given"
        }
        $seen | Should -Be '|an argument'
        $here | Should -Be 'the host'
    }

    It 'gives copies that say where they come from' {
        $seen = Invoke-Command -VMId $first.Id -Credential $right -ScriptBlock { [pscustomobject] @{ Size = 3; Where = [IO.FileInfo] 'C:\x' } }
        $seen.PSTypeNames[0] | Should -BeLike 'Deserialized.*'
        $seen.PSComputerName | Should -Be 'first'
        $seen.RunspaceId | Should -BeOfType 'guid'
        $seen.Size | Should -Be 3
    }

    It 'gives errors that do not end the call' {
        $seen = Invoke-Command -VMId $first.Id -Credential $right -ErrorVariable faults -ErrorAction SilentlyContinue -ScriptBlock {
            Write-Error -Message 'a small one' -ErrorId 'Small'
            'still here'
            throw 'a big one'
        }
        $seen | Should -Be 'still here'
        $faults.Exception.Message | Should -Be @('a small one', 'a big one')
        $faults[0].Exception | Should -BeOfType ([Management.Automation.RemoteException])
        $faults[0].OriginInfo.PSComputerName | Should -Be 'first'
    }

    It 'takes several guests at once' {
        Set-SimulatedVM -Id $first.Id -GuestDelay 400
        Set-SimulatedVM -Id $second.Id -GuestDelay 400
        Clear-SimulatedCall
        $seen = Invoke-Command -VMId $first.Id, $second.Id -Credential $right -ScriptBlock { [datetime]::UtcNow.Ticks }
        $seen.PSComputerName | Should -Be @('first', 'second')
        # One after the other they would be 400 ms apart.
        [Math]::Abs($seen[0] - $seen[1]) / 10000 | Should -BeLessThan 390
        @(Get-SimulatedCall -Cmdlet 'Invoke-Command') | Should -HaveCount 1
        Set-SimulatedVM -Id $first.Id -GuestDelay 0
        Set-SimulatedVM -Id $second.Id -GuestDelay 0
    }

    It 'can be made to fail in one guest' {
        Set-SimulatedVM -Id $second.Id -GuestFailure 'The disk is full.'
        $seen = Invoke-Command -VMId $first.Id, $second.Id -Credential $right -ScriptBlock { 'here' } -ErrorVariable faults -ErrorAction SilentlyContinue
        $seen | Should -Be 'here'
        "$($faults[0])" | Should -Be 'The disk is full.'
        Set-SimulatedVM -Id $second.Id -GuestFailure ''
    }
}

Describe 'Who cannot be entered' {
    It 'a Linux guest' {
        Invoke-Command -VMId $linux.Id -Credential $right -ScriptBlock { 1 } -ErrorVariable faults -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($faults[0])" | Should -BeLike '*A remote session might have ended.'
        $faults[0].FullyQualifiedErrorId | Should -BeLike 'PSSessionStateBroken*'
    }

    It 'a guest that does not know the credential' {
        Invoke-Command -VMId $first.Id -Credential $wrong -ScriptBlock { 1 } -ErrorVariable faults -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($faults[0])" | Should -Be 'The credential is invalid.'
        $faults[0].Exception | Should -BeOfType ([Management.Automation.Remoting.PSDirectException])
    }

    It 'a machine that is off' {
        Invoke-Command -VMId $off.Id, $first.Id -Credential $right -ScriptBlock { 1 } -ErrorVariable faults -ErrorAction SilentlyContinue | Should -Be 1
        $faults[0].FullyQualifiedErrorId | Should -BeLike 'InvalidVMState,*'
    }

    It 'nobody, and two of one name' {
        { Invoke-Command -VMId ([guid]::NewGuid()) -Credential $right -ScriptBlock { 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidVMIdNotSingle,*'
        { Invoke-Command -VMName 'same' -Credential $right -ScriptBlock { 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidVMNameNotSingle,*'
        (Invoke-Command -VMName 'fir*' -Credential $right -ScriptBlock { 1 }).PSComputerName | Should -Be 'first'
    }
}

Describe 'A job' {
    BeforeDiscovery { $none = $null -eq (Get-Command -Name 'Start-ThreadJob' -ErrorAction Ignore) }

    It 'has a child for each guest, named after it' -Skip:$none {
        $job = Invoke-Command -VMId $first.Id, $linux.Id -Credential $right -ScriptBlock { 'here' } -AsJob
        $null = Wait-Job -Job $job -Timeout 30
        $job.ChildJobs.Location | Should -Be @('first', 'linux')
        Receive-Job -Job $job.ChildJobs[0] | Should -Be 'here'
        { Receive-Job -Job $job.ChildJobs[1] -ErrorAction Stop } | Should -Throw '*might have ended*'
        Remove-Job -Job $job -Force
    }

    It 'can be given up while a guest does not respond' -Skip:$none {
        Set-SimulatedVM -Id $second.Id -GuestDelay 60000
        $job = Invoke-Command -VMId $first.Id, $second.Id -Credential $right -ScriptBlock { 'here' } -AsJob
        $null = Wait-Job -Job $job.ChildJobs[0] -Timeout 30
        for ($try = 0; $try -lt 300 -and $job.ChildJobs[1].State -eq 'NotStarted'; $try++) { Start-Sleep -Milliseconds 100 }
        $job.ChildJobs[1].State | Should -Be 'Running'
        Stop-Job -Job $job.ChildJobs[1]
        $job.ChildJobs[1].State | Should -Be 'Stopped'
        Remove-Job -Job $job -Force
        Set-SimulatedVM -Id $second.Id -GuestDelay 0
    }
}

Describe 'Everything else' {
    It 'goes on to the real Invoke-Command' {
        Clear-SimulatedCall
        $here = 'local'
        Invoke-Command -ScriptBlock { param($Given) "$here $Given" } -ArgumentList 'call' | Should -Be 'local call'
        1, 2 | Invoke-Command -ScriptBlock { ($input | Measure-Object -Sum).Sum } | Should -Be 3
        @(Get-SimulatedCall) | Should -HaveCount 0
    }
}
