# Labs of any size for measurements. Hyper-V's answers are objects of the simulated Hyper-V, made once and handed out again: to read
# 1,000 machines from a folder takes the simulation seconds, and what is measured is what comes on top of Hyper-V.

function New-BenchLab {
    <#
    .SYNOPSIS
        A lab whose machines run, whose guests have Ragnatramp's script, and whose addresses are recorded: config, the same config as
        JSON for the plain PowerShell, and state.
    .OUTPUTS
        As New-Lab, and Json.
    #>
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes a lab in a folder of its own.')]
    param([Parameter(Mandatory)] [string] $Folder, [Parameter(Mandatory)] [int] $Machine)
    $lab = New-Lab -Folder $Folder -Machine @{ name = 'm1'; Os = 'linux' }
    $hash = Get-ConfigHash -Path $lab.Config
    $yaml = [Text.StringBuilder]::new("project:`n  name: lab`ndefaults:`n  base_image: base.vhdx`nmachines:`n")
    $vms = [ordered] @{}
    $machines = @(foreach ($number in 1..$Machine) {
            $name = "m$number"
            $null = $yaml.Append("  - name: $name`n    cpu: 2`n    memory: 2048`n")
            $vms[$name] = [ordered] @{
                id = [guid]::NewGuid().ToString(); name = "lab-$name-$hash"; machineName = $name; diskPath = "D:\VMs\$name.vhdx"
                createdAt = '2026-11-20T09:00:00.000Z'; checkpoints = @()
                network = Get-KnownNetwork -Ipv4 (Get-BenchAddress -Number $number) -Mac ('00:15:5D:00:{0:X2}:{1:X2}' -f ($number -shr 8), ($number -band 255))
            }
            @{ name = $name; cpu = 2; memory = 2048 }
        })
    [IO.File]::WriteAllText($lab.Config, $yaml.ToString())
    $json = [IO.Path]::ChangeExtension($lab.Config, 'json')
    [IO.File]::WriteAllText($json, (ConvertTo-Json -Depth 4 -InputObject @{ project = @{ name = 'lab' }; defaults = @{ base_image = 'base.vhdx' }; machines = $machines }))
    [IO.File]::WriteAllText($lab.StatePath, (ConvertTo-Json -Depth 6 -InputObject ([ordered] @{
                    version = 1; configHash = '00000000'; configPath = $lab.Config; project = 'lab'
                    createdAt = '2026-11-20T08:59:58.000Z'; updatedAt = '2026-11-20T09:00:00.000Z'; vms = $vms
                })))
    Set-BenchAnswer -Entry @($vms.Values)
    $lab | Add-Member -NotePropertyName Json -NotePropertyValue $json -PassThru
}

function Get-BenchAddress {
    # The address of a machine by its number.
    param([int] $Number)
    '172.21.{0}.{1}' -f [Math]::Floor($Number / 250), ($Number % 250 + 1)
}

function Set-BenchAnswer {
    # Has Hyper-V's cmdlets answer for machines with these entries of a state, at once.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Changes the session of a measurement.')]
    param([Parameter(Mandatory)] [object[]] $Entry)
    $vm = Hyper-V\Get-VM
    # Nothing that Get-RagnaStatus would call a drift, and the plain PowerShell would not.
    $vm.Uptime = [timespan]::FromDays(30)
    $vm.AutomaticCheckpointsEnabled = $false
    $of = @{
        'Get-VMNetworkAdapter'     = @(Hyper-V\Get-VMNetworkAdapter -VM $vm)
        'Get-VMIntegrationService' = @(Hyper-V\Get-VMIntegrationService -VM $vm)
        'Get-VMFirmware'           = @(if ($vm.Generation -eq 2) { Hyper-V\Get-VMFirmware -VM $vm })
        'Get-VMHardDiskDrive'      = @(Hyper-V\Get-VMHardDiskDrive -VM $vm)
        'Get-VMDvdDrive'           = @(Hyper-V\Get-VMDvdDrive -VM $vm)
        'Get-VMSnapshot'           = @()
    }
    $answers = @{ 'Get-VM' = [Collections.Generic.List[object]]::new() }
    foreach ($name in $of.Keys) { $answers[$name] = [Collections.Generic.List[object]]::new() }
    $number = 0
    foreach ($one in $Entry) {
        $number++
        $copy = $vm.PSObject.Copy()
        $copy.Id = $copy.VMId = [guid] $one.id
        $copy.Name = $copy.VMName = $one.name
        $answers['Get-VM'].Add($copy)
        foreach ($name in $of.Keys) {
            foreach ($part in $of[$name]) {
                $copy = $part.PSObject.Copy()
                $copy.VMId = [guid] $one.id
                $copy.VMName = $one.name
                if ($name -eq 'Get-VMNetworkAdapter') {
                    $copy.MacAddress = $one.network.mac.Replace(':', '')
                    $copy.IPAddresses = [string[]] @((Get-BenchAddress -Number $number), 'fe80::1')
                }
                $answers[$name].Add($copy)
            }
        }
    }
    $guests = New-Exchange -VMId ([string[]] @(foreach ($one in $Entry) { $one.id.ToUpperInvariant() }))
    $components = & $guests.Functions['Get-CimInstance'] -ClassName Msvm_KvpExchangeComponent
    foreach ($name in $answers.Keys) {
        $answer = $answers[$name].ToArray()
        Set-Function -Module 'Hyper-V' -Name $name -Body { $answer }.GetNewClosure()
    }
    Set-Function -Module 'CimCmdlets' -Name 'Get-CimInstance' -Body { $components }.GetNewClosure()
}
