# Labs on the simulated Hyper-V: a config, the state that creating its machines would have left, and the machines.

function New-Lab {
    <#
    .SYNOPSIS
        Makes a lab and points the simulated Hyper-V at it.
    .DESCRIPTION
        Without more: web and db, in a new folder below the test drive. Machines are hashtables: name, and where they differ from a running Windows guest at 172.20.0.N, whose password
        is Get-LabCredential's:
        inConfig, inState, hasVM ($false leaves it out there), network (what the state knows of it), cpu and memory (of
        the config), and whatever Add-SimulatedVM takes (HostName, Address, AddressSeries, Adapter, State, Os, Daemon, Notes, ...).
        A Name there gives the VM another name than the one that follows from the config.
    .OUTPUTS
        An object with Folder, Config, StatePath, HyperV, and Machine (by name: Id, Name, HostsPath, GuestPath).
    #>
    [CmdletBinding()]
    param(
        [string] $Folder = [IO.Path]::Combine($TestDrive, "lab-$([guid]::NewGuid().ToString('N').Substring(0, 8))"),
        [hashtable[]] $Machine = @(@{ name = 'web' }, @{ name = 'db' }),
        [string] $Project = 'lab',
        [switch] $WithoutState
    )
    $Folder = [IO.Path]::GetFullPath($Folder)
    $lab = [pscustomobject]@{
        Folder    = $Folder
        Config    = [IO.Path]::Combine($Folder, 'ragnatramp.yaml')
        StatePath = [IO.Path]::Combine($Folder, '.ragnatramp', 'state.json')
        HyperV    = [IO.Path]::Combine($Folder, 'hyper-v')
        Machine   = @{}
    }
    Enter-Lab -Lab $lab
    $hash = Get-ConfigHash -Path $lab.Config
    $ours = 'inConfig', 'inState', 'hasVM', 'network', 'cpu', 'memory'
    $number = 9
    $entries = [ordered] @{}
    $yaml = @('project:', "  name: $Project", 'defaults:', '  base_image: base.vhdx', 'machines:')
    foreach ($given in $Machine) {
        $number++
        $one = @{ inConfig = $true; inState = $true; hasVM = $true; network = $null; cpu = 2; memory = 2048; Id = [guid]::NewGuid() }
        foreach ($key in $given.Keys) { $one[$key] = $given[$key] }
        $vmName = "$Project-$($given.name)-$hash"
        if ($one.hasVM) {
            $vm = @{
                Name = $vmName; Os = 'windows'; HostName = $given.name; ConfigPath = $lab.Config; Address = "172.20.0.$number"
                Credential = Get-LabCredential; Adapter = @(@{
                        name = 'Network Adapter'; mac = '00155D00{0:X4}' -f $number; switchName = 'Default Switch'
                        switchId = 'c08cb7b8-9b3c-408e-8e30-5e16a3aeb444'; addresses = @()
                    })
            }
            foreach ($key in $one.Keys) { if ($ours -notcontains $key -and $key -cne 'name') { $vm[$key] = $one[$key] } }
            if ($one.Contains('Notes')) { $vm.Remove('ConfigPath') }
            if ($one.Contains('Adapter') -or $one.Contains('AddressSeries')) { $vm.Remove('Address') }
            if ($one.Contains('vmName')) { $vm.Remove('vmName'); $vm.Name = $one.vmName }
            $lab.Machine[$given.name] = Add-LabVM -Setting $vm
        } else {
            $lab.Machine[$given.name] = [pscustomobject]@{ Id = $one.Id; Name = $vmName; HostsPath = ''; GuestPath = '' }
        }
        if ($one.inConfig) { $yaml += @("  - name: $($given.name)", "    cpu: $($one.cpu)", "    memory: $($one.memory)") }
        if ($one.inState) {
            $entry = [ordered] @{
                id = "$($one.Id)"; name = $vmName; machineName = $given.name; diskPath = "D:\VMs\$($given.name).vhdx"
                createdAt = '2026-11-20T09:00:00.000Z'; checkpoints = @()
            }
            if ($null -ne $one.network) { $entry.network = $one.network }
            $entries[$given.name] = $entry
        }
    }
    $utf8 = [Text.UTF8Encoding]::new($false)
    [IO.File]::WriteAllText($lab.Config, ($yaml -join "`n") + "`n", $utf8)
    if (-not $WithoutState) {
        $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($lab.StatePath))
        [IO.File]::WriteAllText($lab.StatePath, (ConvertTo-Json -Depth 6 -InputObject ([ordered] @{
                        version = 1; configHash = '00000000'; configPath = $lab.Config; project = $Project
                        createdAt = '2026-11-20T08:59:58.000Z'; updatedAt = '2026-11-20T09:00:00.000Z'; vms = $entries
                    })), $utf8)
    }
    $lab
}

function Add-LabVM {
    # A machine whose one adapter has a MAC that the test can name; addresses are put on it afterwards.
    param([Parameter(Mandatory)] [hashtable] $Setting)
    $later = @{}
    foreach ($key in 'Address', 'AddressSeries') {
        if ($Setting.Contains($key)) { $later[$key] = $Setting[$key]; $Setting.Remove($key) }
    }
    if ($later.Count -gt 0) {
        $adapter = @{} + @($Setting.Adapter)[0]
        $adapter.addresses = if ($later.Contains('AddressSeries')) {
            @(foreach ($shown in $later.AddressSeries) { , @($shown | Where-Object { $_ }) })
        } else {
            @($later.Address | Where-Object { $_ })
        }
        $Setting.Adapter = @($adapter)
    }
    Add-SimulatedVM @Setting
}

function Enter-Lab {
    <#
    .SYNOPSIS
        Points the simulated Hyper-V at a lab.
    .DESCRIPTION
        Its module is loaded where it is not yet, or where that must be done anew (a lab that is not installed exports
        nothing).
    #>
    param([Parameter(Mandatory)] [object] $Lab, [switch] $Anew)
    $null = New-SimulatedLab -Path $Lab.HyperV
    $loaded = Get-Module -Name Hyper-V
    if ($Anew -or -not $loaded -or $loaded.ExportedCommands.Count -eq 0) { Import-SimulatedHyperV }
}

function Get-LabState {
    <# .SYNOPSIS The state file of a lab as an object. #>
    param([Parameter(Mandatory)] [object] $Lab)
    ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Lab.StatePath))
}

function Get-LabCredential {
    <# .SYNOPSIS The account of every guest, or another one. #>
    param([string] $Password = 'right')
    $secret = [Security.SecureString]::new()
    foreach ($character in $Password.ToCharArray()) { $secret.AppendChar($character) }
    [pscredential]::new('Administrator', $secret)
}

function Get-KnownNetwork {
    <# .SYNOPSIS What the state keeps of a machine that had this address at an earlier time. #>
    param(
        [Parameter(Mandatory)] [string] $Ipv4, [string] $Previous, [string] $Mac = '00:15:5D:00:00:0A',
        [datetime] $At = [datetime]::new(2026, 11, 20, 10, 0, 0, [DateTimeKind]::Utc)
    )
    [ordered] @{
        ipv4 = $Ipv4; ipv6 = @('fe80::1'); mac = $Mac; adapterName = 'Network Adapter'
        discoveredAt = $At.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", [Globalization.CultureInfo]::InvariantCulture)
        source = 'hyperv'; previousIpv4 = if ($Previous) { $Previous }
    }
}

function New-TestFolder {
    <# .SYNOPSIS Makes a folder below the test drive, where it is not yet, and gives its full path. #>
    param([Parameter(Mandatory)] [string] $Name)
    [IO.Directory]::CreateDirectory([IO.Path]::GetFullPath("$TestDrive/$Name")).FullName
}
