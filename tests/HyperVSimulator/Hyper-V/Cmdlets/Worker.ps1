# The cmdlets that are made from the facts, and the function that does each one's work with -Call, -Caller and -Bound.

$script:Workers = [ordered] @{
    'New-VM'                       = 'Invoke-NewVM'
    'Set-VM'                       = 'Invoke-SetVM'
    'Rename-VM'                    = 'Invoke-RenameVM'
    'Remove-VM'                    = 'Invoke-RemoveVM'
    'Start-VM'                     = 'Invoke-StartVM'
    'Stop-VM'                      = 'Invoke-StopVM'
    'Save-VM'                      = 'Invoke-SaveVM'
    'Suspend-VM'                   = 'Invoke-SuspendVM'
    'Resume-VM'                    = 'Invoke-ResumeVM'
    'Remove-VMSavedState'          = 'Invoke-RemoveSavedState'
    'New-VHD'                      = 'Invoke-NewVhd'
    'Get-VHD'                      = 'Invoke-GetVhd'
    'Test-VHD'                     = 'Invoke-TestVhd'
    'Get-VMHardDiskDrive'          = 'Invoke-GetDrive'
    'Add-VMHardDiskDrive'          = 'Invoke-AddDisk'
    'Remove-VMHardDiskDrive'       = 'Invoke-RemoveDrive'
    'Get-VMDvdDrive'               = 'Invoke-GetDrive'
    'Add-VMDvdDrive'               = 'Invoke-AddDvd'
    'Set-VMDvdDrive'               = 'Invoke-SetDvd'
    'Remove-VMDvdDrive'            = 'Invoke-RemoveDrive'
    'Get-VMFirmware'               = 'Invoke-GetFirmware'
    'Set-VMFirmware'               = 'Invoke-SetFirmware'
    'Connect-VMNetworkAdapter'     = 'Invoke-ConnectAdapter'
    'Enable-VMIntegrationService'  = 'Invoke-SwitchService'
    'Disable-VMIntegrationService' = 'Invoke-SwitchService'
    'Checkpoint-VM'                = 'Invoke-CheckpointVM'
    'Get-VMSnapshot'               = 'Invoke-GetSnapshot'
    'Rename-VMSnapshot'            = 'Invoke-RenameSnapshot'
    'Restore-VMSnapshot'           = 'Invoke-RestoreSnapshot'
    'Remove-VMSnapshot'            = 'Invoke-RemoveSnapshot'
    'Get-VMHost'                   = 'Invoke-GetVMHost'
}

# The names that people type, and that the real module exports as aliases.
$script:CheckpointAlias = @{
    'Get-VMCheckpoint' = 'Get-VMSnapshot'; 'Rename-VMCheckpoint' = 'Rename-VMSnapshot'
    'Restore-VMCheckpoint' = 'Restore-VMSnapshot'; 'Remove-VMCheckpoint' = 'Remove-VMSnapshot'
}
