# Labs on the simulated Hyper-V: a config, its state, and its machines, all in one folder of the test.

function New-Lab {
    <#
    .SYNOPSIS
        Makes a lab and points the simulated Hyper-V at it.
    .DESCRIPTION
        Writes ragnatramp.yaml, the state that creating its machines would have left, and one simulated VM per machine.
        Machines are hashtables: name; and where they differ from a running Windows guest at 172.20.0.N: address (one,
        a list, or a list of lists: an answer per look), state, os (windows, linux), osName, daemon, hosts (the guest's
        file), notes, vmName, inState, inConfig, hasVM, network (what the state knows), failure and delay (of the guest).
    .OUTPUTS
        An object with Folder, Config, StatePath, HyperV, and Machine (by name: Id, VMName, HostsPath).
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [hashtable[]] $Machine,
        [string] $Project = 'lab',
        [object[]] $Neighbour = @(),
        [switch] $WithoutState
    )
    $utf8 = [System.Text.UTF8Encoding]::new($false)
    $lab = [pscustomobject]@{
        Folder    = $Folder
        Config    = [System.IO.Path]::Combine($Folder, 'ragnatramp.yaml')
        StatePath = [System.IO.Path]::Combine($Folder, '.ragnatramp', 'state.json')
        HyperV    = [System.IO.Path]::Combine($Folder, 'hyper-v')
        Machine   = @{}
    }
    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($lab.HyperV, 'vms'))
    $sha = [System.Security.Cryptography.SHA256]::Create()
    $path = $utf8.GetBytes($lab.Config.Replace('\', '/').ToLowerInvariant())
    $hash = -join ($sha.ComputeHash($path)[0..3] | ForEach-Object { $_.ToString('x2') })
    $sha.Dispose()

    $yaml = @('project:', "  name: $Project", 'defaults:', '  base_image: base.vhdx', 'machines:')
    $vms = [ordered] @{}
    $number = 9
    foreach ($given in $Machine) {
        $number++
        $one = @{
            address = "172.20.0.$number"; state = 'Running'; os = 'windows'; osName = ''; daemon = $true
            inState = $true; inConfig = $true; hasVM = $true; network = $null; failure = ''; delay = 0
            hosts = "127.0.0.1`tlocalhost`r`n"; vmName = "$Project-$($given.name)-$hash"; switchId = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'
            notes = "ragnatramp:v0.1.0`nconfig:$($lab.Config)`nmanaged:true"; mac = '00155D0000{0:X2}' -f $number
        }
        foreach ($key in $given.Keys) { $one[$key] = $given[$key] }
        if (-not $one.osName) { $one.osName = if ($one.os -eq 'windows') { 'Windows 11 Pro' } else { 'Debian GNU/Linux' } }
        $id = [guid]::NewGuid().ToString()
        $etc = if ($one.os -eq 'windows') { 'Windows\System32\drivers\etc' } else { 'etc' }
        $hostsPath = [System.IO.Path]::Combine($lab.HyperV, 'guests', $id, $etc, 'hosts')
        $lab.Machine[$one.name] = [pscustomobject]@{ Id = $id; VMName = $one.vmName; HostsPath = $hostsPath; Mac = $one.mac }

        if ($one.inConfig) { $yaml += "  - name: $($one.name)" }
        if ($one.inState) {
            $entry = [ordered] @{
                id = $id; name = "$Project-$($one.name)-$hash"; machineName = $one.name
                diskPath = "D:\VMs\$($one.name).vhdx"; createdAt = '2026-11-20T09:00:00.000Z'; checkpoints = @()
            }
            if ($null -ne $one.network) { $entry.network = $one.network }
            $vms[$one.name] = $entry
        }
        if ($one.hasVM) {
            Set-LabVM -Lab $lab -Id $id -Value $one
            $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($hostsPath))
            [System.IO.File]::WriteAllText($hostsPath, $one.hosts, $utf8)
        }
    }
    [System.IO.File]::WriteAllText($lab.Config, ($yaml -join "`n") + "`n", $utf8)
    [System.IO.File]::WriteAllText("$($lab.HyperV)\neighbours.json", (ConvertTo-Json -Depth 3 -InputObject @($Neighbour)), $utf8)
    if (-not $WithoutState) {
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($lab.StatePath))
        $state = [ordered] @{
            version = 1; configHash = '00000000'; configPath = $lab.Config; project = $Project
            createdAt = '2026-11-20T08:59:58.000Z'; updatedAt = '2026-11-20T09:00:00.000Z'; vms = $vms
        }
        [System.IO.File]::WriteAllText($lab.StatePath, (ConvertTo-Json -Depth 6 -InputObject $state), $utf8)
    }
    Enter-Lab -Lab $lab
    $lab
}

function Set-LabVM {
    <# .SYNOPSIS Writes one simulated VM; the keys are those of New-Lab's machines. #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Writes into the folder of a test.')]
    param(
        [Parameter(Mandatory)] [object] $Lab,
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [hashtable] $Value
    )
    $addresses = @($Value.address)
    if ($null -eq $Value.address) { $addresses = @() }
    $adapter = @{
        name = 'Network Adapter'; mac = $Value.mac; switchName = 'Default Switch'; switchId = $Value.switchId; addresses = $addresses
    }
    $json = ConvertTo-Json -Depth 6 -InputObject @{
        id = $Id; name = $Value.vmName; state = $Value.state; notes = $Value.notes; processorCount = 2; memoryStartup = 2GB
        startedAt = if ($Value.state -eq 'Running') { '2026-11-20T09:00:00Z' }
        adapters = if ($Value.ContainsKey('adapters')) { @($Value.adapters) } else { @($adapter) }
        guest = @{
            os = $Value.os; osName = $Value.osName; daemon = $Value.daemon; delay = $Value.delay; failure = $Value.failure
            userName = 'Administrator'; password = 'right'
        }
    }
    [System.IO.File]::WriteAllText("$($Lab.HyperV)\vms\$Id.json", $json, [System.Text.UTF8Encoding]::new($false))
}

function Enter-Lab {
    <# .SYNOPSIS Points the simulated Hyper-V at a lab; its module is loaded anew, since a lab may say it is not there. #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Lab)
    $env:RAGNA_HYPERV_FOLDER = $Lab.HyperV
    $simulator = [System.IO.Path]::Combine($PSScriptRoot, '..', 'HyperVSimulator', 'Hyper-V', 'Hyper-V.psd1')
    Import-Module -Name ([System.IO.Path]::GetFullPath($simulator)) -Force -Global
}

function Get-LabCall {
    <# .SYNOPSIS The calls that reached the simulated Hyper-V of a lab, in their order. #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Lab)
    $file = "$($Lab.HyperV)\calls.jsonl"
    if ([System.IO.File]::Exists($file)) {
        foreach ($line in [System.IO.File]::ReadAllLines($file)) { ConvertFrom-Json -InputObject $line }
    }
}

function Get-LabCredential {
    <# .SYNOPSIS The account of every simulated guest, or another one. #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '',
        Justification = 'The password of a simulated guest.')]
    param([string] $Password = 'right')
    $secret = [System.Security.SecureString]::new()
    foreach ($character in $Password.ToCharArray()) { $secret.AppendChar($character) }
    [pscredential]::new('Administrator', $secret)
}
