@{
    RootModule           = 'Ragnatramp.psm1'
    # Cargo.toml has the version; tools/Build-Module.ps1 puts it here, and release notes and links into PSData.
    ModuleVersion        = '0.0.0'
    GUID                 = '0f5b7f0c-3d52-4a6e-9d0b-6a1f2c9e7b41'
    Author               = 'The Ragnatramp contributors'
    CompanyName          = 'The Ragnatramp contributors'
    Copyright            = '(c) 2026 The Ragnatramp contributors. MIT License.'
    Description          = 'Keeps the machines of a Hyper-V lab findable by name: discovers the addresses that the Default Switch hands out, records them, and writes them into every running guest''s hosts file.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport    = @(
        'Checkpoint-RagnaMachine'
        'Export-RagnaGuest'
        'Get-RagnaCheckpoint'
        'Get-RagnaPlan'
        'Get-RagnaStatus'
        'Invoke-RagnaReconcile'
        'New-RagnaConfig'
        'ragnatramp'
        'Register-RagnaWatch'
        'Remove-RagnaCheckpoint'
        'Remove-RagnaMachine'
        'Repair-RagnaState'
        'Restore-RagnaMachine'
        'Start-RagnaMachine'
        'Stop-RagnaMachine'
        'Test-RagnaConfig'
        'Unregister-RagnaWatch'
        'Watch-RagnaReconcile'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    FormatsToProcess     = @('Ragnatramp.Format.ps1xml')
    PrivateData          = @{
        PSData = @{
            Tags = @('Hyper-V', 'HyperV', 'DefaultSwitch', 'hosts', 'lab', 'VM', 'virtualization', 'cloud-init', 'Windows', 'PSEdition_Desktop', 'PSEdition_Core')
        }
    }
}
