# What is only looked at: the plan, and the checkpoints that there are.

function Get-PlannedAction {
    # What Get-RagnaPlan emits.
    [CmdletBinding()]
    [OutputType('Ragnatramp.PlannedAction')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Open-RagnaLab.
        [Parameter(Mandatory)]
        [object] $Lab,

        # As the library's `lifecycle_plan` takes it.
        [Parameter(Mandatory)]
        [hashtable] $Goal,

        # The machines; empty for all.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $Machine
    )
    $run = [pscustomobject]@{ Cmdlet = $Cmdlet; Lab = $Lab; Goal = $Goal }
    $actions = @(Get-LabAction -Run $run -Inventory (Get-GoalInventory -Run $run) -Goal $Goal -Machine $Machine)
    foreach ($action in $actions) {
        $refusal = if ($action.PSObject.Properties['refusal']) { $action.refusal }
        [pscustomobject]@{
            PSTypeName = 'Ragnatramp.PlannedAction'
            Machine    = $action.machineName
            Action     = $action.kind
            Reason     = $action.reason
            Operation  = $action.operation
            Touches    = [string[]] @($action.touches)
            Drift      = [string[]] @($action.drift)
            DependsOn  = [string[]] @($action.dependsOn)
            Code       = if ($null -ne $refusal) { $refusal.code }
            Remedy     = if ($null -ne $refusal -and $refusal.PSObject.Properties['remedy']) { $refusal.remedy }
            VMName     = $action.vmName
            VMId       = if ($action.vmId) { [guid] $action.vmId }
            Project    = $Lab.Project
            ConfigPath = $Lab.ConfigPath
        }
    }
}

function Get-LabCheckpoint {
    # What Get-RagnaCheckpoint emits.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Checkpoint')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Of Open-RagnaLab.
        [Parameter(Mandatory)]
        [object] $Lab,

        # The machines; empty for all.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $Machine,

        # Names, with wildcards.
        [Parameter(Mandatory)]
        [string[]] $Name
    )
    $patterns = @(foreach ($text in $Name) { Get-NamePattern -Text $text })
    # The plan knows which VM is whose.
    $run = [pscustomobject]@{ Cmdlet = $Cmdlet; Lab = $Lab; Goal = @{ kind = 'stop' } }
    $inventory = Get-GoalInventory -Run $run
    $actions = @(Get-LabAction -Run $run -Inventory $inventory -Goal $run.Goal -Machine $Machine)
    $machineOf = @{}
    $objects = @(foreach ($action in $actions) {
            $vm = if ($null -ne $action.vmId) { $inventory.VM[[string] $action.vmId] }
            $isOurs = $action.kind -ne 'refuse' -or $action.refusal.code -ne 'OWNERSHIP_VERIFICATION_FAILED'
            if ($null -ne $vm -and $isOurs) {
                $machineOf[[string] $action.vmId] = $action
                $vm
            }
        })
    if ($objects.Count -eq 0) { return }
    $snapshots = [System.Collections.Generic.List[object]]::new()
    $checkpoints = Get-HyperVCheckpoint -Cmdlet $Cmdlet -VM $objects -Snapshot $snapshots
    if ($null -ne $checkpoints.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $checkpoints.Failure -Target $Lab.ConfigPath
        return
    }
    $inTime = @($snapshots | Microsoft.PowerShell.Utility\Sort-Object -Property CreationTime)
    # In the order of the config, which a plan for a stop reverses.
    $inOrder = @(foreach ($name in $Lab.MachineName) { foreach ($action in $actions) { if ($action.machineName -ceq $name) { $action } } })
    foreach ($action in $inOrder) {
        foreach ($one in $inTime) {
            $isHis = $machineOf.ContainsKey([string] $one.VMId) -and [object]::ReferenceEquals($machineOf[[string] $one.VMId], $action)
            $fits = @(foreach ($pattern in $patterns) { if ($pattern.IsMatch([string] $one.Name)) { $true } }).Count -gt 0
            if (-not $isHis -or -not $fits) { continue }
            [pscustomobject]@{
                PSTypeName = 'Ragnatramp.Checkpoint'
                Machine    = $action.machineName
                Name       = [string] $one.Name
                CreatedAt  = [datetime] $one.CreationTime
                HasMemory  = [string] $one.State -ne 'Off'
                Parent     = if ($one.ParentSnapshotName) { [string] $one.ParentSnapshotName }
                Id         = [guid] $one.Id
                VMName     = $action.vmName
                VMId       = [guid] $one.VMId
                Project    = $Lab.Project
                ConfigPath = $Lab.ConfigPath
            }
        }
    }
}
