# The stand-in for ragnatramp's script in a Linux guest: it merges by the shared cases and acknowledges by the protocol.

BeforeDiscovery {
    $text = [IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'vectors', 'hosts-merge-vectors.json'))
    $cases = @((ConvertFrom-Json -InputObject $text).cases | Where-Object { $null -ne $_.PSObject.Properties['input_base64'] } |
            ForEach-Object { @{ Name = $_.name; Case = $_ } })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    Enter-Lab -Lab @{ HyperV = "$TestDrive/lab" }
    $space = 'root\virtualization\v2'
    $service = Get-CimInstance -Namespace $space -ClassName 'Msvm_VirtualSystemManagementService'
    $block = "# BEGIN RAGNATRAMP`n# Managed by ragnatramp - do not edit this block`n172.20.1.5 web`n# END RAGNATRAMP`n"

    # Sends a block as the host does: parts first, then the item that announces them.
    function Send-Block {
        param([guid] $Id, [string] $Text, [string] $Digest = (Get-TextDigest -Text $Text), [guid] $For = $Id)
        $items = [ordered] @{}
        $count = 0
        if ($Text) {
            $items['ragnatramp.block.0'] = $Text.TrimEnd("`n").Replace("`n", '|')
            $count = 1
        }
        $items['ragnatramp.block'] = "v2 $count $Digest $For lab-00000000"
        $system = Get-CimInstance -Namespace $space -ClassName 'Msvm_ComputerSystem' -Filter "Name = '$Id'"
        $there = @(Get-SimulatedHostItem -Id $Id | ForEach-Object { $_.Name })
        foreach ($name in $items.Keys) {
            $method = if ($there -contains $name) { 'ModifyKvpItems' } else { 'AddKvpItems' }
            $null = Invoke-CimMethod -InputObject $service -MethodName $method -Arguments @{
                TargetSystem = $system; DataItems = [string[]] @(Get-KvpItemText -Name $name -Data $items[$name])
            }
        }
    }

    function Get-Acknowledgement {
        param([guid] $Id)
        Get-SimulatedGuestItem -Id $Id -Pool 1 | Where-Object { $_.Name -eq 'ragnatramp.answer' } | ForEach-Object { $_.Value }
    }
}

Describe 'The merge of the stand-in guest' {
    It 'keeps to the case <Name>' -ForEach $cases {
        $latin = [Text.Encoding]::GetEncoding(28591)
        $text = $latin.GetString([Convert]::FromBase64String($Case.input_base64))
        $merged = & (Get-Module -Name 'Hyper-V') { Merge-HostsBlock -Text $args[0] -Block $args[1] } $text $Case.block
        if ($null -ne $Case.expect.PSObject.Properties['refuse']) {
            $merged.Lines -join ',' | Should -Be ($Case.expect.refuse.lines -join ',')
            $merged.Text | Should -BeExactly $text
        }
        else {
            $merged.Lines | Should -HaveCount 0
            [Convert]::ToBase64String($latin.GetBytes($merged.Text)) | Should -BeExactly $Case.expect.output_base64
        }
    }
}

Describe 'The acknowledgement of the stand-in guest' {
    It 'is there before any block' {
        $guest = Add-SimulatedVM -Name 'fresh' -Agent 'ragnatramp'
        (Get-SimulatedGuestItem -Id $guest.Id -Pool 1).Value | Should -Be 'v2 2.0.0 debian 12'
    }

    It 'says synced, with digest and check, and stays so' {
        $guest = Add-SimulatedVM -Name 'web' -Agent 'ragnatramp' -Hosts "127.0.0.1 localhost`n"
        foreach ($time in 1..2) {
            Send-Block -Id $guest.Id -Text $block
            $told = Get-Acknowledgement -Id $guest.Id
            $told | Should -BeLike "v2 synced $(Get-TextDigest -Text $block) $($guest.Id) lab-00000000 2.0.0 ok * check=????????"
            $body, $check = $told -split ' check='
            $check | Should -Be (Get-TextDigest -Text $body).Substring(0, 8)
            [IO.File]::ReadAllText($guest.HostsPath) | Should -BeExactly "127.0.0.1 localhost`n`n$block"
        }
    }

    It 'says unchanged where the file held the block already' {
        $guest = Add-SimulatedVM -Name 'same' -Agent 'ragnatramp' -Hosts $block
        Send-Block -Id $guest.Id -Text $block
        Get-Acknowledgement -Id $guest.Id | Should -BeLike 'v2 unchanged *'
    }

    It 'takes the block out when it is withdrawn' {
        $guest = Add-SimulatedVM -Name 'gone' -Agent 'ragnatramp' -Hosts "first`n${block}last`n"
        Send-Block -Id $guest.Id -Text ''
        Get-Acknowledgement -Id $guest.Id | Should -BeLike "v2 synced $(Get-TextDigest -Text '') *"
        [IO.File]::ReadAllText($guest.HostsPath) | Should -BeExactly "first`nlast`n"
    }

    It 'refuses a file with loose markers' {
        $guest = Add-SimulatedVM -Name 'loose' -Agent 'ragnatramp' -Hosts "a`n# END RAGNATRAMP`n"
        Send-Block -Id $guest.Id -Text $block
        Get-Acknowledgement -Id $guest.Id | Should -BeLike 'v2 refused * markers *lines 2 check=*'
    }

    It 'says nothing while the block is not whole' {
        $guest = Add-SimulatedVM -Name 'half' -Agent 'ragnatramp'
        Send-Block -Id $guest.Id -Text $block -Digest ('0' * 64)
        Get-Acknowledgement -Id $guest.Id | Should -BeNullOrEmpty
    }

    It 'says nothing to a block for another VM, and leaves the file alone' {
        $guest = Add-SimulatedVM -Name 'copied' -Agent 'ragnatramp' -Hosts "127.0.0.1 localhost`n"
        Send-Block -Id $guest.Id -Text $block -For ([guid]::NewGuid())
        Get-Acknowledgement -Id $guest.Id | Should -BeNullOrEmpty
        [IO.File]::ReadAllText($guest.HostsPath) | Should -BeExactly "127.0.0.1 localhost`n"
    }

    It 'is told its VM by the host''s own items' {
        $guest = Add-SimulatedVM -Name 'named' -Agent 'ragnatramp'
        Send-Block -Id $guest.Id -Text $block
        $items = Get-SimulatedGuestItem -Id $guest.Id -Pool 3
        @($items | Where-Object { $_.Name -eq 'VirtualMachineId' })[0].Value | Should -BeExactly "$($guest.Id)".ToUpperInvariant()
    }

    It 'can take some queries, and can be a failure' {
        $guest = Add-SimulatedVM -Name 'slow' -Agent 'ragnatramp' -AgentQuery 2 -AgentFailure 'failed read-only The disk is read-only.'
        Send-Block -Id $guest.Id -Text $block
        $acknowledged = foreach ($query in 1..3) {
            $null = Get-CimInstance -Namespace $space -ClassName 'Msvm_KvpExchangeComponent' -Filter "SystemName = '$($guest.Id)'"
            [bool] (Get-Acknowledgement -Id $guest.Id)
        }
        $acknowledged | Should -Be @($false, $true, $true)
        Get-Acknowledgement -Id $guest.Id | Should -BeLike 'v2 failed * read-only The disk is read-only. check=*'
    }
}
