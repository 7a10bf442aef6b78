function ConvertTo-HyperVMachine {
    <# .SYNOPSIS Machines as Get-VM shows them: real names and types, a picture of this moment. #>
    param([object[]] $Machine)
    $computer = (Get-LabHost).ComputerName
    $now = [datetime]::Now
    foreach ($one in $Machine) {
        $running = $one.State -eq 'Running'
        [pscustomobject] @{
            PSTypeName         = 'Microsoft.HyperV.PowerShell.VirtualMachine'
            Name               = $one.Name
            VMName             = $one.Name
            Id                 = $one.Id
            VMId               = $one.Id
            State              = $one.State
            Status             = 'Operating normally'
            Notes              = $one.Notes
            Generation         = $one.Generation
            ProcessorCount     = $one.ProcessorCount
            MemoryStartup      = $one.MemoryStartup
            MemoryAssigned     = if ($running) { $one.MemoryStartup } else { [long] 0 }
            CPUUsage           = 0
            Uptime             = if ($running -and $null -ne $one.StartedAt) { $now - $one.StartedAt } else { [timespan]::Zero }
            CreationTime       = $one.CreatedAt
            Version            = '12.0'
            Path               = 'C:\ProgramData\Microsoft\Windows\Hyper-V'
            ComputerName       = $computer
            ParentSnapshotId   = $null
            ParentSnapshotName = $null
            IsDeleted          = $false
        }
    }
}

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
        $machines = @(Select-CallMachine -Call $call -Caller $PSCmdlet -All:(-not $asked))
        ConvertTo-HyperVMachine -Machine $machines
        Complete-LabCall -Call $call -Count $machines.Count
    }
}
