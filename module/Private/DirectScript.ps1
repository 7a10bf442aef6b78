# What runs inside a Windows guest, and what its answers mean. A script reads and writes bytes and decides nothing: the merge is
# the native library's, on the host. It must run in any Windows PowerShell from 5.1 on, and needs no module there. It emits one
# string: what was asked for (where it reads, "read:NAME:FILE": the guest's name in UTF-8 and its hosts file, each in base64), or
# "failed:KIND:STATE:CODE", where the cause is known by the exception's type and number, never by its text, which is in the guest's
# language.

# The longest string that is taken from a guest: base64 of a hosts file of 3 MiB, and what stands before it.
$script:DirectLongestText = 4MB + 1KB

# The longest base64 of a name that is taken: a host name has 63 characters, of four bytes at most.
$script:DirectLongestName = 336

# What both scripts begin with.
$script:DirectFunction = {
    function Get-HostsFolder {
        # It stands in the registry (it can be moved); reading it expands %SystemRoot%.
        $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
        (Get-ItemProperty -LiteralPath $key -Name DataBasePath -ErrorAction Stop).DataBasePath
    }

    function Get-GuestName {
        # Base64 of the name that the guest has now, which is not cut to what NetBIOS holds; empty where it cannot be read.
        try {
            $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
            $name = (Get-ItemProperty -LiteralPath $key -Name Hostname -ErrorAction Stop).Hostname
            [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes([string] $name))
        } catch {
            ''
        }
    }

    function Get-HostsFault {
        # KIND and CODE of an error; an HResult of facility 7 carries a Win32 code.
        param([Management.Automation.ErrorRecord] $Record)
        $exception = $Record.Exception.GetBaseException()
        $number = '{0:X8}' -f $exception.HResult
        $code = if ($number -like '8007*') { [Convert]::ToInt32($number.Substring(4), 16) } else { 0 }
        $kind = if ($code -eq 32 -or $code -eq 33 -or $code -eq 1224) {
            'in-use'
        } elseif ($code -ge 1175 -and $code -le 1177) {
            'replace'
        } elseif ($code -eq 112 -or $code -eq 39) {
            'no-room'
        } elseif ($exception -is [IO.DirectoryNotFoundException]) {
            'no-folder'
        } elseif ($exception -is [UnauthorizedAccessException]) {
            'denied'
        } else {
            'other'
        }
        [pscustomobject] @{ Kind = $kind; Code = $number; CanPass = $kind -eq 'in-use' -or $kind -eq 'replace' }
    }
}

$script:DirectReadScript = [scriptblock]::Create("param([int] `$Milliseconds)$script:DirectFunction" + {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        for ($pause = 50; $true; $pause = [Math]::Min(2 * $pause, 500)) {
            try {
                $folder = Get-HostsFolder
                $file = [IO.Path]::Combine($folder, 'hosts')
                if (-not [IO.Directory]::Exists($folder)) {
                    'failed:no-folder:kept:00000000'
                } elseif (-not [IO.File]::Exists($file)) {
                    "read:$(Get-GuestName):"
                } elseif ((New-Object -TypeName IO.FileInfo -ArgumentList $file).Length -gt 3MB) {
                    'failed:too-long:kept:00000000'
                } else {
                    "read:$(Get-GuestName):$([Convert]::ToBase64String([IO.File]::ReadAllBytes($file)))"
                }
                break
            } catch {
                $fault = Get-HostsFault -Record $_
                if (-not $fault.CanPass -or $watch.ElapsedMilliseconds + $pause -ge $Milliseconds) {
                    "failed:$($fault.Kind):kept:$($fault.Code)"
                    break
                }
            }
            Start-Sleep -Milliseconds $pause
        }
    })

# The old file keeps a name of its own until the new one is in place, and is put back where Windows left no file at all: it
# documents that for 1177, and for 1176 where no backup is named. Once a replacement was tried, the file itself says what
# became of it. STATE is kept (the file is what it was), unknown, or the name of the file that holds what is missing.
$script:DirectWriteScript = [scriptblock]::Create("param([string] `$Before, [string] `$After, [int] `$Milliseconds)$script:DirectFunction" + {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        $tried = $false
        for ($pause = 50; $true; $pause = [Math]::Min(2 * $pause, 500)) {
            $there = $written = $false
            $new = $backup = $fault = $null
            try {
                $folder = Get-HostsFolder
                $file = [IO.Path]::Combine($folder, 'hosts')
                if (-not [IO.Directory]::Exists($folder)) { return 'failed:no-folder:kept:00000000' }
                $there = [IO.File]::Exists($file)
                # Not as the value of an if statement: that makes null of an empty file.
                $bytes = [byte[]] @()
                if ($there) { $bytes = [IO.File]::ReadAllBytes($file) }
                $now = [Convert]::ToBase64String($bytes)
                if ($tried -and $now -ceq $After) { return 'written' }
                if ($now -cne $Before) { return 'changed' }
                if ($there -and ([IO.File]::GetAttributes($file) -band [IO.FileAttributes]::ReadOnly)) {
                    return 'failed:read-only:kept:00000000'
                }
                $name = [IO.Path]::Combine($folder, 'hosts.ragnatramp.' + [Guid]::NewGuid().ToString('N'))
                $new = "$name.tmp"
                $backup = "$name.bak"
                $stream = New-Object -TypeName IO.FileStream -ArgumentList $new, 'CreateNew', 'Write', 'None'
                try {
                    $content = [Convert]::FromBase64String($After)
                    $stream.Write($content, 0, $content.Length)
                    $stream.Flush($true)
                } finally {
                    $stream.Dispose()
                }
                $written = $true
                $tried = $true
                # Replace keeps the file's own access rights and attributes.
                if ($there) { [IO.File]::Replace($new, $file, $backup) } else { [IO.File]::Move($new, $file) }
            } catch {
                $fault = Get-HostsFault -Record $_
            } finally {
                # Here, because a run that is stopped comes through here too.
                if ($null -ne $new) {
                    $left = @($backup)
                    if ($written) { $left += $new }
                    for ($try = 0; $there -and $try -lt 20 -and -not [IO.File]::Exists($file); $try++) {
                        if ($try -gt 0) { [Threading.Thread]::Sleep(100) }
                        foreach ($one in $left) {
                            try {
                                if ([IO.File]::Exists($one) -and -not [IO.File]::Exists($file)) { [IO.File]::Move($one, $file) }
                            } catch {
                                $null = $_
                            }
                        }
                    }
                    $isSafe = -not $there -or [IO.File]::Exists($file)
                    for ($try = 0; $try -lt 10; $try++) {
                        try {
                            if ($isSafe -or -not $written) { [IO.File]::Delete($new) }
                            if ($isSafe) { [IO.File]::Delete($backup) }
                            break
                        } catch {
                            [Threading.Thread]::Sleep(50)
                        }
                    }
                }
            }
            if ($null -eq $fault) { return 'written' }
            $holder = @(foreach ($one in $backup, $new) { if ([IO.File]::Exists($one)) { $one } })
            if ($there -and $holder.Count -gt 0 -and -not [IO.File]::Exists($file)) {
                return "failed:gone:$([IO.Path]::GetFileName($holder[0])):$($fault.Code)"
            }
            if (-not $fault.CanPass -or $watch.ElapsedMilliseconds + $pause -ge $Milliseconds) { break }
            Start-Sleep -Milliseconds $pause
        }
        $state = 'kept'
        if ($tried) {
            $state = 'unknown'
            try {
                $bytes = [byte[]] @()
                if ([IO.File]::Exists($file)) { $bytes = [IO.File]::ReadAllBytes($file) }
                $now = [Convert]::ToBase64String($bytes)
                if ($now -ceq $After) { return 'written' }
                if ($now -ceq $Before) { $state = 'kept' }
            } catch {
                $null = $_
            }
        }
        "failed:$($fault.Kind):$($state):$($fault.Code)"
    })

# What to tell of each KIND, {0} for CODE: the cause, and the way out.
$script:DirectFault = @{
    'read-only' = 'its hosts file is read-only.',
    'Take the attribute off in the guest: attrib -R "%SystemRoot%\System32\drivers\etc\hosts".'
    'in-use'    = 'another program in the guest holds its hosts file open.',
    'End that program in the guest, or let it leave the file alone (virus scanners and VPN clients do this).'
    'replace'   = 'Windows could not put the new hosts file in the place of the old one (error 0x{0}).',
    'See whether another program in the guest holds it open.'
    'no-folder' = 'the folder of its hosts file is not there.',
    'Make it in the guest: its path is the value DataBasePath of HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters.'
    'no-room'   = 'the drive of its hosts file is full.', 'Make room on the guest''s system drive.'
    'denied'    = 'the account may not read and write the guest''s hosts file.',
    'Give an administrator account of the guest with -Credential.'
    'too-long'  = 'its hosts file is longer than 3 MiB.', 'Shorten it in the guest.'
    'other'     = 'its hosts file could not be updated (error 0x{0}).', 'certutil -error 0x{0} says what the error is.'
}

function Read-DirectText {
    # Takes the one string out of what came back from a guest's session, where anything may come: Text (one of -Expect) or, without
    # -Expect, Bytes of the hosts file and HostName (what the guest calls itself; null where that is no short text), or Failure.
    [CmdletBinding()]
    [OutputType('Ragnatramp.DirectText')]
    param(
        # Of Invoke-DirectGuest, without an error.
        [Parameter(Mandatory)]
        [object] $Response,

        # The words that the script ends with where it does not fail.
        [string[]] $Expect
    )
    $read = [pscustomobject]@{ PSTypeName = 'Ragnatramp.DirectText'; Text = $null; Bytes = $null; HostName = $null; Failure = $null }
    $common = @{ Code = 'RECONCILE_HOSTS_FAILED'; Machine = $Response.Guest.machineName }
    $output = @($Response.Output)
    $why = if ($output.Count -ne 1) {
        "$($output.Count) objects"
    } elseif ($output[0] -isnot [string]) {
        # Its type and its text are the guest's to choose, so neither is shown.
        'an object that is no text'
    } elseif ($output[0].Length -gt $script:DirectLongestText) {
        "a text of $($output[0].Length) characters"
    }
    if ($null -eq $why) {
        # Without what the session hung on it.
        $text = [string] $output[0].PSObject.BaseObject
        if ($text -cmatch '\Afailed:gone:(?<name>hosts\.ragnatramp\.[0-9a-f]{32}\.(bak|tmp)):[0-9A-F]{8}\z') {
            $read.Failure = New-RagnaFailure @common `
                -Message "its hosts file could not be replaced and is missing now; its content is in $($Matches['name']), in the same folder." `
                -Remedy 'Rename that file to hosts in the guest, then run Invoke-RagnaReconcile again.'
            return $read
        }
        if ($text -cmatch '\Afailed:(?<kind>[a-z-]{1,20}):(?<state>kept|unknown):(?<code>[0-9A-F]{8})\z' -and
            $script:DirectFault.ContainsKey($Matches['kind'])) {
            $message, $remedy = $script:DirectFault[$Matches['kind']]
            $state = if ($Matches['state'] -eq 'kept') { 'It is as it was.' } else {
                'What is in it now is not known: it could not be read again.'
            }
            $read.Failure = New-RagnaFailure @common -Message (($message -f $Matches['code']) + " $state") `
                -Remedy (($remedy -f $Matches['code']) + ' Then run Invoke-RagnaReconcile again.')
            return $read
        }
        if ($Expect) {
            if ($Expect -ccontains $text) {
                $read.Text = $text
                return $read
            }
        } elseif ($text.StartsWith('read:', [System.StringComparison]::Ordinal) -and ($end = $text.IndexOf([char] ':', 5)) -gt 0) {
            try {
                $read.Bytes = [Convert]::FromBase64String($text.Substring($end + 1))
                $read.HostName = ConvertFrom-DirectName -Text $text.Substring(5, $end - 5)
                return $read
            } catch [System.FormatException] {
                Remove-HandledError -Record $_
            }
        }
        $why = 'a text that is not of the expected form'
    }
    $known = if ($Expect) { 'Whether its hosts file was written is not known.' } else { 'Nothing was written into this guest.' }
    $read.Failure = New-RagnaFailure @common -Message "its guest answered PowerShell Direct with $why." `
        -Remedy "$known See whether a profile or a policy in the guest writes output, then run Invoke-RagnaReconcile again."
    $read
}

function ConvertFrom-DirectName {
    # The name behind the base64 that a guest gave for it; nothing where that is too long or is none.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Text
    )
    if ($Text.Length -eq 0 -or $Text.Length -gt $script:DirectLongestName) { return }
    try {
        [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($Text))
    } catch [System.FormatException] {
        Remove-HandledError -Record $_
    }
}
