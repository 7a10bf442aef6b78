$script:AdapterStatusText = [string[]] @('OK')

function ConvertTo-HyperVAdapter {
    <# .SYNOPSIS The adapters of one machine at one query. Only a guest whose daemon runs reports addresses. #>
    param([object] $Machine, [int] $Query, [string] $ComputerName)
    $reports = $Machine.Running -and $Machine.Daemon -and $Machine.Exchange -and $Machine.Boots
    $fine = [Microsoft.HyperV.PowerShell.VMNetworkAdapterOperationalStatus[]] @('Ok')
    foreach ($adapter in $Machine.Adapters) {
        $addresses = [string[]] @()
        if ($reports) { $addresses = $adapter.series[[Math]::Min($Query, $adapter.series.Count - 1)] }
        $shown = [pscustomobject] @{
            PSTypeName               = 'Microsoft.HyperV.PowerShell.VMNetworkAdapter'
            Name                     = [string] $adapter.name
            Id                       = 'Microsoft:' + $Machine.Key.ToUpperInvariant() + '\' + $adapter.mac
            VMId                     = $Machine.Id
            VMName                   = $Machine.Name
            VMSnapshotId             = [guid]::Empty
            VMSnapshotName           = $null
            MacAddress               = [string] $adapter.mac
            DynamicMacAddressEnabled = $true
            SwitchName               = $adapter.switchName
            SwitchId                 = $adapter.switchId
            Connected                = $null -ne $adapter.switchId
            IPAddresses              = $addresses
            Status                   = $fine
            StatusDescription        = $script:AdapterStatusText
            IsLegacy                 = $false
            IsManagementOs           = $false
            IsExternalAdapter        = $false
            IsDeleted                = $false
            ComputerName             = $ComputerName
        }
        foreach ($base in 'VMNetworkAdapterBase', 'VMComponentObject') { $shown.PSTypeNames.Insert(1, "Microsoft.HyperV.PowerShell.$base") }
        $shown
    }
}

function ConvertTo-HostAdapter {
    <# .SYNOPSIS The host's own adapters: one on each switch that is not private. #>
    param([string] $SwitchName)
    foreach ($switch in (Get-LabHost).Switches) {
        if ($switch.type -eq 'Private' -or ($SwitchName -and $switch.name -ne $SwitchName)) { continue }
        [pscustomobject] @{
            PSTypeName     = 'Microsoft.HyperV.PowerShell.VMInternalNetworkAdapter'
            Name           = $switch.name
            DeviceId       = (Get-HostAdapterGuid -Switch $switch).ToString('B').ToUpperInvariant()
            VMId           = $null
            VMName         = $null
            MacAddress     = '00155D00FE01'
            SwitchName     = $switch.name
            SwitchId       = [guid] $switch.id
            IPAddresses    = [string[]] @()
            Status         = [Microsoft.HyperV.PowerShell.VMNetworkAdapterOperationalStatus[]] @('Ok')
            IsManagementOs = $true
        }
    }
}

function Get-VMNetworkAdapter {
    <#
    .SYNOPSIS
    The adapters, with the parameters of the real cmdlet. One call is one query of each machine.
    #>
    [CmdletBinding(DefaultParameterSetName = 'VMName')]
    param(
        [Parameter(ParameterSetName = 'VMName')]
        [Parameter(ParameterSetName = 'VMObject')]
        [bool] $IsLegacy,
        [Parameter(ParameterSetName = 'VMName')]
        [Parameter(ParameterSetName = 'ManagementOS')]
        [Parameter(ParameterSetName = 'All')]
        [CimSession[]] $CimSession,
        [Parameter(ParameterSetName = 'All')]
        [Parameter(ParameterSetName = 'VMName')]
        [Parameter(ParameterSetName = 'ManagementOS')]
        [string[]] $ComputerName,
        [Parameter(ParameterSetName = 'VMName')]
        [Parameter(ParameterSetName = 'ManagementOS')]
        [Parameter(ParameterSetName = 'All')]
        [pscredential[]] $Credential,
        [Parameter(ParameterSetName = 'VMObject', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.HyperV.PowerShell.VirtualMachine')] [psobject[]] $VM,
        [Parameter(ParameterSetName = 'VMName', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [string[]] $VMName,
        [Parameter(Position = 1)]
        [Alias('VMNetworkAdapterName')]
        [string] $Name,
        [Parameter(ParameterSetName = 'All', Mandatory = $true)]
        [switch] $All,
        [Parameter(ParameterSetName = 'ManagementOS', Mandatory = $true)]
        [switch] $ManagementOS,
        [Parameter(ParameterSetName = 'VMSnapshot', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [Alias('VMCheckpoint')]
        [PSTypeName('Microsoft.HyperV.PowerShell.VMSnapshot')] [psobject] $VMSnapshot,
        [Parameter(ParameterSetName = 'ManagementOS')]
        [string] $SwitchName
    )
    begin {
        $call = Enter-LabCall -Cmdlet 'Get-VMNetworkAdapter'
    }
    process {
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters -Name $VMName -Object $VM
    }
    end {
        if (Test-LabRefusal -Call $call -Caller $PSCmdlet) { return }
        $machines = @(Select-CallMachine -Call $call -Caller $PSCmdlet -All:$All)
        $queries = Get-QueryCount
        $computer = (Get-LabHost).ComputerName
        $counted = $false
        $count = 0
        foreach ($machine in $machines) {
            $query = 0
            if ($machine.Running -and $machine.Changing) {
                if ($queries.ContainsKey($machine.Key)) { $query = $queries[$machine.Key] }
                $queries[$machine.Key] = $query + 1
                $counted = $true
            }
            foreach ($adapter in ConvertTo-HyperVAdapter -Machine $machine -Query $query -ComputerName $computer) {
                if ($Name -and $adapter.Name -notlike $Name) { continue }
                $count++
                $adapter
            }
        }
        if ($counted) { Save-QueryCount -Count $queries }
        if ($All -or $ManagementOS) { ConvertTo-HostAdapter -SwitchName $SwitchName }
        Complete-LabCall -Call $call -Count $count
    }
}
