# The host's neighbour table: neighbours.json, a list of {ip, mac, state, interface}.

function ConvertTo-NetNeighbor {
    <# .SYNOPSIS One entry as the real Get-NetNeighbor shows it. #>
    param([object] $Entry)
    $family = if (([string] $Entry.ip).Contains(':')) { 'IPv6' } else { 'IPv4' }
    $alias = [string] (Get-Field -Source $Entry -Name 'interface' -Default 'vEthernet (Default Switch)')
    $index = [uint32] (Get-Field -Source $Entry -Name 'interfaceIndex' -Default $(if ($alias -like 'vEthernet*') { 24 } else { 6 }))
    [pscustomobject] @{
        PSTypeName       = 'Microsoft.Management.Infrastructure.CimInstance#ROOT/StandardCimv2/MSFT_NetNeighbor'
        IPAddress        = [string] $Entry.ip
        InterfaceIndex   = $index
        ifIndex          = $index
        InterfaceAlias   = $alias
        LinkLayerAddress = [string] (Get-Field -Source $Entry -Name 'mac' -Default '')
        State            = [Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetNeighbor.State] (
            Get-Field -Source $Entry -Name 'state' -Default 'Permanent')
        AddressFamily    = [Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetNeighbor.AddressFamily] $family
        PolicyStore      = 'ActiveStore'
    }
}

function Test-AnyLike {
    <# .SYNOPSIS Whether a value fits one of the wildcards, or none are asked. #>
    param([string] $Value, [string[]] $Pattern)
    if ($null -eq $Pattern -or $Pattern.Count -eq 0) { return $true }
    foreach ($one in $Pattern) { if ($Value -like $one) { return $true } }
    $false
}

function Get-NetNeighbor {
    <#
    .SYNOPSIS
    The neighbour table, with the parameters of the real function that concern reading it.
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
        [string[]] $LinkLayerAddress,
        [Parameter(ParameterSetName = 'ByName')]
        [Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetNeighbor.State[]] $State,
        [Parameter(ParameterSetName = 'ByName')]
        [Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetNeighbor.AddressFamily[]] $AddressFamily,
        [Parameter(ParameterSetName = 'ByName')]
        [string] $PolicyStore,
        [Parameter(ParameterSetName = 'ByName')]
        [switch] $IncludeAllCompartments,
        [CimSession[]] $CimSession,
        [int] $ThrottleLimit,
        [switch] $AsJob
    )
    process {
        if ($AsJob) { throw [NotSupportedException] 'The simulated Get-NetNeighbor knows no -AsJob.' }
        $call = Enter-LabCall -Cmdlet 'Get-NetNeighbor'
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters
        $path = Get-LabPath -Part 'neighbours.json'
        $entries = @()
        if ([IO.File]::Exists($path)) {
            # Inside an object, since 5.1 and 7 differ in how they give a bare list.
            $entries = @((ConvertFrom-Json -InputObject ('{"all":' + [IO.File]::ReadAllText($path) + '}')).all)
        }
        $found = @(foreach ($entry in $entries) {
                $one = ConvertTo-NetNeighbor -Entry $entry
                if ((Test-AnyLike -Value $one.IPAddress -Pattern $IPAddress) -and
                    (Test-AnyLike -Value $one.InterfaceAlias -Pattern $InterfaceAlias) -and
                    (Test-AnyLike -Value $one.LinkLayerAddress -Pattern $LinkLayerAddress) -and
                    ($null -eq $InterfaceIndex -or $InterfaceIndex -contains $one.InterfaceIndex) -and
                    ($null -eq $State -or $State -contains $one.State) -and
                    ($null -eq $AddressFamily -or $AddressFamily -contains $one.AddressFamily)) { $one }
            })
        Complete-LabCall -Call $call -Count $found.Count
        if ($found.Count -eq 0) {
            $asked = @('IPAddress', 'InterfaceAlias', 'InterfaceIndex', 'LinkLayerAddress' |
                    Where-Object { $PSBoundParameters.ContainsKey($_) }) | Select-Object -First 1
            if ($asked) {
                $value = @($PSBoundParameters[$asked])[0]
                $PSCmdlet.WriteError((Get-NetworkNotFoundError -Class 'MSFT_NetNeighbor' -Property $asked -Value $value))
            }
        }
        $found
    }
}
