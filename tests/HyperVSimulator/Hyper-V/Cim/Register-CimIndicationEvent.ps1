# The subscription to what happens to machines. Windows looks for itself every few seconds; here the test says when it does.

function Get-LabEventSource {
    <# .SYNOPSIS What all subscriptions of this process hang on: Send-SimulatedMachineEvent adds to it. #>
    $source = [AppDomain]::CurrentDomain.GetData('SimulatedHyperV.Event')
    if ($null -eq $source) {
        $source = New-Object -TypeName 'System.Collections.ObjectModel.ObservableCollection[string]'
        [AppDomain]::CurrentDomain.SetData('SimulatedHyperV.Event', $source)
    }
    , $source
}

function Register-CimIndicationEvent {
    <#
    .SYNOPSIS
    Subscribes to an intrinsic event of Hyper-V's machines, with the parameters that the real cmdlet has on this computer.
    #>
    [CmdletBinding(DefaultParameterSetName = 'ClassNameComputerSet')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'ClassNameComputerSet')]
        [string] $ClassName,
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'QueryExpressionComputerSet')]
        [string] $Query,
        [Parameter(ParameterSetName = 'QueryExpressionComputerSet')]
        [string] $QueryDialect,
        [string] $Namespace,
        [Alias('CN', 'ServerName')]
        [string] $ComputerName,
        [Alias('OT')]
        [uint32] $OperationTimeoutSec,
        [Parameter(Position = 100)]
        [string] $SourceIdentifier,
        [Parameter(Position = 101)]
        [scriptblock] $Action,
        [psobject] $MessageData,
        [switch] $SupportEvent,
        [switch] $Forward,
        [int] $MaxTriggerCount
    )
    $class = 'Msvm_ComputerSystem'
    $call = Enter-LabCall -Cmdlet 'Register-CimIndicationEvent' -Detail $class
    Add-LabCallParameter -Call $call -Bound $PSBoundParameters
    $refusal = Get-CimRefusal -Cmdlet 'Register-CimIndicationEvent' -Class $class
    $form = "^SELECT \* FROM __Instance(Modification|Creation|Deletion)Event WITHIN \d+ WHERE TargetInstance ISA '$class'( AND .+)?$"
    if (-not $refusal -and ($Query -cnotmatch $form -or -not (Test-LabNamespace -Namespace $Namespace))) {
        $refusal = Get-CimFault -Code '0x80041017' -Message 'Invalid query ' -Category InvalidArgument -Target $Query -Cmdlet 'Register-CimIndicationEvent'
    }
    Complete-LabCall -Call $call -Count 0
    if ($refusal) {
        $PSCmdlet.WriteError($refusal)
        return
    }
    Register-ObjectEvent -InputObject (Get-LabEventSource) -EventName CollectionChanged -SourceIdentifier $SourceIdentifier
}
