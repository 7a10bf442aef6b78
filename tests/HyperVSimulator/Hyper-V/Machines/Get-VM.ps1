function Get-VM {
    <#
    .SYNOPSIS
    The machines of the lab, with the parameters of the real cmdlet.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Name')]
    param(
        [Parameter(ParameterSetName = 'Name', Position = 0, ValueFromPipeline = $true)]
        [Alias('VMName')]
        [string[]] $Name,
        [Parameter(ParameterSetName = 'Name')]
        [Parameter(ParameterSetName = 'Id')]
        [CimSession[]] $CimSession,
        [Parameter(ParameterSetName = 'Name')]
        [Parameter(ParameterSetName = 'Id')]
        [string[]] $ComputerName,
        [Parameter(ParameterSetName = 'Name')]
        [Parameter(ParameterSetName = 'Id')]
        [pscredential[]] $Credential,
        [Parameter(ParameterSetName = 'Id', Position = 0, ValueFromPipeline = $true, ValueFromPipelineByPropertyName = $true)]
        [Nullable[guid]] $Id,
        [Parameter(ParameterSetName = 'ClusterObject', Mandatory = $true, Position = 0, ValueFromPipeline = $true)]
        [PSTypeName('Microsoft.FailoverClusters.PowerShell.ClusterObject')] [psobject] $ClusterObject
    )
    begin {
        $call = Enter-LabCall -Cmdlet 'Get-VM'
    }
    process {
        Add-LabCallParameter -Call $call -Bound $PSBoundParameters -Name $Name -Id $Id
    }
    end {
        if (Test-LabRefusal -Call $call -Caller $PSCmdlet) { return }
        $asked = $call.Names.Count + $call.Ids.Count -gt 0
        Step-LabMachine
        $found = Select-LabMachine -Cmdlet 'Get-VM' -Name $call.Names -Id $call.Ids -All:(-not $asked) -Seen
        Step-HiddenMachine
        $leaving = @(if (-not $asked) { Step-LeavingMachine -Cmdlet 'Get-VM' })
        Complete-LabCall -Call $call -Count $found.Machines.Count
        # The last, because they can end this function.
        foreach ($fault in $leaving + $found.Errors) { $PSCmdlet.WriteError($fault) }
        ConvertTo-HyperVMachine -Machine $found.Machines
    }
}
