# PowerShell Direct: the transport into Windows guests, over the VM bus, with an account of the guest.

# What runs inside a guest. It reads and writes bytes and decides nothing: the merge is the native library's, on the host.
# It must run in any Windows PowerShell from 5.1 on, and needs no module there.
$script:DirectReadScript = {
    # The folder of the hosts file stands in the registry (it can be moved); reading it expands %SystemRoot%.
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
    $folder = (Get-ItemProperty -LiteralPath $key -Name DataBasePath -ErrorAction Stop).DataBasePath
    $file = [IO.Path]::Combine($folder, 'hosts')
    # Not as the value of an if statement: that makes null of an empty file.
    $bytes = [byte[]] @()
    if ([IO.File]::Exists($file)) { $bytes = [IO.File]::ReadAllBytes($file) }
    [Convert]::ToBase64String($bytes)
}

$script:DirectWriteScript = {
    param([string] $Before, [string] $After)
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
    $folder = (Get-ItemProperty -LiteralPath $key -Name DataBasePath -ErrorAction Stop).DataBasePath
    $file = [IO.Path]::Combine($folder, 'hosts')
    $there = [IO.File]::Exists($file)
    $bytes = [byte[]] @()
    if ($there) { $bytes = [IO.File]::ReadAllBytes($file) }
    if ([Convert]::ToBase64String($bytes) -cne $Before) { return 'changed' }

    $new = [IO.Path]::Combine($folder, 'hosts.ragnatramp.' + [Guid]::NewGuid().ToString('N') + '.tmp')
    try {
        $stream = [IO.FileStream]::new($new, 'CreateNew', 'Write', 'None')
        try {
            $content = [Convert]::FromBase64String($After)
            $stream.Write($content, 0, $content.Length)
            $stream.Flush($true)
        } finally {
            $stream.Dispose()
        }
        # Replace keeps the file's own access rights and attributes.
        if ($there) { [IO.File]::Replace($new, $file, [NullString]::Value) } else { [IO.File]::Move($new, $file) }
    } finally {
        if ([IO.File]::Exists($new)) { [IO.File]::Delete($new) }
    }
    'written'
}

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
    $transport = @{ Transport = 'PowerShellDirect' }
    $toRead = $Guest
    foreach ($isLast in $false, $true) {
        $calls = [System.Collections.Generic.List[object]]::new()
        foreach ($file in Read-DirectGuest -Run $Run -Guest $toRead) {
            $machine = $file.Guest.machineName
            $merged = $file
            if ($null -eq $file.Failure) { $merged = Invoke-RagnaExport hosts_merge -Lab $Run.Lab $file.Bytes -Raw }
            if ($null -ne $merged.Failure) {
                New-GuestResult @transport -Machine $machine -Status 'failed' -Failure $merged.Failure
            } elseif ($merged.Response.Length -eq 0) {
                New-GuestResult @transport -Machine $machine -Status 'unchanged'
            } else {
                $both = [Convert]::ToBase64String($file.Bytes), [Convert]::ToBase64String($merged.Response)
                $calls.Add(@{ Guest = $file.Guest; ArgumentList = $both })
            }
        }
        $changed = [System.Collections.Generic.List[object]]::new()
        foreach ($write in Invoke-DirectGuest -Run $Run -Call $calls -Script $script:DirectWriteScript) {
            $machine = $write.Guest.machineName
            $failure = ConvertFrom-DirectError -Response $write -TimeoutSeconds $Run.GuestTimeoutSeconds
            if ($null -eq $failure -and $write.Output -eq 'changed' -and $isLast) {
                $failure = New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $machine `
                    -Message 'another program in the guest keeps changing its hosts file.' `
                    -Remedy 'Nothing was written. Run Invoke-RagnaReconcile again when that program has finished.'
            }
            if ($null -ne $failure) {
                New-GuestResult @transport -Machine $machine -Status 'failed' -Failure $failure
            } elseif ($write.Output -eq 'written') {
                New-GuestResult @transport -Machine $machine -Status 'synced'
            } else {
                $changed.Add($write.Guest)
            }
        }
        if ($changed.Count -eq 0) { break }
        $toRead = $changed
    }
}

function Read-DirectGuest {
    # The hosts files of guests as they are: Guest, and Bytes or Failure.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestFile')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        [Parameter(Mandatory)]
        [object[]] $Guest
    )
    $calls = @(foreach ($one in $Guest) { @{ Guest = $one; ArgumentList = @() } })
    foreach ($read in Invoke-DirectGuest -Run $Run -Call $calls -Script $script:DirectReadScript) {
        $file = [pscustomobject]@{
            PSTypeName = 'Ragnatramp.GuestFile'
            Guest      = $read.Guest
            Bytes      = $null
            Failure    = ConvertFrom-DirectError -Response $read -TimeoutSeconds $Run.GuestTimeoutSeconds
        }
        if ($null -eq $file.Failure) { $file.Bytes = [Convert]::FromBase64String($read.Output) }
        $file
    }
}

function Invoke-DirectGuest {
    # Runs a script in guests, 32 at once. Each batch has GuestTimeoutSeconds, side by side. Emits one response per guest:
    # Guest, Output, ErrorRecord, TimedOut.
    [CmdletBinding()]
    [OutputType('Ragnatramp.DirectResponse')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

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
        $started = @()
        try {
            $started = @(foreach ($one in $batch) { Start-DirectGuest -Call $one -Script $Script -Credential $Run.Credential })
            foreach ($one in $started) {
                $left = $Run.GuestTimeoutSeconds * 1000 - $watch.ElapsedMilliseconds
                Receive-DirectGuest -Started $one -MillisecondsLeft ([int] [Math]::Max(0, $left))
            }
        } finally {
            $jobs = @(foreach ($one in $started) { if ($null -ne $one.Job) { $one.Job } })
            if ($jobs.Count -gt 0) { Microsoft.PowerShell.Core\Remove-Job -Job $jobs -Force -ErrorAction Ignore }
        }
        $Run.Cmdlet.WriteVerbose("Invoke-Command -VMId (PowerShell Direct, $($batch.Count) guests): $($watch.ElapsedMilliseconds) ms")
    }
}

function Start-DirectGuest {
    # Starts one guest's script as a job; a session that is refused at once is told like an error of the guest.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'The cmdlet has asked before.')]
    param(
        [Parameter(Mandatory)]
        [object] $Call,

        [Parameter(Mandatory)]
        [scriptblock] $Script,

        [Parameter(Mandatory)]
        [pscredential] $Credential
    )
    $started = [pscustomobject]@{ Guest = $Call.Guest; Job = $null; ErrorRecord = $null }
    try {
        $started.Job = Microsoft.PowerShell.Core\Invoke-Command -VMId $Call.Guest.vmId -Credential $Credential -ScriptBlock $Script `
            -ArgumentList $Call.ArgumentList -AsJob -ErrorAction Stop
    } catch {
        $started.ErrorRecord = $_
        Remove-HandledError -Record $_
    }
    $started
}

function Receive-DirectGuest {
    # Waits for one guest's job as long as its time lasts.
    [CmdletBinding()]
    [OutputType('Ragnatramp.DirectResponse')]
    param(
        [Parameter(Mandatory)]
        [object] $Started,

        [Parameter(Mandatory)]
        [int] $MillisecondsLeft
    )
    $response = [pscustomobject]@{
        PSTypeName  = 'Ragnatramp.DirectResponse'
        Guest       = $Started.Guest
        Output      = $null
        ErrorRecord = $Started.ErrorRecord
        TimedOut    = $false
    }
    if ($null -ne $Started.Job) {
        if ($Started.Job.Finished.WaitOne($MillisecondsLeft)) {
            try {
                $response.Output = Microsoft.PowerShell.Core\Receive-Job -Job $Started.Job -ErrorAction Stop
            } catch {
                $response.ErrorRecord = $_
                Remove-HandledError -Record $_
            }
        } else {
            $response.TimedOut = $true
        }
    }
    $response
}

function ConvertFrom-DirectError {
    # Why a guest could not be reached, or what went wrong inside it; nothing where all went well.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [object] $Response,

        [Parameter(Mandatory)]
        [int] $TimeoutSeconds
    )
    $common = @{ Code = 'RECONCILE_HOSTS_FAILED'; Machine = $Response.Guest.machineName }
    if ($Response.TimedOut) {
        return New-RagnaFailure @common -Message "its guest did not answer PowerShell Direct within $TimeoutSeconds s." `
            -Remedy 'Look whether the guest has finished starting, then run Invoke-RagnaReconcile again.'
    }
    if ($null -eq $Response.ErrorRecord) { return }

    $exception = $Response.ErrorRecord.Exception.GetBaseException()
    $id = $Response.ErrorRecord.FullyQualifiedErrorId
    $text = $exception.Message.Trim()
    if ($exception.GetType().Name -eq 'PSDirectException') {
        return New-RagnaFailure @common -Message "PowerShell Direct was refused: $text" `
            -Remedy 'Give an administrator account of the guest itself with -Credential, for example .\Administrator.'
    }
    if ($id -like 'PSSessionStateBroken*') {
        return New-RagnaFailure @common -Message "its guest does not answer PowerShell Direct: $text" `
            -Remedy 'PowerShell Direct reaches Windows guests only (Windows 10, Server 2016 or later); a Linux guest never answers it.'
    }
    if ($exception -is [System.UnauthorizedAccessException] -or $text -like '*UnauthorizedAccessException*') {
        return New-RagnaFailure @common -Message "the account may not write the guest's hosts file: $text" `
            -Remedy 'Give an administrator account of the guest with -Credential.'
    }
    New-RagnaFailure @common -Message "its hosts file could not be updated: $text" `
        -Remedy 'Nothing was written into this guest. Look at the message, then run Invoke-RagnaReconcile again.'
}
