# -Credential as an account for all guests, a user name or a map, and how long a guest may take.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $right = Get-LabCredential
    $wrong = Get-LabCredential -Password 'wrong'
    # Of each machine, the password with which a map would enter it; nothing where it would not.
    function Get-Chosen {
        param([object] $Map, [string[]] $Machine)
        & (Get-Module -Name Ragnatramp) {
            param($map, $machines)
            $list = @(Resolve-GuestCredential -Credential $map)
            foreach ($name in $machines) {
                $found = Select-GuestCredential -Credential $list -Machine $name
                if ($null -eq $found) { "$name -" } else { "$name $($found.GetNetworkCredential().Password)" }
            }
        } $Map $Machine
    }
}

Describe 'A map of credentials' {
    It 'gives each machine the account of the first name that fits: <Why>' -ForEach @(
        @{ Why = 'in order'; Map = { [ordered] @{ 'we*' = (Get-LabCredential 'a'); 'web' = (Get-LabCredential 'b') } }; Chosen = 'web a', 'db -' }
        @{ Why = 'whatever the case'; Map = { [ordered] @{ 'WEB' = (Get-LabCredential 'a'); '*' = (Get-LabCredential 'b') } }; Chosen = 'web a', 'db b' }
        @{ Why = 'exact names first where there is no order'; Map = { @{ '*' = (Get-LabCredential 'b'); 'w*' = (Get-LabCredential 'c'); 'web' = (Get-LabCredential 'a') } }; Chosen = 'web a', 'db b' }
        @{ Why = 'null is none'; Map = { [ordered] @{ 'web' = $null; '*' = (Get-LabCredential 'b') } }; Chosen = 'web -', 'db b' }
        @{ Why = 'a map without entries'; Map = { @{} }; Chosen = 'web -', 'db -' }
        @{ Why = 'one account for all'; Map = { Get-LabCredential 'a' }; Chosen = 'web a', 'db a' }
    ) {
        Get-Chosen -Map (& $Map) -Machine 'web', 'db' | Should -Be $Chosen
    }

    It 'enters each guest with its own account, and no other' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }, @{ name = 'dc' }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ Credential = [ordered] @{ db = $wrong; 'w*' = $right } }
        Get-HostSyncStatus -Seen $seen | Should -Be @('web synced', 'db failed', 'dc skipped')
        $seen.Output[0].HostSync[2].Reason | Should -Be 'no-credential'
        $seen.Errors | Should -HaveCount 1
        $seen.Errors[0].Exception.Message | Should -BeLike 'db: PowerShell Direct was refused*'
        $seen.Warnings | Should -HaveCount 1
        $seen.Warnings[0] | Should -BeLike 'dc: no name in -Credential fits*'
        @(Get-SimulatedCall -Cmdlet 'Invoke-Command') | Should -HaveCount 3
    }

    It 'in which nothing fits a Windows guest plans nothing for it' {
        $lab = New-Lab -Machine @{ name = 'web' }, @{ name = 'db' }
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto -Option @{ Credential = @{ web = $right }; WhatIf = $true; Verbose = $true }
        Get-HostSyncStatus -Seen $seen | Should -Be @('web planned', 'db skipped')
        @($seen.Verbose -like '*db*hosts*+*') | Should -BeNullOrEmpty
        Get-SimulatedCall -Cmdlet 'Invoke-Command' | Should -BeNullOrEmpty
    }

    It 'is refused before anything is asked where a value is no account: <Why>' -ForEach @(
        @{ Why = 'a number'; Given = 42 }
        @{ Why = 'a number in a map'; Given = @{ web = 42 } }
        @{ Why = 'a name that is no text'; Given = @{ 1 = [pscredential]::Empty } }
        @{ Why = 'a list'; Given = @('web', 'db') }
    ) {
        $lab = New-Lab -Machine @{ name = 'web' }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ Credential = $Given }
        $seen.Thrown.Exception.Message | Should -BeLike 'Credential takes a credential, a user name, or a hashtable*'
        $seen.Output | Should -BeNullOrEmpty
        Get-SimulatedCall | Should -BeNullOrEmpty
    }

    It 'asks for the password of a user name: <Why>' -ForEach @(
        @{ Why = 'alone'; Given = 'Administrator' }
        @{ Why = 'in a map'; Given = @{ web = 'Administrator' } }
    ) {
        $lab = New-Lab -Machine @{ name = 'web' }
        $seen = Invoke-Reconcile -Lab $lab -Option @{ Credential = $Given }
        # Nobody can answer here, so the question is what ends the run.
        $seen.Thrown.Exception.Message | Should -BeLike '*NonInteractive*'
        Get-SimulatedCall | Should -BeNullOrEmpty
    }
}

Describe 'The time of a guest' {
    It 'is 30 s for a first session of PowerShell Direct, where nothing is said' {
        $lab = New-Lab -Machine @{ name = 'web'; GuestDelay = 6000 }
        Get-HostSyncStatus -Seen (Invoke-Reconcile -Lab $lab) | Should -Be @('web synced')
    }

    It 'is what -GuestTimeoutSeconds says, by PowerShell Direct and by Data Exchange' {
        $lab = New-Lab -Machine @{ name = 'web'; GuestDelay = 4000 }, @{ name = 'mute'; Os = 'linux'; Agent = 'ragnatramp'; AgentQuery = 1000 }
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $seen = Invoke-Reconcile -Lab $lab -Transport Auto -Option @{ Credential = $right; GuestTimeoutSeconds = 1 }
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        @($seen.Errors | ForEach-Object { $_.Exception.Message }) -like '*within 1 s*' | Should -HaveCount 2
    }
}
