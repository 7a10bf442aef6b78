# Writes the folder that the simulated Hyper-V reads. A lab is made first; it is then the lab of this process, and of the
# processes that it starts, through the variable RAGNA_HYPERV_FOLDER.
Set-StrictMode -Version Latest

$simulation = [IO.Path]::Combine($PSScriptRoot, 'Hyper-V')
foreach ($shared in 'Lab/Enums.ps1', 'Lab/Types.ps1', 'Lab/Folder.ps1', 'Lab/Lock.ps1', 'Lab/Machine.ps1', 'Guest/Pool.ps1', 'Guest/HostItem.ps1',
    'Disks/Vhdx.ps1', 'Disks/Vhd.ps1', 'Disks/Read.ps1', 'Disks/NewVhd.ps1') {
    . ([IO.Path]::Combine($simulation, $shared))
}
foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($PSScriptRoot, 'Authoring'), '*.ps1')) { . $file }
Initialize-HyperVType
