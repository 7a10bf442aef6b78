@{
    RootModule        = 'Hyper-V.psm1'
    ModuleVersion     = '2.0.0.0'
    GUID              = '0d3f5b0e-5a8e-4a55-8d3c-2f1f6c7f8a10'
    Description       = 'A Hyper-V whose machines live in the folder that RAGNA_HYPERV_FOLDER names. For tests and the demo.'
    PowerShellVersion = '5.1'
    FunctionsToExport = @(
        'Get-VM', 'Get-VMNetworkAdapter', 'Get-VMIntegrationService', 'Get-VMSwitch', 'New-VM', 'Set-VM', 'Rename-VM',
        'Remove-VM', 'Start-VM', 'Stop-VM', 'Save-VM', 'Suspend-VM', 'Resume-VM', 'Remove-VMSavedState', 'New-VHD',
        'Get-VHD', 'Test-VHD', 'Get-VMHardDiskDrive', 'Add-VMHardDiskDrive', 'Remove-VMHardDiskDrive',
        'Get-VMDvdDrive', 'Add-VMDvdDrive', 'Set-VMDvdDrive', 'Remove-VMDvdDrive', 'Get-VMFirmware', 'Set-VMFirmware',
        'Connect-VMNetworkAdapter', 'Enable-VMIntegrationService', 'Disable-VMIntegrationService', 'Checkpoint-VM',
        'Get-VMSnapshot', 'Rename-VMSnapshot', 'Restore-VMSnapshot', 'Remove-VMSnapshot', 'Get-VMHost',
        'Get-NetNeighbor', 'Get-NetIPAddress', 'Get-NetAdapter', 'Invoke-Command', 'Get-CimInstance', 'Get-CimAssociatedInstance', 'Invoke-CimMethod',
        'Register-CimIndicationEvent'
    )
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @('Get-VMCheckpoint', 'Rename-VMCheckpoint', 'Restore-VMCheckpoint', 'Remove-VMCheckpoint')
}
