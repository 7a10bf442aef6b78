# What others wrote (Hyper-V, Windows, a guest) reaches the terminal on one line, bounded, and without characters that it acts on.

BeforeDiscovery {
    $where = @(
        @{ Where = 'Get-VM as a whole'; Arrange = { param($lab, $text) $null = $lab; Set-SimulatedHost -Fault @{ 'Get-VM' = $text } } }
        @{ Where = 'Get-VM of one machine'; Arrange = { param($lab, $text) Set-SimulatedVM -Id $lab.Machine.web.Id -Failure @{ 'Get-VM' = $text } } }
        @{ Where = 'the adapters of one machine'; Arrange = { param($lab, $text) Set-SimulatedVM -Id $lab.Machine.web.Id -Failure @{ 'Get-VMNetworkAdapter' = $text } } }
        @{ Where = 'Data Exchange as a whole'; Arrange = { param($lab, $text) $null = $lab; Set-SimulatedHost -Fault @{ 'Get-CimInstance' = $text } } }
        @{ Where = 'the items of one guest'; Arrange = { param($lab, $text) Set-SimulatedVM -Id $lab.Machine.db.Id -Failure @{ 'Invoke-CimMethod' = $text } } }
        @{ Where = 'PowerShell Direct into one guest'; Arrange = { param($lab, $text) Set-SimulatedVM -Id $lab.Machine.web.Id -GuestFailure $text } }
        @{ Where = 'the host''s network'; Arrange = { param($lab, $text) Set-SimulatedVM -Id $lab.Machine.web.Id -Address '172.20.0.8', '172.20.0.9'
                Set-SimulatedHost -Fault @{ 'Get-VMNetworkAdapter' = $text } } }
    )
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $vectors = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'vectors', 'visible-cases.json')))
    $module = Get-Module -Name Ragnatramp

    function ConvertTo-Visible { param([string] $Text) & $module { param($text) ConvertTo-VisibleText $text } $Text }

    function Get-HiddenCharacter {
        # The codes of the hidden characters in a text. The line breaks of the module's own messages may stay.
        param([string] $Text)
        @(foreach ($character in $Text.ToCharArray()) {
                $code = [int] $character
                if ($code -eq 10 -or $code -eq 13) { continue }
                foreach ($range in $vectors.hidden) { if ($code -ge $range[0] -and $code -le $range[1]) { '{0:x}' -f $code } }
            }) -join ' '
    }

    $escape = [string] [char] 27
    $hostile = "Es ist`r`n`r`n  in${escape}[2J${escape}]0;title$([char] 7) Ordnung$([char] 0x202E)gnp.exe$([char] 0x9B)31m$([char] 0x200B)$([char] 0x2028)."
    $shown = 'Es ist in\u{1b}[2J\u{1b}]0;title\u{7} Ordnung\u{202e}gnp.exe\u{9b}31m\u{200b}\u{2028}.'
}

Describe 'A text is shown' {
    It 'as the shared cases say' {
        foreach ($case in $vectors.cases) { ConvertTo-Visible -Text $case.text | Should -BeExactly $case.shown }
    }

    It 'with the same characters hidden as by the library, and no others' {
        $all = [Text.StringBuilder]::new()
        $expected = [Text.StringBuilder]::new()
        $hidden = [Collections.Generic.HashSet[int]]::new()
        foreach ($range in $vectors.hidden) { foreach ($code in $range[0]..$range[1]) { $null = $hidden.Add($code) } }
        for ($code = 0; $code -le 0xFFFF; $code++) {
            if ($code -ge 0xD800 -and $code -le 0xDFFF) { continue }
            $null = $all.Append([char] $code)
            $null = if ($hidden.Contains($code)) { $expected.Append('\u{').Append($code.ToString('x')).Append('}') } else { $expected.Append([char] $code) }
        }
        (ConvertTo-Visible -Text $all.ToString()) -ceq $expected.ToString() | Should -BeTrue
    }

    It 'up to a bound where it is an error''s, and not through the middle of a character' {
        $smile = [char]::ConvertFromUtf32(0x1F600)
        foreach ($text in ('x' * 5000), (('x' * 999) + $smile + $smile)) {
            $told = & $module { param($text) Get-ErrorText -Exception ([Exception]::new($text)) } $text
            $told | Should -Match '^x{999,1000}\.\.\.$'
        }
        & $module { param($text) Get-ErrorText -Exception ([Exception]::new($text)) } (('x' * 998) + $smile) | Should -BeExactly (('x' * 998) + $smile)
    }
}

Describe 'A text with escape sequences and marks of writing direction' {
    It 'is harmless in every stream, and told whole: <Where>' -ForEach $where {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db'; Os = 'linux'; Agent = 'ragnatramp' }
        & $Arrange $lab $hostile
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto -Option @{ Credential = Get-LabCredential; AllowPartial = $true; Verbose = $true }
        $seen.Thrown | Should -BeNullOrEmpty
        $texts = @($seen.Errors | ForEach-Object { $_.Exception.Message; $_.ErrorDetails.Message; $_.ErrorDetails.RecommendedAction }) +
        @($seen.Warnings) + @($seen.Verbose) + @($seen.Output | ForEach-Object { ConvertTo-Json -Depth 8 -InputObject $_.HostSync }) +
        @($seen.Output | Out-String -Width 200)
        @($texts | ForEach-Object { Get-HiddenCharacter -Text $_ } | Where-Object { $_ }) | Should -BeNullOrEmpty
        @($texts | Where-Object { $_.Contains($shown) }).Count | Should -BeGreaterThan 0
    }

    It 'is harmless in Get-RagnaStatus' {
        $lab = New-Lab
        Set-SimulatedHost -Fault @{ 'Get-VM' = $hostile }
        $seen = Watch-Run { Get-RagnaStatus -Path $lab.Config }
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0].Contains($shown) | Should -BeTrue
        Get-HiddenCharacter -Text $seen.Warnings[0] | Should -BeNullOrEmpty
    }
}
