#requires -Version 5.1

<#
.SYNOPSIS
    Writes the pages of docs/: one for each cmdlet and help topic, and the index.
.DESCRIPTION
    A page is made of what Get-Help shows, so that what is told of a cmdlet is told in one place. tests/Pages.Tests.ps1 fails where
    a page is not what this script writes. The module's sources are read, so nothing has to be built first.
.PARAMETER Destination
    The folder docs; the pages of help go into its folder help, which is made anew.
.EXAMPLE
    ./tools/docs/New-HelpPage.ps1
#>
[CmdletBinding()]
param(
    [string] $Destination
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. "$PSScriptRoot/Markdown.ps1"
. "$PSScriptRoot/HelpPage.ps1"

$root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
$source = [IO.Path]::Combine($root, 'module')
if (-not $Destination) { $Destination = [IO.Path]::Combine($root, 'docs') }
$folder = [IO.Path]::Combine($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination), 'help')
Import-Module -Name ([IO.Path]::Combine($source, 'Ragnatramp.psd1')) -Force

$topics = [ordered] @{}
$files = [IO.Directory]::GetFiles([IO.Path]::Combine($source, 'en-US'), 'about_*.help.txt')
[Array]::Sort($files, [StringComparer]::Ordinal)
foreach ($file in $files) {
    $topics[[IO.Path]::GetFileName($file).Replace('.help.txt', '')] = [IO.File]::ReadAllText($file).Replace("`r", '')
}
$commands = @(Get-Command -Module Ragnatramp | ForEach-Object { $_.Name })
[Array]::Sort($commands, [StringComparer]::OrdinalIgnoreCase)

$link = [System.Collections.Generic.Dictionary[string, string]]::new([StringComparer]::Ordinal)
foreach ($name in $commands + @($topics.Keys)) { $link[$name] = "$name.md" }
foreach ($name in Get-TopicCode -Topic $topics) { if (-not $link.ContainsKey($name.Code)) { $link[$name.Code] = "$($name.Topic).md#$($name.Code.ToLowerInvariant())" } }

$pages = [ordered] @{}
foreach ($name in $commands) { $pages["help/$name.md"] = @(New-CommandPage -Name $name -Link $link) }
foreach ($name in $topics.Keys) { $pages["help/$name.md"] = @(New-TopicPage -Name $name -Text $topics[$name] -Link $link) }
$pages['README.md'] = @(New-IndexPage -Command $commands -Topic $topics -Docs ([IO.Path]::Combine($root, 'docs')))

if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
$null = [IO.Directory]::CreateDirectory($folder)
foreach ($page in $pages.Keys) {
    $text = ((@($pages[$page]) -join "`n") -replace '\n{3,}', "`n`n").Trim() + "`n"
    [IO.File]::WriteAllText([IO.Path]::Combine([IO.Path]::GetDirectoryName($folder), $page), $text, [Text.UTF8Encoding]::new($false))
}
