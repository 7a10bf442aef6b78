# The demo: it runs to its end without an error, shows the life of a lab, leaves nothing, and is what the picture of it shows.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    # A folder for temporary files that no other demo uses, with a name that no line is folded for.
    $temporary = [IO.Directory]::CreateDirectory([IO.Path]::Combine([IO.Path]::GetTempPath(), "demo$PID")).FullName
    $before = @{ TEMP = $env:TEMP; TMP = $env:TMP }
    $env:TEMP = $env:TMP = $temporary
    $demo = [IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'tools', 'demo.ps1')
    # In a session of its own, and in this process, which sees the folder of the simulated Hyper-V.
    $shell = [powershell]::Create()
    $null = $shell.AddScript("& '$($demo.Replace("'", "''"))'")
    try {
        $lines = @($shell.Invoke() | ForEach-Object { [string] $_ })
    } finally {
        $env:TEMP, $env:TMP = $before.TEMP, $before.TMP
    }
    $trouble = @($shell.Streams.Error | ForEach-Object { "$_" }) + @($shell.Streams.Warning | ForEach-Object { "$_" })
    $shell.Dispose()
    $commands = @($lines | Where-Object { $_ -like 'PS C:\lab> *' } | ForEach-Object { $_.Substring('PS C:\lab> '.Length) })
}

AfterAll { [IO.Directory]::Delete($temporary, $true) }

Describe 'The demo' {
    It 'runs to its end without an error or a warning' {
        $trouble -join '; ' | Should -Be ''
        $lines[-1] | Should -Match '^The demo took \d+ s\.$'
    }

    It 'shows every cmdlet for the life of a lab' {
        foreach ($name in 'New-RagnaConfig', 'Get-RagnaPlan', 'Start-RagnaMachine', 'Get-RagnaStatus', 'Invoke-RagnaReconcile', 'Stop-RagnaMachine',
            'Checkpoint-RagnaMachine', 'Restore-RagnaMachine', 'Get-RagnaCheckpoint', 'Remove-RagnaMachine') {
            @($commands | Where-Object { $_.StartsWith($name) }).Count | Should -BeGreaterThan 0 -Because $name
        }
    }

    It 'shows what each of them did with four machines' {
        $headlines = @($lines | Where-Object { $_ -match '^   Project: lab    \d+ machines: ' } | ForEach-Object { ($_ -split 'machines: ', 2)[1] })
        $headlines -join '; ' | Should -Be (@(
                '4 created, 4 started, 4 named', 'nothing to do, 4 named', '4 discovered, 4 changed, 4 synced', '4 stopped', '4 checkpointed'
                '4 started, 4 named', '4 restored', '4 removed') -join '; ')
    }

    It 'shows the names in a guest, which the shipped script wrote' {
        @($lines | Where-Object { $_ -match '^172\.20\.131\.\d+ (db|queue|web|worker)$' }) | Should -HaveCount 4
    }

    It 'is what the picture in the README shows' {
        # But for the lines of -WhatIf, which go past all streams, and for the folder, numbers and how columns are apart.
        $root = [IO.Path]::GetDirectoryName($PSScriptRoot)
        . "$root/tools/docs/Picture.ps1"
        $picture = [xml] [IO.File]::ReadAllText("$root/docs/demo.svg")
        $shown = @($picture.SelectNodes('//*[local-name() = "text" and @textLength]') | ForEach-Object { $_.InnerText } | Where-Object { $_ -notmatch '^(What if: |         )' })
        $told = @(ConvertTo-PictureLine -Line @($lines | Select-Object -SkipLast 2) | Where-Object { $_ })
        $masks = foreach ($text in ($shown -join "`n"), ($told -join "`n")) { ($text -replace '\d+', 'N') -replace ' +', ' ' -replace '-[0-9a-fN]{1,8}\b', '-HASH' }
        $shown.Count | Should -BeGreaterThan 100
        $masks[0] | Should -BeExactly $masks[1] -Because 'the picture is stale: run tools/docs/New-DemoPicture.ps1'
        [IO.File]::ReadAllText("$root/README.md").Contains('(docs/demo.svg)') | Should -BeTrue
    }

    It 'leaves nothing' {
        @([IO.Directory]::GetFileSystemEntries($temporary)) -join '; ' | Should -Be ''
        @($lines | Where-Object { $_ -eq '0' }) | Should -HaveCount 2
    }
}
