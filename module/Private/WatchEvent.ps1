# What wakes a watch before its time, and what it leaves behind: Hyper-V's own events, and the log.

# The longest log, in bytes; one older file of that length is kept beside it.
$script:WatchLongestLog = 256KB

function Register-MachineEvent {
    # Asks Hyper-V to tell of each VM that starts or stops. Returns null, or why it does not.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        # The name under which the events wait.
        [Parameter(Mandatory)]
        [string] $Source
    )
    $wql = "SELECT * FROM __InstanceModificationEvent WITHIN 5 WHERE TargetInstance ISA 'Msvm_ComputerSystem' " +
    'AND TargetInstance.EnabledState <> PreviousInstance.EnabledState'
    $subscription = @{ Namespace = 'root/virtualization/v2'; Query = $wql; SourceIdentifier = $Source; ErrorAction = 'Stop' }
    $answer = Invoke-HyperVQuery -Cmdlet $Cmdlet -Query 'Register-CimIndicationEvent (Msvm_ComputerSystem)' -Script {
        CimCmdlets\Register-CimIndicationEvent @subscription
    }
    $answer.Failure
}

function Unregister-MachineEvent {
    # Ends that, and forgets the events that wait; where there is nothing to end, does nothing.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [string] $Source
    )
    # Under -WhatIf, too: it is of this session alone.
    $common = @{ SourceIdentifier = $Source; ErrorAction = 'Ignore'; WhatIf = $false; Confirm = $false }
    Microsoft.PowerShell.Utility\Unregister-Event @common
    Microsoft.PowerShell.Utility\Remove-Event @common
}

function Wait-MachineEvent {
    # Waits for an event, or until the time is over. Returns whether there was one. A subscription that ended by an error is
    # ended here, too: then the time alone counts.
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)]
        [string] $Source,

        [Parameter(Mandatory)]
        [double] $Seconds
    )
    $left = [Math]::Max(0.05, $Seconds)
    if (@(Microsoft.PowerShell.Utility\Get-EventSubscriber -SourceIdentifier $Source -ErrorAction Ignore).Count -eq 0) {
        Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds ([int] (1000 * $left))
        return $false
    }
    $first = Microsoft.PowerShell.Utility\Wait-Event -SourceIdentifier $Source -Timeout ([int] [Math]::Ceiling($left))
    if ($null -eq $first) { return $false }
    # A lab that starts tells of every machine: one look is enough for all that wait.
    if ($null -ne $first.SourceEventArgs -and $first.SourceEventArgs.GetType().Name -like '*Exception*') {
        Unregister-MachineEvent -Source $Source
        return $false
    }
    Microsoft.PowerShell.Utility\Remove-Event -SourceIdentifier $Source -ErrorAction Ignore -WhatIf:$false -Confirm:$false
    $true
}

function Get-WatchLogPath {
    # Where the log of a watch is.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [string] $ConfigPath
    )
    [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($ConfigPath), '.ragnatramp', 'watch.log')
}

function Add-WatchLog {
    # Adds a line to the log of a watch, where it has one. A log that cannot be written is told once, and tried again with the next
    # line: whoever reads it may keep others away for a moment.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Watch,

        [Parameter(Mandatory)]
        [string] $Text
    )
    $path = $Watch.LogPath
    if (-not $path -or -not [System.IO.Directory]::Exists([System.IO.Path]::GetDirectoryName($path))) { return }
    $time = [datetime]::Now.ToString('yyyy-MM-dd HH:mm:ss', [cultureinfo]::InvariantCulture)
    $bytes = [System.Text.Encoding]::UTF8.GetBytes("$time $($Text -replace '\s*[\r\n]+\s*', ' ')`r`n")
    for ($attempt = 1; $attempt -le 5; $attempt++) {
        try {
            Write-WatchLog -Path $path -Bytes $bytes
            $Watch.IsLogLost = $false
            return
        } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
            Remove-HandledError -Record $_
            $reason = $_.Exception.GetBaseException().Message
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 50
        }
    }
    if (-not $Watch.IsLogLost) { $Cmdlet.WriteWarning("The log $path cannot be written: $reason") }
    $Watch.IsLogLost = $true
}

function Write-WatchLog {
    # Adds bytes to a log; one that would become too long is kept beside the new one, in place of an earlier one. Throws where that fails.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        [Parameter(Mandatory)]
        [byte[]] $Bytes
    )
    $file = [System.IO.FileInfo]::new($Path)
    if ($file.Exists -and $file.Length + $Bytes.Length -gt $script:WatchLongestLog) {
        [System.IO.File]::Delete("$Path.1")
        [System.IO.File]::Move($Path, "$Path.1")
    }
    $stream = [System.IO.FileStream]::new($Path, 'Append', 'Write', 'ReadWrite, Delete')
    try { $stream.Write($Bytes, 0, $Bytes.Length) } finally { $stream.Dispose() }
}
