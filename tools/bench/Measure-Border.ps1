<#
.SYNOPSIS
    Measures a call through the border with 1 kB in and 1 kB out beside calls of empty functions, in turn, and prints microseconds per call as
    JSON: bare (the call of the library alone, its response copied and given back), raw (the same by the function that all of the module's calls
    go through), json (by that with objects, which become JSON and come of it), empty (a function that takes two values), same (one with the
    parameters of the function that calls the library).
.PARAMETER Round
    How often each is measured.
.PARAMETER Call
    How many calls a measurement has.
#>
[CmdletBinding()]
param(
    [int] $Round = 21,

    [int] $Call = 300
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
Import-Module -Name ([IO.Path]::Combine($root, 'dist', 'Ragnatramp'))
& (Get-Module -Name Ragnatramp) {
    param($rounds, $calls)
    Import-RagnaPrivate
    # Two dozen names make about 1 kB of request.
    $request = @{ peers = @(foreach ($number in 1..26) { @{ name = "machine-$number"; ipv4 = "172.20.0.$number" } }) }
    $bytes = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress -Depth 4 -InputObject $request))
    $answer = Invoke-RagnaExport hosts_render $bytes -Raw
    if ($null -ne $answer.Failure) { throw $answer.Failure.message }
    function Invoke-Empty {
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'It does nothing.')]
        param($Name, $Request)
    }
    function Invoke-EmptySame {
        [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSReviewUnusedParameter', '', Justification = 'It does nothing.')]
        param([string] $Name, [object] $Request = [byte[]] @(), [object] $Lab, [byte[]] $Content, [switch] $Raw)
    }
    $size = $bytes.Length
    $data = [long[]]::new(1)
    $length = [long[]]::new(1)
    $methods = (Get-RagnaLibrary).NativeMethods
    $loops = [ordered] @{
        bare  = {
            for ($one = 0; $one -lt $calls; $one++) {
                $null = $methods::ragna_hosts_render($bytes, $size, $data, $length)
                $received = [byte[]]::new($length[0])
                $methods::RtlMoveMemory($received, $data[0], $length[0])
                $methods::ragna_free($data[0], $length[0])
            }
        }
        raw   = { for ($one = 0; $one -lt $calls; $one++) { $null = Invoke-RagnaExport hosts_render $bytes -Raw } }
        json  = { for ($one = 0; $one -lt $calls; $one++) { $null = Invoke-RagnaExport hosts_render $request } }
        empty = { for ($one = 0; $one -lt $calls; $one++) { $null = Invoke-Empty hosts_render $bytes } }
        same  = { for ($one = 0; $one -lt $calls; $one++) { $null = Invoke-EmptySame hosts_render $bytes -Raw } }
    }
    $times = [ordered] @{ in = $bytes.Length; out = $answer.Response.Length }
    foreach ($name in $loops.Keys) { $times[$name] = [System.Collections.Generic.List[double]]::new() }
    for ($round = 0; $round -le $rounds; $round++) {
        foreach ($name in $loops.Keys) {
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            & $loops[$name]
            if ($round -gt 0) { $times[$name].Add(1000 * $watch.Elapsed.TotalMilliseconds / $calls) }
        }
    }
    ConvertTo-Json -Compress -InputObject $times
} $Round $Call
