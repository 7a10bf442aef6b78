# One change of the lab at a time, whichever runspace or process makes it; and the end of a process in the middle of its work.

$script:LockDepth = 0

function Use-LabLock {
    <# .SYNOPSIS Runs a block while nobody else changes the lab. #>
    param([Parameter(Mandatory = $true)] [scriptblock] $Script)
    if ($script:LockDepth -gt 0) { return & $Script }
    # Names of its own: the block sees this function's variables before those of its caller.
    $lockPath = Get-LabPath -Part 'lab.lock'
    $lockStream = $null
    for ($lockTry = 1; $null -eq $lockStream; $lockTry++) {
        try {
            $lockStream = [IO.File]::Open($lockPath, [IO.FileMode]::OpenOrCreate, [IO.FileAccess]::ReadWrite, [IO.FileShare]::None)
        }
        catch [IO.IOException] {
            if ($lockTry -ge 6000) { throw }
            Start-Sleep -Milliseconds 5
        }
    }
    $script:LockDepth = 1
    try { & $Script }
    finally {
        $script:LockDepth = 0
        $lockStream.Dispose()
    }
}

function Write-LabText {
    <# .SYNOPSIS Replaces a file of the lab as a whole, so that nobody ever reads a half of it. #>
    param([string] $Path, [string] $Text)
    if (-not [IO.File]::Exists($Path)) { return Use-LabFile { [IO.File]::WriteAllText($Path, $Text) } }
    $temporary = "$Path.$([guid]::NewGuid().ToString('N')).new"
    [IO.File]::WriteAllText($temporary, $Text)
    # .NET has a move that replaces at once; in .NET Framework the old file can be gone for a moment.
    $move = 'Move'
    if ($PSVersionTable.PSVersion.Major -ge 6) { Use-LabFile { [IO.File]::$move($temporary, $Path, $true) } }
    else { Use-LabFile { [IO.File]::Replace($temporary, $Path, [NullString]::Value) } }
}

function Step-LabKill {
    <#
    .SYNOPSIS
    Counts a call where the lab is to end the process. Ends it before the call of the number in kill.txt; returns whether it is to be
    ended after this one.
    #>
    $path = Get-LabPath -Part 'kill.txt'
    if (-not [IO.File]::Exists($path)) { return $false }
    Use-LabLock {
        $word, $limit, $count = (Use-LabFile { [IO.File]::ReadAllText($path) }).Split(' ')
        $now = [int] $count + 1
        Write-LabText -Path $path -Text "$word $limit $now"
        if ($now -ne [int] $limit) { return $false }
        if ($word -eq 'before') { [Diagnostics.Process]::GetCurrentProcess().Kill() }
        $true
    }
}
