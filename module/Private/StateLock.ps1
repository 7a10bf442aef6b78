# Work on the state that another run may hold up.

function Wait-StateLock {
    # Makes attempts at work under the lock of the state until one has an end: between them, which are a second apart, it shows who
    # holds the lock, and Ctrl+C is heard. Returns what the last attempt returned.
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        # Of the progress bar.
        [Parameter(Mandatory)]
        [string] $Activity,

        # Calls the library with the bound and waited of $Time (a hashtable).
        [Parameter(Mandatory)]
        [scriptblock] $Attempt,

        # How long to wait in all for another run that holds the lock.
        [int] $LockSeconds = 30
    )
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        do {
            $result = & $Attempt @{ bound = $LockSeconds; waited = $watch.Elapsed.TotalSeconds }
            $isHeld = $null -eq $result.Failure -and $null -ne $result.Response.waiting
            if ($isHeld) { Microsoft.PowerShell.Utility\Write-Progress -Activity $Activity -Status $result.Response.waiting }
        } while ($isHeld)
    } finally {
        Microsoft.PowerShell.Utility\Write-Progress -Activity $Activity -Completed
    }
    $result
}
