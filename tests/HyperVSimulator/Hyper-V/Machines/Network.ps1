# Connect-VMNetworkAdapter, Enable-VMIntegrationService, Disable-VMIntegrationService.

function Invoke-ConnectAdapter {
    <# .SYNOPSIS Connect-VMNetworkAdapter. With -UseAutomaticConnection the adapter has no fixed switch. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $switch = @{ switchName = $null; switchId = $null }
    if ($Bound.ContainsKey('VMSwitch')) { $switch = @{ switchName = $Bound.VMSwitch.Name; switchId = "$($Bound.VMSwitch.Id)" } }
    elseif ($Bound.ContainsKey('SwitchName')) { $switch = Get-SwitchField -Name $Bound.SwitchName }
    if (-not $switch) {
        $text = "Hyper-V was unable to find a virtual switch with name `"$($Bound.SwitchName)`"."
        Write-LabFault -Call $Call -Caller $Caller -Fault (Get-InvalidArgumentError -Cmdlet $Call.Cmdlet -Message $text -Target $Bound.SwitchName)
        return
    }
    $wanted = @(if ($Bound.ContainsKey('VMNetworkAdapter')) {
            foreach ($one in $Call.Input['VMNetworkAdapter']) { @{ Machine = Get-FreshMachine -MachineId $one.VMId; Name = @([WildcardPattern]::Escape($one.Name)) } }
        }
        else { foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) { @{ Machine = $machine; Name = @($Bound['Name']) } } })
    foreach ($one in $wanted) {
        if ($null -eq $one.Machine) {
            Write-LabFault -Call $Call -Caller $Caller -Fault (Get-LostObjectError -Cmdlet $Call.Cmdlet)
            continue
        }
        Connect-LabAdapter -Call $Call -Caller $Caller -Machine $one.Machine -Name @($one.Name | Where-Object { $_ }) -Switch $switch -Passthru $Bound['Passthru']
    }
}

function Connect-LabAdapter {
    <# .SYNOPSIS Puts the adapters of a machine, or those of a name, on a switch. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [object] $Machine, [string[]] $Name, [hashtable] $Switch, [object] $Passthru)
    Use-LabLock {
        $now = Get-FreshMachine -MachineId $Machine.Id
        $changed = @()
        $adapters = @(foreach ($adapter in @($now.Raw.adapters)) {
                if (@($Name).Count -eq 0 -or (Test-AnyLike -Value $adapter.name -Pattern $Name)) {
                    $changed += $adapter.name
                    foreach ($key in $Switch.Keys) { Add-Member -InputObject $adapter -NotePropertyName $key -NotePropertyValue $Switch[$key] -Force }
                }
                $adapter
            })
        if ($changed.Count -eq 0) {
            $text = "Hyper-V was unable to find a network adapter with name `"$($Name -join ', ')`"."
            Write-LabFault -Call $Call -Caller $Caller -Fault (Get-MissingError -Cmdlet $Call.Cmdlet -Message $text -Target $Machine.Name)
            return
        }
        if (-not (Test-LabConsent -Caller $Caller -Target $Machine.Name -Action $Call.Cmdlet)) { return }
        Edit-LabMachine -MachineId $Machine.Id -Field @{ adapters = $adapters }
        if ($Passthru) {
            ConvertTo-HyperVAdapter -Machine (Get-FreshMachine -MachineId $Machine.Id) -ComputerName (Get-LabHost).ComputerName |
                Where-Object { $changed -contains $_.Name }
        }
    }
}

function Invoke-SwitchService {
    <# .SYNOPSIS Enable-VMIntegrationService and Disable-VMIntegrationService: by object, or by the name in the host's language. #>
    param([object] $Call, [Management.Automation.PSCmdlet] $Caller, [hashtable] $Bound)
    $wanted = @(if ($Bound.ContainsKey('VMIntegrationService')) {
            foreach ($one in $Call.Input['VMIntegrationService']) { @{ Id = [guid] $one.VMId; Name = @([WildcardPattern]::Escape($one.Name)) } }
        }
        else { foreach ($machine in @(Select-CallMachine -Call $Call -Caller $Caller)) { @{ Id = $machine.Id; Name = @($Bound.Name) } } })
    foreach ($one in $wanted) {
        Use-LabLock {
            $machine = Get-FreshMachine -MachineId $one.Id
            $found = @($script:IntegrationServices.Keys | Where-Object { Test-AnyLike -Value $_ -Pattern $one.Name })
            if ($found.Count -eq 0) {
                $text = "Hyper-V was unable to find an integration service with name `"$($one.Name -join ', ')`"."
                Write-LabFault -Call $Call -Caller $Caller -Fault (Get-InvalidArgumentError -Cmdlet $Call.Cmdlet -Message $text)
                return
            }
            if (-not (Test-LabConsent -Caller $Caller -Target $machine.Name -Action $Call.Cmdlet)) { return }
            Save-Service -Machine $machine -Name $found -Enabled ($Call.Cmdlet -eq 'Enable-VMIntegrationService')
            if ($Bound['Passthru']) { ConvertTo-HyperVService -Machine (Get-FreshMachine -MachineId $one.Id) | Where-Object { $found -contains $_.Name } }
        }
    }
}

function Save-Service {
    <# .SYNOPSIS Writes which services are on. Data Exchange stands with the guest. #>
    param([object] $Machine, [string[]] $Name, [bool] $Enabled)
    $services = if ($null -ne $Machine.Raw.services) { $Machine.Raw.services } else { [pscustomobject] @{} }
    $fields = @{ services = $services }
    foreach ($one in $Name) {
        if ($one -eq 'Key-Value Pair Exchange') {
            $guest = $Machine.Guest.Clone()
            $guest.exchange = $Enabled
            $fields['guest'] = $guest
        }
        else { Add-Member -InputObject $services -NotePropertyName $script:IntegrationServices[$one] -NotePropertyValue $Enabled -Force }
    }
    Edit-LabMachine -MachineId $Machine.Id -Field $fields
}
