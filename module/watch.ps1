# What the scheduled task of Register-RagnaWatch runs: a watch over one lab. All that it tells is in the log beside the config,
# and so is what keeps it from beginning.
[CmdletBinding()]
param(
    # The config, absolute.
    [Parameter(Mandatory)]
    [string] $Path,

    [Parameter(Mandatory)]
    [int] $PollSeconds,

    [Parameter(Mandatory)]
    [string] $GuestTransport,

    [switch] $AllowPartial
)
$ProgressPreference = 'SilentlyContinue'
try {
    Microsoft.PowerShell.Core\Import-Module -Name ([System.IO.Path]::Combine($PSScriptRoot, 'Ragnatramp.psd1')) -ErrorAction Stop
    Watch-RagnaReconcile @PSBoundParameters -Log *> $null
} catch {
    # Without the module this script is on its own.
    $time = [datetime]::Now.ToString('yyyy-MM-dd HH:mm:ss', [cultureinfo]::InvariantCulture)
    $log = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($Path), '.ragnatramp', 'watch.log')
    [System.IO.File]::AppendAllText($log, "$time error: $("$_" -replace '\s*[\r\n]+\s*', ' ')`r`n")
    exit 1
}
