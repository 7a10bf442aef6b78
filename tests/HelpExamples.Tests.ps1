# The examples in the help of the cmdlets: every one is run, each alone in a lab in which it means something, and does what it says.

BeforeDiscovery {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $cmdlets = @(Get-Command -Module Ragnatramp | ForEach-Object { @{ Name = $_.Name } })
    $examples = @(Get-HelpExample)
    . "$PSScriptRoot/session/ExampleCase.ps1"
    $known = @(foreach ($case in $exampleCases) { @{ Code = $case.Code } })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    . "$PSScriptRoot/session/ExampleCase.ps1"
    $all = @(Get-HelpExample)
}

Describe 'The help of <Name>' -ForEach $cmdlets {
    It 'has three examples or more, and each of them uses it' {
        $own = @($all | Where-Object { $_.Cmdlet -eq $Name })
        $own.Count | Should -BeGreaterOrEqual 3
        foreach ($example in $own) { $example.Code | Should -Match "\b$Name\b" }
    }
}

Describe 'What is expected of an example' {
    It 'is expected of one that there is: <Code>' -ForEach $known {
        @($all | Where-Object { $_.Code -ceq $Code }).Count | Should -BeGreaterOrEqual 1
    }
}

Describe 'Run on the simulated Hyper-V' {
    BeforeAll {
        $place = Get-Location
        $lab = New-ExampleLab
        . "$PSScriptRoot/session/ExampleStandIn.ps1"
    }

    AfterAll {
        Set-Location -LiteralPath $place
        Remove-Module -Name ScheduledTasks -Force
    }

    It '<Place> does what it says' -ForEach $examples {
        $case = @($exampleCases | Where-Object { $_.Code -ceq $Code }) + @{} | Select-Object -First 1
        Enter-ExampleLab -Lab $lab -Situation $(if ($case['Lab']) { $case.Lab } else { 'Running' })
        if ($case['Before']) { $null = & $case.Before }
        $seen = Watch-Example -Code $Code
        @($seen.Errors) + @($seen.Warnings) + @($seen.Thrown) -join '; ' | Should -Be '' -Because $Code
        if ($case.Contains('Machines')) { @($seen.Output | ForEach-Object { "$($_.Machine): $($_.Action)" }) -join '; ' | Should -Be $case.Machines -Because $Code }
        if ($case.Contains('Count')) { $seen.Output.Count | Should -Be $case.Count -Because $Code }
        if ($case['Holds']) { & $case.Holds | Should -BeTrue -Because $Code }
    }
}
