# Get-VMFirmware, Set-VMFirmware: generation 2 only. In a machine's file: {secureBoot, template, boot (ids)}.

$script:SecureBootTemplates = [ordered] @{
    MicrosoftWindows                   = '1734c6e8-3154-4dda-ba5f-a874cc483422'
    MicrosoftUEFICertificateAuthority  = '272e7447-90a4-4563-a4b9-8e4ab00526ce'
    OpenSourceShieldedVM               = '4292ae2b-ee2c-42b5-a969-dd8f8689f6f3'
}

function Get-FirmwareField {
    <# .SYNOPSIS A machine's firmware, with what a new machine has. #>
    param([object] $Machine)
    $field = @{ secureBoot = 'On'; template = 'MicrosoftWindows'; boot = @(); console = 'Default'; network = 'IPv4'; pause = 'Off' }
    if ($null -ne $Machine.Raw.firmware) { foreach ($one in $Machine.Raw.firmware.PSObject.Properties) { $field[$one.Name] = $one.Value } }
    $field
}

function ConvertTo-HyperVFirmware {
    <# .SYNOPSIS The firmware as Get-VMFirmware shows it. #>
    param([object] $Machine)
    $field = Get-FirmwareField -Machine $Machine
    $devices = @(ConvertTo-HyperVDrive -Machine $Machine -Kind 'disk') + @(ConvertTo-HyperVDrive -Machine $Machine -Kind 'dvd') +
    @(ConvertTo-HyperVAdapter -Machine $Machine -ComputerName (Get-LabHost).ComputerName)
    $order = @(foreach ($id in @($field.boot)) { $devices | Where-Object { $_.Id -eq $id } }) + @($devices | Where-Object { @($field.boot) -notcontains $_.Id })
    [pscustomobject] @{
        PSTypeName                   = 'Microsoft.HyperV.PowerShell.VMFirmware'
        VMId                         = $Machine.Id
        VMName                       = $Machine.Name
        SecureBoot                   = [Microsoft.HyperV.PowerShell.OnOffState] $field.secureBoot
        SecureBootTemplate           = [string] $field.template
        SecureBootTemplateId         = [guid] $script:SecureBootTemplates[[string] $field.template]
        PreferredNetworkBootProtocol = [Microsoft.HyperV.PowerShell.IPProtocolPreference] $field.network
        ConsoleMode                  = [Microsoft.HyperV.PowerShell.ConsoleModeType] $field.console
        PauseAfterBootFailure        = [Microsoft.HyperV.PowerShell.OnOffState] $field.pause
        BootOrder                    = @(foreach ($device in $order) {
                $type = if ($device.PSTypeNames[0] -like '*VMNetworkAdapter') { 'Network' } else { 'Drive' }
                [pscustomobject] @{
                    PSTypeName = 'Microsoft.HyperV.PowerShell.VMBootSource'
                    BootType   = [Microsoft.HyperV.PowerShell.BootSourceType] $type
                    Device     = $device; VMId = $Machine.Id; VMName = $Machine.Name
                }
            })
        ComputerName                 = (Get-LabHost).ComputerName
        IsDeleted                    = $false
    }
}

function Select-FirmwareMachine {
    <# .SYNOPSIS The machines whose firmware a call means; one of generation 1 is an error. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller)
    if ($Call.Input.ContainsKey('VMFirmware')) { $Call.Ids = @($Call.Input['VMFirmware'] | ForEach-Object { $_.VMId }) }
    foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) {
        if ($machine.Generation -eq 2) { $machine; continue }
        $fault = Get-InvalidArgumentError -Cmdlet $Call.Cmdlet -Target $machine.Name -Message (
            "'$($machine.Name)' is a virtual machine of generation 1, which has no such firmware.")
        Write-LabFault -Call $Call -Caller $Caller -Fault $fault
    }
}

function Invoke-GetFirmware {
    <# .SYNOPSIS Get-VMFirmware. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    if ($Bound.ContainsKey('VMSnapshot')) { $Call.Ids = @($Bound.VMSnapshot.VMId) }
    foreach ($machine in @(Select-FirmwareMachine -Call $Call -Caller $Caller)) { ConvertTo-HyperVFirmware -Machine $machine }
}

function Get-TemplateName {
    <# .SYNOPSIS The Secure Boot template that is asked for by name or id; nothing where there is none. #>
    param([hashtable] $Bound)
    foreach ($name in $script:SecureBootTemplates.Keys) {
        if ($name -eq $Bound['SecureBootTemplate'] -or $script:SecureBootTemplates[$name] -eq "$($Bound['SecureBootTemplateId'])") { return $name }
    }
}

function Invoke-SetFirmware {
    <# .SYNOPSIS Set-VMFirmware: the machine must be off. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    foreach ($machine in @(Select-FirmwareMachine -Call $Call -Caller $Caller)) {
        $fault = if ($machine.State -ne 'Off') { Get-InvalidStateError -Cmdlet $Call.Cmdlet -Name $machine.Name }
        $field = Get-FirmwareField -Machine $machine
        if ($Bound.ContainsKey('SecureBootTemplate') -or $null -ne $Bound['SecureBootTemplateId']) {
            $field.template = Get-TemplateName -Bound $Bound
            if (-not $field.template) {
                $fault = Get-InvalidArgumentError -Cmdlet $Call.Cmdlet -Target $machine.Name -Message "There is no Secure Boot template '$($Bound['SecureBootTemplate'])$($Bound['SecureBootTemplateId'])'."
            }
        }
        if ($fault) { Write-LabFault -Call $Call -Caller $Caller -Fault $fault; continue }
        if (-not (Test-LabConsent -Caller $Caller -Target $machine.Name -Action $Call.Cmdlet)) { continue }
        if ($null -ne $Bound['EnableSecureBoot']) { $field.secureBoot = "$($Bound.EnableSecureBoot)" }
        if ($null -ne $Bound['ConsoleMode']) { $field.console = "$($Bound.ConsoleMode)" }
        if ($null -ne $Bound['PreferredNetworkBootProtocol']) { $field.network = "$($Bound.PreferredNetworkBootProtocol)" }
        if ($null -ne $Bound['PauseAfterBootFailure']) { $field.pause = "$($Bound.PauseAfterBootFailure)" }
        if ($Bound.ContainsKey('BootOrder')) { $field.boot = @($Bound.BootOrder | ForEach-Object { Get-BootId -Device $_ }) }
        if ($Bound.ContainsKey('FirstBootDevice')) {
            $first = Get-BootId -Device $Bound.FirstBootDevice
            $field.boot = @($first) + @($field.boot | Where-Object { $_ -ne $first })
        }
        Edit-LabMachine -MachineId $machine.Id -Field @{ firmware = $field }
        if ($Bound['Passthru']) { ConvertTo-HyperVFirmware -Machine (Get-FreshMachine -MachineId $machine.Id) }
    }
}

function Get-BootId {
    <# .SYNOPSIS The id of a device, or of the device of a boot source. #>
    param([object] $Device)
    if ($Device.PSTypeNames -contains 'Microsoft.HyperV.PowerShell.VMBootSource') { $Device.Device.Id } else { $Device.Id }
}
