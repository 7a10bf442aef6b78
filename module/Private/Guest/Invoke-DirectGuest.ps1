function Invoke-DirectGuest {
    <#
    .SYNOPSIS
        Runs one script in many guests at once through PowerShell Direct, each with its own time limit.
    .DESCRIPTION
        Guests are addressed by VM Id, never by name. At most 32 are entered at a time, as Invoke-Command does by
        default. A guest that has not answered in time is left; the others are not kept waiting for it.
    .PARAMETER Cmdlet
        The cmdlet that asks, for its verbose stream.
    .PARAMETER Call
        One table per guest: Guest (machineName, vmId) and ArgumentList.
    .PARAMETER Script
        What to run.
    .PARAMETER Credential
        An account of the guests.
    .PARAMETER TimeoutSeconds
        How long each guest has.
    .OUTPUTS
        Ragnatramp.DirectAnswer per call, in their order: Guest, Output, ErrorRecord (or null), TimedOut.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.DirectAnswer')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Call,

        [Parameter(Mandatory)]
        [scriptblock] $Script,

        [Parameter(Mandatory)]
        [pscredential] $Credential,

        [Parameter(Mandatory)]
        [int] $TimeoutSeconds
    )
    $atOnce = 32
    for ($from = 0; $from -lt $Call.Count; $from += $atOnce) {
        $batch = @($Call[$from..([Math]::Min($from + $atOnce, $Call.Count) - 1)])
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $entered = @()
        try {
            $entered = @(foreach ($one in $batch) {
                    Enter-DirectGuest -Call $one -Script $Script -Credential $Credential
                })
            foreach ($one in $entered) {
                $left = $TimeoutSeconds * 1000 - $watch.ElapsedMilliseconds
                Receive-DirectGuest -Entered $one -MillisecondsLeft ([int] [Math]::Max(0, $left))
            }
        } finally {
            $jobs = @($entered | Where-Object { $null -ne $_.Job } | ForEach-Object { $_.Job })
            if ($jobs.Count -gt 0) { Remove-Job -Job $jobs -Force -ErrorAction Ignore }
        }
        $Cmdlet.WriteVerbose("Invoke-Command -VMId (PowerShell Direct, $($batch.Count) guests): $($watch.ElapsedMilliseconds) ms")
    }
}

function Enter-DirectGuest {
    # Starts one guest's script as a job; an entry that is refused at once is told like an answer of the guest.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [object] $Call,

        [Parameter(Mandatory)]
        [scriptblock] $Script,

        [Parameter(Mandatory)]
        [pscredential] $Credential
    )
    $entered = [pscustomobject]@{ Guest = $Call.Guest; Job = $null; ErrorRecord = $null }
    try {
        $entered.Job = Invoke-Command -VMId $Call.Guest.vmId -Credential $Credential -ScriptBlock $Script `
            -ArgumentList $Call.ArgumentList -AsJob -ErrorAction Stop
    } catch {
        $entered.ErrorRecord = $_
        Remove-ToldError -Record $_
    }
    $entered
}

function Receive-DirectGuest {
    # Waits for one guest's job as long as its time lasts.
    [CmdletBinding()]
    [OutputType('Ragnatramp.DirectAnswer')]
    param(
        [Parameter(Mandatory)]
        [object] $Entered,

        [Parameter(Mandatory)]
        [int] $MillisecondsLeft
    )
    $answer = [pscustomobject]@{
        PSTypeName = 'Ragnatramp.DirectAnswer'; Guest = $Entered.Guest; Output = $null; ErrorRecord = $Entered.ErrorRecord; TimedOut = $false
    }
    if ($null -ne $Entered.Job) {
        if ($Entered.Job.Finished.WaitOne($MillisecondsLeft)) {
            try {
                $answer.Output = Receive-Job -Job $Entered.Job -ErrorAction Stop
            } catch {
                $answer.ErrorRecord = $_
                Remove-ToldError -Record $_
            }
        } else {
            $answer.TimedOut = $true
        }
    }
    $answer
}
