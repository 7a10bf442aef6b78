# The real module is named Hyper-V, so this one is too: what calls Get-VM or Hyper-V\Get-VM finds it unchanged.
#   Lab/       the folder: machines, host, calls, errors
#   Machines/  the cmdlets of the Hyper-V module, and the host's neighbour table
#   Guest/     PowerShell Direct, and the pools of Data Exchange inside a guest
#   Cim/       the classes of root\virtualization\v2 that Data Exchange needs
Set-StrictMode -Version Latest

# A part that cannot be read ends the import; afterwards the caller's preference counts again.
$ErrorActionPreference = 'Stop'
foreach ($folder in 'Lab', 'Machines', 'Guest', 'Cim') {
    foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($PSScriptRoot, $folder), '*.ps1')) { . $file }
}
Initialize-HyperVType
Remove-Variable -Name 'ErrorActionPreference' -Scope Script

# A lab that says it is not installed exports nothing: its cmdlets are unknown words, as on a machine without Hyper-V.
$names = @('Get-VM', 'Get-VMNetworkAdapter', 'Get-VMIntegrationService', 'Get-VMSwitch', 'Start-VM', 'Stop-VM',
    'Get-NetNeighbor', 'Invoke-Command', 'Get-CimInstance', 'Get-CimAssociatedInstance', 'Invoke-CimMethod')
if ([Environment]::GetEnvironmentVariable('RAGNA_HYPERV_FOLDER') -and -not (Get-LabHost).Installed) { $names = @() }
Export-ModuleMember -Function $names
