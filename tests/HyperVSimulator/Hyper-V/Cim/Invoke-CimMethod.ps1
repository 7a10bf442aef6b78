# The three methods of the management service that put items into Data Exchange.

$script:ItemMethods = 'AddKvpItems', 'ModifyKvpItems', 'RemoveKvpItems'
$script:InvalidParameter = 32773

function Invoke-ItemMethod {
    <#
    .SYNOPSIS
    Does what the method asks, wholly or not at all. Gives the error code in which its job ends; 0 for none.
    #>
    param([string] $Method, [guid] $MachineId, [object[]] $Item)
    foreach ($one in $Item) { if (-not (Test-DataItem -Item $one)) { return $script:InvalidParameter } }
    $kept = Read-HostItem -MachineId $MachineId
    foreach ($one in $Item) {
        # Adding what is there fails, changing what is not fails, removing what is not succeeds.
        if ($Method -eq 'AddKvpItems' -and $kept.Contains($one.Name)) { return $script:InvalidParameter }
        if ($Method -eq 'ModifyKvpItems' -and -not $kept.Contains($one.Name)) { return $script:InvalidParameter }
    }
    $set = [ordered] @{}
    $gone = @()
    foreach ($one in $Item) {
        if ($Method -eq 'RemoveKvpItems') {
            $kept.Remove($one.Name)
            $gone += $one.Name
        }
        else {
            $kept[$one.Name] = $one.Data
            $set[$one.Name] = $one.Data
        }
    }
    Save-HostItem -MachineId $MachineId -Item $kept
    Send-HostItem -MachineId $MachineId -Set $set -Remove $gone
    0
}

function Invoke-CimMethod {
    <#
    .SYNOPSIS
    A method of an instance, as the real cmdlet takes it on this computer.
    #>
    [CmdletBinding(DefaultParameterSetName = 'ClassNameComputerSet', SupportsShouldProcess = $true, ConfirmImpact = 'Medium')]
    param(
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'ClassNameComputerSet')]
        [Alias('Class')]
        [string] $ClassName,
        [Parameter(Mandatory = $true, Position = 0, ParameterSetName = 'CimInstanceComputerSet', ValueFromPipeline = $true)]
        [Alias('CimInstance')]
        [psobject] $InputObject,
        [Parameter(Mandatory = $true, ParameterSetName = 'QueryComputerSet')]
        [string] $Query,
        [string] $QueryDialect,
        [Parameter(Mandatory = $true, Position = 1)]
        [Alias('Name')]
        [string] $MethodName,
        [Parameter(Position = 2)]
        [Collections.IDictionary] $Arguments,
        [Alias('CN', 'ServerName')]
        [string[]] $ComputerName,
        [string] $Namespace,
        [Alias('OT')]
        [uint32] $OperationTimeoutSec
    )
    process {
        $class = $ClassName
        $space = $Namespace
        if ($null -ne $InputObject) {
            $class = $InputObject.CimSystemProperties.ClassName
            $space = $InputObject.CimSystemProperties.Namespace
        }
        if (-not (Test-LabNamespace -Namespace $space)) {
            & (Get-RealCimCommand -Name 'Invoke-CimMethod') @PSBoundParameters
            return
        }
        if (-not $PSCmdlet.ShouldProcess($class, "Invoke-CimMethod: $MethodName")) { return }
        $call = Enter-LabCall -Cmdlet 'Invoke-CimMethod' -Detail $MethodName
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        $fault = Get-CimRefusal -Cmdlet 'Invoke-CimMethod' -Class $class
        $system = if ($null -ne $Arguments -and $Arguments.Contains('TargetSystem')) { $Arguments['TargetSystem'] } else { $null }
        $target = if ($null -ne $system) { @(Get-LabMachine | Where-Object { $_.Key -eq $system.Name }) } else { @() }
        if (-not $fault -and ($class -ne 'Msvm_VirtualSystemManagementService' -or $MethodName -notin $script:ItemMethods)) {
            $fault = Get-CimFault -Code '0x80041055' -Message 'Invalid method ' -Category InvalidArgument -Target $MethodName -Cmdlet 'Invoke-CimMethod'
        }
        if (-not $fault -and $target.Count -ne 1) {
            $fault = Get-CimFault -Code '0x80041002' -Message 'Not found ' -Category ObjectNotFound -Target $MethodName -Cmdlet 'Invoke-CimMethod'
        }
        $staged = if ($target.Count -eq 1) { Get-StagedFault -Cmdlet 'Invoke-CimMethod' -Machine $target[0] }
        $failedJob = if ($null -ne $staged -and $staged -isnot [string]) { Get-Field -Source $staged -Name 'Job' -Default $null }
        if (-not $fault -and $staged -and $null -eq $failedJob) {
            $fault = Get-StagedError -Cmdlet 'Invoke-CimMethod' -Fault $staged -Target $MethodName
        }
        if ($fault) {
            Complete-LabCall -Call $call -Count 0
            $PSCmdlet.WriteError($fault)
            return
        }
        $texts = @(if ($Arguments.Contains('DataItems')) { $Arguments['DataItems'] })
        $items = @(foreach ($text in $texts) { ConvertFrom-DataItemText -Text $text })
        $job = $null
        $value = $script:InvalidParameter
        # At most 128 items in a call, each of them an instance; what else is wrong shows when the job ends.
        if ($texts.Count -in 1..128 -and $items.Count -eq $texts.Count) {
            $code = if ($null -ne $failedJob) { [int] $failedJob } else {
                Invoke-ItemMethod -Method $MethodName -MachineId $target[0].Id -Item $items
            }
            $job = Add-CimJob -Method $MethodName -ErrorCode $code
            $value = 4096
        }
        Complete-LabCall -Call $call -Count $items.Count
        [pscustomobject] @{
            PSTypeName     = 'Microsoft.Management.Infrastructure.CimMethodResult#Msvm_VirtualSystemManagementService#' + $MethodName
            Job            = $job
            ReturnValue    = [uint32] $value
            PSComputerName = $null
        }
    }
}
