# The pages of docs/ and the README: those of the help are fresh, links lead somewhere, and what is shown of a run is what a run gives.

BeforeDiscovery {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $pages = @(Get-PagePath -Help | ForEach-Object { @{ Page = $_; Name = [IO.Path]::GetFileName($_) } })
    # Those with a console in them.
    $followed = @(Get-PagePath | Where-Object { [IO.File]::ReadAllText($_).Contains("`nPS C:\lab> ") } | ForEach-Object { @{ Page = $_; Name = [IO.Path]::GetFileName($_) } })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $docs = [IO.Path]::Combine($repository, 'docs')

    function Get-Anchor {
        # The anchors that GitHub gives the headings of a page.
        param([Parameter(Mandatory)] [string] $Path)
        $seen = @{}
        foreach ($line in [IO.File]::ReadAllLines($Path)) {
            if ($line -notmatch '^#+ (.+)$') { continue }
            $anchor = ($Matches[1].Trim().ToLowerInvariant() -replace '[^\w\- ]', '').Replace(' ', '-')
            $number = [int] $seen[$anchor]
            $seen[$anchor] = $number + 1
            if ($number -gt 0) { "$anchor-$number" } else { $anchor }
        }
    }
}

Describe 'The pages that are made from the help' {
    BeforeAll {
        $fresh = New-TestFolder -Name 'docs'
        $null = Invoke-PageTool -Name 'New-HelpPage.ps1' -Argument "-Destination '$fresh'"
    }

    It 'are what tools/docs/New-HelpPage.ps1 writes now' {
        $names = @([IO.Directory]::GetFiles("$fresh\help") | ForEach-Object { 'help\' + [IO.Path]::GetFileName($_) }) + 'README.md'
        $names.Count | Should -BeGreaterThan 20
        foreach ($name in $names) {
            $wanted = [IO.File]::ReadAllText("$fresh\$name")
            [IO.File]::ReadAllText("$docs\$name").Replace("`r", '') -ceq $wanted | Should -BeTrue -Because "$name is stale: run tools/docs/New-HelpPage.ps1"
        }
    }

    It 'are all that there are' {
        $there = @([IO.Directory]::GetFiles("$docs\help") | ForEach-Object { [IO.Path]::GetFileName($_) } | Sort-Object)
        $there | Should -Be @([IO.Directory]::GetFiles("$fresh\help") | ForEach-Object { [IO.Path]::GetFileName($_) } | Sort-Object)
    }

    It 'are in the index, and so is every page of docs' {
        $index = [IO.File]::ReadAllText("$docs\README.md")
        foreach ($path in Get-PagePath -Help) {
            $name = [IO.Path]::GetFileName($path)
            if ($name -cne 'README.md') { $index.Contains("$name)") | Should -BeTrue -Because $name }
        }
    }
}

Describe 'The links of <Name>' -ForEach $pages {
    It 'lead to files and headings that there are' {
        $text = [regex]::Replace([IO.File]::ReadAllText($Page), '(?ms)^```.*?^```', '')
        foreach ($match in [regex]::Matches($text, '\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)|(?:src|srcset|href)="(?!https?:)([^"#]+)"')) {
            $file = $match.Groups[1].Value + $match.Groups[3].Value
            $target = if ($file) { [IO.Path]::GetFullPath([IO.Path]::Combine([IO.Path]::GetDirectoryName($Page), $file)) } else { $Page }
            [IO.File]::Exists($target) -or [IO.Directory]::Exists($target) | Should -BeTrue -Because $match.Value
            if ($match.Groups[2].Value) { @(Get-Anchor -Path $target) | Should -Contain $match.Groups[2].Value }
        }
    }
}

Describe 'What <Name> shows of a console' -ForEach $followed {
    # Errors and lists look otherwise in Windows PowerShell.
    It 'is what its commands give, followed to the letter' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
        $wanted = [IO.File]::ReadAllLines($Page)
        $given = @(Invoke-PageTool -Name 'Invoke-Page.ps1' -Argument "-Path '$Page'")
        @(Get-MaskedLine -Line $given) -join "`n" | Should -BeExactly (@(Get-MaskedLine -Line $wanted) -join "`n")
    }
}
