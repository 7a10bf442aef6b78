# The shared cases of one whole reconcile, staged on the simulated Hyper-V and run through the cmdlet.

BeforeDiscovery {
    $file = [IO.Path]::Combine($PSScriptRoot, 'vectors', 'reconcile-vectors.json')
    $names = @([regex]::Matches([IO.File]::ReadAllText($file), '(?m)^\{"name": "([^"]+)"') | ForEach-Object { @{ Name = $_.Groups[1].Value } })
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $lines = [IO.File]::ReadAllLines([IO.Path]::Combine($PSScriptRoot, 'vectors', 'reconcile-vectors.json'))

    function Get-Case {
        # A case as an object, moved from C:\Users\dev\lab to the test's folder, in whatever spelling the path stands there.
        param([string] $Name, [string] $Config)
        $line = @($lines | Where-Object { $_.StartsWith("{`"name`": `"$Name`"") })[0].Trim().TrimEnd(',')
        $quoted = (ConvertTo-Json -InputObject $Config).Trim('"')
        $line = [regex]::Replace($line, '(?i)C:(\\\\|/)Users(\\\\|/)dev(\\\\|/)lab(\\\\|/)ragnatramp\.yaml', {
                param($found)
                $path = $quoted
                if ($found.Groups[1].Value -eq '/') { $path = $path.Replace('\\', '/') }
                if ($found.Value -cmatch 'DEV') { $path = $path.ToUpperInvariant() }
                $path
            })
        ConvertFrom-Json -InputObject $line.Replace('1e34e7cc', (Get-ConfigHash -Path $Config))
    }

    function New-CaseLab {
        param([string] $Name)
        $folder = [IO.Path]::GetFullPath("$TestDrive/$Name")
        $config = [IO.Path]::Combine($folder, 'ragnatramp.yaml')
        $case = Get-Case -Name $Name -Config $config
        $state = [IO.Path]::Combine($folder, '.ragnatramp', 'state.json')
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($state))
        $yaml = @('project:', "  name: $($case.config.project)", 'defaults:', '  base_image: b.vhdx', 'machines:')
        $yaml += @($case.config.machines | ForEach-Object { "  - name: $_" })
        [IO.File]::WriteAllLines($config, $yaml)
        [IO.File]::WriteAllText($state, (ConvertTo-Json -InputObject $case.state -Depth 10))
        Enter-Lab -Lab ([pscustomobject]@{ HyperV = [IO.Path]::Combine($folder, 'hyper-v') })
        Import-SimulatedCase -Case $case
        [pscustomobject]@{ Config = $config; StatePath = $state; Case = $case }
    }

    # One text per value, so that whole lists compare; times are only there or not.
    function ConvertTo-Word {
        param([object] $Value, [string[]] $Key)
        $parts = foreach ($name in $Key) {
            $property = $Value.PSObject.Properties[$name]
            $one = if ($null -ne $property) { $property.Value }
            $text = if ($null -eq $one) { 'null' } elseif ($one -is [array]) { "[$($one -join ' ')]" } else { [string] $one }
            if ($name -eq 'discoveredAt' -and $null -ne $one) { $text = 'a time' }
            "$name=$text"
        }
        $parts -join '; '
    }

    # Piped to Should, an empty list would be nothing at all.
    function Assert-SameList {
        param([object[]] $Actual, [object[]] $Expected)
        $Actual -join "`n" | Should -BeExactly ($Expected -join "`n")
    }

    $discoveryKeys = 'machineName', 'state', 'ipv4', 'ipv6', 'mac', 'adapterName', 'source'
    $networkKeys = 'ipv4', 'ipv6', 'mac', 'adapterName', 'source'
}

Describe 'The cases' {
    It 'are 20' { @($lines | Where-Object { $_.StartsWith('{"name"') }) | Should -HaveCount 20 }
}

Describe 'The case <Name>' -ForEach $names {
    BeforeAll {
        $lab = New-CaseLab -Name $Name
        $expect = $lab.Case.expect
        $partial = $null -ne $lab.Case.PSObject.Properties['allowPartial'] -and $lab.Case.allowPartial
        $stateBefore = [IO.File]::ReadAllText($lab.StatePath)
        $seen = Watch-Run { Invoke-RagnaReconcile -Path $lab.Config -TimeoutSeconds 0 -GuestTransport None -AllowPartial:$partial }
        $result = $seen.Output[0]
    }

    It 'discovers what it expects' {
        $actual = @(foreach ($row in $result.Discovery) {
                "machineName=$($row.MachineName); state=$($row.State); " + (ConvertTo-Word -Value $row.Network -Key $networkKeys)
            })
        Assert-SameList -Actual $actual -Expected @($expect.discovery | ForEach-Object { ConvertTo-Word -Value $_ -Key $discoveryKeys })
    }

    It 'passes or fails at the gate' {
        $withoutAddress = @(if ($partial) { $result.Warnings | Where-Object { $_.Code -eq 'RECONCILE_IP_FAILED' } | ForEach-Object { $_.MachineName } }
            else { $seen.Errors | Where-Object { $_.FullyQualifiedErrorId -like 'RECONCILE_IP_FAILED,*' } | ForEach-Object { $_.TargetObject } })
        Assert-SameList -Actual $withoutAddress -Expected @($expect.gateMachines)
    }

    It 'tells the differences, the block and who is left out' {
        $keys = 'machineName', 'changed', 'previousIpv4'
        Assert-SameList -Actual @($result.Diffs | ForEach-Object { ConvertTo-Word -Value $_ -Key $keys }) `
            -Expected @($expect.diffs | ForEach-Object { ConvertTo-Word -Value $_ -Key $keys })
        $result.HostsBlock | Should -BeExactly $expect.hostsBlock
        $left = @($result.HostSync | Where-Object { $_.Reason -ne 'declined' } | ForEach-Object { "$($_.MachineName) $($_.Reason)" })
        Assert-SameList -Actual $left -Expected @($expect.excludedFromSync | ForEach-Object { "$($_.machineName) $($_.reason)" })
    }

    It 'warns of what it expects' {
        $own = @($seen.Errors | Where-Object { $_.FullyQualifiedErrorId -like 'OWNERSHIP*' } |
                ForEach-Object { "OWNERSHIP_VERIFICATION_FAILED $($_.TargetObject)" })
        # The cases tell nothing of the host's own addresses, and do not know the warning about them.
        $told = @($result.Warnings | Where-Object { 'RECONCILE_IP_FAILED', 'ADDRESS_AMBIGUOUS' -notcontains $_.Code } | ForEach-Object { "$($_.Code) $($_.MachineName)" })
        $expected = @($expect.warnings | ForEach-Object { "$($_.code) $($_.machineName)" } | Sort-Object)
        Assert-SameList -Actual @($own + $told | Sort-Object) -Expected $expected
    }

    It 'stores what it expects' {
        $text = [IO.File]::ReadAllText($lab.StatePath)
        $expected = @($expect.network.PSObject.Properties)
        if ($expected.Count -eq 0) {
            $text | Should -BeExactly $stateBefore
        } else {
            $stored = (ConvertFrom-Json -InputObject $text).vms.PSObject.Properties
            foreach ($machine in $expected) {
                $keys = @($machine.Value.PSObject.Properties.Name)
                $network = $stored[$machine.Name].Value.network
                @($network.PSObject.Properties.Name | Sort-Object) | Should -BeExactly @($keys | Sort-Object)
                ConvertTo-Word -Value $network -Key $keys | Should -BeExactly (ConvertTo-Word -Value $machine.Value -Key $keys)
            }
        }
    }
}
