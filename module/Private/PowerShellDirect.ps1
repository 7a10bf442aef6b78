# PowerShell Direct: the transport into Windows guests, over the VM bus, with an account of the guest.

function Sync-DirectGuest {
    # Brings the hosts files of guests up to date: reads all, has the library merge each, writes where something changes. A
    # file that changed between reading and writing is read once more.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestResult')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # The guests, of the library's `guest_transports`.
        [Parameter(Mandatory)]
        [object[]] $Guest
    )
    $pool = New-WorkerPool
    try { Sync-DirectFile -Run $Run -Guest $Guest -Pool $pool } finally { Close-WorkerPool -Pool $pool }
}

function Sync-DirectFile {
    # The same with the workers of a pool.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestResult')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object[]] $Guest,

        [Parameter(Mandatory)]
        [object] $Pool
    )
    $transport = @{ Transport = 'PowerShellDirect' }
    $toRead = $Guest
    foreach ($isLast in $false, $true) {
        $calls = [System.Collections.Generic.List[object]]::new()
        $warnings = @{}
        foreach ($file in Read-DirectFile -Run $Run -Guest $toRead -Pool $Pool) {
            $machine = $file.Guest.machineName
            $merged = $file
            if ($null -eq $file.Failure) { $merged = Invoke-RagnaExport hosts_merge -Lab $Run.Lab $file.Bytes -Raw }
            $noticed = @{ Warning = @(); HostName = $file.HostName }
            if ($null -eq $merged.Failure) {
                $warned = Invoke-RagnaExport hosts_warnings -Lab $Run.Lab @{ machineName = $machine }
                if ($null -eq $warned.Failure) { $noticed.Warning = @($warned.Response.items) }
            }
            if ($null -ne $merged.Failure) {
                New-GuestResult @transport @noticed -Machine $machine -Status 'failed' -Failure $merged.Failure
            } elseif ($merged.Response.Length -eq 0) {
                New-GuestResult @transport @noticed -Machine $machine -Status 'unchanged'
            } else {
                $both = [Convert]::ToBase64String($file.Bytes), [Convert]::ToBase64String($merged.Response)
                $warnings[$machine] = $noticed
                $calls.Add(@{ Guest = $file.Guest; ArgumentList = $both + (Get-DirectScriptTime -Run $Run) })
            }
        }
        $changed = [System.Collections.Generic.List[object]]::new()
        foreach ($write in Invoke-DirectGuest -Run $Run -Pool $Pool -Call $calls -Script $script:DirectWriteScript) {
            $machine = $write.Guest.machineName
            $failure = ConvertFrom-DirectError -Response $write -TimeoutSeconds $Run.GuestTimeoutSeconds -Writing
            $outcome = $null
            if ($null -eq $failure) {
                $outcome = Read-DirectText -Response $write -Expect 'written', 'changed'
                $failure = $outcome.Failure
            }
            if ($null -eq $failure -and $outcome.Text -ceq 'changed' -and $isLast) {
                $failure = New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $machine `
                    -Message 'another program in the guest keeps changing its hosts file.' `
                    -Remedy 'The file is as that program wrote it. Run Invoke-RagnaReconcile again when it has finished.'
            }
            $noticed = $warnings[$machine]
            if ($null -ne $failure) {
                New-GuestResult @transport @noticed -Machine $machine -Status 'failed' -Failure $failure
            } elseif ($outcome.Text -ceq 'written') {
                New-GuestResult @transport @noticed -Machine $machine -Status 'synced'
            } else {
                $changed.Add($write.Guest)
            }
        }
        if ($changed.Count -eq 0) { break }
        $toRead = $changed
    }
}

function Read-DirectGuest {
    # The hosts files of guests as they are: Guest, Bytes and HostName or Failure.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestFile')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object[]] $Guest
    )
    $pool = New-WorkerPool
    try { Read-DirectFile -Run $Run -Guest $Guest -Pool $pool } finally { Close-WorkerPool -Pool $pool }
}

function Read-DirectFile {
    # The same with the workers of a pool.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestFile')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object[]] $Guest,

        [Parameter(Mandatory)]
        [object] $Pool
    )
    $time = Get-DirectScriptTime -Run $Run
    $calls = @(foreach ($one in $Guest) { @{ Guest = $one; ArgumentList = @($time) } })
    foreach ($read in Invoke-DirectGuest -Run $Run -Pool $Pool -Call $calls -Script $script:DirectReadScript) {
        $file = [pscustomobject]@{
            PSTypeName = 'Ragnatramp.GuestFile'
            Guest      = $read.Guest
            Bytes      = $null
            HostName   = $null
            Failure    = ConvertFrom-DirectError -Response $read -TimeoutSeconds $Run.GuestTimeoutSeconds
        }
        if ($null -eq $file.Failure) {
            $content = Read-DirectText -Response $read
            $file.Bytes = $content.Bytes
            $file.HostName = $content.HostName
            $file.Failure = $content.Failure
        }
        $file
    }
}

function Get-DirectScriptTime {
    # How long a script may try inside a guest, in milliseconds. The session's own beginning needs the rest of the guest's time.
    [CmdletBinding()]
    [OutputType([int])]
    param(
        [Parameter(Mandatory)]
        [object] $Run
    )
    [int] [Math]::Min(10000, $Run.GuestTimeoutSeconds * 500)
}

# What a worker does for one guest. Its scripts are made of text: a script block belongs to the runspace that it is from.
$script:DirectSessionScript = {
    param([guid] $VMId, [pscredential] $Credential, [string] $Text, [object[]] $ArgumentList)
    Microsoft.PowerShell.Core\Invoke-Command -VMId $VMId -Credential $Credential -ScriptBlock ([scriptblock]::Create($Text)) -ArgumentList $ArgumentList
}

function Invoke-DirectGuest {
    # Runs a script in guests, 32 at once, each in a worker: the handshake of a session can block like the session itself. Each guest
    # has GuestTimeoutSeconds; one that takes longer is left behind. Emits one response per guest: Guest, Output (all objects of the
    # session, 64 at most), ErrorRecord, TimedOut.
    [CmdletBinding()]
    [OutputType('Ragnatramp.DirectResponse')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # Of New-WorkerPool.
        [Parameter(Mandatory)]
        [object] $Pool,

        # Per guest: Guest and ArgumentList.
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Call,

        [Parameter(Mandatory)]
        [scriptblock] $Script
    )
    $atOnce = 32
    for ($from = 0; $from -lt $Call.Count; $from += $atOnce) {
        $batch = @($Call[$from..([Math]::Min($from + $atOnce, $Call.Count) - 1)])
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $started = @(foreach ($one in $batch) {
                $account = Select-GuestCredential -Credential $Run.Credential -Machine $one.Guest.machineName
                @{
                    Guest  = $one.Guest
                    Worker = Start-Worker -Pool $Pool -Script $script:DirectSessionScript `
                        -Argument $one.Guest.vmId, $account, $Script.ToString(), $one.ArgumentList
                }
            })
        foreach ($one in $started) {
            $response = [pscustomobject]@{
                PSTypeName  = 'Ragnatramp.DirectResponse'
                Guest       = $one.Guest
                Output      = @()
                ErrorRecord = $null
                TimedOut    = -not (Wait-Worker -Worker $one.Worker -Milliseconds ($Run.GuestTimeoutSeconds * 1000))
            }
            if ($response.TimedOut) {
                Stop-Worker -Worker $one.Worker
            } else {
                $result = Receive-Worker -Worker $one.Worker
                $response.Output = $result.Output
                $response.ErrorRecord = $result.ErrorRecord
            }
            $response
        }
        $Run.Cmdlet.WriteVerbose("Invoke-Command -VMId (PowerShell Direct, $($batch.Count) guests): $($watch.ElapsedMilliseconds) ms")
    }
}

function ConvertFrom-DirectError {
    # Why a guest could not be reached, or what went wrong inside it; nothing where all went well.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [object] $Response,

        [Parameter(Mandatory)]
        [int] $TimeoutSeconds,

        # The script was to write: what had it come to is not known.
        [switch] $Writing
    )
    $common = @{ Code = 'RECONCILE_HOSTS_FAILED'; Machine = $Response.Guest.machineName }
    $known = if ($Writing) { 'Whether its hosts file was written is not known.' } else { 'Nothing was written into this guest.' }
    if ($Response.TimedOut) {
        return New-RagnaFailure @common -Message "its guest did not answer PowerShell Direct within $TimeoutSeconds s." `
            -Remedy "$known Look whether the guest has finished starting, then run Invoke-RagnaReconcile again."
    }
    if ($null -eq $Response.ErrorRecord) { return }

    $exception = $Response.ErrorRecord.Exception.GetBaseException()
    $id = $Response.ErrorRecord.FullyQualifiedErrorId
    $text = Get-ErrorText -Exception $exception
    if ($exception.GetType().Name -eq 'PSDirectException') {
        return New-RagnaFailure @common -Message "PowerShell Direct was refused: $text" `
            -Remedy 'Give an administrator account of the guest itself with -Credential, for example .\Administrator.'
    }
    if ($id -like 'PSSessionStateBroken*') {
        return New-RagnaFailure @common -Message "its guest does not answer PowerShell Direct: $text" `
            -Remedy 'PowerShell Direct reaches Windows guests only (Windows 10, Server 2016 or later); a Linux guest never answers it.'
    }
    if ($exception -is [System.UnauthorizedAccessException] -or $exception.Message -like '*UnauthorizedAccessException*') {
        return New-RagnaFailure @common -Message "the account may not write the guest's hosts file: $text" `
            -Remedy 'Give an administrator account of the guest with -Credential.'
    }
    New-RagnaFailure @common -Message "its hosts file could not be updated: $text" `
        -Remedy "$known Look at the message, then run Invoke-RagnaReconcile again."
}
