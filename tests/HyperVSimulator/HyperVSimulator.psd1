@{
    RootModule        = 'HyperVSimulator.psm1'
    ModuleVersion     = '1.0.0'
    GUID              = '6a0f5d0b-2f3e-4f5c-8f4d-9a0a7c1f3b52'
    Description       = 'Makes and changes labs for the simulated Hyper-V, and tells what was asked of it.'
    PowerShellVersion = '5.1'
    FunctionsToExport = @(
        'New-SimulatedLab', 'Import-SimulatedHyperV', 'Set-SimulatedHost', 'Set-SimulatedNeighbor', 'Test-FrozenRun', 'Complete-FrozenRun',
        'Add-SimulatedVM', 'Set-SimulatedVM', 'Remove-SimulatedVM', 'Get-SimulatedVM', 'Import-SimulatedCase',
        'New-SimulatedImage', 'Get-SimulatedCall', 'Clear-SimulatedCall',
        'Get-SimulatedGuestItem', 'Set-SimulatedGuestItem', 'Get-SimulatedHostItem', 'Send-SimulatedMachineEvent',
        'Import-SimulatedTaskScheduler', 'Set-SimulatedTaskScheduler', 'Get-SimulatedTaskCall'
    )
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
