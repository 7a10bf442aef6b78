# A watch over labs: a quiet look now and then, and a reconcile where something changed. What counts as a change is the library's
# to say; what stands here is when to look, and that each trouble is told once.

# The longest time between two attempts, in seconds, unless the looks are further apart.
$script:WatchLongestPause = 300

function Invoke-LabWatch {
    # Watches labs until it is stopped, and emits a Ragnatramp.ReconcileResult for each change. Trouble with one lab does not
    # keep it from the others.
    [CmdletBinding()]
    [OutputType('Ragnatramp.ReconcileResult')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The configs, absolute.
        [Parameter(Mandatory)]
        [string[]] $ConfigPath,

        # As Invoke-ConfigReconcile takes it.
        [Parameter(Mandatory)]
        [hashtable] $Option,

        # Between two looks.
        [Parameter(Mandatory)]
        [double] $PollSeconds,

        # Also into watch.log of each lab.
        [switch] $Log
    )
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $watches = @(foreach ($path in $ConfigPath) { New-LabWatch -ConfigPath $path -Log:$Log -DryRun:$Option.DryRun })
    $source = "Ragnatramp.Watch.$([guid]::NewGuid())"
    $isTold = $false
    $isSubscribed = $false
    try {
        while ($true) {
            if (-not $isSubscribed) {
                # Anew after Hyper-V was away: what was asked of it before is forgotten then.
                Unregister-MachineEvent -Source $source
                $refusal = Register-MachineEvent -Cmdlet $Cmdlet -Source $source
                $isSubscribed = $true
                if ($null -ne $refusal -and -not $isTold) {
                    $Cmdlet.WriteVerbose("Hyper-V does not tell of changes by itself: $($refusal.message) A look every $PollSeconds s is enough.")
                    $isTold = $true
                }
            }
            foreach ($watch in $watches) {
                if ($clock.Elapsed.TotalSeconds -lt $watch.LookAt) { continue }
                $hadTrouble = $watch.LookFailures -gt 0
                $result = try {
                    Step-LabWatch -Cmdlet $Cmdlet -Watch $watch -Option $Option -PollSeconds $PollSeconds
                } catch [System.Management.Automation.PipelineStoppedException] {
                    throw
                } catch {
                    Stop-RagnaCmdlet -Cmdlet $Cmdlet -Record $_
                }
                $watch.LookAt = $clock.Elapsed.TotalSeconds + (Get-WatchPause -PollSeconds $PollSeconds -Failures $watch.LookFailures)
                if ($hadTrouble -and $watch.LookFailures -eq 0) { $isSubscribed = $false }
                # Outside of the try block: an error of whoever takes it is not ours.
                $result
            }
            if (-not $isSubscribed) { continue }
            $next = [System.Linq.Enumerable]::Min([double[]] @(foreach ($watch in $watches) { $watch.LookAt }))
            if (Wait-MachineEvent -Source $source -Seconds ($next - $clock.Elapsed.TotalSeconds)) {
                foreach ($watch in $watches) { if ($watch.LookFailures -eq 0) { $watch.LookAt = 0 } }
            }
        }
    } finally {
        Unregister-MachineEvent -Source $source
        foreach ($watch in $watches) {
            if ($null -eq $watch.Held) { continue }
            Close-RagnaLab -Lab $watch.Held
            Add-WatchLog -Cmdlet $Cmdlet -Watch $watch -Text 'the watch ends'
        }
    }
}

function New-LabWatch {
    # What a watch keeps of one lab between two looks.
    [CmdletBinding()]
    [OutputType('Ragnatramp.LabWatch')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $ConfigPath,

        [switch] $Log,

        [switch] $DryRun
    )
    [pscustomobject]@{
        PSTypeName   = 'Ragnatramp.LabWatch'
        ConfigPath   = $ConfigPath
        DryRun       = [bool] $DryRun
        # The lab that this watch has to itself, of Open-RagnaLab; null before its first look. A dry run takes none.
        Held         = $null
        LogPath      = if ($Log) { Get-WatchLogPath -ConfigPath $ConfigPath }
        IsLogLost    = $false
        # What the last reconcile saw; null before the first. Clock runs since it ended.
        Mark         = $null
        Clock        = [System.Diagnostics.Stopwatch]::StartNew()
        # Of the looks, and of the reconciles, since the last one that succeeded.
        LookFailures = 0
        Failures     = 0
        LookAt       = 0.0
        # What was told in the last look, and in the last reconcile.
        Told         = @{ Look = @(); Reconcile = @() }
    }
}

function Get-WatchPause {
    # How long to wait after so many failures in a row, in seconds: twice as long each time.
    [CmdletBinding()]
    [OutputType([double])]
    param(
        [Parameter(Mandatory)]
        [double] $PollSeconds,

        [Parameter(Mandatory)]
        [int] $Failures
    )
    [Math]::Min($PollSeconds * [Math]::Pow(2, [Math]::Min($Failures, 20)), [Math]::Max($script:WatchLongestPause, $PollSeconds))
}

function Step-LabWatch {
    # One look at a lab, and a reconcile where one is due: because something changed, or because the last one failed and enough
    # time went by. Emits its result.
    [CmdletBinding()]
    [OutputType('Ragnatramp.ReconcileResult')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Watch,

        [Parameter(Mandatory)]
        [hashtable] $Option,

        [Parameter(Mandatory)]
        [double] $PollSeconds
    )
    $since = $Watch.Clock.Elapsed.TotalSeconds
    $look = @(Invoke-WatchPart -Cmdlet $Cmdlet -Watch $Watch -Part Look -Script {
            Get-LabLook -Watch $Watch -Seconds $since -ErrorAction Continue -WarningAction Continue
        })
    if ($look.Count -eq 0) {
        $Watch.LookFailures++
        return
    }
    $Watch.LookFailures = 0
    $isRetry = $Watch.Failures -gt 0 -and $since -ge (Get-WatchPause -PollSeconds $PollSeconds -Failures $Watch.Failures)
    if ($null -eq $look[0].due -and -not $isRetry) { return }
    $why = if ($null -ne $look[0].due) { $look[0].due } else { 'the last reconcile failed' }
    $Cmdlet.WriteVerbose("$($Watch.ConfigPath): $why.")

    # Without a report this stays: then what the look saw was tried.
    $saw = @{ Mark = $look[0].mark }
    $given = $Option + @{ Saw = $saw }
    $told = @(Invoke-WatchPart -Cmdlet $Cmdlet -Watch $Watch -Part Reconcile -Script {
            Invoke-WatchReconcile -ConfigPath $Watch.ConfigPath -Option $given -ErrorAction Continue -WarningAction Continue
        })
    $Watch.Mark = $saw.Mark
    $Watch.Clock.Restart()
    $isDone = $told.Count -gt 0 -and $told[0].Success
    $Watch.Failures = if ($isDone) { 0 } else { $Watch.Failures + 1 }
    foreach ($result in $told) {
        $result.PSObject.TypeNames.Insert(0, 'Ragnatramp.WatchResult')
        $line = "$([datetime]::Now.ToString('HH:mm:ss', [cultureinfo]::InvariantCulture)) $($result.Project): $(Get-WatchText -Result $result)"
        $result | Microsoft.PowerShell.Utility\Add-Member -MemberType ScriptMethod -Name GetLine -Value { $line }.GetNewClosure()
        Add-WatchLog -Cmdlet $Cmdlet -Watch $Watch -Text "$($result.Project): $(Get-WatchText -Result $result)"
        $result
    }
}

function Get-WatchText {
    # What changed, in one line.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [object] $Result
    )
    $changes = @(foreach ($diff in $Result.Diffs) {
            if ($diff.Changed) {
                $now = if ($diff.Network.Ipv4) { $diff.Network.Ipv4 } else { 'no address' }
                if ($diff.PreviousIpv4) { "$($diff.MachineName) $($diff.PreviousIpv4) $([char] 0x2192) $now" } else { "$($diff.MachineName) $now" }
            }
        })
    $text = $Result.Summary.Headline
    if ($Result.DryRun) { $text += ' (what if)' }
    if ($changes.Count -gt 0) { $text += " ($($changes -join ', '))" }
    $text
}

function Invoke-WatchPart {
    # Runs the look or the reconcile of a watch, emits what it emits, and tells its errors and warnings: each once, and again only
    # after a run without it. What ends the script is such an error, too, so that a watch outlives it.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Watch,

        [Parameter(Mandatory)]
        [ValidateSet('Look', 'Reconcile')]
        [string] $Part,

        [Parameter(Mandatory)]
        [scriptblock] $Script
    )
    $output = [System.Collections.Generic.List[object]]::new()
    try {
        & $Script 2>&1 3>&1 | Microsoft.PowerShell.Core\ForEach-Object { $output.Add($_) }
    } catch [System.Management.Automation.PipelineStoppedException] {
        throw
    } catch {
        $output.Add($_)
    }
    $before = $Watch.Told[$Part]
    $now = [System.Collections.Generic.List[string]]::new()
    foreach ($one in $output) {
        if ($one -is [System.Management.Automation.ErrorRecord]) {
            # Numbers in a message, such as how long it waited, are no other trouble.
            $key = "$($one.FullyQualifiedErrorId.Split(',')[0]) $($one.TargetObject)"
            $now.Add($key)
            Remove-HandledError -Record $one
            if ($before -contains $key) { continue }
            Add-WatchLog -Cmdlet $Cmdlet -Watch $Watch -Text "error: $($one.Exception.Message)"
            $Cmdlet.WriteError($one)
        } elseif ($one -is [System.Management.Automation.WarningRecord]) {
            $now.Add($one.Message)
            if ($before -contains $one.Message) { continue }
            Add-WatchLog -Cmdlet $Cmdlet -Watch $Watch -Text "warning: $($one.Message)"
            $Cmdlet.WriteWarning($one.Message)
        } else {
            $one
        }
    }
    $Watch.Told[$Part] = $now.ToArray()
}

function Get-LabLook {
    # What is there now, as the library's `watch` answers it: Mark and due. Asks Hyper-V once and waits for nothing. The first
    # look has the lab to itself from then on. Nothing is emitted where that failed, or another watch has the lab, which is an
    # error.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        # Of New-LabWatch.
        [Parameter(Mandatory)]
        [object] $Watch,

        # Since its last reconcile ended.
        [Parameter(Mandatory)]
        [double] $Seconds
    )
    $lab = Open-RagnaLab -Cmdlet $PSCmdlet -ConfigPath $Watch.ConfigPath
    if ($null -eq $lab) { return }
    try {
        $look = if ($null -eq $Watch.Held -and -not $Watch.DryRun) { Start-LabWatch -Watch $Watch -Lab $lab } else { $null }
        if ($null -eq $look -or $null -eq $look.Failure) {
            $look = Wait-GuestAddress -Run ([pscustomobject]@{ Cmdlet = $PSCmdlet; Lab = $lab; TimeoutSeconds = 0; PollSeconds = 1 })
        }
        if ($null -eq $look.Failure) { $look = Invoke-RagnaExport watch -Lab $lab @{ mark = $Watch.Mark; seconds = $Seconds } }
    } finally {
        if (-not [object]::ReferenceEquals($lab, $Watch.Held)) { Close-RagnaLab -Lab $lab }
    }
    if ($null -ne $look.Failure) {
        Write-RagnaFailure -Cmdlet $PSCmdlet -Failure $look.Failure -Target $Watch.ConfigPath
        return
    }
    $look.Response
}

function Start-LabWatch {
    # Takes a lab for a watch, until the lab is closed. Returns the library's response: a failure where another watch has it.
    [CmdletBinding()]
    [OutputType([hashtable])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Says that a watch runs; what it does is asked when it does it.')]
    param(
        [Parameter(Mandatory)]
        [object] $Watch,

        # Of Open-RagnaLab.
        [Parameter(Mandatory)]
        [object] $Lab
    )
    $begun = Invoke-RagnaExport watch_begin -Lab $Lab @{}
    if ($null -eq $begun.Failure) {
        $Watch.Held = $Lab
        Add-WatchLog -Cmdlet $PSCmdlet -Watch $Watch -Text "$($Lab.Project): the watch begins (process $PID)"
    }
    $begun
}

function Invoke-WatchReconcile {
    # Invoke-ConfigReconcile as a cmdlet of its own, so that its streams can be taken apart.
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType('Ragnatramp.ReconcileResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '', Justification = 'What it calls asks through it.')]
    param(
        [Parameter(Mandatory)]
        [string] $ConfigPath,

        [Parameter(Mandatory)]
        [hashtable] $Option
    )
    Invoke-ConfigReconcile -Cmdlet $PSCmdlet -ConfigPath $ConfigPath -Option $Option
}
