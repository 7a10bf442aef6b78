# The blocks of code in the README, in the pages of docs/ and in the help topics: each is run, or is said here not to be.

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

    # What installs the module changes the user's own folders. Package.Tests.ps1 does it in folders of its own; here it is read only.
    $installs = 'Register-PSResourceRepository ', 'Install-PSResource ', '$modules = '

    function Find-UnknownWord {
        # The commands of a text that there are not, and the parameters that they have not.
        param([Parameter(Mandatory)] [string] $Code)
        $tree = [Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $null)
        foreach ($call in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
            $command = Get-Command -Name $call.GetCommandName() -ErrorAction Ignore
            # Windows PowerShell 5.1 has it where somebody installed it.
            if (-not $command) { if ($call.GetCommandName() -notlike '*PSResource*') { $call.GetCommandName() }; continue }
            foreach ($element in $call.CommandElements) {
                if ($element -is [Management.Automation.Language.CommandParameterAst] -and -not $command.Parameters.ContainsKey($element.ParameterName)) { "$element" }
            }
        }
    }
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

    AfterAll {
        Set-Location -LiteralPath $place
        Remove-Module -Name ScheduledTasks -Force
    }

    It 'are run: <Place>: <Code>' -ForEach $examples {
        if (@($installs | Where-Object { $Code.StartsWith($_) }).Count -gt 0) {
            Find-UnknownWord -Code $Code | Should -BeNullOrEmpty
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
