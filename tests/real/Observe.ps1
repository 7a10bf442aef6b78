# How things are looked at: who runs this, what Hyper-V says while something goes on, what is in a folder.

function Test-Elevation {
    ([Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

function Test-HyperVAdministrator {
    # By the group's well-known SID, whose name is translated.
    ([Security.Principal.WindowsPrincipal] [Security.Principal.WindowsIdentity]::GetCurrent()).IsInRole([Security.Principal.SecurityIdentifier] 'S-1-5-32-578')
}

function Get-ActionText {
    # What lifecycle cmdlets did, in one text, and an error where one of the machines has no success.
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Result)
    $text = (@($Result | ForEach-Object { "$($_.Machine): $($_.Action), $($_.State)" }) -join '; ')
    if ($Result.Count -eq 0) { throw 'Nothing was done.' }
    if (@($Result | Where-Object { -not $_.Success }).Count -gt 0) { throw "Not all succeeded: $text" }
    $text
}

function Watch-VMStatus {
    <#
    .SYNOPSIS
        Does something with a VM in another runspace and returns each operational status that the VM had meanwhile, with its time in ms.
    #>
    param([Parameter(Mandatory)] [guid] $Id, [Parameter(Mandatory)] [string] $Script, [int] $Seconds = 120)
    $shell = [powershell]::Create()
    $watch = [Diagnostics.Stopwatch]::StartNew()
    try {
        $null = $shell.AddScript("param(`$Id) `$vm = Hyper-V\Get-VM -Id `$Id; $Script").AddArgument($Id)
        $running = $shell.BeginInvoke()
        $last = ''
        $idle = 0
        # Some go on after the cmdlet has returned: until it has been quiet for two seconds.
        while ($watch.Elapsed.TotalSeconds -lt $Seconds -and (-not $running.IsCompleted -or $idle -lt 20)) {
            $now = @((Hyper-V\Get-VM -Id $Id).OperationalStatus | ForEach-Object { [int] $_ }) -join '+'
            $idle = if ($now -eq '2') { $idle + 1 } else { 0 }
            if ($now -ne $last) { "$([int] $watch.Elapsed.TotalMilliseconds) ms: $now" }
            $last = $now
            Start-Sleep -Milliseconds 100
        }
        if (-not $running.IsCompleted) { throw "It did not end within $Seconds s." }
        $null = $shell.EndInvoke($running)
        if ($shell.Streams.Error.Count -gt 0) { throw $shell.Streams.Error[0].Exception }
    } finally {
        $shell.Dispose()
    }
}

function Get-OpenText {
    # Whether a file can be read beside whoever has it open.
    param([Parameter(Mandatory)] [string] $Path)
    try {
        [IO.File]::Open($Path, 'Open', 'Read', 'ReadWrite, Delete').Dispose()
        'readable'
    } catch { "not readable (0x$($_.Exception.GetBaseException().HResult.ToString('X8')))" }
}

function Get-FolderText {
    # What is in a folder, as paths relative to it.
    param([Parameter(Mandatory)] [string] $Path)
    if (-not [IO.Directory]::Exists($Path)) { return 'the folder is gone' }
    $names = @([IO.Directory]::GetFileSystemEntries($Path, '*', 'AllDirectories') | ForEach-Object { $_.Substring($Path.Length + 1) })
    if ($names.Count -eq 0) { 'an empty folder' } else { $names -join ', ' }
}
