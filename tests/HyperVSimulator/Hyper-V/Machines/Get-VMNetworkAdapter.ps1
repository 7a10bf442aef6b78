function ConvertTo-HyperVAdapter {
    <# .SYNOPSIS The adapters of one machine at one look. Only a guest whose daemon runs reports addresses. #>
    param([object] $Machine, [int] $Look)
    foreach ($adapter in $Machine.Adapters) {
        $switch = Get-Field -Source $adapter -Name 'switchId' -Default $null
        $addresses = [string[]] @()
        if ($Machine.State -eq 'Running' -and $Machine.Daemon -and $Machine.Exchange) {
            $addresses = Get-AdapterAnswer -Adapter $adapter -Look $Look
        }
        [pscustomobject] @{
            PSTypeName               = 'Microsoft.HyperV.PowerShell.VMNetworkAdapter'
            Name                     = [string] $adapter.name
            Id                       = 'Microsoft:{0}\{1}' -f $Machine.Id.ToString().ToUpperInvariant(), [string] $adapter.mac
            VMId                     = $Machine.Id
            VMName                   = $Machine.Name
            VMSnapshotId             = [guid]::Empty
            VMSnapshotName           = $null
            MacAddress               = [string] (Get-Field -Source $adapter -Name 'mac' -Default '000000000000')
            DynamicMacAddressEnabled = $true
            SwitchName               = Get-Field -Source $adapter -Name 'switchName' -Default $null
            SwitchId                 = if ($null -eq $switch) { $null } else { [guid] $switch }
            Connected                = $null -ne $switch
            IPAddresses              = [string[]] @($addresses)
            Status                   = [Microsoft.HyperV.PowerShell.VMNetworkAdapterOperationalStatus[]] @('Ok')
            StatusDescription        = [string[]] @('OK')
            IsLegacy                 = $false
            IsManagementOs           = $false
            IsExternalAdapter        = $false
            IsDeleted                = $false
            ComputerName             = (Get-LabHost).ComputerName
        }
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
    The adapters, with the parameters of the real cmdlet. One call is one look.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '',
        Justification = 'The parameters are those of the real cmdlet.')]
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
        $names = New-Object -TypeName System.Collections.ArrayList
        $objects = New-Object -TypeName System.Collections.ArrayList
    }
    process {
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        if ($null -ne $VMName) { $names.AddRange($VMName) }
        if ($null -ne $VM) { $objects.AddRange($VM) }
    }
    end {
        $refusal = Get-LabRefusal -Cmdlet 'Get-VMNetworkAdapter'
        if ($refusal) {
            Complete-LabCall -Call $call -Count 0
            $PSCmdlet.WriteError($refusal)
            return
        }
        $found = Select-LabMachine -Cmdlet 'Get-VMNetworkAdapter' -Name $names -Object $objects -All:$All
        foreach ($fault in $found.Errors) { $PSCmdlet.WriteError($fault) }
        $looks = Get-LabLook
        $counted = $false
        $count = 0
        foreach ($machine in $found.Machines) {
            $key = $machine.Id.ToString()
            $look = if ($looks.ContainsKey($key)) { $looks[$key] } else { 0 }
            if ($machine.State -eq 'Running' -and (Test-AnswerSeries -Machine $machine)) {
                $looks[$key] = $look + 1
                $counted = $true
            }
            foreach ($adapter in ConvertTo-HyperVAdapter -Machine $machine -Look $look) {
                if ($Name -and $adapter.Name -notlike $Name) { continue }
                $count++
                $adapter
            }
        }
        if ($counted) { Save-LabLook -Count $looks }
        if ($All -or $ManagementOS) { ConvertTo-HostAdapter -SwitchName $SwitchName }
        Complete-LabCall -Call $call -Count $count
    }
}
