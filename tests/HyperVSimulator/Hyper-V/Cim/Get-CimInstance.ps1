# Get-CimInstance for the classes of the simulation; every other class goes on to the real cmdlet.

function Test-LabNamespace {
    <# .SYNOPSIS Whether this is Hyper-V's namespace. #>
    param([string] $Namespace)
    $Namespace.Replace('/', '\').Trim('\') -eq 'root\virtualization\v2'
}

function Get-RealCimCommand {
    <# .SYNOPSIS The cmdlet of Windows, which is never one of the simulation's functions. #>
    param([string] $Name)
    $real = $ExecutionContext.InvokeCommand.GetCommand("CimCmdlets\$Name", 'Cmdlet')
    if ($null -eq $real) { throw [Management.Automation.CommandNotFoundException] "There is no cmdlet $Name in this PowerShell." }
    $real
}

function Get-CimRefusal {
    <# .SYNOPSIS The error with which the host refuses a CIM call, or nothing. #>
    param([string] $Cmdlet, [string] $Class)
    $lab = Get-LabHost
    if ($lab.Service -ne 'running') {
        return Get-CimFault -Code '0x80041013' -Message 'Provider load failure ' -Category NotSpecified -Target $Class -Cmdlet $Cmdlet
    }
    if (Test-LabBusy -Cmdlet $Cmdlet) {
        return Get-CimFault -Code '0x80041045' -Message 'Server busy ' -Category NotSpecified -Target $Class -Cmdlet $Cmdlet
    }
    $fault = @(Get-StagedFault -Cmdlet "$Cmdlet $Class") + @(Get-StagedFault -Cmdlet $Cmdlet) | Select-Object -First 1
    if ($fault) { return Get-StagedError -Cmdlet $Cmdlet -Fault $fault -Target $Class }
    $denied = if ($lab.Denied -is [bool]) { $lab.Denied } else { @($lab.Denied) -contains $Cmdlet }
    if ($denied) {
        Get-CimFault -Code '0x80041003' -Message 'Access denied ' -Category PermissionDenied -Target $Class -Cmdlet $Cmdlet
    }
}

function Find-CimObject {
    <# .SYNOPSIS The instances that a query means, or one error. #>
    param([string] $Cmdlet, [string] $Class, [string] $Filter)
    $refusal = Get-CimRefusal -Cmdlet $Cmdlet -Class $Class
    if ($refusal) { return $refusal }
    $comparisons = @()
    if ($Filter) {
        $comparisons = @(ConvertFrom-WqlFilter -Filter $Filter)
        if ($comparisons.Count -eq 0) {
            return Get-CimFault -Code '0x80041017' -Message 'Invalid query ' -Category InvalidArgument -Target $Filter -Cmdlet $Cmdlet
        }
    }
    if ($Class -notin $script:LabClasses) {
        return Get-CimFault -Code '0x80041010' -Message 'Invalid class ' -Category MetadataError -Target $Class -Cmdlet $Cmdlet
    }
    Select-WqlInstance -Instance @(Get-CimObjectOfClass -Class $Class) -Comparison $comparisons
}

$script:LabClasses = @(
    'Msvm_ComputerSystem', 'Msvm_VirtualSystemManagementService', 'Msvm_VirtualSystemSettingData',
    'Msvm_KvpExchangeComponent', 'Msvm_KvpExchangeComponentSettingData', 'Msvm_ConcreteJob'
)

function Get-CimInstance {
    <#
    .SYNOPSIS
    Instances by class and filter, by query, or one instance as it is now, as the real cmdlet takes them on this computer.
    #>
    [OutputType([object[]])]
    [CmdletBinding(DefaultParameterSetName = 'ClassNameComputerSet')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'ClassNameComputerSet', ValueFromPipelineByPropertyName = $true)]
        [string] $ClassName,
        [Parameter(ParameterSetName = 'ClassNameComputerSet', ValueFromPipelineByPropertyName = $true)]
        [string] $Filter,
        [Parameter(ParameterSetName = 'ClassNameComputerSet', ValueFromPipelineByPropertyName = $true)]
        [Alias('SelectProperties')]
        [string[]] $Property,
        [Parameter(ParameterSetName = 'ClassNameComputerSet')]
        [switch] $KeyOnly,
        [Parameter(Mandatory = $true, ParameterSetName = 'QueryComputerSet', ValueFromPipelineByPropertyName = $true)]
        [string] $Query,
        [Parameter(ParameterSetName = 'ClassNameComputerSet', ValueFromPipelineByPropertyName = $true)]
        [Parameter(ParameterSetName = 'QueryComputerSet', ValueFromPipelineByPropertyName = $true)]
        [string] $QueryDialect,
        [Parameter(ParameterSetName = 'ClassNameComputerSet')]
        [Parameter(ParameterSetName = 'QueryComputerSet')]
        [switch] $Shallow,
        [Parameter(ParameterSetName = 'ClassNameComputerSet', ValueFromPipelineByPropertyName = $true)]
        [Parameter(ParameterSetName = 'QueryComputerSet', ValueFromPipelineByPropertyName = $true)]
        [string] $Namespace,
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'CimInstanceComputerSet', ValueFromPipeline = $true)]
        [Alias('CimInstance')]
        [psobject] $InputObject,
        [Alias('CN', 'ServerName')]
        [string[]] $ComputerName,
        [Alias('OT')]
        [uint32] $OperationTimeoutSec
    )
    process {
        $class = $ClassName
        $asked = $Filter
        $space = $Namespace
        if ($PSCmdlet.ParameterSetName -eq 'QueryComputerSet') {
            $read = ConvertFrom-WqlQuery -Query $Query
            if ($null -ne $read) {
                $class = $read.Class
                $asked = $read.Filter
            }
        }
        elseif ($PSCmdlet.ParameterSetName -eq 'CimInstanceComputerSet') {
            $class = $InputObject.CimSystemProperties.ClassName
            $space = $InputObject.CimSystemProperties.Namespace
            $key = if ($class -in 'Msvm_ConcreteJob', 'Msvm_KvpExchangeComponentSettingData', 'Msvm_VirtualSystemSettingData') { 'InstanceID' }
            elseif ($class -eq 'Msvm_KvpExchangeComponent') { 'DeviceID' }
            else { 'Name' }
            if (Test-LabNamespace -Namespace $space) { $asked = "$key = '$($InputObject.$key.Replace('\', '\\'))'" }
        }
        if (-not (Test-LabNamespace -Namespace $space) -and $class -notlike 'Msvm_*') {
            & (Get-RealCimCommand -Name 'Get-CimInstance') @PSBoundParameters
            return
        }
        $call = Enter-LabCall -Cmdlet 'Get-CimInstance' -Detail $class
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        # Hyper-V's classes are unknown in every other namespace.
        if (-not (Test-LabNamespace -Namespace $space)) { $class = "$class in another namespace" }
        $found = @(Find-CimObject -Cmdlet 'Get-CimInstance' -Class $class -Filter $asked)
        $faults = @($found | Where-Object { $_ -is [Management.Automation.ErrorRecord] })
        Complete-LabCall -Call $call -Count ($found.Count - $faults.Count)
        foreach ($fault in $faults) { $PSCmdlet.WriteError($fault) }
        if ($faults.Count -eq 0) { $found }
    }
}
