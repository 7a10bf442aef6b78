# The transport through Hyper-V's Data Exchange: what is sent to the guests, and what they acknowledge. CIM only, no elevation.

function Sync-KvpGuest {
    # Brings the hosts files of guests up to date: sends the KVP updates that the library says, and waits for the
    # acknowledgements of the scripts inside. The library keeps what became of a guest; a result comes from here only where
    # Hyper-V refused.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestResult')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # The guests, of the library's `guest_transports`.
        [Parameter(Mandatory)]
        [object[]] $Guest
    )
    $names = [string[]] @(foreach ($one in $Guest) { $one.machineName })
    $sent = Send-KvpBlock -Run $Run -Name $names
    $failures, $callCount = $sent.Failures, $sent.CallCount
    if ($failures.Count -gt 0) {
        # Another run (a watch) may have sent these guests something since it was asked what stands there: once more, by what
        # does now. Of a guest that fails again, the first failure is told.
        $again = Send-KvpBlock -Run $Run -Name @($failures.Keys)
        foreach ($name in @($failures.Keys)) { if (-not $again.Failures.ContainsKey($name)) { $failures.Remove($name) } }
        $callCount += $again.CallCount
    }
    foreach ($name in $failures.Keys) {
        New-GuestResult -Machine $name -Transport 'KeyValuePair' -Status 'failed' -Failure $failures[$name]
    }
    $failed = [string[]] @($failures.Keys)
    $awaited = @(foreach ($name in $names) { if ($failed -notcontains $name) { $name } })
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    # Where nothing was sent, the first look is the one with which the run began.
    $isKnown = $callCount -eq 0
    while ($awaited.Count -gt 0) {
        $request = @{}
        if (-not $isKnown) {
            $acknowledged = Get-DataExchange -Cmdlet $Run.Cmdlet -About Acknowledgement
            $request.exchange = $acknowledged.Output
            if ($null -ne $acknowledged.Failure -and $watch.Elapsed.TotalSeconds -ge $Run.ExchangeTimeoutSeconds) {
                # It is not known whether the guests acknowledged, so none of them is to blame.
                foreach ($name in $awaited) {
                    New-GuestResult -Machine $name -Transport 'KeyValuePair' -Status 'failed' -Failure $acknowledged.Failure
                }
                $failed += $awaited
            }
        }
        $isKnown = $false
        $request.failed = $failed
        $request.wait = @{ bound = $Run.ExchangeTimeoutSeconds; waited = $watch.Elapsed.TotalSeconds }
        $read = Invoke-RagnaExport guest_acknowledgements -Lab $Run.Lab $request
        if ($null -ne $read.Failure) {
            foreach ($name in $awaited) {
                New-GuestResult -Machine $name -Transport 'KeyValuePair' -Status 'failed' -Failure $read.Failure
            }
            return
        }
        $awaited = @($read.Response.awaited)
        if ($awaited.Count -gt 0) { Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 200 }
    }
}

function Send-KvpBlock {
    # Sends guests what the library says after a look at what stands there. Returns Failures (a hashtable with the failure of each
    # machine that did not take all of it) and CallCount.
    [CmdletBinding()]
    [OutputType('Ragnatramp.KvpSending')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # Machines.
        [Parameter(Mandatory)]
        [string[]] $Name
    )
    $sending = [pscustomobject]@{ PSTypeName = 'Ragnatramp.KvpSending'; Failures = @{}; CallCount = 0 }
    $left = Get-DataExchange -Cmdlet $Run.Cmdlet -About Host
    $failure = $left.Failure
    if ($null -eq $failure) {
        # What the guests had acknowledged before, the library knows from the look at them with which the run began.
        $updates = Invoke-RagnaExport guest_updates -Lab $Run.Lab @{ machineNames = $Name; settings = $left.Output[0] }
        $failure = $updates.Failure
    }
    if ($null -ne $failure) {
        foreach ($one in $Name) { $sending.Failures[$one] = $failure }
        return $sending
    }
    $sending.CallCount = $updates.Response.calls.Count
    $sending.Failures = Send-KvpUpdate -Cmdlet $Run.Cmdlet -Guest $updates.Response.items -Call $updates.Response.calls
    $sending
}

function Send-KvpUpdate {
    # Makes the calls of each guest's update, in order; the calls of the same rank go to all guests side by side. Returns a
    # hashtable with the failure of each machine that did not take all of them.
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The guests and the calls, of the library's `guest_updates`.
        [Parameter(Mandatory)]
        [object[]] $Guest,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Call
    )
    $failures = @{}
    $going = @(foreach ($one in $Guest) { if ($one.calls.Count -gt 0) { $one } })
    if ($going.Count -eq 0) { return $failures }
    $table = @($Call)

    $space = @{ Namespace = 'root/virtualization/v2'; ErrorAction = 'Stop' }
    $systems = @{}
    $found = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Get-CimInstance Msvm_ComputerSystem' -Script {
        CimCmdlets\Get-CimInstance @space -ClassName Msvm_VirtualSystemManagementService
        foreach ($system in @(CimCmdlets\Get-CimInstance @space -ClassName Msvm_ComputerSystem)) { $systems[$system.Name] = $system }
    }
    if ($null -ne $found.Failure) {
        foreach ($one in $going) { $failures[$one.machineName] = Get-KvpFailure -Machine $one.machineName -Failure $found.Failure }
        return $failures
    }
    for ($rank = 0; $going.Count -gt 0; $rank++) {
        $started = @{}
        $wave = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query "Invoke-CimMethod (call $($rank + 1), $($going.Count) VMs)" -Script {
            foreach ($one in $going) {
                $made = $table[$one.calls[$rank]]
                $arguments = @{ TargetSystem = $systems[$one.vmId]; DataItems = [string[]] $made.dataItems }
                try {
                    $result = CimCmdlets\Invoke-CimMethod -InputObject $found.Output[0] -MethodName $made.method -Arguments $arguments -ErrorAction Stop
                } catch {
                    $failure = ConvertFrom-HyperVError -Record $_ -Query "Invoke-CimMethod $($made.method)"
                    Remove-HandledError -Record $_
                    $failures[$one.machineName] = Get-KvpFailure -Machine $one.machineName -Failure $failure
                    continue
                }
                # 4096: a job has begun, and its code is the one that counts.
                $job = if ($result.ReturnValue -eq 4096) { [string] $result.Job.InstanceID }
                $started[$one.machineName] = @{ Method = $made.method; Code = [int] $result.ReturnValue; Job = $job }
            }
            Wait-VirtualSystemJob -Id @(foreach ($one in $started.Values) { if ($one.Job) { $one.Job } })
        }
        $going = @(foreach ($one in $going) {
                if (-not $started.ContainsKey($one.machineName)) { continue }
                $ended = $started[$one.machineName]
                $failure = $wave.Failure
                if ($null -eq $failure) {
                    $code = if ($ended.Job) { $wave.Output[0][$ended.Job] } else { $ended.Code }
                    if ($code -ne 0) { $failure = ConvertFrom-VirtualSystemCode -Method $ended.Method -Code $code }
                }
                if ($null -ne $failure) {
                    $failures[$one.machineName] = Get-KvpFailure -Machine $one.machineName -Failure $failure
                } elseif ($rank + 1 -lt $one.calls.Count) {
                    $one
                }
            })
    }
    $failures
}

function Get-KvpFailure {
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

function Wait-VirtualSystemJob {
    # Waits until jobs of Msvm_VirtualSystemManagementService have ended, one query at a time for all of them. Returns a
    # hashtable with the code in which each ended, by its InstanceID: 0 where it succeeded. Throws where Hyper-V fails.
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [string[]] $Id,

        [int] $TimeoutSeconds = 5
    )
    $class = @{ Namespace = 'root/virtualization/v2'; ClassName = 'Msvm_ConcreteJob' }
    $codes = @{}
    # A job that Hyper-V does not list any more has ended long ago, and well.
    foreach ($one in $Id) { $codes[$one] = 0 }
    $running = [System.Collections.Generic.HashSet[string]]::new($Id, [System.StringComparer]::OrdinalIgnoreCase)
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while ($running.Count -gt 0) {
        $still = [System.Collections.Generic.HashSet[string]]::new([System.StringComparer]::OrdinalIgnoreCase)
        foreach ($job in @(CimCmdlets\Get-CimInstance @class -Property InstanceID, JobState, ErrorCode -ErrorAction Stop)) {
            if (-not $running.Contains($job.InstanceID)) { continue }
            # 7 is completed; below it the job is under way, above it something went wrong.
            if ($job.JobState -lt 7) {
                $null = $still.Add($job.InstanceID)
            } elseif ($job.JobState -gt 7) {
                $codes[$job.InstanceID] = if ($job.ErrorCode -ne 0) { [int] $job.ErrorCode } else { 32768 }
            }
        }
        $running = $still
        if ($running.Count -eq 0) { break }
        if ($watch.Elapsed.TotalSeconds -ge $TimeoutSeconds) {
            foreach ($one in $running) { $codes[$one] = 32772 }
            break
        }
        Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 50
    }
    $codes
}
