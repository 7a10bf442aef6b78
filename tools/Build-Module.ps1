<#
.SYNOPSIS
    Builds the module as it is shipped: one folder with everything in it.
.DESCRIPTION
    Copies module/ and puts the files of Private/ and Public/ into the .psm1, since at import one file is read in half
    the time of many; those of Private/ without their comments, a third of the text that every import reads. Adds the native library, the license and the README. Runs in Windows PowerShell 5.1 and PowerShell 7.
.PARAMETER Library
    The native library.
.PARAMETER Destination
    The folder to build; it is made anew.
.EXAMPLE
    ./tools/Build-Module.ps1 -Library target/release/ragnatramp.dll -Destination dist/Ragnatramp
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Library,

    [Parameter(Mandatory)]
    [string] $Destination
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = [System.IO.Path]::GetDirectoryName($PSScriptRoot)
$source = [System.IO.Path]::Combine($root, 'module')
$target = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
$dll = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Library)
$utf8 = [System.Text.UTF8Encoding]::new($false)

# A session that has just ended may hold its library for a moment longer.
for ($attempt = 1; [System.IO.Directory]::Exists($target); $attempt++) {
    try {
        [System.IO.Directory]::Delete($target, $true)
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        if ($attempt -ge 20) { throw "$target is in use. Close the PowerShell sessions that have loaded it. ($($_.Exception.GetBaseException().Message))" }
        Start-Sleep -Milliseconds 250
    }
}
$null = New-Item -ItemType Directory -Path $target
foreach ($part in 'Ragnatramp.psd1', 'Ragnatramp.Format.ps1xml', 'en-US', 'guest', 'schema', 'template') {
    $from = [System.IO.Path]::Combine($source, $part)
    if (Test-Path -LiteralPath $from) { Copy-Item -LiteralPath $from -Destination $target -Recurse }
}
foreach ($part in 'LICENSE', 'NOTICE', 'README.md') {
    $from = [System.IO.Path]::Combine($root, $part)
    if (Test-Path -LiteralPath $from) { Copy-Item -LiteralPath $from -Destination $target }
}

function Get-TextWithoutComment {
    # The text of a script file without its comments, and without the lines that held nothing else.
    param([Parameter(Mandatory)] [string] $Path)
    $text = [System.IO.File]::ReadAllText($Path).Replace("`r`n", "`n")
    $tokens = $null
    $null = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $null)
    $comments = @($tokens | Where-Object { $_.Kind -eq 'Comment' })
    [Array]::Reverse($comments)
    foreach ($comment in $comments) {
        $from = $text.LastIndexOf("`n", $comment.Extent.StartOffset) + 1
        if ($text.Substring($from, $comment.Extent.StartOffset - $from).Trim()) { $from = $comment.Extent.StartOffset }
        $to = $comment.Extent.EndOffset
        $isWhole = $from -lt $comment.Extent.StartOffset -or $from -eq 0 -or $text[$from - 1] -eq "`n"
        if ($isWhole -and $to -lt $text.Length -and $text[$to] -eq "`n") { $to++ }
        $text = $text.Remove($from, $to - $from)
    }
    $text
}

# Ordinal order, so that the same sources give the same file everywhere.
$text = foreach ($folder in 'Private', 'Public') {
    $files = [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($source, $folder), '*.ps1', 'AllDirectories')
    [Array]::Sort($files, [System.StringComparer]::Ordinal)
    foreach ($file in $files) {
        $content = if ($folder -eq 'Private') { Get-TextWithoutComment -Path $file } else { [System.IO.File]::ReadAllText($file) }
        $content.Trim()
    }
}
$loader = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($source, 'Ragnatramp.psm1'))
$before, $rest = $loader -split '#region files\r?\n', 2
$after = ($rest -split '#endregion files\r?\n', 2)[1]
$module = $before.TrimEnd() + "`n`n" + ($text -join "`n`n") + "`n" + $after
[System.IO.File]::WriteAllText([System.IO.Path]::Combine($target, 'Ragnatramp.psm1'), $module.Replace("`r`n", "`n"), $utf8)

$native = [System.IO.Path]::Combine($target, 'bin\runtimes\win-x64\native')
$null = New-Item -ItemType Directory -Path $native
Copy-Item -LiteralPath $dll -Destination ([System.IO.Path]::Combine($native, 'ragnatramp.dll'))
