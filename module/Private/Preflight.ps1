# What speaks against a start, all of it before anything is made. The library judges; asked here is what PowerShell alone can
# ask: whether Hyper-V's service runs, what the account may do, what SYSTEM may do in the folder for virtual disks.

function Test-LabPreflight {
    # Tells all that speaks against a start of a lab's machines, each finding as an error or a warning of the cmdlet. Returns
    # whether nothing is an error, so that the start may begin.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Open-RagnaLab.
        [Parameter(Mandatory)]
        [object] $Lab,

        # Of Get-HyperVInventory, with -Drive and -HostFacts.
        [Parameter(Mandatory)]
        [object] $Inventory,

        # The machines; empty for all.
        [AllowEmptyCollection()]
        [string[]] $Machine = @()
    )
    $findings = @(Get-LabFinding -Lab $Lab -Inventory $Inventory -Machine $Machine)
    Write-LabFinding -Cmdlet $Cmdlet -Finding $findings -Target $Lab.ConfigPath
    @(foreach ($finding in $findings) { if ($finding.Severity -eq 'Error') { $finding } }).Count -eq 0
}

function Test-ConfigPreflight {
    # What Test-RagnaConfig -Preflight tells and emits of a sound config. A lab that cannot be opened is an error, and nothing is
    # emitted.
    [CmdletBinding()]
    [OutputType('Ragnatramp.ConfigTest', [bool])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of the config, absolute.
        [Parameter(Mandatory)]
        [string] $Path,

        # The library's, of the config.
        [Parameter(Mandatory)]
        [object] $Parsed,

        [switch] $Quiet
    )
    $lab = Open-RagnaLab -Cmdlet $Cmdlet -ConfigPath $Path -MayBegin
    if ($null -eq $lab) { return }
    $findings = try {
        $look = Get-HyperVInventory -Cmdlet $Cmdlet -Lab $lab -Drive -HostFacts
        Get-LabFinding -Lab $lab -Inventory $look -Machine @()
    } finally {
        Close-RagnaLab -Lab $lab
    }
    if ($Quiet) { return @(foreach ($one in $findings) { if ($one.Severity -eq 'Error') { $one } }).Count -eq 0 }
    # A file that is missing is told once.
    $told = @(foreach ($one in $findings) { if ('BASE_IMAGE_NOT_FOUND', 'USER_DATA_UNREADABLE', 'ANSWER_FILE_UNREADABLE' -contains $one.Code) { $one.Path } })
    foreach ($warning in $Parsed.warnings) {
        if (@(foreach ($path in $told) { if ($warning.Contains($path)) { $path } }).Count -eq 0) { $Cmdlet.WriteWarning($warning) }
    }
    Write-LabFinding -Cmdlet $Cmdlet -Finding @($findings) -Target $Path
    New-ConfigTest -Path $Path -Config $Parsed.config -Finding @($findings)
}

function Get-LabFinding {
    # All that speaks against a start of a lab's machines, as Ragnatramp.PreflightFinding, errors and warnings.
    [CmdletBinding()]
    [OutputType('Ragnatramp.PreflightFinding')]
    param(
        # Of Open-RagnaLab.
        [Parameter(Mandatory)]
        [object] $Lab,

        # Of Get-HyperVInventory, with -Drive and -HostFacts.
        [Parameter(Mandatory)]
        [object] $Inventory,

        # The machines; empty for all.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $Machine
    )
    $failure = $null
    $plain = $Inventory.Plain
    if ($null -ne $Inventory.Failure) {
        $failure = Resolve-HyperVFailure -Failure $Inventory.Failure -Access (Get-HyperVAccess)
        # Images, folder and room are looked at all the same, for the machines of which the state knows nothing.
        $none = [string[]] @()
        $plain = @{ complete = $false; vms = @{ id = $none; name = $none; state = $none; notes = $none; path = $none; generation = [int[]] @() } }
    }
    $request = @{ inventory = $plain; machineNames = $Machine }
    $parsed = Invoke-RagnaExport config_parse @{ path = $Lab.ConfigPath }
    if ($null -eq $parsed.Failure) { $request.systemAccess = Get-SystemAccess -Path $parsed.Response.config.artifactPath }
    $found = Invoke-RagnaExport lifecycle_preflight -Lab $Lab $request
    foreach ($one in $failure, $found.Failure) {
        if ($null -eq $one) { continue }
        $remedy = if ($one.PSObject.Properties['remedy']) { $one.remedy }
        New-LabFinding -Severity Error -Code $one.code -Message $one.message -Remedy $remedy -Path $Lab.ConfigPath
    }
    if ($null -ne $found.Failure) { return }
    foreach ($item in $found.Response.items) {
        $severity = if ($item.severity -eq 'error') { 'Error' } else { 'Warning' }
        $name = if ($item.PSObject.Properties['machineName']) { $item.machineName }
        $path = if ($item.PSObject.Properties['path']) { $item.path }
        New-LabFinding -Severity $severity -Code $item.code -Message $item.message -Remedy $item.remedy -Machine $name -Path $path
    }
}

function New-LabFinding {
    # One finding, as Test-RagnaConfig -Preflight emits it.
    [CmdletBinding()]
    [OutputType('Ragnatramp.PreflightFinding')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [ValidateSet('Error', 'Warning')]
        [string] $Severity,

        [Parameter(Mandatory)]
        [string] $Code,

        [Parameter(Mandatory)]
        [string] $Message,

        [string] $Remedy,

        [string] $Machine,

        [string] $Path
    )
    [pscustomobject]@{
        PSTypeName = 'Ragnatramp.PreflightFinding'
        Severity   = $Severity
        Code       = $Code
        Machine    = if ($Machine) { $Machine }
        Path       = if ($Path) { $Path }
        Message    = $Message
        Remedy     = $Remedy
    }
}

function Write-LabFinding {
    # Tells findings: each error as a non-terminating error whose ErrorId begins with its code, each warning as a warning.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Finding,

        # What an error is about that names neither a machine nor a path: the config.
        [Parameter(Mandatory)]
        [string] $Target
    )
    foreach ($one in $Finding) {
        if ($one.Severity -eq 'Warning') {
            $Cmdlet.WriteWarning("$($one.Message) $($one.Remedy)".TrimEnd())
            continue
        }
        $failure = New-RagnaFailure -Code $one.Code -Message $one.Message -Remedy $one.Remedy -Path $one.Path -Machine $one.Machine
        $about = if ($one.Machine) { $one.Machine } elseif ($one.Path) { $one.Path } else { $Target }
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $failure -Target $about
    }
}

function Get-HyperVAccess {
    # Why Hyper-V may not answer, as far as this computer tells: Service (the status of its management service, or null),
    # IsMember (whether the account is in the group Hyper-V Administrators, or null where that is not known) and IsInToken
    # (whether this session has that membership). By SID: the names are translated.
    [CmdletBinding()]
    [OutputType('Ragnatramp.HyperVAccess')]
    param()
    $access = [pscustomobject]@{ PSTypeName = 'Ragnatramp.HyperVAccess'; Service = $null; IsMember = $null; IsInToken = $false }
    $group = 'S-1-5-32-578'
    try {
        $service = Microsoft.PowerShell.Management\Get-Service -Name vmms -ErrorAction Stop
        $access.Service = [string] $service.Status
    } catch {
        Remove-HandledError -Record $_
    }
    try {
        $identity = [System.Security.Principal.WindowsIdentity]::GetCurrent()
        $access.IsInToken = @(foreach ($one in $identity.Groups) { if ($one.Value -eq $group) { $true } }).Count -gt 0
        $members = Microsoft.PowerShell.LocalAccounts\Get-LocalGroupMember -SID $group -ErrorAction Stop
        $access.IsMember = @(foreach ($one in $members) { if ($one.SID.Value -eq $identity.User.Value) { $true } }).Count -gt 0
    } catch {
        Remove-HandledError -Record $_
    }
    $access
}

function Resolve-HyperVFailure {
    # The same failure with the cause that the computer tells: a service that does not run, or a membership that counts only
    # after the next sign-in.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [object] $Failure,

        # Of Get-HyperVAccess.
        [Parameter(Mandatory)]
        [object] $Access
    )
    if ($Failure.code -eq 'HYPERV_ERROR' -and $null -ne $Access.Service -and $Access.Service -ne 'Running') {
        return New-RagnaFailure -Code 'HYPERV_ERROR' `
            -Message "Hyper-V's management service (vmms) does not run; its status is $($Access.Service). $($Failure.message)" `
            -Remedy 'Start it from an elevated PowerShell: Start-Service vmms'
    }
    if ($Failure.code -eq 'PERMISSION_DENIED' -and $Access.IsMember -eq $true -and -not $Access.IsInToken) {
        return New-RagnaFailure -Code 'PERMISSION_DENIED' `
            -Message "Your account is in the group Hyper-V Administrators, and this session began before that. $($Failure.message)" `
            -Remedy 'Sign out and in again: a membership counts from the next sign-in on.'
    }
    $Failure
}

function Get-SystemAccess {
    # Whether SYSTEM, which runs Hyper-V, has full control of what is made in a folder, as the library's `lifecycle_preflight`
    # takes it: folder (that one, or the nearest above that is there) and granted, null where that is not known.
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        # Absolute.
        [Parameter(Mandatory)]
        [string] $Path
    )
    $folder = $Path
    while ($folder -and -not [System.IO.Directory]::Exists($folder)) { $folder = [System.IO.Path]::GetDirectoryName($folder) }
    if (-not $folder) { return @{ folder = $Path; granted = $null } }
    $granted = $null
    try {
        $list = Microsoft.PowerShell.Security\Get-Acl -LiteralPath $folder -ErrorAction Stop
        $granted = Test-SystemRule -Rule @($list.GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier]))
    } catch {
        Remove-HandledError -Record $_
    }
    @{ folder = $folder; granted = $granted }
}

function Test-SystemRule {
    # Whether the rules of a folder give SYSTEM full control of the files that are made in it, and take none of that away. SYSTEM
    # is an administrator, an authenticated user and one of everyone, too.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        # FileSystemAccessRule, with SIDs.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Rule
    )
    $itself = 'S-1-5-18', 'S-1-5-32-544', 'S-1-5-11', 'S-1-1-0'
    $full = [int] [System.Security.AccessControl.FileSystemRights]::FullControl
    # GENERIC_ALL, which rules for what is made later may hold.
    $all = 0x10000000
    $allowed = 0
    $denied = 0
    foreach ($one in $Rule) {
        if ($itself -notcontains $one.IdentityReference.Value) { continue }
        if (-not ($one.InheritanceFlags -band [System.Security.AccessControl.InheritanceFlags]::ObjectInherit)) { continue }
        $rights = [int] $one.FileSystemRights
        if ($rights -band $all) { $rights = $rights -bor $full }
        if ($one.AccessControlType -eq [System.Security.AccessControl.AccessControlType]::Deny) { $denied = $denied -bor $rights } else { $allowed = $allowed -bor $rights }
    }
    ($allowed -band $full) -eq $full -and ($denied -band $full) -eq 0
}
