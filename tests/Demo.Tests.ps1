# The demo: it runs to its end without an error, shows the life of a lab, and leaves nothing.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $before = @([IO.Directory]::GetDirectories([IO.Path]::GetTempPath(), 'lab*')) -join '; '
    $demo = [IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'tools', 'demo.ps1')
    # In a session of its own, and in this process, which sees the folder of the simulated Hyper-V.
    $shell = [powershell]::Create()
    $null = $shell.AddScript("& '$($demo.Replace("'", "''"))'")
    $lines = @($shell.Invoke() | ForEach-Object { [string] $_ })
    $trouble = @($shell.Streams.Error | ForEach-Object { "$_" }) + @($shell.Streams.Warning | ForEach-Object { "$_" })
    $shell.Dispose()
    $commands = @($lines | Where-Object { $_ -like 'PS C:\lab> *' } | ForEach-Object { $_.Substring('PS C:\lab> '.Length) })
}

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

    It 'is what the README shows' {
        # But for numbers, which follow from who was quicker, for paths and times, and for what the README has shortened.
        $readme = [IO.File]::ReadAllText([IO.Path]::Combine([IO.Path]::GetDirectoryName($PSScriptRoot), 'README.md')).Replace("`r", '')
        $section = ($readme -split '(?m)^## From an empty folder$')[1]
        $section = ($section -split '(?m)^## ')[0]
        $fences = @($section -split '(?m)^```$')
        $there = @($lines | ForEach-Object { $_ -replace '\d+', 'N' })
        $looked = 0
        for ($index = 1; $index -lt $fences.Count; $index += 2) {
            foreach ($line in $fences[$index] -split "`n") {
                $plain = $line -replace '\s+# .*$', ''
                if ($plain -eq '...' -or $plain -match '^   Project: lab    C:|^What if: |^         ') { continue }
                if ($plain.StartsWith('PS C:\lab> ') -and $plain -match 'Restore-RagnaMachine|Remove-RagnaMachine') { continue }
                $looked++
                $there | Should -Contain ($plain -replace '\d+', 'N')
            }
        }
        $looked | Should -BeGreaterThan 60
    }

    It 'leaves nothing' {
        @([IO.Directory]::GetDirectories([IO.Path]::GetTempPath(), 'lab*')) -join '; ' | Should -Be $before
        @($lines | Where-Object { $_ -eq '0' }) | Should -HaveCount 2
    }
}
