# The services by the ids that they have on every host; their names are translated.
$script:IntegrationServices = [ordered] @{
    'Guest Service Interface' = '6C09BB55-D683-4DA0-8931-C9BF705F6480'
    'Heartbeat'               = '84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47'
    'Key-Value Pair Exchange' = '2A34B1C2-FD73-4043-8A5B-DD2159BC743F'
    'Shutdown'                = '9F8233AC-BE49-4C79-8EE3-E7E1985B2077'
    'Time Synchronization'    = '2497F4DE-E9FA-4204-80E4-4B75C46419C0'
    'VSS'                     = '5CED1297-4598-4915-A5FC-AD21BB4D02A4'
}

function Test-ServiceEnabled {
    <# .SYNOPSIS Whether a service is on: Guest Service Interface is off until somebody enables it. #>
    param([object] $Machine, [string] $Name)
    if ($Name -eq 'Key-Value Pair Exchange') { return $Machine.Exchange }
    $default = $Name -ne 'Guest Service Interface'
    if ($null -eq $Machine.Raw.services) { return $default }
    [bool] (Get-Field -Source $Machine.Raw.services -Name $script:IntegrationServices[$Name] -Default $default)
}

function Test-ServiceContact {
    <#
    .SYNOPSIS
    Whether the guest answers to a service. Some need a daemon there; others the kernel alone, so a guest without daemons answers.
    #>
    param([object] $Machine, [string] $Name)
    if (-not $Machine.Boots) { return $false }
    switch ($Name) {
        'Key-Value Pair Exchange' { return $Machine.Daemon }
        'VSS' { if ($null -ne $Machine.Guest.vss) { return [bool] $Machine.Guest.vss } else { return $Machine.Daemon } }
        'Guest Service Interface' { return $Machine.Daemon }
        'Shutdown' { return $Machine.Guest.shutdown -ne 'none' }
    }
    $true
}

function ConvertTo-HyperVService {
    <# .SYNOPSIS The integration services of one machine. #>
    param([object] $Machine)
    foreach ($name in $script:IntegrationServices.Keys) {
        $enabled = Test-ServiceEnabled -Machine $Machine -Name $name
        $status = $null
        $text = ''
        if ($enabled -and $Machine.State -eq 'Running') {
            $contact = Test-ServiceContact -Machine $Machine -Name $name
            $status = if ($contact) { 'Ok' } else { 'NoContact' }
            $text = if ($contact) { 'OK' } else { 'No Contact' }
        }
        [pscustomobject] @{
            PSTypeName                 = 'Microsoft.HyperV.PowerShell.VMIntegrationComponent'
            Name                       = $name
            Id                         = 'Microsoft:{0}\{1}' -f $Machine.Id.ToString().ToUpperInvariant(), $script:IntegrationServices[$name]
            VMId                       = $Machine.Id
            VMName                     = $Machine.Name
            Enabled                    = $enabled
            PrimaryOperationalStatus   = $status -as [Microsoft.HyperV.PowerShell.VMIntegrationComponentOperationalStatus]
            PrimaryStatusDescription   = $text
            SecondaryOperationalStatus = $null
            SecondaryStatusDescription = ''
            VMSnapshotId               = [guid]::Empty
            IsDeleted                  = $false
        }
    }
}

function Get-VMIntegrationService {
    <#
    .SYNOPSIS
    The integration services, with the parameters of the real cmdlet.
    #>
    [OutputType([object[]])]
    [CmdletBinding(DefaultParameterSetName = 'VMName')]
    param(
        [Parameter(ParameterSetName = 'VMName')]
        [CimSession[]] $CimSession,
        [Parameter(ParameterSetName = 'VMName')]
        [string[]] $ComputerName,
        [Parameter(ParameterSetName = 'VMName')]
        [pscredential[]] $Credential,
        [Parameter(ParameterSetName = 'VMObject', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.HyperV.PowerShell.VirtualMachine')] [psobject[]] $VM,
        [Parameter(ParameterSetName = 'VMSnapshot', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [Alias('VMCheckpoint')]
        [PSTypeName('Microsoft.HyperV.PowerShell.VMSnapshot')] [psobject] $VMSnapshot,
        [Parameter(ParameterSetName = 'VMName', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [string[]] $VMName,
        [Parameter(Position = 1)]
        [string[]] $Name
    )
    begin {
        $call = Enter-LabCall -Cmdlet 'Get-VMIntegrationService'
    }
    process {
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters -Name $VMName -Object $VM
    }
    end {
        if (Test-LabRefusal -Call $call -Caller $PSCmdlet) { return }
        $machines = @(Select-CallMachine -Call $call -Caller $PSCmdlet)
        $services = @(foreach ($machine in $machines) {
                foreach ($service in ConvertTo-HyperVService -Machine $machine) {
                    $wanted = @(@($Name) | Where-Object { $_ -and $service.Name -like $_ })
                    if (-not $Name -or $wanted.Count -gt 0) { $service }
                }
            })
        $services
        Complete-LabCall -Call $call -Count $services.Count
    }
}
