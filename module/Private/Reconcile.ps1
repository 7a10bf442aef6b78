# A reconcile: observe, plan, record, write to the guests, report. Every decision is the library's; what stands here asks
# Hyper-V and the user in between, and tells each failure as an error of the calling cmdlet.

function New-ReconcileOption {
    # The options of a reconcile, as Invoke-ConfigReconcile takes them, from those of a cmdlet.
    [CmdletBinding()]
    [OutputType([hashtable])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes a table and changes nothing.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUsePSCredentialType', '', Justification = 'It takes a map too.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'A map of credentials.')]
    param(
        [Parameter(Mandatory)]
        [object] $Credential,

        [Parameter(Mandatory)]
        [int] $TimeoutSeconds,

        [int] $PollSeconds = 3,

        # Where it is not given, each transport has its own.
        [int] $GuestTimeoutSeconds,

        [Parameter(Mandatory)]
        [string] $GuestTransport,

        [Parameter(Mandatory)]
        [bool] $AllowPartial,

        # A dry run that says nothing to the host, where what -WhatIf says goes past all streams: for who tells the whole result.
        [switch] $SilentDryRun
    )
    $accounts = @(Resolve-GuestCredential -Credential $Credential)
    $isTimed = $PSBoundParameters.ContainsKey('GuestTimeoutSeconds')
    @{
        TimeoutSeconds         = $TimeoutSeconds
        PollSeconds            = $PollSeconds
        GuestTimeoutSeconds    = if ($isTimed) { $GuestTimeoutSeconds } else { 30 }
        ExchangeTimeoutSeconds = if ($isTimed) { $GuestTimeoutSeconds } else { 5 }
        Credential             = if (@(foreach ($account in $accounts) { if ($null -ne $account.Credential) { $true } }).Count -gt 0) { $accounts }
        GuestTransport         = $GuestTransport
        AllowPartial           = $AllowPartial
        DryRun                 = $SilentDryRun -or $WhatIfPreference
        IsSilentDryRun         = [bool] $SilentDryRun
    }
}

function Invoke-ConfigReconcile {
    # Reconciles one config. Nothing is emitted where a failure comes before there is anything to tell.
    [CmdletBinding()]
    [OutputType('Ragnatramp.ReconcileResult')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # Absolute.
        [Parameter(Mandatory)]
        [string] $ConfigPath,

        # Of New-ReconcileOption; and Saw, a hashtable whose Mark becomes that of what was seen, where somebody wants to know.
        [Parameter(Mandatory)]
        [hashtable] $Option
    )
    $lab = Open-RagnaLab -Cmdlet $Cmdlet -ConfigPath $ConfigPath
    if ($null -eq $lab) { return }
    $run = [pscustomobject] (@{ PSTypeName = 'Ragnatramp.Run'; Cmdlet = $Cmdlet; Lab = $lab } + $Option)
    try {
        $wait = Wait-GuestAddress -Run $run
        $diff = if ($null -ne $wait.Failure) { $wait } else {
            Invoke-RagnaExport diff -Lab $lab @{
                allowPartial  = $run.AllowPartial
                dryRun        = $run.DryRun
                waitedSeconds = $wait.WaitedSeconds
            }
        }
        if ($null -ne $diff.Failure) {
            Write-RagnaFailure -Cmdlet $Cmdlet -Failure $diff.Failure -Target $ConfigPath
            return
        }
        $plan = $diff.Response
        $results = @()
        if ($plan.proceed) {
            if (-not (Save-LabNetwork -Run $run -Plan $plan)) { return }
            Update-SshConfig -Run $run
            $results = @(Sync-Guest -Run $run -Plan $plan -ExchangeFailure $wait.ExchangeFailure)
            if ($run.DryRun) { Write-GuestPreview -Run $run -Result $results }
        }
        $report = Invoke-RagnaExport report -Lab $lab @{ guests = $results }
    } finally {
        Close-RagnaLab -Lab $lab
    }
    if ($null -ne $report.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $report.Failure -Target $ConfigPath
        return
    }
    if ($Option.ContainsKey('Saw')) { $Option.Saw.Mark = $report.Response.mark }
    Write-ReconcileReport -Cmdlet $Cmdlet -Response $report.Response
}

function Wait-GuestAddress {
    # Takes snapshots of Hyper-V until every machine that runs has an address, or the time is over: one deadline for all
    # machines. Which adapters to ask for next, whether to ask for the host's neighbour table and when the wait is over, the
    # library says. A snapshot that failed as a whole is taken again until the deadline, where the cause can pass; what was
    # seen before the failure counts then. Data Exchange is asked at the first snapshot, and again at the last where there were
    # several. Returns WaitedSeconds, Failure, and ExchangeFailure (why Data Exchange did not answer).
    [CmdletBinding()]
    [OutputType('Ragnatramp.AddressWait')]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    $wait = [pscustomobject]@{ PSTypeName = 'Ragnatramp.AddressWait'; WaitedSeconds = 0; Failure = $null; ExchangeFailure = $null }
    $asked = $Run.Lab.VMId
    $exchange = $null
    # Whether what the guests tell through Data Exchange was asked for at an earlier snapshot.
    $isExchangeOld = $false
    $seen = $null
    $progress = @{ Status = 'Waiting for Hyper-V'; PercentComplete = 0 }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        while ($true) {
            $snapshot = Get-HyperVSnapshot -Cmdlet $Run.Cmdlet -VMId $asked
            $elapsed = $watch.Elapsed.TotalSeconds
            $isOver = $elapsed -ge $Run.TimeoutSeconds
            if ($null -ne $snapshot.Failure) {
                # Without permission or without Hyper-V, the next one would be the same.
                $canPass = $snapshot.Failure.code -eq 'HYPERV_ERROR'
                if ($canPass -and -not $isOver) {
                    Wait-NextPoll -Run $Run -Watch $watch @progress
                    continue
                }
                if (-not $canPass -or $null -eq $seen) {
                    $wait.Failure = $snapshot.Failure
                    break
                }
                $Run.Cmdlet.WriteWarning("$($snapshot.Failure.message) What follows is what was seen before.")
                $snapshot.Plain = @{ vms = $seen }
            }
            $seen = $snapshot.Plain.vms
            $request = @{
                snapshot = $snapshot.Plain
                clock    = @{ elapsedSeconds = $elapsed; timeoutSeconds = $Run.TimeoutSeconds }
            }
            if ($null -eq $exchange -or ($null -ne $exchange.Failure -and $exchange.Failure.code -eq 'HYPERV_ERROR')) {
                $exchange = Get-DataExchange -Cmdlet $Run.Cmdlet -About Guest
                $request.exchange = $exchange.Output
                $isExchangeOld = $false
            }
            $poll = Invoke-RagnaExport discover -Lab $Run.Lab $request
            if ($null -eq $poll.Failure -and $poll.Response.askNeighbours) {
                $neighbours = Get-HostNeighbour -Cmdlet $Run.Cmdlet
                $snapshot.Plain.Remove('adapters')
                # A table that could not be read counts as read and empty, so that nobody waits for it.
                $snapshot.Plain.neighbours = if ($null -eq $neighbours.Failure) { $neighbours.Output[0] } else {
                    @{ ip = @(); mac = @(); state = @(); interface = @() }
                }
                $poll = Invoke-RagnaExport discover -Lab $Run.Lab @{ snapshot = $snapshot.Plain; clock = $request.clock }
            }
            if ($null -eq $poll.Failure -and $null -ne $poll.Response.askRangeOf) {
                $range = Get-HostAddress -Cmdlet $Run.Cmdlet -SwitchId $poll.Response.askRangeOf
                $snapshot.Plain.Remove('adapters')
                # Where the question failed, the range is unknown.
                $snapshot.Plain.hostAddresses = if ($null -eq $range.Failure) { $range.Output[0] } else { @{ ip = @(); prefixLength = @() } }
                $poll = Invoke-RagnaExport discover -Lab $Run.Lab @{ snapshot = $snapshot.Plain; clock = $request.clock }
            }
            $wait.Failure = $poll.Failure
            if ($null -ne $wait.Failure) { break }

            # A VM of the lab that is missing beside an error is perhaps there: the next snapshot may say.
            $unknown = @(if ($snapshot.Beside.Count -gt 0) {
                    foreach ($id in $Run.Lab.VMId) { if ($seen.id -notcontains $id) { $id } }
                })
            if ($poll.Response.done -and ($unknown.Count -eq 0 -or $isOver)) {
                if ($unknown.Count -gt 0) {
                    $Run.Cmdlet.WriteWarning("Hyper-V did not tell of every VM: $($snapshot.Beside[0])")
                }
                if ($isExchangeOld) {
                    # A guest that booted meanwhile had nothing to tell then; which transport reaches it follows from what it tells
                    # now. Where that cannot be asked, what the guests told before counts.
                    $newer = Get-DataExchange -Cmdlet $Run.Cmdlet -About Guest
                    if ($null -eq $newer.Failure) {
                        $exchange = $newer
                        $snapshot.Plain.Remove('adapters')
                        $request.exchange = $newer.Output
                        $wait.Failure = (Invoke-RagnaExport discover -Lab $Run.Lab $request).Failure
                    }
                }
                break
            }
            $asked = [string[]] (@($poll.Response.awaited) + $unknown)
            $progress = @{ Status = $poll.Response.progress; PercentComplete = $poll.Response.percent }
            $isExchangeOld = $true
            Wait-NextPoll -Run $Run -Watch $watch @progress
        }
    } finally {
        Microsoft.PowerShell.Utility\Write-Progress -Activity 'Reconcile' -Completed
    }
    if ($null -ne $exchange) { $wait.ExchangeFailure = $exchange.Failure }
    $wait.WaitedSeconds = $watch.Elapsed.TotalSeconds
    $wait
}

function Wait-NextPoll {
    # Shows how far the wait has come, and sleeps until the next snapshot is due or the deadline is there.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # Runs since the wait began.
        [Parameter(Mandatory)]
        [System.Diagnostics.Stopwatch] $Watch,

        [Parameter(Mandatory)]
        [string] $Status,

        [Parameter(Mandatory)]
        [int] $PercentComplete
    )
    $left = [Math]::Max(0, $Run.TimeoutSeconds - $Watch.Elapsed.TotalSeconds)
    # The seconds stand in the status: the hosts show -SecondsRemaining each in its own way, some not at all.
    $text = "$Status, $([int] $left) s left"
    Microsoft.PowerShell.Utility\Write-Progress -Activity 'Reconcile' -Status $text -PercentComplete $PercentComplete
    # A sleep may end a tick of the clock early, 16 ms; so shortly before the deadline there would be one more poll, or several.
    Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds ([int] (1000 * [Math]::Min($Run.PollSeconds, $left)) + 16)
}

function Save-LabNetwork {
    # Records what the plan learned of the machines' networks, if the user agrees. Returns false where that failed, so that
    # no guest is written to.
    [CmdletBinding()]
    [OutputType([bool])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '',
        Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # The library's `diff`.
        [Parameter(Mandatory)]
        [object] $Plan,

        # How long to wait for another run that holds the lock of the state.
        [int] $LockSeconds = 30
    )
    if (-not (Test-CallerConsent -Run $Run -Target $Run.Lab.StatePath -Operation $Plan.recordOperation)) { return $true }
    $saved = Wait-StateLock -Activity 'Reconcile' -LockSeconds $LockSeconds -Attempt {
        param($Time)
        Invoke-RagnaExport state_record -Lab $Run.Lab $Time
    }
    if ($null -ne $saved.Failure) {
        Write-RagnaFailure -Cmdlet $Run.Cmdlet -Failure $saved.Failure -Target $Run.Lab.StatePath
        return $false
    }
    foreach ($warning in $saved.Response.warnings) { $Run.Cmdlet.WriteWarning($warning) }
    $true
}

function Write-GuestPreview {
    # Shows under -Verbose what the hosts file of each planned guest would become. No guest is entered for it: the library
    # compares with what stands in the VM's own key-value pairs, or with what the state knows. Where nobody reads the verbose
    # stream, nothing is asked.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # Those of Sync-Guest.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Result
    )
    $planned = @(foreach ($one in $Result) { if ($one.status -eq 'planned') { $one } })
    if ($planned.Count -eq 0 -or $VerbosePreference -eq 'SilentlyContinue') { return }
    $settings = @{}
    if ($planned.transport -contains 'KeyValuePair') {
        $left = Get-DataExchange -Cmdlet $Run.Cmdlet -About Host
        if ($null -eq $left.Failure) { $settings = $left.Output[0] }
    }
    $previews = Invoke-RagnaExport guest_previews -Lab $Run.Lab @{ settings = $settings }
    if ($null -ne $previews.Failure) {
        Write-RagnaFailure -Cmdlet $Run.Cmdlet -Failure $previews.Failure -Target $Run.Lab.ConfigPath
        return
    }
    foreach ($preview in $previews.Response.items) {
        if ($planned.machineName -contains $preview.machineName) { $Run.Cmdlet.WriteVerbose($preview.text) }
    }
}
