# The host's own interfaces: one on each switch that is not private (addresses: 'ip/bits' of the switch in host.json), and its
# network card.

function Get-HostInterface {
    <# .SYNOPSIS The interfaces: Alias, Index, Guid, Hidden, Address. Windows hides the one on the Default Switch. #>
    [pscustomobject] @{
        Alias = 'Ethernet'; Index = [uint32] 6; Guid = [guid] '3f0a8e1c-90b4-4f4c-8a57-0d5e2b8c6a11'; Hidden = $false
        Address = @('192.168.1.20/24')
    }
    $index = 24
    foreach ($switch in (Get-LabHost).Switches) {
        if ($switch.type -eq 'Private') { continue }
        [pscustomobject] @{
            Alias = "vEthernet ($($switch.name))"; Index = [uint32] $index; Guid = Get-HostAdapterGuid -Switch $switch
            Hidden = $switch.id -eq $script:DefaultSwitch.id; Address = @(Get-Field -Source $switch -Name 'addresses' -Default @())
        }
        $index++
    }
}

function Get-HostAdapterGuid {
    <# .SYNOPSIS The GUID of the host's adapter on a switch: the switch's with other first digits, as it is none of Hyper-V's. #>
    param([object] $Switch)
    [guid] ('e1e10000' + ([string] $Switch.id).Substring(8))
}

function Get-NetworkRefusal {
    <# .SYNOPSIS The error with which the host refuses a cmdlet of its network, or nothing. #>
    param([string] $Cmdlet)
    $denied = (Get-LabHost).Denied
    if (-not $(if ($denied -is [bool]) { $denied } else { @($denied) -contains $Cmdlet })) { return }
    $exception = New-Object -TypeName System.Exception -ArgumentList 'Access is denied.'
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception,
    'Windows System Error 5', ([Management.Automation.ErrorCategory]::PermissionDenied), $null
}

function Get-NetworkNotFoundError {
    <# .SYNOPSIS The error of a cmdlet of the host's network that found nothing of what it was asked for by name. #>
    param([string] $Class, [string] $Property, [object] $Value)
    $text = "No $Class objects found with property '$Property' equal to '$Value'.  Verify the value of the property and retry."
    $exception = New-Object -TypeName System.Exception -ArgumentList $text
    New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception,
    "CmdletizationQuery_NotFound_$Property", ([Management.Automation.ErrorCategory]::ObjectNotFound), $Value
}

function Get-NetAdapter {
    <#
    .SYNOPSIS
    The host's interfaces, with the parameters of the real function's first set.
    #>
    [OutputType([object[]])]
    [CmdletBinding(DefaultParameterSetName = 'ByName')]
    param(
        [Parameter(ParameterSetName = 'ByName', Position = 0, ValueFromPipelineByPropertyName = $true)]
        [Alias('ifAlias', 'InterfaceAlias')]
        [string[]] $Name,
        [switch] $IncludeHidden,
        [switch] $Physical,
        [CimSession[]] $CimSession,
        [int] $ThrottleLimit,
        [switch] $AsJob
    )
    process {
        if ($AsJob) { throw [NotSupportedException] 'The simulated Get-NetAdapter knows no -AsJob.' }
        $call = Enter-LabCall -Cmdlet 'Get-NetAdapter'
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        $refusal = Get-NetworkRefusal -Cmdlet 'Get-NetAdapter'
        if ($refusal) {
            Complete-LabCall -Call $call -Count 0
            $PSCmdlet.WriteError($refusal)
            return
        }
        $found = @(foreach ($one in Get-HostInterface) {
                if ($one.Hidden -and -not $IncludeHidden) { continue }
                if ($Physical -and $one.Alias -like 'vEthernet*') { continue }
                if (-not (Test-AnyLike -Value $one.Alias -Pattern $Name)) { continue }
                $guid = $one.Guid.ToString('B').ToUpperInvariant()
                [pscustomobject] @{
                    PSTypeName     = 'Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetAdapter'
                    Name           = $one.Alias
                    InterfaceAlias = $one.Alias
                    InterfaceIndex = $one.Index
                    ifIndex        = $one.Index
                    InterfaceGuid  = $guid
                    DeviceID       = $guid
                    Hidden         = $one.Hidden
                }
            })
        Complete-LabCall -Call $call -Count $found.Count
        if ($found.Count -eq 0 -and $Name) {
            $PSCmdlet.WriteError((Get-NetworkNotFoundError -Class 'MSFT_NetAdapter' -Property 'Name' -Value $Name[0]))
        }
        $found
    }
}

function Get-NetIPAddress {
    <#
    .SYNOPSIS
    The host's own addresses, with those parameters of the real function's first set that concern reading IPv4.
    #>
    [OutputType([object[]])]
    [CmdletBinding(DefaultParameterSetName = 'ByName')]
    param(
        [Parameter(ParameterSetName = 'ByName', Position = 0, ValueFromPipelineByPropertyName = $true)]
        [string[]] $IPAddress,
        [Parameter(ParameterSetName = 'ByName', ValueFromPipelineByPropertyName = $true)]
        [Alias('ifIndex')]
        [uint32[]] $InterfaceIndex,
        [Parameter(ParameterSetName = 'ByName', ValueFromPipelineByPropertyName = $true)]
        [Alias('ifAlias')]
        [string[]] $InterfaceAlias,
        [Parameter(ParameterSetName = 'ByName')]
        [Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.AddressFamily[]] $AddressFamily,
        [CimSession[]] $CimSession,
        [int] $ThrottleLimit,
        [switch] $AsJob
    )
    process {
        if ($AsJob) { throw [NotSupportedException] 'The simulated Get-NetIPAddress knows no -AsJob.' }
        $call = Enter-LabCall -Cmdlet 'Get-NetIPAddress'
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        $refusal = Get-NetworkRefusal -Cmdlet 'Get-NetIPAddress'
        if ($refusal) {
            Complete-LabCall -Call $call -Count 0
            $PSCmdlet.WriteError($refusal)
            return
        }
        $found = @(foreach ($one in Get-HostInterface) {
                if (-not (Test-AnyLike -Value $one.Alias -Pattern $InterfaceAlias)) { continue }
                if ($null -ne $InterfaceIndex -and $InterfaceIndex -notcontains $one.Index) { continue }
                foreach ($address in $one.Address) {
                    $ip, $bits = $address.Split('/')
                    $family = if ($ip.Contains(':')) { 'IPv6' } else { 'IPv4' }
                    if ($null -ne $AddressFamily -and $AddressFamily -notcontains $family) { continue }
                    if (-not (Test-AnyLike -Value $ip -Pattern $IPAddress)) { continue }
                    [pscustomobject] @{
                        PSTypeName     = 'Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetIPAddress'
                        IPAddress      = $ip
                        PrefixLength   = [byte] $bits
                        InterfaceIndex = $one.Index
                        ifIndex        = $one.Index
                        InterfaceAlias = $one.Alias
                        AddressFamily  = [Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPAddress.AddressFamily] $family
                    }
                }
            })
        Complete-LabCall -Call $call -Count $found.Count
        $asked = @('IPAddress', 'InterfaceAlias', 'InterfaceIndex' | Where-Object { $PSBoundParameters.ContainsKey($_) }) |
            Select-Object -First 1
        if ($found.Count -eq 0 -and $asked) {
            $value = @($PSBoundParameters[$asked])[0]
            $PSCmdlet.WriteError((Get-NetworkNotFoundError -Class 'MSFT_NetIPAddress' -Property $asked -Value $value))
        }
        $found
    }
}
