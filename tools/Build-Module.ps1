<#
.SYNOPSIS
    Builds the module as it is shipped: one folder with everything in it.
.DESCRIPTION
    Copies module/ and puts the files of Public/ into the .psm1 and those of Private/ into one beside it, which is read at
    the first call of a cmdlet: an import then takes half as long. Adds the native library, the license and the README.
    Runs in Windows PowerShell 5.1 and PowerShell 7.
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

function Get-PrivateText {
    # The text of a file of Private/ with its functions in the scope of the module, since it is a function that reads it.
    param([Parameter(Mandatory)] [string] $Path)
    $text = [System.IO.File]::ReadAllText($Path)
    $ast = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref] $null, [ref] $null)
    $functions = @($ast.EndBlock.Statements | Where-Object { $_ -is [System.Management.Automation.Language.FunctionDefinitionAst] })
    [Array]::Reverse($functions)
    foreach ($function in $functions) { $text = $text.Insert($function.Extent.StartOffset + 'function '.Length, 'script:') }
    $text
}

# Ordinal order, so that the same sources give the same file everywhere.
$texts = @{ Private = @(); Public = @() }
foreach ($folder in 'Private', 'Public') {
    $files = [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($source, $folder), '*.ps1', 'AllDirectories')
    [Array]::Sort($files, [System.StringComparer]::Ordinal)
    foreach ($file in $files) {
        $content = if ($folder -eq 'Private') { Get-PrivateText -Path $file } else { [System.IO.File]::ReadAllText($file) }
        $texts[$folder] += $content.Replace("`r`n", "`n").Trim()
    }
}
$reader = @'
$script:RagnaIsWhole = $false
function Import-RagnaPrivate {
    if (-not $script:RagnaIsWhole) {
        . "$PSScriptRoot\Ragnatramp.Private.ps1"
        $script:RagnaIsWhole = $true
    }
}
'@
$loader = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($source, 'Ragnatramp.psm1')).Replace("`r`n", "`n")
$before, $rest = $loader -split '#region files\n', 2
$after = ($rest -split '#endregion files\n', 2)[1]
$module = @($before.Trim(), $reader.Replace("`r`n", "`n").Trim()) + $texts.Public + $after.Trim()
$written = @{ 'Ragnatramp.psm1' = $module; 'Ragnatramp.Private.ps1' = $texts.Private }
foreach ($name in $written.Keys) {
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($target, $name), ($written[$name] -join "`n`n").Trim() + "`n", $utf8)
}

$native = [System.IO.Path]::Combine($target, 'bin\runtimes\win-x64\native')
$null = New-Item -ItemType Directory -Path $native
Copy-Item -LiteralPath $dll -Destination ([System.IO.Path]::Combine($native, 'ragnatramp.dll'))
