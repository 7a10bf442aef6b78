# The blocks of code in the README, in the pages of docs/ and in the help topics: each is run, or is said here to be run elsewhere.

BeforeDiscovery {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    # The pages of the cmdlets have the examples of their help, which HelpExamples.Tests.ps1 runs.
    $sources = @(Get-PagePath) + @(Get-PagePath -Help | Where-Object { $_ -like '*about_*' })
    $fences = @(foreach ($path in $sources) { Get-PageFence -Path $path })
    $examples = @(foreach ($fence in $fences) {
            if ($fence.Language -cne 'powershell') { continue }
            foreach ($code in Split-Example -Text $fence.Text) { @{ Place = $fence.Place; Code = $code } }
        })
    $configs = @($fences | Where-Object { $_.Language -ceq 'yaml' })
    $others = @($fences | Where-Object { 'powershell', 'yaml' -cnotcontains $_.Language })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    . "$PSScriptRoot/session/ExampleCase.ps1"

    # What no test can do in a running lab: the first words of the example, and the test that does it.
    $elsewhere = @(
        @{ Begin = 'Register-PSResourceRepository '; Test = 'Package.Tests.ps1' }
        @{ Begin = 'Install-PSResource '; Test = 'Package.Tests.ps1' }
        @{ Begin = '$modules = '; Test = 'Package.Tests.ps1' }
    )
    # Blocks in other languages that are no console of Pages.Tests.ps1, and what the test that does it has.
    $known = @(
        @{ Begin = 'mount /dev/sr0 /mnt && sh /mnt/install.sh'; Test = 'guest/iso.sh'; Has = '/install.sh' }
        @{ Begin = '# BEGIN RAGNATRAMP'; Test = 'vectors/hosts-merge-vectors.json'; Has = '# BEGIN RAGNATRAMP' }
    )
}

Describe 'The examples of the pages' {
    BeforeAll {
        $place = Get-Location
        $lab = New-ExampleLab
        . "$PSScriptRoot/session/ExampleStandIn.ps1"
    }

    AfterAll { Set-Location -LiteralPath $place }

    It 'are run: <Place>: <Code>' -ForEach $examples {
        $other = @($elsewhere | Where-Object { $Code.StartsWith($_.Begin) })
        if ($other.Count -gt 0) {
            [IO.File]::Exists("$PSScriptRoot/$($other[0].Test)") | Should -BeTrue
            return
        }
        $situation = if ($Code -match '-Credential') { 'Windows' } else { 'Running' }
        Enter-ExampleLab -Lab $lab -Situation $situation
        $before = if ($Code.StartsWith('$Error')) { 'Get-RagnaStatus -Machine nobody -ErrorAction SilentlyContinue; ' }
        $seen = Watch-Example -Code "$before$Code"
        @($seen.Errors) + @($seen.Warnings) + @($seen.Thrown) -join '; ' | Should -Be '' -Because $Code
        $seen.Output.Count | Should -BeGreaterThan 0 -Because $Code
    }
}

Describe 'The configs of the pages' {
    It 'are sound: <Place>' -ForEach $configs {
        $folder = New-TestFolder -Name 'config'
        [IO.File]::WriteAllText("$folder\ragnatramp.yaml", $Text)
        Test-RagnaConfig -Path $folder -Quiet | Should -BeTrue
    }
}

Describe 'What else stands in a block' {
    It 'is a console that is followed, or is known: <Place>' -ForEach $others {
        if ($Text -match '^(PS C:\\lab> |\w+\$ cat )') { return }
        $found = @($known | Where-Object { $Text.StartsWith($_.Begin) })
        $found | Should -HaveCount 1 -Because $Text
        [IO.File]::ReadAllText("$PSScriptRoot/$($found[0].Test)").Contains($found[0].Has) | Should -BeTrue
    }
}
