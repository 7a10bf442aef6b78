# The real module is named Hyper-V, so this one is too: what calls Get-VM or Hyper-V\Get-VM finds it unchanged. It brings
# modules of the names NetTCPIP, NetAdapter, CimCmdlets and Microsoft.PowerShell.Core with it.
#   Lab/       the folder: machines, host, calls, errors
#   Cmdlets/   the cmdlets whose parameters are made from the facts, and jobs
#   Machines/  what the cmdlets of the Hyper-V module do, and the host's network
#   Disks/     VHDX and VHD files: written, read, merged, and the cmdlets for them
#   Guest/     PowerShell Direct, and the pools of Data Exchange inside a guest
#   Cim/       the classes of root\virtualization\v2 that Data Exchange needs
Set-StrictMode -Version Latest

# A part that cannot be read ends the import; afterwards the caller's preference counts again.
$ErrorActionPreference = 'Stop'
foreach ($folder in 'Lab', 'Cmdlets', 'Machines', 'Disks', 'Guest', 'Cim') {
    foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($PSScriptRoot, $folder), '*.ps1')) { . $file }
}
Initialize-HyperVType
Initialize-LazyProperty
. ([scriptblock]::Create((Get-CmdletSource -Worker $script:Workers)))
foreach ($alias in $script:CheckpointAlias.Keys) { Set-Alias -Name $alias -Value $script:CheckpointAlias[$alias] }
Remove-Variable -Name 'ErrorActionPreference' -Scope Script

# The commands by the modules that have them in Windows.
$commands = @{
    'Hyper-V'                   = @('Get-VM', 'Get-VMNetworkAdapter', 'Get-VMIntegrationService', 'Get-VMSwitch') + @($script:Workers.Keys)
    'NetTCPIP'                  = 'Get-NetNeighbor', 'Get-NetIPAddress'
    'NetAdapter'                = @('Get-NetAdapter')
    'CimCmdlets'                = 'Get-CimInstance', 'Get-CimAssociatedInstance', 'Invoke-CimMethod', 'Register-CimIndicationEvent'
    'Microsoft.PowerShell.Core' = @('Invoke-Command')
}
# A lab that says it is not installed exports nothing: its cmdlets are unknown words, as on a machine without Hyper-V.
if ([Environment]::GetEnvironmentVariable('RAGNA_HYPERV_FOLDER') -and -not (Get-LabHost).Installed) { $commands = @{} }
$aliases = @(if ($commands.Count -gt 0) { $script:CheckpointAlias.Keys })
Export-ModuleMember -Function @($commands.Values | ForEach-Object { $_ }) -Alias $aliases

# Whoever calls a command by its module's name (NetTCPIP\Get-NetNeighbor) finds it in a module of that name, with the same
# body. Where a module of that name is loaded, PowerShell loads no other by itself, so the real one comes first.
$standIns = @(foreach ($name in @($commands.Keys | Where-Object { $_ -ne 'Hyper-V' })) {
        if ($name -eq 'CimCmdlets') { Import-Module -Name $name -Global -ErrorAction Ignore }
        $bodies = @{}
        foreach ($command in $commands[$name]) { $bodies[$command] = (Get-Item -LiteralPath "function:$command").ScriptBlock }
        $standIn = New-Module -Name $name -ArgumentList $bodies -ScriptBlock {
            param($bodies)
            foreach ($command in $bodies.Keys) { Set-Item -LiteralPath "function:script:$command" -Value $bodies[$command] }
            Export-ModuleMember -Function @($bodies.Keys)
        }
        Import-Module -ModuleInfo $standIn -Global -DisableNameChecking
        $standIn
    })
$ExecutionContext.SessionState.Module.OnRemove = { $standIns | Remove-Module -Force -ErrorAction Ignore }.GetNewClosure()
