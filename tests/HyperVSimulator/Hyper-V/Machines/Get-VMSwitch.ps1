function Get-VMSwitch {
    <#
    .SYNOPSIS
    The switches, with the parameters of the real cmdlet.
    #>
    [OutputType([object[]])]
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    param(
        [Parameter(ParameterSetName = 'Id', Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [Alias('SwitchId')]
        [guid[]] $Id,
        [Parameter(ParameterSetName = 'Name', Position = 0)]
        [Alias('SwitchName')]
        [string] $Name,
        [Parameter(Position = 1)]
        [string[]] $ResourcePoolName,
        [Microsoft.HyperV.PowerShell.VMSwitchType[]] $SwitchType,
        [CimSession[]] $CimSession,
        [string[]] $ComputerName,
        [pscredential[]] $Credential
    )
    begin {
        $call = Enter-LabCall -Cmdlet 'Get-VMSwitch'
    }
    process {
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters -Id $Id
    }
    end {
        if (Test-LabRefusal -Call $call -Caller $PSCmdlet) { return }
        $switches = @(foreach ($switch in (Get-LabHost).Switches) {
                if ($call.Ids.Count -gt 0 -and $call.Ids -notcontains [guid] $switch.id) { continue }
                if ($Name -and $switch.name -notlike $Name) { continue }
                if ($null -ne $SwitchType -and $SwitchType -notcontains $switch.type) { continue }
                [pscustomobject] @{
                    PSTypeName   = 'Microsoft.HyperV.PowerShell.VMSwitch'
                    Name         = [string] $switch.name
                    Id           = [guid] $switch.id
                    SwitchType   = [Microsoft.HyperV.PowerShell.VMSwitchType] $switch.type
                    Notes        = ''
                    ComputerName = (Get-LabHost).ComputerName
                    IsDeleted    = $false
                }
            })
        if ($switches.Count -eq 0 -and $Name -and -not [WildcardPattern]::ContainsWildcardCharacters($Name)) {
            $PSCmdlet.WriteError((Get-HyperVError -Cmdlet 'Get-VMSwitch' -Id 'InvalidParameter' -Category InvalidArgument `
                        -Target $Name -Message "Hyper-V was unable to find a virtual switch with name `"$Name`"."))
        }
        $switches
        Complete-LabCall -Call $call -Count $switches.Count
    }
}
