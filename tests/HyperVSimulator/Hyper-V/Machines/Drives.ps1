# Hard disk and DVD drives: in a machine's file as {kind, controller, number, location, path}.

function New-DriveField {
    <# .SYNOPSIS A drive as a machine's file holds it. Kind: disk or dvd. #>
    param([string] $Kind, [string] $Controller, [int] $Number, [int] $Location, [string] $Path = '')
    @{ kind = $Kind; controller = $Controller; number = $Number; location = $Location; path = $Path }
}

function Get-FullPath {
    <# .SYNOPSIS A path in full, from where the caller stands. #>
    param([Management.Automation.PSCmdlet] $Caller, [string] $Path)
    [IO.Path]::GetFullPath($Caller.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path))
}

function Get-DiskPath {
    <# .SYNOPSIS The files of a machine's hard disks. #>
    param([object] $Machine)
    foreach ($drive in @($Machine.Raw.drives)) { if ($drive.kind -eq 'disk' -and $drive.path) { [string] $drive.path } }
}

function ConvertTo-HyperVDrive {
    <# .SYNOPSIS The drives of a machine, or of a checkpoint of it. DVD drives are SCSI in generation 2 and IDE in generation 1. #>
    param([object] $Machine, [string] $Kind, [object] $Snapshot)
    $drives = if ($Snapshot) { @($Snapshot.settings.drives) } else { @($Machine.Raw.drives) }
    foreach ($drive in $drives) {
        if ($drive.kind -ne $Kind) { continue }
        $class = if ($Kind -eq 'dvd') { 'DvdDrive' } else { 'HardDiskDrive' }
        $words = if ($Kind -eq 'dvd') { 'DVD Drive' } else { 'Hard Drive' }
        $shown = [pscustomobject] @{
            PSTypeName         = "Microsoft.HyperV.PowerShell.$class"
            Path               = if ($drive.path) { [string] $drive.path } else { $null }
            ControllerType     = [Microsoft.HyperV.PowerShell.ControllerType] $drive.controller
            ControllerNumber   = [int] $drive.number
            ControllerLocation = [int] $drive.location
            Name               = "$words on $($drive.controller) controller number $($drive.number) at location $($drive.location)"
            Id                 = 'Microsoft:{0}\{1}\{2}\{3}' -f $Machine.Key.ToUpperInvariant(), $drive.controller, $drive.number, $drive.location
            PoolName           = 'Primordial'
            VMId               = $Machine.Id
            VMName             = $Machine.Name
            VMSnapshotId       = if ($Snapshot) { [guid] $Snapshot.id } else { [guid]::Empty }
            VMSnapshotName     = if ($Snapshot) { [string] $Snapshot.name } else { $null }
            DiskNumber         = $null
            ComputerName       = (Get-LabHost).ComputerName
            IsDeleted          = $false
        }
        if ($Kind -eq 'dvd') {
            $media = if ($drive.path) { 'ISO' } else { 'None' }
            Add-Member -InputObject $shown -NotePropertyName 'DvdMediaType' -NotePropertyValue ([Microsoft.HyperV.PowerShell.DvdMediaType] $media)
        }
        $shown.PSTypeNames.Insert(1, 'Microsoft.HyperV.PowerShell.VMComponentObject')
        $shown
    }
}

function Get-AttachFault {
    <# .SYNOPSIS Why a disk cannot be attached; nothing where it can. A new one is only looked at by its name. #>
    param([string] $Cmdlet, [string] $Path, [int] $Generation, [switch] $New)
    if ($Generation -eq 2 -and [IO.Path]::GetExtension($Path) -eq '.vhd') {
        return Get-InvalidArgumentError -Cmdlet $Cmdlet -Target $Path -Message (
            "The disk '$Path' cannot be attached: a generation 2 virtual machine supports only virtual hard disks of the format VHDX.")
    }
    if (-not $New -and -not [IO.File]::Exists($Path)) {
        Get-MissingError -Cmdlet $Cmdlet -Target $Path -Message "The file '$Path' cannot be found. (0x80070002)."
    }
}

function Select-CallDrive {
    <#
    .SYNOPSIS
    The drives that a call means, each with its Machine, its Index among the machine's drives and its Drive; an error for one that is
    not there.
    #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound, [string] $Kind)
    $parameter = if ($Kind -eq 'dvd') { 'VMDvdDrive' } else { 'VMHardDiskDrive' }
    $wanted = @(if ($Bound.ContainsKey($parameter)) {
            foreach ($one in $Call.Input[$parameter]) {
                @{ Id = [guid] $one.VMId; Controller = "$($one.ControllerType)"; Number = $one.ControllerNumber; Location = $one.ControllerLocation }
            }
        }
        else {
            foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) {
                @{ Id = $machine.Id; Controller = "$($Bound['ControllerType'])"; Number = $Bound['ControllerNumber']; Location = $Bound['ControllerLocation'] }
            }
        })
    foreach ($one in $wanted) {
        $machine = Get-FreshMachine -MachineId $one.Id
        $index = -1
        $found = @(if ($null -ne $machine) {
                foreach ($drive in @($machine.Raw.drives)) {
                    $index++
                    if ($drive.kind -ne $Kind -or ($one.Controller -and $drive.controller -ne $one.Controller)) { continue }
                    if ($null -ne $one.Number -and $drive.number -ne $one.Number) { continue }
                    if ($null -ne $one.Location -and $drive.location -ne $one.Location) { continue }
                    [pscustomobject] @{ Machine = $machine; Index = $index; Drive = $drive }
                }
            })
        if ($found.Count -eq 0) {
            $fault = Get-MissingError -Cmdlet $Call.Cmdlet -Message 'Hyper-V was unable to find a drive that fits.'
            Write-LabFault -Call $Call -Caller $Caller -Fault $fault
        }
        $found
    }
}

function Get-FreePlace {
    <# .SYNOPSIS Where a new drive goes: what is asked, else the first free place; an error where it is taken or is none. #>
    param([string] $Cmdlet, [object] $Machine, [hashtable] $Bound)
    $default = if ($Machine.Generation -eq 2) { 'SCSI' } else { 'IDE' }
    $controller = if ($null -ne $Bound['ControllerType']) { "$($Bound['ControllerType'])" } else { $default }
    if ($Machine.Generation -eq 2 -and $controller -eq 'IDE') {
        return Get-InvalidArgumentError -Cmdlet $Cmdlet -Target $Machine.Name -Message 'A generation 2 virtual machine has no IDE controller.'
    }
    $numbers, $locations = if ($controller -eq 'IDE') { (0..1), (0..1) } else { (0..0), (0..63) }
    if ($null -ne $Bound['ControllerNumber']) { $numbers = @($Bound['ControllerNumber']) }
    if ($null -ne $Bound['ControllerLocation']) { $locations = @($Bound['ControllerLocation']) }
    foreach ($number in $numbers) {
        foreach ($location in $locations) {
            $taken = @($Machine.Raw.drives | Where-Object { $_.controller -eq $controller -and $_.number -eq $number -and $_.location -eq $location })
            if ($taken.Count -eq 0) { return @{ Controller = $controller; Number = $number; Location = $location } }
        }
    }
    Get-HyperVError -Cmdlet $Cmdlet -Id 'OperationFailed' -Category NotSpecified -Target $Machine.Name -Message (
        "Failed to add device to '$($Machine.Name)': the location of the $controller controller is already in use.")
}

function Add-CallDrive {
    <# .SYNOPSIS Adds a drive to each machine of a call. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound, [string] $Kind)
    $path = if ($Bound['Path']) { Get-FullPath -Caller $Caller -Path $Bound.Path } else { '' }
    foreach ($selected in @(Select-CallMachine -Call $Call -Caller $Caller)) {
        Use-LabLock {
            $machine = Get-FreshMachine -MachineId $selected.Id
            $place = Get-FreePlace -Cmdlet $Call.Cmdlet -Machine $machine -Bound $Bound
            $fault = if ($place -is [Management.Automation.ErrorRecord]) { $place }
            elseif ($machine.State -ne 'Off' -and $place.Controller -eq 'IDE') { Get-InvalidStateError -Cmdlet $Call.Cmdlet -Name $machine.Name }
            elseif ($path -and $Kind -eq 'disk') { Get-AttachFault -Cmdlet $Call.Cmdlet -Path $path -Generation $machine.Generation }
            elseif ($path -and -not [IO.File]::Exists($path)) { Get-MissingError -Cmdlet $Call.Cmdlet -Target $path -Message "The file '$path' cannot be found. (0x80070002)." }
            if ($fault) { Write-LabFault -Call $Call -Caller $Caller -Fault $fault; return }
            if (-not (Test-LabConsent -Caller $Caller -Target $machine.Name -Action $Call.Cmdlet)) { return }
            $drives = @($machine.Raw.drives) + @(New-DriveField -Kind $Kind @place -Path $path)
            Edit-LabMachine -MachineId $machine.Id -Field @{ drives = $drives }
            if ($Bound['Passthru']) { @(ConvertTo-HyperVDrive -Machine (Get-FreshMachine -MachineId $machine.Id) -Kind $Kind)[-1] }
        }
    }
}

function Invoke-AddDisk {
    <# .SYNOPSIS Add-VMHardDiskDrive. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    Add-CallDrive -Call $Call -Caller $Caller -Bound $Bound -Kind 'disk'
}

function Invoke-AddDvd {
    <# .SYNOPSIS Add-VMDvdDrive. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    Add-CallDrive -Call $Call -Caller $Caller -Bound $Bound -Kind 'dvd'
}

function Invoke-GetDrive {
    <# .SYNOPSIS Get-VMHardDiskDrive and Get-VMDvdDrive: no drive is no error. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $kind = if ($Call.Cmdlet -eq 'Get-VMDvdDrive') { 'dvd' } else { 'disk' }
    Step-LabMachine
    $shown = if ($Bound.ContainsKey('VMSnapshot')) {
        foreach ($one in $Call.Input['VMSnapshot']) {
            $machine = Get-FreshMachine -MachineId $one.VMId
            $snapshot = @($machine.Raw.snapshots | Where-Object { $_.id -eq "$($one.Id)" })
            if ($snapshot.Count -eq 1) { ConvertTo-HyperVDrive -Machine $machine -Kind $kind -Snapshot $snapshot[0] }
        }
    }
    else { foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) { ConvertTo-HyperVDrive -Machine $machine -Kind $kind } }
    foreach ($drive in @($shown)) {
        if ($null -eq $drive) { continue }
        if ($null -ne $Bound['ControllerType'] -and $drive.ControllerType -ne $Bound.ControllerType) { continue }
        if ($null -ne $Bound['ControllerNumber'] -and $drive.ControllerNumber -ne $Bound.ControllerNumber) { continue }
        if ($null -ne $Bound['ControllerLocation'] -and $drive.ControllerLocation -ne $Bound.ControllerLocation) { continue }
        $drive
    }
}

function Invoke-SetDvd {
    <# .SYNOPSIS Set-VMDvdDrive: puts a disc in; an empty path takes it out. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $path = if ($Bound['Path']) { Get-FullPath -Caller $Caller -Path $Bound.Path } else { '' }
    foreach ($found in @(Select-CallDrive -Call $Call -Caller $Caller -Bound $Bound -Kind 'dvd')) {
        if ($path -and -not [IO.File]::Exists($path)) {
            Write-LabFault -Call $Call -Caller $Caller -Fault (Get-MissingError -Cmdlet $Call.Cmdlet -Target $path -Message "The file '$path' cannot be found. (0x80070002).")
            continue
        }
        if (-not (Test-LabConsent -Caller $Caller -Target $found.Machine.Name -Action $Call.Cmdlet)) { continue }
        $drives = @($found.Machine.Raw.drives)
        if ($Bound.ContainsKey('Path')) { $drives[$found.Index].path = $path }
        if ($null -ne $Bound['ToControllerNumber']) { $drives[$found.Index].number = $Bound.ToControllerNumber }
        if ($null -ne $Bound['ToControllerLocation']) { $drives[$found.Index].location = $Bound.ToControllerLocation }
        Edit-LabMachine -MachineId $found.Machine.Id -Field @{ drives = $drives }
        if ($Bound['Passthru']) {
            ConvertTo-HyperVDrive -Machine (Get-FreshMachine -MachineId $found.Machine.Id) -Kind 'dvd' | Where-Object { $_.ControllerLocation -eq $drives[$found.Index].location }
        }
    }
}

function Invoke-RemoveDrive {
    <# .SYNOPSIS Remove-VMHardDiskDrive and Remove-VMDvdDrive: the file stays. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $kind = if ($Call.Cmdlet -eq 'Remove-VMDvdDrive') { 'dvd' } else { 'disk' }
    foreach ($found in @(Select-CallDrive -Call $Call -Caller $Caller -Bound $Bound -Kind $kind)) {
        if ($found.Machine.State -ne 'Off' -and $found.Drive.controller -eq 'IDE') {
            Write-LabFault -Call $Call -Caller $Caller -Fault (Get-InvalidStateError -Cmdlet $Call.Cmdlet -Name $found.Machine.Name)
            continue
        }
        if (-not (Test-LabConsent -Caller $Caller -Target $found.Machine.Name -Action $Call.Cmdlet)) { continue }
        # By its place: an earlier turn may have changed the others' index.
        $left = @((Get-FreshMachine -MachineId $found.Machine.Id).Raw.drives | Where-Object {
                $_.controller -ne $found.Drive.controller -or $_.number -ne $found.Drive.number -or $_.location -ne $found.Drive.location
            })
        Edit-LabMachine -MachineId $found.Machine.Id -Field @{ drives = $left }
        if ($Bound['Passthru']) { $Call.Input[$(if ($kind -eq 'dvd') { 'VMDvdDrive' } else { 'VMHardDiskDrive' })] }
    }
}
