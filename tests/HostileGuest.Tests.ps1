# A guest that means harm beside a healthy one: whatever it answers, says and leaves for the host, the healthy one is brought up to
# date, the run ends in its time, and what reaches the user is short and has nothing that a terminal would act on.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $escape = [string] [char] 27
    $style = Get-Variable -Name PSStyle -ValueOnly -ErrorAction Ignore
    $heads = @(if ($style) { $style.Formatting.TableHeader; $style.Reset })

    # Every text that a run gave, in whatever stream, and in its object.
    function Get-ToldText {
        param([object] $Seen)
        $Seen.Warnings
        $Seen.Verbose
        foreach ($record in $Seen.Other) { [string] $record }
        foreach ($record in @($Seen.Errors) + @($Seen.Left)) {
            $record.Exception.Message
            [string] $record.ErrorDetails
            $record.ErrorDetails.RecommendedAction
            [string] $record.TargetObject
        }
        foreach ($result in $Seen.Output) {
            # The colours of the heads are ours.
            $view = $result.GetView()
            foreach ($own in $heads) { $view = $view.Replace($own, '') }
            $view
            $result.Warnings | ForEach-Object { $_.Message; $_.Remedy }
            $result.HostSync | ForEach-Object { $_.Error }
        }
    }

    function Assert-CleanText {
        param([object] $Seen)
        $texts = @(Get-ToldText -Seen $Seen | Where-Object { $_ })
        $texts.Count | Should -BeGreaterThan 0
        foreach ($text in $texts) {
            $text | Should -Not -Match '[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]'
            $text.Length | Should -BeLessThan 4000
        }
        $texts
    }
}

Describe 'A guest entered by PowerShell Direct' {
    It 'that does not let go of its <_> is left behind in its time, and the healthy one is synced' -ForEach 'handshake', 'session' {
        $lab = New-Lab -Machine @{ name = 'evil'; GuestHang = $_ }, @{ name = 'web' }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $seen = Invoke-Reconcile -Lab $lab -Option @{ GuestTimeoutSeconds = 5 }
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 30
        Get-HostSyncStatus -Seen $seen | Should -Be @('evil failed', 'web synced')
        $seen.Errors[0].Exception.Message | Should -BeExactly 'evil: its guest did not answer PowerShell Direct within 5 s.'
    }

    It 'may say what it will in any stream: it fails, with clean words of ours, and the healthy one is synced' {
        $sayings = @{
            flood   = 'while ($true) { "MARK" }'
            streams = 'Write-Warning "MARK"; Write-Verbose "MARK" -Verbose; Write-Information "MARK" -InformationAction Continue; Write-Host "MARK"; Write-Debug "MARK" -Debug'
            errors  = 'foreach ($n in 1..500) { Write-Error ("$([char] 27)[31m$([char] 0x202e)" + "MARK" * 100000) }'
            ending  = 'throw ("$([char] 27)]0;MARK$([char] 7)" + "MARK" * 100000)'
            spoof   = '"failed:gone:$([char] 27)[2J:00000000"'
            typed   = '[pscustomobject] @{ PSTypeName = "System.Management.Automation.ErrorRecord"; Exception = "MARK" }'
            long    = '"MARK" * 2000000'
            base    = '"$([char] 27)[31mMARK"'
            none    = '$null'
            half    = '"dGV4dA=="; "dGV4dA=="'
            broken  = '"failed:other:kept:ZZZZZZZZ"'
        }
        $names = @($sayings.Keys | Sort-Object)
        $lab = New-Lab -Machine (@(foreach ($name in $names) { @{ name = $name; GuestSaying = $sayings[$name] } }) + @{ name = 'web' })
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $seen = Invoke-Reconcile -Lab $lab -Option @{ GuestTimeoutSeconds = 20; Verbose = $true }
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 90
        Get-HostSyncStatus -Seen $seen | Should -Be @(@(foreach ($name in $names) { "$name failed" }) + 'web synced')
        $seen.Errors | Should -HaveCount $names.Count
        $seen.Left | Should -HaveCount $names.Count
        $texts = Assert-CleanText -Seen $seen
        # Only the text of an error is told, behind words of ours.
        @($texts | Where-Object { $_ -match 'MARK' -and $_ -notmatch 'its hosts file could not be updated: ' }) | Should -BeNullOrEmpty
    }
}

Describe 'A guest reached by Data Exchange' {
    It 'may acknowledge and call itself what it will: it fails or is skipped, with clean words, and the healthy one is synced' {
        $dirt = "$escape[31m$([char] 0x202e)" + 'x' * 900
        $lab = New-Lab -Machine @(
            @{ name = 'answer'; Os = 'linux'; Agent = 'ragnatramp'; AgentFailure = "failed read-only $dirt" }
            @{ name = 'system'; Os = 'linux'; OsName = "Windows $dirt" }
            @{ name = 'items'; Os = 'linux'; OsName = $dirt }
            @{ name = 'well'; Os = 'linux'; Agent = 'ragnatramp' }
        )
        Set-SimulatedGuestItem -Id $lab.Machine.items.Id -Item @{ 'ragnatramp.guest' = $dirt; 'ragnatramp.answer' = $dirt; "name $dirt" = $dirt }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto -Option @{ GuestTimeoutSeconds = 2; Verbose = $true }
        $status = Get-HostSyncStatus -Seen $seen
        $status[0] | Should -Be 'answer failed'
        $status[1] | Should -Be 'system skipped'
        $status[3] | Should -Be 'well synced'
        $null = Assert-CleanText -Seen $seen
    }
}
