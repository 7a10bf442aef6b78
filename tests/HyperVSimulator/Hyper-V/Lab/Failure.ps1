# Errors with the texts, ids and categories of the real module.

function Get-HyperVError {
    <# .SYNOPSIS An error of the Hyper-V module. Its id ends in the name of the class that the real cmdlet is. #>
    param(
        [string] $Cmdlet, [string] $Id, [Management.Automation.ErrorCategory] $Category, [string] $Message,
        [object] $Target = $null
    )
    $exception = New-Object -TypeName Microsoft.HyperV.PowerShell.VirtualizationException -ArgumentList $Message
    $space = 'Microsoft.HyperV.PowerShell.Commands'
    if ($Cmdlet.EndsWith('-VHD')) { $space = 'Microsoft.Vhd.PowerShell.Cmdlets' }
    $full = '{0},{1}.{2}' -f $Id, $space, $Cmdlet.Replace('-VHD', 'Vhd').Replace('-', '')
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, $full, $Category, $Target
}

function Get-StagedError {
    <#
    .SYNOPSIS
    The error that a test has staged: a text, a code of FailureCodes, or an object of Id, Category and Message. An Id 'HRESULT 0x80041069' is one of CIM.
    #>
    param([string] $Cmdlet, [object] $Fault, [object] $Target = $null)
    if ($Fault -is [string] -and $script:FailureCodes.ContainsKey($Fault)) {
        $lead = if ($Cmdlet -eq 'Start-VM') { "'$Target' failed to start." } else { "$Cmdlet failed for '$Target'." }
        return Get-CodedError -Cmdlet $Cmdlet -Code $Fault -Name $Target -Path $Target -Lead $lead
    }
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

# What Hyper-V says to the codes with which a machine does not start or a disk is not made: the error's id, its category, the text.
$script:FailureCodes = @{
    '0x8007000E' = 'OutOfMemory', 'NotSpecified', 'Not enough memory in the system to start the virtual machine {0}. Could not initialize memory: Ran out of memory'
    '0x800705AA' = 'Unspecified', 'NotSpecified', 'Unable to allocate RAM: Insufficient system resources exist to complete the requested service.'
    '0x80070005' = 'AccessDenied', 'PermissionDenied', "Account does not have permission to open attachment '{1}'. Error: 'General access denied error'"
    '0x80070020' = 'ObjectInUse', 'ResourceBusy', "Failed to open attachment '{1}'. Error: 'The process cannot access the file because it is being used by another process.'"
    '0x80070002' = 'ObjectNotFound', 'ObjectNotFound', "Failed to open attachment '{1}'. Error: 'The system cannot find the file specified.'"
    '0x80070003' = 'ObjectNotFound', 'ObjectNotFound', "Failed to open attachment '{1}'. Error: 'The system cannot find the path specified.'"
    '0x80070050' = 'OperationFailed', 'NotSpecified', "The system failed to create '{1}'. The file exists."
    '0xC03A000D' = 'OperationFailed', 'NotSpecified', "Failed to open attachment '{1}'. The chain of virtual hard disks is broken. The system cannot locate the parent virtual hard disk for the differencing disk."
    '0xC03A000E' = 'OperationFailed', 'NotSpecified', "Failed to open attachment '{1}'. The chain of virtual hard disks is corrupted. There is a mismatch in the identifiers of the parent virtual hard disk and differencing disk."
    '0xC03A001A' = 'OperationFailed', 'NotSpecified', "The requested operation could not be completed due to a virtual disk system limitation. Virtual hard disk files must be uncompressed and unencrypted and must not be sparse. ('{1}')"
}

function Get-CodedError {
    <# .SYNOPSIS The error of a failure with an HRESULT, whose code stands in the text, as everywhere in Hyper-V. #>
    param([string] $Cmdlet, [string] $Code, [string] $Name, [string] $Path, [string] $Lead)
    $id, $category, $text = $script:FailureCodes[$Code]
    if (-not $text) { $id, $category, $text = 'OperationFailed', 'NotSpecified', 'The operation failed.' }
    $message = "$Lead`n" + ($text -f $Name, $Path) + " ($Code)."
    Get-HyperVError -Cmdlet $Cmdlet -Id $id -Category $category -Message $message -Target $Name
}

function Get-StartError {
    <# .SYNOPSIS The error of a machine that does not start. #>
    param([string] $Cmdlet, [object] $Machine, [string] $Code, [string] $Path)
    $lead = "'$($Machine.Name)' failed to start. (Virtual machine ID $($Machine.Key.ToUpperInvariant()))"
    Get-CodedError -Cmdlet $Cmdlet -Code $Code -Name $Machine.Name -Path $Path -Lead $lead
}

function Get-InvalidArgumentError {
    <# .SYNOPSIS The error for a value that Hyper-V does not take. #>
    param([string] $Cmdlet, [string] $Message, [object] $Target = $null)
    Get-HyperVError -Cmdlet $Cmdlet -Id 'InvalidParameter' -Category InvalidArgument -Message $Message -Target $Target
}

function Get-MissingError {
    <# .SYNOPSIS The error for something of a machine that is not there: a drive, an adapter, a checkpoint. #>
    param([string] $Cmdlet, [string] $Message, [object] $Target = $null)
    Get-HyperVError -Cmdlet $Cmdlet -Id 'ObjectNotFound' -Category ObjectNotFound -Message $Message -Target $Target
}
