<#
.SYNOPSIS
    Measures, in this fresh process, what a session pays once, and prints it as JSON, in milliseconds: import (of the module), bind (reading
    what every cmdlet needs, binding the native library, and one call), cmdlet (the first Test-RagnaConfig, all of that within), next (the second).
.PARAMETER Module
    The module's manifest.
.PARAMETER Bind
    Measures bind, and no cmdlet before it.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Module,

    [switch] $Bind
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$folder = [IO.Path]::Combine([IO.Path]::GetTempPath(), "ragnatramp-bench-$PID")
$null = [IO.Directory]::CreateDirectory($folder)
$config = [IO.Path]::Combine($folder, 'ragnatramp.yaml')
[IO.File]::WriteAllText($config, "project:`n  name: lab`ndefaults:`n  base_image: ragnatramp.yaml`nmachines:`n  - name: web`n  - name: db`n  - name: queue`n")
$watch = [Diagnostics.Stopwatch]::StartNew()
Import-Module -Name $Module
$times = @{ import = $watch.Elapsed.TotalMilliseconds }
if ($Bind) {
    $ragnatramp = Get-Module -Name Ragnatramp
    # The names are exact: a request that is no JSON is refused, and that is answered as fast.
    $request = [Text.Encoding]::UTF8.GetBytes('{"peers": []}')
    $watch.Restart()
    $answer = & $ragnatramp { param($request) Import-RagnaPrivate -Through Base; Invoke-RagnaExport hosts_render $request -Raw } $request
    $times.bind = $watch.Elapsed.TotalMilliseconds
    if ($null -ne $answer.Failure) { throw $answer.Failure.message }
} else {
    foreach ($name in 'cmdlet', 'next') {
        $watch.Restart()
        $test = Test-RagnaConfig -Path $config
        $times[$name] = $watch.Elapsed.TotalMilliseconds
        if (-not $test.Valid) { throw 'The config is not what it is meant to be.' }
    }
}
[IO.Directory]::Delete($folder, $true)
ConvertTo-Json -Compress -InputObject $times
