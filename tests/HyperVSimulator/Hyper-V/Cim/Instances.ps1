# The instances of root\virtualization\v2 that Data Exchange needs, with the properties that matter to it.

$script:ExchangeService = '2A34B1C2-FD73-4043-8A5B-DD2159BC743F'

function ConvertTo-CimObject {
    <# .SYNOPSIS An instance: its properties, and what the CIM cmdlets hang on every instance. #>
    param([string] $Class, [System.Collections.Specialized.OrderedDictionary] $Property)
    $Property['PSTypeName'] = "Microsoft.Management.Infrastructure.CimInstance#root/virtualization/v2/$Class"
    $Property['CimClass'] = [pscustomobject] @{ CimClassName = $Class }
    $Property['CimSystemProperties'] = [pscustomobject] @{
        ClassName = $Class; Namespace = 'root/virtualization/v2'; ServerName = (Get-LabHost).ComputerName
    }
    [pscustomobject] $Property
}

function Get-EnabledState {
    <# .SYNOPSIS A machine's state as CIM counts it. #>
    param([object] $Machine)
    $known = @{ Running = 2; Off = 3; Stopping = 4; Saved = 6; Paused = 9; Starting = 10; Reset = 11 }
    $state = [string] $Machine.State
    if ($known.ContainsKey($state)) { return [uint16] $known[$state] }
    [uint16] 5
}

function Get-IntrinsicItem {
    <# .SYNOPSIS What the guest's daemon says of the guest's system. #>
    param([object] $Machine)
    $addresses = @(foreach ($adapter in $Machine.Adapters) { $adapter.series[-1] })
    $items = [ordered] @{
        FullyQualifiedDomainName = $Machine.Name; OSName = $Machine.OsName
        OSVersion                = if ($Machine.Os -eq 'windows') { '10.0.26100' } else { '6.12.48-amd64' }
        ProcessorArchitecture    = '9'; IntegrationServicesVersion = '3.1'
        NetworkAddressIPv4       = @($addresses | Where-Object { $_ -notmatch ':' }) -join ';'
        NetworkAddressIPv6       = @($addresses | Where-Object { $_ -match ':' }) -join ';'
    }
    foreach ($name in $items.Keys) { ConvertTo-DataItemText -Name $name -Data $items[$name] -Source 2 }
}

function Get-ExchangeComponent {
    <# .SYNOPSIS Data Exchange of a running machine: what its guest says. #>
    param([object] $Machine)
    $contact = $Machine.Running -and $Machine.Daemon -and $Machine.Exchange
    $own = $null
    $intrinsic = $null
    if ($contact) {
        Resume-GuestAgent -Machine $Machine
        $own = [string[]] @(foreach ($item in Read-GuestPool -MachineId $Machine.Id -Pool 1) {
                ConvertTo-DataItemText -Name $item.Name -Data $item.Value -Source 1
            })
        if ($null -eq $Machine.Intrinsic) { $Machine.Intrinsic = [string[]] @(Get-IntrinsicItem -Machine $Machine) }
        $intrinsic = $Machine.Intrinsic
    }
    $id = $Machine.Key.ToUpperInvariant()
    ConvertTo-CimObject -Class 'Msvm_KvpExchangeComponent' -Property ([ordered] @{
            ElementName                 = 'Key-Value Pair Exchange'
            SystemCreationClassName     = 'Msvm_ComputerSystem'
            SystemName                  = $id
            CreationClassName           = 'Msvm_KvpExchangeComponent'
            DeviceID                    = "Microsoft:$id\$script:ExchangeService"
            EnabledState                = [uint16] $(if ($Machine.Exchange) { 2 } else { 3 })
            OperationalStatus           = [uint16[]] @($(if ($contact) { 2 } else { 12 }))
            StatusDescriptions          = [string[]] @($(if ($contact) { 'OK' } else { 'No Contact' }))
            GuestExchangeItems          = $own
            GuestIntrinsicExchangeItems = $intrinsic
        })
}

function Get-ExchangeSetting {
    <# .SYNOPSIS Data Exchange in a machine's settings: what the host keeps for its guest. #>
    param([object] $Machine)
    $items = Read-HostItem -MachineId $Machine.Id
    ConvertTo-CimObject -Class 'Msvm_KvpExchangeComponentSettingData' -Property ([ordered] @{
            ElementName       = 'Key-Value Pair Exchange'
            InstanceID        = "Microsoft:$($Machine.Key.ToUpperInvariant())\$script:ExchangeService"
            EnabledState      = [uint16] $(if ($Machine.Exchange) { 2 } else { 3 })
            HostExchangeItems = [string[]] @(foreach ($name in $items.Keys) { ConvertTo-DataItemText -Name $name -Data $items[$name] -Source 0 })
            HostOnlyItems     = [string[]] @()
        })
}

function Get-CimObjectOfClass {
    <# .SYNOPSIS All instances of a class; $null for a class that the simulation does not have. #>
    param([string] $Class)
    $lab = Get-LabHost
    switch ($Class) {
        'Msvm_ComputerSystem' {
            ConvertTo-CimObject -Class $_ -Property ([ordered] @{
                    Name = $lab.ComputerName; ElementName = $lab.ComputerName; Caption = 'Hosting Computer System'
                    CreationClassName = $_; EnabledState = [uint16] 2
                })
            foreach ($machine in Get-LabMachine) {
                ConvertTo-CimObject -Class $_ -Property ([ordered] @{
                        Name = $machine.Key.ToUpperInvariant(); ElementName = $machine.Name; Caption = 'Virtual Machine'
                        CreationClassName = $_; EnabledState = Get-EnabledState -Machine $machine
                    })
            }
        }
        'Msvm_VirtualSystemManagementService' {
            ConvertTo-CimObject -Class $_ -Property ([ordered] @{
                    Name = 'vmms'; ElementName = 'Hyper-V Virtual System Management Service'; CreationClassName = $_
                    SystemCreationClassName = 'Msvm_ComputerSystem'; SystemName = $lab.ComputerName
                })
        }
        'Msvm_VirtualSystemSettingData' {
            foreach ($machine in Get-LabMachine) {
                $id = $machine.Key.ToUpperInvariant()
                ConvertTo-CimObject -Class $_ -Property ([ordered] @{
                        InstanceID = "Microsoft:$id"; ElementName = $machine.Name; VirtualSystemIdentifier = $id
                        VirtualSystemType = 'Microsoft:Hyper-V:System:Realized'; Notes = [string[]] @($machine.Notes)
                    })
            }
        }
        'Msvm_KvpExchangeComponent' { foreach ($machine in Get-LabMachine) { Get-ExchangeComponent -Machine $machine } }
        'Msvm_KvpExchangeComponentSettingData' { foreach ($machine in Get-LabMachine) { Get-ExchangeSetting -Machine $machine } }
        'Msvm_ConcreteJob' { Get-CimJob }
    }
}
