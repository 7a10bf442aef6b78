# New-VHD, Get-VHD, Test-VHD.

function Write-NewDisk {
    <# .SYNOPSIS Writes a disk in the format that its ending says. With ParentPath it is a differencing one. #>
    param(
        [string] $Path, [uint64] $Size, [string] $ParentPath, [switch] $Fixed, [uint32] $BlockSize = 2MB, [uint32] $Sector = 512,
        [uint32] $PhysicalSector = 4096, [byte[]] $FirstBlock
    )
    $parent = $null
    if ($ParentPath) {
        $parent = Read-VhdFile -Path $ParentPath
        if ($Size -eq 0) { $Size = $parent.Size }
        $Sector = $parent.Sector
    }
    $all = @{ Path = $Path; Size = $Size; Fixed = $Fixed; Parent = $parent; FirstBlock = $FirstBlock }
    if ([IO.Path]::GetExtension($Path) -in '.vhd', '.avhd') { Write-VhdFile @all }
    else { Write-VhdxFile @all -BlockSize $BlockSize -Sector $Sector -PhysicalSector $PhysicalSector }
}

function Get-NewVhdFault {
    <# .SYNOPSIS Why a disk cannot be made; nothing where it can. #>
    param([string] $Path, [string] $ParentPath, [hashtable] $Bound)
    $coded = @{ Cmdlet = 'New-VHD'; Name = $Path; Path = $Path; Lead = 'Failed to create the virtual hard disk.' }
    $failures = (Get-LabHost).FileFailures
    foreach ($key in $Path, [IO.Path]::GetFileName($Path), 'New-VHD') {
        $code = Get-Field -Source $failures -Name $key -Default $null
        if ($code) { return Get-StagedError -Cmdlet 'New-VHD' -Fault $code -Target $Path }
    }
    if ([IO.Path]::GetExtension($Path) -notin '.vhd', '.vhdx', '.vhds', '.avhdx', '.avhd') {
        return Get-InvalidArgumentError -Cmdlet 'New-VHD' -Target $Path -Message "The file name '$Path' is not valid: it must end in .vhd, .vhdx or .vhds."
    }
    if ([IO.File]::Exists($Path)) { return Get-CodedError @coded -Code '0x80070050' }
    if (-not [IO.Directory]::Exists([IO.Path]::GetDirectoryName($Path))) { return Get-CodedError @coded -Code '0x80070003' }
    if (-not $ParentPath) {
        if ($Bound['SizeBytes'] -lt 3MB -or $Bound['SizeBytes'] -gt 64TB) { return Get-InvalidArgumentError -Cmdlet 'New-VHD' -Target $Path -Message 'The size of the virtual hard disk is not valid.' }
        return
    }
    $fault = Get-ParentFault -Path $Path -ParentPath $ParentPath
    if ($fault -is [string]) { return Get-CodedError @coded -Code $fault }
    $fault
}

function Get-ParentFault {
    <# .SYNOPSIS The code or the error of a parent that cannot be one. #>
    param([string] $Path, [string] $ParentPath)
    if (-not [IO.File]::Exists($ParentPath)) { return '0x80070002' }
    $chain = Get-ChainFault -Path $ParentPath
    # A parent may be read-only.
    if ($chain -and $chain.Code -ne '0x80070005') { return [string] $chain.Code }
    $parent = Read-VhdFile -Path $ParentPath
    $format = if ([IO.Path]::GetExtension($Path) -in '.vhd', '.avhd') { 'VHD' } else { 'VHDX' }
    if ($parent.Format -ne $format -or [IO.Path]::GetExtension($ParentPath) -in '.avhd', '.avhdx') {
        Get-InvalidArgumentError -Cmdlet 'New-VHD' -Target $ParentPath -Message "The parent '$ParentPath' cannot be one of '$Path': both must be of one format, and no disk of a checkpoint."
    }
}

function Invoke-NewVhd {
    <# .SYNOPSIS New-VHD. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    foreach ($given in $Call.Input['Path']) {
        $path = Get-FullPath -Caller $Caller -Path $given
        $parent = if ($Bound['ParentPath']) { Get-FullPath -Caller $Caller -Path $Bound.ParentPath } else { '' }
        $fault = Get-NewVhdFault -Path $path -ParentPath $parent -Bound $Bound
        if ($fault) { Write-LabFault -Call $Call -Caller $Caller -Fault $fault; continue }
        if (-not (Test-LabConsent -Caller $Caller -Target $path -Action 'New-VHD')) { continue }
        $all = @{ Path = $path; ParentPath = $parent; Fixed = [bool] $Bound['Fixed'] }
        $names = @{ SizeBytes = 'Size'; BlockSizeBytes = 'BlockSize'; LogicalSectorSizeBytes = 'Sector'; PhysicalSectorSizeBytes = 'PhysicalSector' }
        foreach ($name in $names.Keys) { if ($Bound[$name]) { $all[$names[$name]] = $Bound[$name] } }
        try { Write-NewDisk @all }
        catch [IO.IOException] {
            $coded = @{ Cmdlet = 'New-VHD'; Name = $path; Path = $path; Lead = 'Failed to create the virtual hard disk.'; Code = '0x80070050' }
            Write-LabFault -Call $Call -Caller $Caller -Fault (Get-CodedError @coded)
            continue
        }
        ConvertTo-HyperVDisk -Disk (Read-VhdFile -Path $path)
    }
}

function ConvertTo-HyperVDisk {
    <# .SYNOPSIS A disk as Get-VHD shows it. #>
    param([object] $Disk)
    $attached = @(foreach ($machine in Get-LabMachine) { if ($machine.State -ne 'Off' -and @(Get-DiskPath -Machine $machine) -contains $Disk.Path) { $true } }).Count -gt 0
    [pscustomobject] @{
        PSTypeName              = 'Microsoft.Vhd.PowerShell.VirtualHardDisk'
        ComputerName            = (Get-LabHost).ComputerName
        Path                    = $Disk.Path
        VhdFormat               = [Microsoft.Vhd.PowerShell.VhdFormat] $Disk.Format
        VhdType                 = [Microsoft.Vhd.PowerShell.VhdType] $Disk.Type
        FileSize                = [uint64] (New-Object -TypeName System.IO.FileInfo -ArgumentList $Disk.Path).Length
        Size                    = [uint64] $Disk.Size
        MinimumSize             = $null
        LogicalSectorSize       = [uint32] $Disk.Sector
        PhysicalSectorSize      = [uint32] $Disk.PhysicalSector
        BlockSize               = [uint32] $(if ($Disk.Type -eq 'Fixed') { 0 } else { $Disk.BlockSize })
        ParentPath              = [string] $Disk.ParentPath
        DiskIdentifier          = $Disk.Identifier.ToString().ToUpperInvariant()
        FragmentationPercentage = $null
        Alignment               = [uint32] 1
        Attached                = $attached
        DiskNumber              = $null
        IsPMEMCompatible        = $false
        AddressAbstractionType  = [Microsoft.Virtualization.Client.Management.VirtualHardDiskPmemAddressAbstractionType]::None
    }
}

function Invoke-GetVhd {
    <# .SYNOPSIS Get-VHD by path or by machine. One that a merge holds is in use. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    if ($Bound.ContainsKey('VMId')) { $Call.Ids = $Call.Input['VMId'] }
    $paths = @(if ($Bound.ContainsKey('VMId')) { foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) { Get-DiskPath -Machine $machine } }
        else { foreach ($given in $Call.Input['Path']) { Get-FullPath -Caller $Caller -Path $given } })
    foreach ($path in $paths) {
        $lead = 'Getting the mounted storage instance for the path failed.'
        $coded = @{ Cmdlet = 'Get-VHD'; Name = $path; Path = $path; Lead = $lead }
        if (-not [IO.File]::Exists($path)) { Write-LabFault -Call $Call -Caller $Caller -Fault (Get-CodedError @coded -Code '0x80070002'); continue }
        $disk = Read-VhdFile -Path $path
        if ($null -ne $disk -and $disk.Format -eq 'Busy') { Write-LabFault -Call $Call -Caller $Caller -Fault (Get-CodedError @coded -Code '0x80070020'); continue }
        if ($null -eq $disk) { Write-LabFault -Call $Call -Caller $Caller -Fault (Get-CodedError @coded -Code '0xC03A0014'); continue }
        ConvertTo-HyperVDisk -Disk $disk
    }
}

function Invoke-TestVhd {
    <# .SYNOPSIS Test-VHD: whether a disk and its parents are whole; an error says what is not. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    if ($Bound.ContainsKey('SupportPersistentReservations')) { return $false }
    foreach ($given in $Call.Input['Path']) {
        $path = Get-FullPath -Caller $Caller -Path $given
        $fault = Get-ChainFault -Path $path
        if (-not $fault -or $fault.Code -eq '0x80070005') { $true; continue }
        $coded = @{ Cmdlet = 'Test-VHD'; Code = $fault.Code; Name = $path; Path = $fault.Path; Lead = 'The virtual hard disk is not valid.' }
        Write-LabFault -Call $Call -Caller $Caller -Fault (Get-CodedError @coded)
        $false
    }
}
