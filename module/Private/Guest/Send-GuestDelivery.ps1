function Send-GuestDelivery {
    <#
    .SYNOPSIS
        Makes the calls that leave a block with some VMs, each VM's in their order.
    .DESCRIPTION
        In waves: the first call of every VM is made, the jobs of them all are waited for, then comes the second. A VM
        whose call fails takes no part in the next wave; the others go on.
    .PARAMETER Cmdlet
        The cmdlet that sends.
    .PARAMETER Delivery
        What to send to whom, of the library: vmId, machineName, parcel (a number).
    .PARAMETER Parcel
        The parcels, of the library: steps (method, dataItems).
    .OUTPUTS
        A hashtable with the failure of each machine to which not all could be sent, by its name.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object[]] $Delivery,

        [Parameter(Mandatory)]
        [object[]] $Parcel
    )
    $failures = @{}
    $going = @(foreach ($one in $Delivery) { if ($Parcel[$one.parcel].steps.Count -gt 0) { $one } })
    if ($going.Count -eq 0) { return $failures }

    $space = @{ Namespace = 'root/virtualization/v2'; ErrorAction = 'Stop' }
    $systems = @{}
    $found = Invoke-HyperVCall -Cmdlet $Cmdlet -Question 'Get-CimInstance Msvm_ComputerSystem' -Script {
        Get-CimInstance @space -ClassName Msvm_VirtualSystemManagementService
        foreach ($system in @(Get-CimInstance @space -ClassName Msvm_ComputerSystem)) { $systems[$system.Name] = $system }
    }
    if ($null -ne $found.Failure) {
        foreach ($one in $going) { $failures[$one.machineName] = Get-DeliveryFailure -Machine $one.machineName -Failure $found.Failure }
        return $failures
    }
    for ($step = 0; $going.Count -gt 0; $step++) {
        $question = "Invoke-CimMethod (call $($step + 1), $($going.Count) VMs)"
        $started = @{}
        $wave = Invoke-HyperVCall -Cmdlet $Cmdlet -Question $question -Script {
            foreach ($one in $going) {
                $call = $Parcel[$one.parcel].steps[$step]
                $arguments = @{ TargetSystem = $systems[$one.vmId]; DataItems = [string[]] $call.dataItems }
                try {
                    $result = Invoke-CimMethod -InputObject $found.Output[0] -MethodName $call.method -Arguments $arguments -ErrorAction Stop
                } catch {
                    $failure = ConvertFrom-HyperVError -Record $_ -Question "Invoke-CimMethod $($call.method)"
                    Remove-ToldError -Record $_
                    $failures[$one.machineName] = Get-DeliveryFailure -Machine $one.machineName -Failure $failure
                    continue
                }
                # 4096: a job has begun, and its code is the one that counts.
                $job = if ($result.ReturnValue -eq 4096) { [string] $result.Job.InstanceID }
                $started[$one.machineName] = @{ Method = $call.method; Code = [int] $result.ReturnValue; Job = $job }
            }
            Wait-VirtualSystemJob -Id @(foreach ($one in $started.Values) { if ($one.Job) { $one.Job } })
        }
        $going = @(foreach ($one in $going) {
                if (-not $started.ContainsKey($one.machineName)) { continue }
                $call = $started[$one.machineName]
                $failure = $wave.Failure
                if ($null -eq $failure) {
                    $code = if ($call.Job) { $wave.Output[0][$call.Job] } else { $call.Code }
                    if ($code -ne 0) { $failure = Get-CodeFailure -Method $call.Method -Code $code }
                }
                if ($null -ne $failure) {
                    $failures[$one.machineName] = Get-DeliveryFailure -Machine $one.machineName -Failure $failure
                } elseif ($step + 1 -lt $Parcel[$one.parcel].steps.Count) {
                    $one
                }
            })
    }
    $failures
}

function Get-CodeFailure {
    # What it means that a call, or its job, ended with a code other than 0.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [string] $Method,

        [Parameter(Mandatory)]
        [int] $Code
    )
    New-RagnaFailure -Code 'HYPERV_ERROR' -Message "$Method ended with code $Code ($($script:VirtualSystemCode[$Code]))" `
        -Remedy 'Look whether the service "Hyper-V Virtual Machine Management" runs: Get-Service vmms'
}

function Get-DeliveryFailure {
    # A failure of Hyper-V as what it means for one guest.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [string] $Machine,

        [Parameter(Mandatory)]
        [object] $Failure
    )
    New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $Machine `
        -Message "its key-value pairs could not be set: $($Failure.message)" -Remedy $Failure.remedy
}
