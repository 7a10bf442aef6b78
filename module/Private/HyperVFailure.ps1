# Why Hyper-V did not do what it was asked for, and what to do about it. What an error says by its category, its id or its
# code decides, never its text, which is localized.

$script:EnableHyperV = 'Enable Hyper-V once, from an elevated PowerShell: Enable-WindowsOptionalFeature -Online -FeatureName Microsoft-Hyper-V -All'

# The situations; the first that fits counts. Id: the FullyQualifiedErrorId, as patterns; those of CIM hold the code of WMI or Windows.
# Category: PowerShell's. JobCode: what a method of Hyper-V's management service or its job ended with. IsWhole: it is never about one VM alone.
$script:HyperVSituation = @(
    @{
        # The namespace of Hyper-V's classes.
        Name = 'NotInstalled'; Code = 'HYPERV_NOT_AVAILABLE'; IsWhole = $true; Category = @(); JobCode = @()
        Id = @('HRESULT 0x8004100e*')
        Remedy = $script:EnableHyperV
    }
    @{
        Name = 'Denied'; Code = 'PERMISSION_DENIED'; IsWhole = $true; Category = @('PermissionDenied', 'SecurityError'); JobCode = @(32769)
        Id = @('AccessDenied*', 'HRESULT 0x80041003*', 'HRESULT 0x80070005*')
        Remedy = 'Add your account to the local group Hyper-V Administrators (SID S-1-5-32-578), then sign out and in.'
    }
    @{
        # All VMs were asked for, so what was not found is the service; or its provider does not load, does not start, is not reached.
        Name = 'ServiceStopped'; Code = 'HYPERV_ERROR'; IsWhole = $true; Category = @(); JobCode = @(32777)
        Id = @('ObjectNotFound,*.GetVM', 'ObjectNotFound,*.GetVM,*', 'HRESULT 0x80041013*',
            'HRESULT 0x80041014*', 'HRESULT 0x800706ba*', 'HRESULT 0x80070422*')
        Remedy = 'Look whether the service "Hyper-V Virtual Machine Management" runs (Get-Service vmms), and start it from an elevated PowerShell: Start-Service vmms'
    }
    @{
        Name = 'InUse'; Code = 'HYPERV_ERROR'; Category = @('ResourceBusy', 'ResourceExists'); JobCode = @(32774)
        Id = @('ObjectInUse*', 'HRESULT 0x80070020*', 'HRESULT 0x800700aa*')
        Remedy = 'Something else is at work on it, such as a checkpoint, a merge of disks, an export or a backup: run the command again when that has ended.'
    }
    @{
        Name = 'Gone'; Code = 'HYPERV_ERROR'; Category = @('ObjectNotFound'); JobCode = @()
        Id = @('ObjectNotFound*', 'HRESULT 0x80041002*')
        Remedy = 'A VM, or a part of one, was removed while it was asked for: look with Get-VM whether it is there, and run the command again.'
    }
    @{
        Name = 'InvalidState'; Code = 'HYPERV_ERROR'; Category = @(); JobCode = @(32775)
        Id = @('InvalidState*', 'HRESULT 0x8007139f*')
        Remedy = 'The VM is in a state that does not allow it, such as starting, stopping or saving: run the command again when it ' +
        'has reached the next one (Get-VM).'
    }
    @{
        Name = 'Timeout'; Code = 'HYPERV_ERROR'; Category = @('OperationTimeout'); JobCode = @(32772)
        Id = @('OperationTimeout*', 'Timeout*', 'HRESULT 0x80041069*', 'HRESULT 0x800705b4*')
        Remedy = 'Hyper-V took too long, so what was begun may still be done: run the command again when the computer has less to do.'
    }
    @{
        Name = 'Busy'; Code = 'HYPERV_ERROR'; IsWhole = $true; Category = @(); JobCode = @(32771)
        Id = @('HRESULT 0x80041045*', 'HRESULT 0x8004106c*', 'HRESULT 0x80041032*', 'HRESULT 0x80041033*')
        Remedy = 'The computer''s management interface (WMI) is too busy or was just restarted: run the command again.'
    }
    @{
        Name = 'OutOfMemory'; Code = 'HYPERV_ERROR'; IsWhole = $true; Category = @(); JobCode = @(32778)
        Id = @('OutOfMemory*', 'HRESULT 0x80041006*', 'HRESULT 0x8007000e*')
        Remedy = 'The computer is short of memory: close programs or stop VMs that are not needed, and run the command again.'
    }
    @{
        # A VM that is not there is an invalid parameter, too.
        Name = 'Invalid'; Code = 'HYPERV_ERROR'; JobCode = @(32770, 32773, 32776)
        Category = @('InvalidArgument', 'MetadataError', 'NotImplemented')
        Id = @('InvalidParameter*', 'NotSupported*', 'HRESULT 0x80041008*', 'HRESULT 0x80041010*', 'HRESULT 0x80041055*')
        Remedy = 'Hyper-V does not know what it was asked for, or not with these values: run the command again, since a VM may just ' +
        'have been removed. If it stays so, report it with what -Verbose tells.'
    }
)

# Where none of them fits.
$script:UnknownHyperVRemedy = 'Do what the message says, or run the command again; if it stays so, look into Hyper-V''s log: ' +
'Get-WinEvent -LogName Microsoft-Windows-Hyper-V-VMMS-Admin -MaxEvents 20'

# The codes of Msvm_VirtualSystemManagementService and of its jobs, as Microsoft documents them.
$script:VirtualSystemCode = @{
    32768 = 'failed'
    32769 = 'access denied'
    32770 = 'not supported'
    32771 = 'status is unknown'
    32772 = 'timeout'
    32773 = 'invalid parameter'
    32774 = 'system is in use'
    32775 = 'invalid state for this operation'
    32776 = 'incorrect data type'
    32777 = 'system is not available'
    32778 = 'out of memory'
}

function Get-HyperVSituation {
    # The situation of an error record or of a job's code: Name, Code and Remedy.
    [CmdletBinding(DefaultParameterSetName = 'Record')]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory, ParameterSetName = 'Record')]
        [System.Management.Automation.ErrorRecord] $Record,

        [Parameter(Mandatory, ParameterSetName = 'JobCode')]
        [long] $JobCode
    )
    $isOfJob = $PSCmdlet.ParameterSetName -eq 'JobCode'
    # By id before by category: an id says more.
    foreach ($aspect in 'Id', 'Category') {
        foreach ($situation in $script:HyperVSituation) {
            $fits = if ($isOfJob) { $situation.JobCode -contains $JobCode }
            elseif ($aspect -eq 'Category') { $situation.Category -contains [string] $Record.CategoryInfo.Category }
            else { @(foreach ($pattern in $situation.Id) { if ($Record.FullyQualifiedErrorId -like $pattern) { $pattern } }).Count -gt 0 }
            if ($fits) { return $situation }
        }
    }
    @{ Name = 'Unknown'; Code = 'HYPERV_ERROR'; Remedy = $script:UnknownHyperVRemedy }
}

function ConvertFrom-HyperVError {
    # Why Hyper-V, or the host's network, did not answer.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record,

        # The query as a user would type it.
        [Parameter(Mandatory)]
        [string] $Query
    )
    if ($Record.Exception -is [System.Management.Automation.CommandNotFoundException]) {
        $module = ([string] $Record.Exception.CommandName).Split('\')[0]
        if ($module -ne 'Hyper-V') {
            return New-RagnaFailure -Code 'HYPERV_ERROR' -Message "Windows' PowerShell module $module cannot be loaded ($Query)." `
                -Remedy "See why it cannot, and mend that: Import-Module $module"
        }
        return New-RagnaFailure -Code 'HYPERV_NOT_AVAILABLE' `
            -Message "Hyper-V's PowerShell module is not installed on this computer ($Query)." -Remedy $script:EnableHyperV
    }
    $text = Get-ErrorText -Exception $Record.Exception
    $situation = Get-HyperVSituation -Record $Record
    $message = switch ($situation.Code) {
        'HYPERV_NOT_AVAILABLE' { "Hyper-V is not installed on this computer ($($Query): $text)" }
        'PERMISSION_DENIED' { "Hyper-V refused the question $($Query): $text" }
        default { "Hyper-V could not answer $($Query): $text" }
    }
    New-RagnaFailure -Code $situation.Code -Message $message -Remedy $situation.Remedy
}

function ConvertFrom-VirtualSystemCode {
    # Why a method of Hyper-V's management service, or its job, failed.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [string] $Method,

        [Parameter(Mandatory)]
        [long] $Code
    )
    $situation = Get-HyperVSituation -JobCode $Code
    $words = if ($script:VirtualSystemCode.ContainsKey([int] $Code)) { $script:VirtualSystemCode[[int] $Code] } else { 'unknown' }
    New-RagnaFailure -Code $situation.Code -Message "$Method ended with code $Code ($words)" -Remedy $situation.Remedy
}
