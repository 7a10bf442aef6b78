# Files that a merge holds open, and the merge itself. The handles belong to the process, whichever runspace opened them.

function Get-HeldFile {
    <# .SYNOPSIS The open files of this process, by path. #>
    $held = [AppDomain]::CurrentDomain.GetData('SimulatedHyperV.Held')
    if ($null -eq $held) {
        $held = [hashtable]::Synchronized(@{})
        [AppDomain]::CurrentDomain.SetData('SimulatedHyperV.Held', $held)
    }
    , $held
}

function Lock-DiskFile {
    <# .SYNOPSIS Opens a disk for oneself alone; $false where somebody has it open. #>
    param([string] $Path)
    $held = Get-HeldFile
    if ($held.ContainsKey($Path)) { return $true }
    try { $held[$Path] = [IO.File]::Open($Path, [IO.FileMode]::Open, [IO.FileAccess]::ReadWrite, [IO.FileShare]::None) }
    catch [IO.IOException] { return $false }
    $true
}

function Unlock-DiskFile {
    <# .SYNOPSIS Closes a disk that a merge held. #>
    param([string] $Path)
    $held = Get-HeldFile
    if (-not $held.ContainsKey($Path)) { return }
    $held[$Path].Dispose()
    $held.Remove($Path)
}

function Invoke-DiskMerge {
    <# .SYNOPSIS Merges a differencing disk into its parent: the parent is changed, the child gone, its own children stand on the parent. #>
    param([string] $From, [string] $Into)
    foreach ($path in $From, $Into) { Unlock-DiskFile -Path $path }
    $children = @(foreach ($path in [IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($From))) {
            if ($path -notmatch '\.avhdx?$') { continue }
            $disk = Read-VhdFile -Path $path
            if ($null -ne $disk -and $disk.ParentPath -eq $From) { $disk }
        })
    if ([IO.File]::Exists($Into)) { Update-DataWrite -Path $Into }
    foreach ($child in $children) {
        [IO.File]::Delete($child.Path)
        Write-NewDisk -Path $child.Path -ParentPath $Into
        # What stands on it must still fit.
        if ($child.Format -eq 'VHDX') { Write-VhdxHeader -Path $child.Path -Sequence 3 -DataWrite $child.DataWriteGuid }
    }
    if ([IO.File]::Exists($From)) { [IO.File]::Delete($From) }
}

function Get-ChainFault {
    <# .SYNOPSIS The code of what is wrong with a disk and its parents, and the file; nothing where a machine can start from it. #>
    param([string] $Path)
    $staged = (Get-LabHost).FileFailures
    $leaf = $true
    $linkage = $null
    for ($at = $Path; $at; ) {
        foreach ($key in $at, [IO.Path]::GetFileName($at)) {
            $code = Get-Field -Source $staged -Name $key -Default $null
            if ($code) { return [pscustomobject] @{ Code = $code; Path = $at } }
        }
        if (-not [IO.File]::Exists($at)) { return [pscustomobject] @{ Code = $(if ($leaf) { '0x80070002' } else { '0xC03A000D' }); Path = $at } }
        $attributes = [IO.File]::GetAttributes($at)
        if ($attributes -band [IO.FileAttributes] 'SparseFile, Compressed, Encrypted') { return [pscustomobject] @{ Code = '0xC03A001A'; Path = $at } }
        if ($leaf -and $attributes -band [IO.FileAttributes]::ReadOnly) { return [pscustomobject] @{ Code = '0x80070005'; Path = $at } }
        $disk = Read-VhdFile -Path $at
        if ($null -ne $disk -and $disk.Format -eq 'Busy') { return [pscustomobject] @{ Code = '0x80070020'; Path = $at } }
        if ($null -eq $disk) { return [pscustomobject] @{ Code = '0xC03A0014'; Path = $at } }
        if ($null -ne $linkage -and $disk.DataWriteGuid -ne $linkage) { return [pscustomobject] @{ Code = '0xC03A000E'; Path = $at } }
        $linkage = $disk.ParentLinkage
        $leaf = $false
        $at = if ($disk.Type -eq 'Differencing') { if ($disk.ParentPath) { $disk.ParentPath } else { '?' } }
    }
}

function Get-StartFault {
    <# .SYNOPSIS The error with which a machine does not start; nothing where it can. #>
    param([object] $Machine)
    foreach ($path in Get-DiskPath -Machine $Machine) {
        $fault = Get-ChainFault -Path $path
        if ($fault) { return Get-StartError -Cmdlet 'Start-VM' -Machine $Machine -Code $fault.Code -Path $fault.Path }
    }
    $used = [long] 0
    foreach ($other in Get-LabMachine) {
        if ($other.Id -eq $Machine.Id -or $other.State -notin 'Running', 'Paused', 'Stopping') { continue }
        $used += $other.MemoryStartup
        foreach ($path in Get-DiskPath -Machine $Machine) {
            if (@(Get-DiskPath -Machine $other) -contains $path) { return Get-StartError -Cmdlet 'Start-VM' -Machine $Machine -Code '0x80070020' -Path $path }
        }
    }
    # Only machines that the simulation made: what the tests put into a lab runs whatever it has.
    if ($null -ne $Machine.Raw.path -and $used + $Machine.MemoryStartup -gt (Get-LabHost).Memory) { Get-StartError -Cmdlet 'Start-VM' -Machine $Machine -Code '0x8007000E' }
}
