# The examples in the help of the cmdlets: each fits its cmdlet, and those for the life of a lab do what they say, on one lab
# from its beginning to its end.

BeforeDiscovery {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $cmdlets = @(Get-Command -Module Ragnatramp | ForEach-Object { @{ Name = $_.Name } })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-ExampleCode {
        # The command line of each example of a cmdlet, in their order.
        param([Parameter(Mandatory)] [string] $Name)
        @((Get-Help -Name $Name -Full).examples.example | ForEach-Object { ([string] $_.code).Trim() })
    }
}

Describe 'The examples of <Name>' -ForEach $cmdlets {
    It 'are command lines that PowerShell can read, with parameters that there are' {
        $seen = 0
        foreach ($code in Get-ExampleCode -Name $Name) {
            $faults = $null
            $tree = [Management.Automation.Language.Parser]::ParseInput($code, [ref] $null, [ref] $faults)
            @($faults) -join '; ' | Should -Be '' -Because $code
            foreach ($call in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
                $command = Get-Command -Name $call.GetCommandName() -Module Ragnatramp -ErrorAction Ignore
                if (-not $command) { continue }
                if ($command.Name -eq $Name) { $seen++ }
                foreach ($element in $call.CommandElements) {
                    if ($element -is [Management.Automation.Language.CommandParameterAst]) {
                        $command.Parameters.ContainsKey($element.ParameterName) | Should -Be $true -Because "-$($element.ParameterName) in $code"
                    }
                }
            }
        }
        $seen | Should -BeGreaterThan 0
    }
}

Describe 'The examples for the life of a lab' {
    BeforeAll {
        $lab = New-EmptyLab
        $place = Get-Location
        Set-Location -LiteralPath $lab.Folder
    }

    AfterAll { Set-Location -LiteralPath $place }

    It 'do what they say: <Cmdlet>, example <Number>' -ForEach @(
        @{ Cmdlet = 'Get-RagnaPlan'; Number = 1; Expected = 'web: create; db: create' }
        @{ Cmdlet = 'Start-RagnaMachine'; Number = 1; Expected = '' }
        @{ Cmdlet = 'Start-RagnaMachine'; Number = 2; Expected = 'web: created, started; db: created, started' }
        @{ Cmdlet = 'Get-RagnaPlan'; Number = 2; Expected = $null; Count = 4 }
        @{ Cmdlet = 'Get-RagnaPlan'; Number = 3; Expected = '' }
        @{ Cmdlet = 'Stop-RagnaMachine'; Number = 1; Expected = 'web: stopped; db: stopped' }
        @{ Cmdlet = 'Start-RagnaMachine'; Number = 3; Expected = 'web: started; db: started' }
        @{ Cmdlet = 'Stop-RagnaMachine'; Number = 2; Expected = 'web: turned off' }
        @{ Cmdlet = 'Stop-RagnaMachine'; Number = 3; Expected = 'db: saved' }
        @{ Cmdlet = 'Checkpoint-RagnaMachine'; Number = 1; Expected = 'web: checkpointed; db: checkpointed' }
        @{ Cmdlet = 'Checkpoint-RagnaMachine'; Number = 2; Expected = 'db: checkpointed' }
        @{ Cmdlet = 'Checkpoint-RagnaMachine'; Number = 3; Expected = 'web: checkpointed; db: checkpointed' }
        @{ Cmdlet = 'Get-RagnaCheckpoint'; Number = 1; Expected = $null; Count = 5 }
        @{ Cmdlet = 'Get-RagnaCheckpoint'; Number = 2; Expected = $null; Count = 1 }
        @{ Cmdlet = 'Get-RagnaCheckpoint'; Number = 3; Expected = $null; Count = 3 }
        @{ Cmdlet = 'Restore-RagnaMachine'; Number = 1; Expected = 'web: restored; db: restored' }
        @{ Cmdlet = 'Restore-RagnaMachine'; Number = 2; Expected = 'web: checkpointed, restored; db: checkpointed, restored; web: started; db: resumed' }
        @{ Cmdlet = 'Restore-RagnaMachine'; Number = 3; Expected = 'web: restored' }
        @{
            Cmdlet = 'Remove-RagnaCheckpoint'; Number = 1; Expected = 'web: checkpoint removed; db: checkpoint removed'
            Before = { Checkpoint-RagnaMachine -Name before-update -Machine web }
        }
        @{ Cmdlet = 'Remove-RagnaCheckpoint'; Number = 2; Expected = '' }
        @{ Cmdlet = 'Remove-RagnaCheckpoint'; Number = 3; Expected = 'web: checkpoint removed; db: checkpoint removed' }
        @{ Cmdlet = 'Remove-RagnaMachine'; Number = 1; Expected = '' }
        @{ Cmdlet = 'Remove-RagnaMachine'; Number = 2; Expected = 'web: removed' }
        @{
            Cmdlet = 'Remove-RagnaMachine'; Number = 3; Expected = 'db: removed'
            Before = { [IO.File]::WriteAllText($lab.Config, [IO.File]::ReadAllText($lab.Config).Replace('- name: db', '- name: other')) }
        }
    ) {
        if ($_.Contains('Before')) { $null = Watch-Run $_.Before }
        $code = (Get-ExampleCode -Name $Cmdlet)[$Number - 1]
        $seen = Watch-Run ([scriptblock]::Create("`$ConfirmPreference = 'None'; $code"))
        @($seen.Errors) + @($seen.Warnings) + @($seen.Thrown) -join '; ' | Should -Be '' -Because $code
        if ($_.Contains('Count')) { $seen.Output | Should -HaveCount $_.Count }
        else { @($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action)" }) -join '; ' | Should -Be $Expected -Because $code }
    }

    It 'are all of them' {
        $those = 'Get-RagnaPlan', 'Start-RagnaMachine', 'Stop-RagnaMachine', 'Checkpoint-RagnaMachine', 'Get-RagnaCheckpoint',
        'Restore-RagnaMachine', 'Remove-RagnaCheckpoint', 'Remove-RagnaMachine'
        foreach ($name in $those) { Get-ExampleCode -Name $name | Should -HaveCount 3 -Because $name }
        @(Hyper-V\Get-VM) | Should -HaveCount 0
        @([IO.Directory]::GetFileSystemEntries($lab.Artifact)) | Should -HaveCount 0
    }
}

Describe 'The examples for a watch' {
    BeforeAll {
        Import-SimulatedTaskScheduler
        $lab = New-Lab
        $place = Get-Location
        Set-Location -LiteralPath $lab.Folder
    }

    AfterAll {
        Set-Location -LiteralPath $place
        Remove-Module -Name ScheduledTasks -Force
    }

    It 'do what they say: <Cmdlet>, example <Number>' -ForEach @(
        @{ Cmdlet = 'Register-RagnaWatch'; Number = 2; Expected = '' }
        @{ Cmdlet = 'Register-RagnaWatch'; Number = 3; Expected = 'lab: registered, Ready' }
        @{ Cmdlet = 'Register-RagnaWatch'; Number = 1; Expected = 'lab: started, Running' }
        @{ Cmdlet = 'Unregister-RagnaWatch'; Number = 1; Expected = '' }
        @{ Cmdlet = 'Unregister-RagnaWatch'; Number = 2; Expected = 'lab: removed, NotRegistered' }
        @{ Cmdlet = 'Unregister-RagnaWatch'; Number = 3; Expected = 'lab: none, NotRegistered' }
    ) {
        $code = (Get-ExampleCode -Name $Cmdlet)[$Number - 1]
        $seen = Watch-Run ([scriptblock]::Create($code))
        @($seen.Errors) + @($seen.Warnings) + @($seen.Thrown) -join '; ' | Should -Be '' -Because $code
        @($seen.Output | ForEach-Object { "$($_.Project): $($_.Action), $($_.State)" }) -join '; ' | Should -Be $Expected -Because $code
    }

    It 'are all of them' {
        foreach ($name in 'Register-RagnaWatch', 'Unregister-RagnaWatch') { Get-ExampleCode -Name $name | Should -HaveCount 3 -Because $name }
    }
}
