# Get-RagnaStatus: its rows, where config, state and Hyper-V disagree, and how rows bind to other cmdlets.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    $known = Get-KnownNetwork -Ipv4 '172.20.0.10' -Previous '172.16.0.5' -At ([datetime]::UtcNow.AddMinutes(-2))

    function Get-DriftCode {
        param([object] $Row)
        @($Row.Drift | ForEach-Object { $_.Code })
    }
}

Describe 'A row' {
    BeforeAll {
        $lab = New-Lab -Folder "$TestDrive/rows" -Machine @(
            @{ name = 'web'; network = $known; StartedAt = [datetime]::UtcNow.AddHours(-1) }
            @{ name = 'queue'; State = 'Off' }
            @{ name = 'old'; inConfig = $false; network = Get-KnownNetwork -Ipv4 '172.20.0.12' -Previous '172.16.0.5' -At ([datetime]::UtcNow.AddMinutes(-2)) }
            @{ name = 'new'; inState = $false; hasVM = $false }
        )
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $rows = $seen.Output
    }

    It 'stands for every machine of the config, in its order, then for those only in the state' {
        @($rows | ForEach-Object { $_.Machine }) | Should -Be @('web', 'queue', 'new', 'old')
        @($rows | ForEach-Object { $_.State }) | Should -Be @('Running', 'Off', 'NotCreated', 'Running')
        @($rows | ForEach-Object { $_.InConfig }) | Should -Be @($true, $true, $true, $false)
    }

    It 'holds everything that is known, typed' {
        $rows[0].PSObject.TypeNames[0] | Should -Be 'Ragnatramp.MachineStatus'
        $rows[0].VMId | Should -BeOfType [guid]
        $rows[0].VMId | Should -Be $lab.Machine.web.Id
        $rows[0].VMName | Should -Be $lab.Machine.web.Name
        $rows[0].IPv4 | Should -Be '172.20.0.10'
        $rows[0].ComputerName | Should -Be '172.20.0.10'
        $rows[0].PreviousIPv4 | Should -Be '172.16.0.5'
        $rows[0].DiscoveredAt | Should -BeOfType [datetime]
        $rows[0].DiscoveredAt.Kind | Should -Be 'Local'
        $rows[0].Seen | Should -Be '2 min ago'
        $rows[0].MacAddress | Should -Be '00:15:5D:00:00:0A'
        $rows[0].ProcessorCount | Should -Be 2
        $rows[0].MemoryMB | Should -Be 2048
        $rows[0].Project | Should -Be 'lab'
        $rows[0].ConfigPath | Should -Be $lab.Config
    }

    It 'is told without errors and warnings, after one question for all machines' {
        $seen.Errors.Count + $seen.Warnings.Count + $seen.Left.Count | Should -Be 0
        @(Get-SimulatedCall -Cmdlet 'Get-VM') | Should -HaveCount 1
    }

    It 'is shown in a table that fits 80 columns' {
        $shown = $rows | Out-String -Width 80
        $shown | Should -Match 'Project: lab'
        $shown | Should -Match '(?m)^web +Running +172\.20\.0\.10 +hyperv +2 min ago'
        $shown | Should -Match '(?m)^queue +Off +- +- +-'
        foreach ($line in $shown -split '\r?\n') { $line.Length | Should -BeLessOrEqual 80 -Because $line }
    }
}

Describe 'Rows by name' {
    BeforeAll { $lab = New-Lab -Folder "$TestDrive/names" -Machine @{ name = 'web1' }, @{ name = 'web2' }, @{ name = 'db' } }

    It '<Wanted> gives <Given>' -ForEach @(
        @{ Wanted = 'web*'; Given = 'web1 web2' }
        @{ Wanted = 'WEB1'; Given = 'web1' }
        @{ Wanted = 'd?', 'web2'; Given = 'web2 db' }
        @{ Wanted = 'we[b]1', 'web*'; Given = 'web1 web2' }
        @{ Wanted = 'mail*'; Given = '' }
    ) {
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config -Machine $Wanted }
        @($seen.Output | ForEach-Object { $_.Machine }) -join ' ' | Should -Be $Given
        $seen.Errors | Should -BeNullOrEmpty
    }

    It 'that are no pattern and nobody has are an error each' {
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config -Machine 'mail', 'web*', 'DB', 'ftp' }
        @($seen.Output | ForEach-Object { $_.Machine }) | Should -Be @('web1', 'web2', 'db')
        @($seen.Errors | ForEach-Object { "$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.TargetObject) $($_.CategoryInfo.Category)" }) |
            Should -Be @('MACHINE_NOT_FOUND mail ObjectNotFound', 'MACHINE_NOT_FOUND ftp ObjectNotFound')
        $seen.Errors[0].ErrorDetails.RecommendedAction | Should -BeExactly 'There are: web1, web2, db.'
    }

    It 'are looked for in all configs of a pipeline' {
        $other = New-Lab -Folder "$TestDrive/names-too" -Machine @{ name = 'mail' }
        $seen = Watch-Run { $lab.Config, $other.Config | Get-RagnaStatus -Machine 'mail', 'db' }
        @($seen.Output | ForEach-Object { $_.Machine }) | Should -Be @('db', 'mail')
        $seen.Errors | Should -BeNullOrEmpty
        $seen = Watch-Run { $lab.Config, "$TestDrive/nowhere.yaml" | Get-RagnaStatus -Machine 'mail' }
        Get-ErrorCode -Seen $seen | Should -Be @('CONFIG_NOT_FOUND')
    }

    It 'are completed on Tab, from the config' {
        $line = "Get-RagnaStatus -Path '$($lab.Config)' -Machine we"
        $found = ([Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)).CompletionMatches
        @($found | ForEach-Object { $_.CompletionText }) | Should -Be @('web1', 'web2')
    }

    It 'are completed on Tab from the config of the current folder, and never with an error' {
        Push-Location -LiteralPath $lab.Folder
        try {
            $line = 'Get-RagnaStatus -Machine '
            @(([Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)).CompletionMatches | ForEach-Object { $_.CompletionText }) |
                Should -Be @('db', 'web1', 'web2')
        } finally { Pop-Location }
        Push-Location -LiteralPath "$TestDrive"
        $global:Error.Clear()
        try { $null = [Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null) } finally { Pop-Location }
        @($global:Error | Where-Object { "$_" -match 'agna' }) | Should -BeNullOrEmpty
    }
}

Describe 'A name that is no plain word' {
    It 'is inserted by Tab as one argument that means that name: <Name>' -ForEach @(
        @{ Name = "it's"; Text = "'it''s'" }, @{ Name = 'a b; $(exit)'; Text = "'a b; `$(exit)'" }, @{ Name = 'web[1]'; Text = "'web``[1``]'" }
    ) {
        $lab = New-Lab -Machine @{ name = 'db' }
        $json = ConvertTo-Json -InputObject $Name
        $state = [IO.File]::ReadAllText($lab.StatePath)
        # Windows PowerShell writes two blanks behind the colon.
        foreach ($gap in ' ', '  ') {
            $state = $state.Replace('"machineName":' + $gap + '"db"', '"machineName": ' + $json).Replace('"db":' + $gap + '{', $json + ': {')
        }
        [IO.File]::WriteAllText($lab.StatePath, $state)
        $commands = @(Get-Command -Module Ragnatramp | Where-Object { $_.Parameters.ContainsKey('Machine') } | ForEach-Object { $_.Name })
        $commands.Count | Should -BeGreaterThan 8
        foreach ($command in $commands) {
            $line = "$command -Path '$($lab.Config)' -Machine "
            $found = @(([Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null)).CompletionMatches | ForEach-Object { $_.CompletionText })
            "$command $found" | Should -Be "$command $(@('db', $Text) | Sort-Object)"
        }
        $seen = Watch-Run ([scriptblock]::Create("Get-RagnaStatus -Path '$($lab.Config)' -Machine $Text"))
        $seen.Errors | Should -BeNullOrEmpty
        @($seen.Output | ForEach-Object { $_.Machine }) | Should -Be @($Name)
    }
}

Describe 'Disagreements' {
    It 'are told: <Code>' -ForEach @(
        @{ Code = 'CPU_DIFFERS'; Machine = @{ cpu = 4 } }
        @{ Code = 'MEMORY_DIFFERS'; Machine = @{ memory = 4096 } }
        @{ Code = 'NOT_IN_CONFIG'; Machine = @{ inConfig = $false } }
        @{ Code = 'NOT_CREATED'; Machine = @{ inState = $false; hasVM = $false } }
        @{ Code = 'MISSING'; Machine = @{ hasVM = $false } }
        @{ Code = 'NOT_OURS'; Machine = @{ Notes = 'mine' } }
        @{ Code = 'NAME_CHANGED'; Machine = @{ vmName = 'renamed' } }
        @{ Code = 'NEVER_RECONCILED'; Machine = @{ network = $null } }
        @{ Code = 'ADDRESS_OLDER_THAN_START'; Machine = @{ StartedAt = [datetime]::UtcNow.AddMinutes(-1) } }
    ) {
        $one = @{ name = 'web'; network = $known; StartedAt = [datetime]::UtcNow.AddHours(-1) }
        foreach ($key in $Machine.Keys) { $one[$key] = $Machine[$key] }
        $lab = New-Lab -Folder "$TestDrive/$Code" -Machine $one, @{ name = 'db' }
        $row = Get-RagnaStatus -Path $lab.Config -Machine 'web'
        Get-DriftCode -Row $row | Should -Be @($Code)
        $row.Drift[0].Message | Should -Not -BeNullOrEmpty
    }

    It 'are none where all is well' {
        $lab = New-Lab -Folder "$TestDrive/well" -Machine @{ name = 'web'; network = $known; StartedAt = [datetime]::UtcNow.AddHours(-1) }
        (Get-RagnaStatus -Path $lab.Config).Drift | Should -BeNullOrEmpty
    }
}

Describe 'Without Hyper-V' {
    It 'rows tell what the state knows, with a warning and an error that stops who wants to stop: <Why>' -ForEach @(
        @{ Why = 'no permission'; Code = 'PERMISSION_DENIED'; Setting = @{ Denied = $true }; Text = '*refused the question Get-VM*Hyper-V Administrators*' }
        @{ Why = 'stopped'; Code = 'HYPERV_ERROR'; Setting = @{ Service = 'stopped' }; Text = '*could not answer Get-VM*Get-Service vmms*' }
    ) {
        $lab = New-Lab -Folder "$TestDrive/without Hyper-V, $Why" -Machine @{ name = 'web'; network = $known }, @{ name = 'db' }
        Set-SimulatedHost @Setting
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike $Text
        $seen.Errors | Should -HaveCount 1
        $seen.Left | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -BeExactly "$Code,Get-RagnaStatus"
        @($seen.Output | ForEach-Object { $_.State }) | Should -Be @('Unknown', 'Unknown')
        $seen.Output[0].IPv4 | Should -Be '172.20.0.10'
        $stopped = Watch-Run { Get-RagnaStatus -Path $lab.Config -ErrorAction Stop }
        $stopped.Thrown.FullyQualifiedErrorId | Should -BeLike "$Code*"
    }
}

Describe 'Rows in a pipeline' {
    BeforeAll {
        $lab = New-Lab -Folder "$TestDrive/bind" -Machine @{ name = 'web'; network = $known }, @{ name = 'db'; State = 'Off' }
        # Takes its parameters as Test-Connection, Enter-PSSession and Start-VM take theirs.
        function Get-Bound {
            [CmdletBinding()]
            param(
                [Parameter(ValueFromPipelineByPropertyName)] [guid] $VMId,
                [Parameter(ValueFromPipelineByPropertyName)] [string] $ComputerName,
                [Parameter(ValueFromPipelineByPropertyName)] [string] $VMName
            )
            process { "$VMId $ComputerName $VMName" }
        }
    }

    It 'find their VMs: Get-RagnaStatus | Get-VM, and on to Start-VM' {
        $found = @(Get-RagnaStatus -Path $lab.Config | Get-VM)
        @($found | ForEach-Object { $_.Name } | Sort-Object) | Should -Be @($lab.Machine.db.Name, $lab.Machine.web.Name)
        (Get-SimulatedCall -Cmdlet 'Get-VM')[-1].Parameters | Should -Be @('Id')
        Get-RagnaStatus -Path $lab.Config -Machine 'db' | Get-VM | Start-VM
        (Get-RagnaStatus -Path $lab.Config -Machine 'db').State | Should -Be 'Running'
        Set-SimulatedVM -Id $lab.Machine.db.Id -State 'Off'
    }

    It 'without a VM never stand for all VMs of the host' {
        $lonely = New-Lab -Folder "$TestDrive/lonely" -Machine @{ name = 'new'; inState = $false; hasVM = $false }, @{ name = 'web' }
        $seen = Watch-Run { Get-RagnaStatus -Path $lonely.Config -Machine 'new' | Get-VM }
        $seen.Output | Should -BeNullOrEmpty
        Enter-Lab -Lab $lab
    }

    It 'bind by property name: VMId, VMName, ComputerName' {
        Get-RagnaStatus -Path $lab.Config -Machine 'web' | Get-Bound |
            Should -Be "$($lab.Machine.web.Id) 172.20.0.10 $($lab.Machine.web.Name)"
    }

    It 'are filtered and taken apart with the usual cmdlets' {
        $rows = @(Get-RagnaStatus -Path $lab.Config | Where-Object State -EQ 'Running' | Select-Object -Property Machine, IPv4)
        $rows | Should -HaveCount 1
        $rows[0].Machine | Should -Be 'web'
        $rows[0].IPv4 | Should -Be '172.20.0.10'
    }

    It 'come from many configs; one that fails does not hold the others' {
        $other = New-Lab -Folder "$TestDrive/other" -Machine @{ name = 'solo' }
        [IO.File]::WriteAllText("$TestDrive/other/broken.yaml", 'machines: 1')
        $seen = Watch-Run { $lab.Config, "$TestDrive/other/broken.yaml", $other.Config | Get-RagnaStatus }
        @($seen.Output | ForEach-Object { $_.Machine }) | Should -Be @('web', 'db', 'solo')
        $seen.Errors | Should -HaveCount 1
    }
}
