# The associations of the simulation: from a machine to its Data Exchange and its settings, from these to theirs.

$script:Associations = @{
    Msvm_ComputerSystem           = @('Msvm_KvpExchangeComponent', 'Msvm_VirtualSystemSettingData')
    Msvm_VirtualSystemSettingData = @('Msvm_KvpExchangeComponentSettingData', 'Msvm_ComputerSystem')
    Msvm_KvpExchangeComponent     = @('Msvm_ComputerSystem')
}

function Get-CimMachineId {
    <# .SYNOPSIS The id of the machine to which an instance belongs, in upper case. #>
    param([object] $Instance)
    switch ($Instance.CimSystemProperties.ClassName) {
        'Msvm_ComputerSystem' { $Instance.Name }
        'Msvm_KvpExchangeComponent' { $Instance.SystemName }
        default { ($Instance.InstanceID -split '[:\\]')[1] }
    }
}

function Get-CimAssociatedInstance {
    <#
    .SYNOPSIS
    What belongs to an instance; only associations that the real namespace has.
    #>
    [OutputType([object[]])]
    [CmdletBinding(DefaultParameterSetName = 'ComputerSet')]
    param(
        [string] $Association,
        [string] $ResultClassName,
        [Parameter(Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [Alias('CimInstance')]
        [psobject] $InputObject,
        [Parameter(ValueFromPipelineByPropertyName = $true)]
        [string] $Namespace,
        [Alias('OT')]
        [uint32] $OperationTimeoutSec,
        [Alias('CN', 'ServerName')]
        [string[]] $ComputerName,
        [switch] $KeyOnly
    )
    process {
        $source = $InputObject.CimSystemProperties.ClassName
        if (-not (Test-LabNamespace -Namespace $InputObject.CimSystemProperties.Namespace)) {
            & (Get-RealCimCommand -Name 'Get-CimAssociatedInstance') @PSBoundParameters
            return
        }
        $call = Enter-LabCall -Cmdlet 'Get-CimAssociatedInstance' -Detail $ResultClassName
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        $refusal = Get-CimRefusal -Cmdlet 'Get-CimAssociatedInstance' -Class $source
        if ($refusal) {
            Complete-LabCall -Call $call -Count 0
            $PSCmdlet.WriteError($refusal)
            return
        }
        $id = Get-CimMachineId -Instance $InputObject
        $found = @(if ($script:Associations.ContainsKey($source)) {
                foreach ($class in $script:Associations[$source]) {
                    if ($ResultClassName -and $class -ne $ResultClassName) { continue }
                    Get-CimObjectOfClass -Class $class | Where-Object { (Get-CimMachineId -Instance $_) -eq $id }
                }
            })
        Complete-LabCall -Call $call -Count $found.Count
        $found
    }
}
