# Errors with the texts, ids and categories of the real module.

function Get-HyperVError {
    <# .SYNOPSIS An error of the Hyper-V module. Its id ends in the name of the class that the real cmdlet is. #>
    param(
        [string] $Cmdlet, [string] $Id, [Management.Automation.ErrorCategory] $Category, [string] $Message,
        [object] $Target = $null
    )
    $exception = New-Object -TypeName Microsoft.HyperV.PowerShell.VirtualizationException -ArgumentList $Message
    $full = '{0},Microsoft.HyperV.PowerShell.Commands.{1}' -f $Id, $Cmdlet.Replace('-', '')
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, $full, $Category, $Target
}

function Get-StagedError {
    <#
    .SYNOPSIS
    The error that a test has staged: a text, or an object of Id, Category and Message. An Id 'HRESULT 0x80041069' is one of CIM.
    #>
    param([string] $Cmdlet, [object] $Fault, [object] $Target = $null)
    if ($Fault -is [string]) { $Fault = [pscustomobject] @{ Message = $Fault } }
    $usual = if ($Cmdlet -like '*-Cim*') { 'HRESULT 0x80041001' } else { 'OperationFailed' }
    $id = [string] (Get-Field -Source $Fault -Name 'Id' -Default $usual)
    $message = [string] (Get-Field -Source $Fault -Name 'Message' -Default 'The operation failed.')
    $category = [Management.Automation.ErrorCategory] (Get-Field -Source $Fault -Name 'Category' -Default 'NotSpecified')
    if ($id -like 'HRESULT *') {
        return Get-CimFault -Code $id.Substring('HRESULT '.Length) -Message $message -Category $category -Target $Target -Cmdlet $Cmdlet
    }
    Get-HyperVError -Cmdlet $Cmdlet -Id $id -Category $category -Message $message -Target $Target
}

function Get-StagedFault {
    <# .SYNOPSIS What a test has staged for a cmdlet on the whole host, or on one machine; nothing where it did not. #>
    param([string] $Cmdlet, [object] $Machine = $null)
    $faults = if ($null -ne $Machine) { $Machine.Failures } else { (Get-LabHost).Faults }
    if ($null -ne $faults) { Get-Field -Source $faults -Name $Cmdlet -Default $null }
}

function Get-LostObjectError {
    <# .SYNOPSIS The error for a machine that is gone, and for a management service that does not run. #>
    param([string] $Cmdlet, [object] $Target = $null)
    Get-HyperVError -Cmdlet $Cmdlet -Id 'ObjectNotFound' -Category ObjectNotFound -Target $Target -Message (
        "Hyper-V encountered an error trying to access an object on computer '$((Get-LabHost).ComputerName)' because " +
        'the object was not found. The object might have been deleted. Verify that the Virtual Machine Management ' +
        'service on the computer is running.')
}

function Get-UnknownMachineError {
    <# .SYNOPSIS The error for a name or an id that no machine has. #>
    param([string] $Cmdlet, [object] $Value)
    $key = if ($Value -is [guid]) { 'id' } else { 'name' }
    Get-HyperVError -Cmdlet $Cmdlet -Id 'InvalidParameter' -Category InvalidArgument -Target $Value -Message (
        "Hyper-V was unable to find a virtual machine with $key `"$Value`".")
}

function Get-InvalidStateError {
    <# .SYNOPSIS The error for a machine that is in no state for what is asked. #>
    param([string] $Cmdlet, [string] $Name)
    Get-HyperVError -Cmdlet $Cmdlet -Id 'InvalidState' -Category InvalidOperation -Target $Name -Message (
        "The operation cannot be performed while the virtual machine '$Name' is in its current state.")
}
