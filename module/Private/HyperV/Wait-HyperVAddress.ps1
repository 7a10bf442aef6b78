function Wait-HyperVAddress {
    <#
    .SYNOPSIS
        Looks at Hyper-V until every machine that runs has an address, or the time is over.
    .DESCRIPTION
        One deadline for all machines. Each look is one Get-VM and one Get-VMNetworkAdapter for all machines that are
        still awaited; who that is, when the host's neighbour table is asked, and when the wait is over, the library says.
    .PARAMETER Cmdlet
        The cmdlet that waits: its verbose stream is written to.
    .PARAMETER Lab
        The lab, of Read-RagnaLab.
    .PARAMETER TimeoutSeconds
        How long to wait; 0 looks once.
    .PARAMETER PollSeconds
        The time between two looks.
    .OUTPUTS
        Ragnatramp.Look: Json (all that was seen, as the library keeps it), Exchange (what the guests say of
        themselves, as JSON), WaitedSeconds, Failure.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.Look')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Lab,

        [Parameter(Mandatory)]
        [int] $TimeoutSeconds,

        [Parameter(Mandatory)]
        [int] $PollSeconds
    )
    $seen = [pscustomobject]@{ PSTypeName = 'Ragnatramp.Look'; Json = 'null'; Exchange = '[]'; WaitedSeconds = 0; Failure = $null }
    $asked = $Lab.VMId
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        while ($true) {
            $look = Get-HyperVLook -Cmdlet $Cmdlet -VMId $asked
            if ($null -ne $look.Failure) { $seen.Failure = $look.Failure; break }
            if ($seen.Json -eq 'null') {
                $exchange = @((Get-GuestExchange -Cmdlet $Cmdlet -About Guest).Output)
                $seen.Exchange = ConvertTo-Json -Compress -Depth 3 -InputObject $exchange
            }

            $clock = @{ elapsedSeconds = $watch.Elapsed.TotalSeconds; timeoutSeconds = $TimeoutSeconds }
            $poll = Update-Look -Lab $Lab -Seen $seen -Newer $look.Plain -Clock $clock
            if ($null -eq $seen.Failure -and $poll.askNeighbours) {
                $look.Plain.adapters = @()
                $look.Plain.neighbours = @((Get-HostNeighbour -Cmdlet $Cmdlet).Output)
                $poll = Update-Look -Lab $Lab -Seen $seen -Newer $look.Plain -Clock $clock
            }
            if ($null -ne $seen.Failure -or $poll.done) { break }

            $asked = $poll.awaited
            $left = [Math]::Max(0, $TimeoutSeconds - $watch.Elapsed.TotalSeconds)
            # The seconds stand in the status: the hosts show -SecondsRemaining each in its own way, some not at all.
            Write-Progress -Activity 'Reconcile' -Status "$($poll.progress), $([int] $left) s left" -PercentComplete $poll.percent
            Start-Sleep -Milliseconds ([int] (1000 * [Math]::Min($PollSeconds, $left)))
        }
    } finally {
        Write-Progress -Activity 'Reconcile' -Completed
    }
    $seen.WaitedSeconds = $watch.Elapsed.TotalSeconds
    $seen
}

function Update-Look {
    # Has the library take a newer look into what was seen; returns what follows from it.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Changes only what it is handed.')]
    param(
        [Parameter(Mandatory)]
        [object] $Lab,

        [Parameter(Mandatory)]
        [object] $Seen,

        [Parameter(Mandatory)]
        [hashtable] $Newer,

        [Parameter(Mandatory)]
        [hashtable] $Clock
    )
    # What the guests said counts for every look after it, so it is told once.
    $exchange = if ($Seen.Json -eq 'null') { $Seen.Exchange } else { '[]' }
    $request = '{{"config":{0},"state":{1},"previous":{2},"look":{3},"exchange":{4},"clock":{5}}}' -f
    $Lab.Config, $Lab.State, $Seen.Json, (ConvertTo-Json -Compress -Depth 4 -InputObject $Newer), $exchange,
    (ConvertTo-Json -Compress -InputObject $Clock)
    $answer = Invoke-RagnaNative discover $request
    if ($null -ne $answer.Failure) {
        $Seen.Failure = $answer.Failure
        return
    }
    $poll = $answer.Json | ConvertFrom-Json
    $Seen.Json = $poll.look
    $poll
}
