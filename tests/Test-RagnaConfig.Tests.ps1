# Test-RagnaConfig: every fault at once with its place, as objects and as one error.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Save-Config {
        param([string] $Name, [string[]] $Line)
        $file = [IO.Path]::Combine((New-TestFolder -Name $Name), 'ragnatramp.yaml')
        [IO.File]::WriteAllText($file, ($Line -join "`n") + "`n")
        $file
    }

    $soundLines = 'project:', '  name: lab', 'defaults:', '  base_image: base.vhdx', 'machines:', '  - name: web', '  - name: db'
}

Describe 'A sound config' {
    BeforeAll {
        $file = Save-Config -Name 'sound' -Line $soundLines
        $seen = Watch-Run { Test-RagnaConfig -Path $file }
    }

    It 'is an object with its project and machines' {
        $seen.Output | Should -HaveCount 1
        $seen.Output[0].PSObject.TypeNames[0] | Should -Be 'Ragnatramp.ConfigTest'
        $seen.Output[0].Path | Should -Be $file
        $seen.Output[0].Valid | Should -BeTrue
        $seen.Output[0].Project | Should -Be 'lab'
        $seen.Output[0].Machines | Should -Be @('web', 'db')
        @($seen.Output[0].Faults).Count | Should -Be 0
        $seen.Errors.Count + $seen.Left.Count | Should -Be 0
    }

    It 'whose base image is not there is warned of, once, with the machines that need it' {
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -Match 'base\.vhdx.*web, db'
    }

    It 'whose base image is there is not' {
        [IO.File]::WriteAllText([IO.Path]::Combine([IO.Path]::GetDirectoryName($file), 'base.vhdx'), '')
        (Watch-Run { Test-RagnaConfig -Path $file }).Warnings | Should -BeNullOrEmpty
    }

    It 'is true with -Quiet, and nothing else' {
        $quiet = Watch-Run { Test-RagnaConfig -Path $file -Quiet }
        $quiet.Output | Should -HaveCount 1
        $quiet.Output[0] | Should -BeOfType [bool]
        $quiet.Output[0] | Should -BeTrue
        $quiet.Warnings.Count + $quiet.Errors.Count | Should -Be 0
    }
}

Describe 'A config with seven faults' {
    BeforeAll {
        $file = Save-Config -Name 'seven' -Line @(
            'project:', '  name: 7up', 'defaults:', '  cpu: 0', '  disk_strategy: clone', 'machines:', '  - name: web', '    cpu: two'
            '    memroy: 2048', '    base_image: a.vhdx', '  - name: Web', '    memory: 12', '    base_image: a.vhdx'
        )
        $seen = Watch-Run { Test-RagnaConfig -Path $file }
        $faults = @($seen.Output[0].Faults)
    }

    It 'lists seven, in line order, each with its line and column' {
        @($faults | ForEach-Object { "$($_.Line):$($_.Column)" }) | Should -Be @('2:9', '4:8', '5:18', '8:10', '9:5', '11:11', '12:13')
    }

    It 'says of each where it is, what is wrong, and shows the line' {
        @($faults | ForEach-Object { $_.Path }) | Should -Be @(
            'project.name', 'defaults.cpu', 'defaults.disk_strategy', 'machines[0].cpu', 'machines[0].memroy', 'machines[1].name',
            'machines[1].memory')
        foreach ($fault in $faults) {
            $fault.Message | Should -Not -BeNullOrEmpty
            $fault.SourceLine | Should -Not -BeNullOrEmpty
        }
        $faults[4].Suggestion | Should -Be 'memory'
    }

    It 'is one error that shows all of them with a caret below, and an object that is not valid' {
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].FullyQualifiedErrorId | Should -Be 'CONFIG_VALIDATION_FAILED,Test-RagnaConfig'
        $text = [string] $seen.Errors[0]
        $text | Should -Match '7 faults'
        ([regex]::Matches($text, '(?m)\| +\^+ *\r?$')).Count | Should -Be 7
        $text | Should -Match 'did you mean memory\?'
        $seen.Output[0].Valid | Should -BeFalse
    }

    It 'is false with -Quiet, without an error' {
        $quiet = Watch-Run { Test-RagnaConfig -Path $file -Quiet }
        $quiet.Output[0] | Should -BeFalse
        $quiet.Errors.Count + $quiet.Left.Count | Should -Be 0
    }

    It 'has faults that a script can work with' {
        @($faults | Where-Object Path -Like 'machines*' | Select-Object -ExpandProperty Line) | Should -Be @(8, 9, 11, 12)
    }
}

Describe 'Many configs' {
    It 'are tested in one pipeline, one object per file' {
        $null = Save-Config -Name 'many/a' -Line $soundLines
        $null = Save-Config -Name 'many/b' -Line 'project: 1'
        $seen = Watch-Run { Get-ChildItem -Path "$TestDrive/many" -Recurse -Filter ragnatramp.yaml | Test-RagnaConfig -WarningAction SilentlyContinue }
        @($seen.Output | ForEach-Object { $_.Valid }) | Should -Be @($true, $false)
        $seen.Errors | Should -HaveCount 1
    }

    It 'ask nothing of Hyper-V' {
        $lab = New-Lab -Folder "$TestDrive/quiet" -Machine @{ name = 'web' }
        $null = Watch-Run { Test-RagnaConfig -Path $lab.Config }
        Get-SimulatedCall | Should -BeNullOrEmpty
    }
}

Describe 'A file' {
    It 'that is not YAML tells line and column' {
        $file = Save-Config -Name 'syntax' -Line 'project:', '  name: "lab', 'machines: []'
        $seen = Watch-Run { Test-RagnaConfig -Path $file }
        $seen.Errors[0].FullyQualifiedErrorId | Should -Be 'CONFIG_INVALID_YAML,Test-RagnaConfig'
        [string] $seen.Errors[0] | Should -Match '\b\d+:\d+\b'
        $seen.Output[0].Valid | Should -BeFalse
    }

    It 'with a byte order mark, CRLF and non-ASCII comments is fine' {
        $file = Save-Config -Name 'bom' -Line 'x'
        [IO.File]::WriteAllText($file, ("# Gr$([char] 0xF6)$([char] 0xDF)e $([char] 0x4E16)$([char] 0x754C)`r`n" + ($soundLines -join "`r`n")), [Text.UTF8Encoding]::new($true))
        (Test-RagnaConfig -Path $file -Quiet) | Should -BeTrue
    }
}
