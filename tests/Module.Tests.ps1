# The module as a thing: its manifest, its help, its exports, what it costs to load.

BeforeDiscovery {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $cmdlets = @(Get-Command -Module Ragnatramp | ForEach-Object { @{ Name = $_.Name } })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $source = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($PSScriptRoot), 'module')
}

Describe 'The manifest' {
    It 'is valid and names both editions' {
        $manifest = Test-ModuleManifest -Path (Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1')
        $manifest.PowerShellVersion | Should -Be ([version] '5.1')
        $manifest.CompatiblePSEditions | Should -Be @('Desktop', 'Core')
    }

    It 'exports one function per file of Public, and nothing else' {
        $files = [System.IO.Directory]::GetFiles("$source\Public", '*.ps1') |
            ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) } | Sort-Object
        $module = Get-Module -Name Ragnatramp
        @($module.ExportedCommands.Keys | Sort-Object) | Should -Be $files
        $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'uses approved verbs only' {
        $approved = Microsoft.PowerShell.Utility\Get-Verb | ForEach-Object { $_.Verb }
        # The command line alone is called as the program that it stands for.
        foreach ($command in Get-Command -Module Ragnatramp) {
            if ($command.Name -cne 'ragnatramp') { $command.Verb | Should -BeIn $approved }
        }
    }
}

Describe 'The help of <Name>' -ForEach $cmdlets {
    BeforeAll {
        $help = Get-Help -Name $Name -Full
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
    }

    It 'has a synopsis, a description, examples, inputs and outputs' {
        $help.Synopsis | Should -Not -Match "^\s*$Name"
        ($help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 0
        ($help.inputTypes | Out-String).Trim() | Should -Not -BeNullOrEmpty
        ($help.returnValues | Out-String).Trim() | Should -Not -BeNullOrEmpty
    }

    It 'describes every parameter' {
        foreach ($parameter in (Get-Command -Name $Name).Parameters.Values) {
            if ($common -notcontains $parameter.Name) {
                $described = @($help.parameters.parameter | Where-Object { $_.name -eq $parameter.Name })
                ($described.description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because $parameter.Name
            }
        }
    }
}

Describe 'The help topics' {
    It 'are found by Get-Help' {
        $topics = @([System.IO.Directory]::GetFiles("$source\en-US", '*.help.txt') | ForEach-Object { [System.IO.Path]::GetFileName($_).Replace('.help.txt', '') })
        $topics.Count | Should -BeGreaterThan 4
        foreach ($topic in $topics) {
            $text = (Get-Help -Name $topic | Out-String).Replace("`r", '')
            $text.Trim() | Should -BeExactly ([System.IO.File]::ReadAllText("$source\en-US\$topic.help.txt").Replace("`r", '').Trim())
        }
    }
}

Describe 'Loading' {
    BeforeAll {
        # A session in which nobody has called a cmdlet yet.
        $shell = [powershell]::Create()
        $null = $shell.AddCommand('Import-Module').AddParameter('Name', (Get-Module -Name Ragnatramp).Path.Replace('.psm1', '.psd1')).AddStatement()
        $null = $shell.AddScript('& (Get-Module -Name Ragnatramp) {
                @(Get-ChildItem -Path function: | Where-Object { $_.ModuleName -eq "Ragnatramp" } | ForEach-Object { $_.Name })
                Import-RagnaPrivate
                "library: $script:RagnaLibrary"
                @(Get-ChildItem -Path function: | Where-Object { $_.ModuleName -eq "Ragnatramp" }).Count
            }')
        $told = @($shell.Invoke())
        $trouble = @($shell.Streams.Error)
        $shell.Dispose()
        $public = @([System.IO.Directory]::GetFiles("$source\Public", '*.ps1') | ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) })
    }

    It 'reads the cmdlets alone, and the rest when it is needed' {
        $trouble | Should -BeNullOrEmpty
        $told[0..($public.Count + 1)] | Sort-Object | Should -Be @($public + 'Import-RagnaPrivate' + 'Complete-RagnaArgument' | Sort-Object)
        $told[-1] | Should -BeGreaterThan 30
    }

    It 'reads parts of which none calls a function of a later one, and each cmdlet those that it calls' {
        $loaded = Get-Module -Name Ragnatramp
        $parts = @(& $loaded { $script:RagnaPart })
        $place = @{}
        $wrong = [System.Collections.Generic.List[string]]::new()
        $called = {
            param($text)
            $ast = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $null, [ref] $null)
            $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true) | ForEach-Object { $_.GetCommandName() }
        }
        $texts = @(foreach ($part in $parts) { [System.IO.File]::ReadAllText("$($loaded.ModuleBase)\Private\$part.part.ps1") })
        for ($at = 0; $at -lt $parts.Count; $at++) {
            foreach ($match in [regex]::Matches($texts[$at], '(?m)^function (\S+)')) { $place[$match.Groups[1].Value] = $at }
        }
        $place.Count | Should -BeGreaterThan 100
        for ($at = 0; $at -lt $parts.Count; $at++) {
            foreach ($name in & $called $texts[$at]) { if ($name -and $place[$name] -gt $at) { $wrong.Add("$($parts[$at]): $name") } }
        }
        foreach ($file in [System.IO.Directory]::GetFiles("$source\Public", '*.ps1')) {
            $text = [System.IO.File]::ReadAllText($file)
            # Where it depends on a parameter, the later one counts.
            $through = @([regex]::Matches($text, "Import-RagnaPrivate -Through (?:\S.*?')?(\w+)") | ForEach-Object { [array]::IndexOf($parts, $_.Groups[1].Value) })
            $last = if ($through.Count -gt 0) { ($through | Measure-Object -Maximum).Maximum } else { $parts.Count }
            foreach ($name in & $called $text) { if ($name -and $place[$name] -gt $last) { $wrong.Add("$([System.IO.Path]::GetFileName($file)): $name") } }
        }
        $wrong | Should -BeNullOrEmpty
    }

    It 'binds no library' {
        $told[-2] | Should -BeExactly 'library: '
    }
}
