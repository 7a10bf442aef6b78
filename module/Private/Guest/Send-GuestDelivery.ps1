# The codes of Msvm_VirtualSystemManagementService and of its jobs, as Microsoft documents them.
$script:VirtualSystemCode = @{
    32768 = 'failed'
    32769 = 'access denied'
    32770 = 'not supported'
    32771 = 'status is unknown'
    32772 = 'timeout'
    32773 = 'invalid parameter'
    32774 = 'system is in use'
    32775 = 'invalid state for this operation'
    32776 = 'incorrect data type'
    32777 = 'system is not available'
    32778 = 'out of memory'
}

function Send-GuestDelivery {
    <#
    .SYNOPSIS
        Makes the calls that leave a block with one VM, in their order.
    .PARAMETER Cmdlet
        The cmdlet that sends.
    .PARAMETER Delivery
        What to send, of the library: vmId, machineName and steps (method, dataItems).
    .OUTPUTS
        A failure, or nothing.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Delivery
    )
    if ($Delivery.steps.Count -eq 0) { return }
    $space = @{ Namespace = 'root/virtualization/v2' }
    $sent = Invoke-HyperVCall -Cmdlet $Cmdlet -Question "Invoke-CimMethod ($($Delivery.machineName), $($Delivery.steps.Count) calls)" -Script {
        $service = Get-CimInstance @space -ClassName Msvm_VirtualSystemManagementService -ErrorAction Stop
        $system = Get-CimInstance @space -ClassName Msvm_ComputerSystem -Filter "Name='$($Delivery.vmId)'" -ErrorAction Stop
        foreach ($step in $Delivery.steps) {
            $arguments = @{ TargetSystem = $system; DataItems = [string[]] $step.dataItems }
            $result = Invoke-CimMethod -InputObject $service -MethodName $step.method -Arguments $arguments -ErrorAction Stop
            $code = Wait-VirtualSystemJob -Result $result
            if ($code -ne 0) {
                $words = $script:VirtualSystemCode[[int] $code]
                throw "$($step.method) ended with code $code ($words)"
            }
        }
    }
    if ($null -ne $sent.Failure) {
        New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $Delivery.machineName `
            -Message "its key-value pairs could not be set: $($sent.Failure.message)" -Remedy $sent.Failure.remedy
    }
}

function Wait-VirtualSystemJob {
    # The code with which a call ended: its own, or that of the job it started (4096). A job has 5 s.
    [CmdletBinding()]
    [OutputType([int])]
    param(
        [Parameter(Mandatory)]
        [object] $Result
    )
    if ($Result.ReturnValue -ne 4096) { return [int] $Result.ReturnValue }
    $id = [string] $Result.Job.InstanceID
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ($true) {
        $job = Get-CimInstance -Namespace 'root/virtualization/v2' -ClassName Msvm_ConcreteJob -Filter "InstanceID='$id'" -ErrorAction Stop
        # 7 is completed; below it the job is still on its way.
        if ($null -eq $job -or $job.JobState -eq 7) { return 0 }
        if ($job.JobState -gt 7) { return [int] $job.ErrorCode }
        if ($watch.Elapsed.TotalSeconds -ge 5) { return 32772 }
        Start-Sleep -Milliseconds 50
    }
}
