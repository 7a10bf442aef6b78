# What a person sees of the life of a lab: the tables, at the width of a small window, and one message for one cause.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"

    function Get-Shown {
        # The lines of a table in a window of 80 columns, from its head on, without those that are empty; before them, in one
        # line, what it is of.
        param([Parameter(Mandatory)] [object[]] $Row)
        $lines = @(($Row | Out-String -Width 80) -split '\r?\n' | ForEach-Object { $_.TrimEnd() } | Where-Object { $_ })
        $head = [Array]::FindIndex([string[]] $lines, [Predicate[string]] { $args[0].StartsWith('Machine ') })
        -join $lines[0..($head - 1)]
        $lines[$head..($lines.Count - 1)]
    }

    $lab = New-EmptyLab -Machine @{ name = 'web' }, @{ name = 'db' } -Setting @{ auto_start = 'false' }
    $folder = [IO.Path]::Combine($lab.Artifact, "lab-db-$($lab.Hash)")
    $null = [IO.Directory]::CreateDirectory($folder)
    $inPlace = [IO.Path]::Combine($folder, 'db.vhdx')
    [IO.File]::WriteAllText($inPlace, 'somebody''s')
    $plan = Watch-Run { Get-RagnaPlan -Path $lab.Config }
    $start = Watch-Run { Start-RagnaMachine -Path $lab.Config -Machine web, db -TimeoutSeconds 20 }
}

# One block: files that are made in a block are removed from the test drive at its end, and so would be the VMs.
Describe 'A table' {
    It 'of a plan has a sign for what is done, and the whole reason' {
        $shown = Get-Shown -Row $plan.Output
        $shown[1] | Should -Be 'Machine          Action     Reason'
        $shown[3] | Should -Be 'web              + create   it has no VM yet'
        $shown[4] | Should -BeLike 'db               ! refuse   *'
        $shown -join '' | Should -Not -Match ([regex]::Escape([string] [char] 0x2026))
        -join ($shown[4..($shown.Count - 1)] | ForEach-Object { $_.Substring(28) }) | Should -BeLike '*db.vhdx is there already*'
    }

    It 'of a plan lists the files that a removal deletes' {
        $shown = Get-Shown -Row @(Get-RagnaPlan -Path $lab.Config -For Remove -Machine web)
        $shown[3] | Should -BeLike 'web              - remove   Remove, and delete *'
    }

    It 'of a start tells address and hosts file, and what all of it came to' {
        $shown = Get-Shown -Row $start.Output
        $shown[0] | Should -Be '   Project: lab    2 machines: 1 created, 1 started, 1 refused, 1 named'
        $shown[1] | Should -Be 'Machine          Action             State    Address         Hosts'
        $shown[3] | Should -Be 'web              created, started   Running  172.20.144.10   synced'
        $shown[4] | Should -Be 'db               refused            -        -               skipped'
        $shown | Should -HaveCount 5
    }

    It 'of a start comes with one message for one cause' {
        Get-ErrorCode -Seen $start | Should -Be 'DISK_IN_PLACE'
        $start.Warnings -join '; ' | Should -Be ''
    }

    It 'of a start says of a machine that is left as it is why, and where the config says otherwise' {
        [IO.File]::Delete($inPlace)
        $text = [IO.File]::ReadAllText($lab.Config)
        [IO.File]::WriteAllText($lab.Config, $text.Replace('- name: web', "- name: web`n    cpu: 4"))
        $again = Watch-Run { Start-RagnaMachine -Path $lab.Config -TimeoutSeconds 20 }
        $shown = Get-Shown -Row $again.Output
        $shown[0] | Should -Be '   Project: lab    2 machines: 1 created, 1 named'
        $shown[3] | Should -BeLike 'web              none               Running  172.20.144.10   unchanged; 2*'
        $text = -join (Get-Shown -Row @($again.Output[0]) | Select-Object -Skip 3 | ForEach-Object { $_.PadRight(80).Substring(61).Trim() + ' ' })
        $text | Should -BeLike '*2 processors, the config says 4;*-Force*'
    }

    It 'of what else was done says why nothing was done' {
        $shown = Get-Shown -Row @(Stop-RagnaMachine -Path $lab.Config)
        $shown[0] | Should -Be '   Project: lab    2 machines: 1 stopped'
        $shown[1] | Should -Be 'Machine          Action             State    Note'
        $shown -join '|' | Should -BeLike '*|web              stopped            Off*'
        $shown -join '|' | Should -BeLike '*|db               none               Off      it is off*'
    }

    It 'of a removal does not call a machine missing that was removed' {
        $removed = @(Remove-RagnaMachine -Path $lab.Config -Force)
        @($removed | ForEach-Object { "$($_.Machine) $($_.Action) $($_.State)" }) -join '; ' | Should -Be 'web removed NotCreated; db removed NotCreated'
        (Get-Shown -Row $removed)[3] | Should -Be 'web              removed            -'
    }
}
