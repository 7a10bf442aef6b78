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

function Wait-VirtualSystemJob {
    <#
    .SYNOPSIS
        Waits until jobs of Msvm_VirtualSystemManagementService have ended; one question per look, for all of them.
    .PARAMETER Id
        The InstanceIDs of the jobs.
    .PARAMETER TimeoutSeconds
        How long they have, side by side.
    .OUTPUTS
        A hashtable with the code in which each job ended, by its Id: 0 where it did what it should. Throws where Hyper-V
        does not answer.
    #>
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
        foreach ($job in @(Get-CimInstance @class -Property InstanceID, JobState, ErrorCode -ErrorAction Stop)) {
            if (-not $running.Contains($job.InstanceID)) { continue }
            # 7 is completed; below it the job is still on its way, above it something went wrong.
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
        Start-Sleep -Milliseconds 50
    }
    $codes
}
