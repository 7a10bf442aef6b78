#requires -Version 5.1

<#
.SYNOPSIS
    Follows a page to the letter on a simulated Hyper-V, and prints the page with what its commands really gave.
.DESCRIPTION
    What is done is what the page says, in its order:

        a block of yaml     becomes ragnatramp.yaml in the lab's folder
        PS C:\lab> COMMAND  in a block without a language is run there, by the built module; what stands below is its output
        NAME$ cat FILE      shows a file of the guest NAME
        <!-- restart -->    is a restart of the host: the Default Switch has another range, and every machine another address

    C:\ is a folder of its own in each run, with C:\images\debian-12.vhdx in it: a cloud image, whose first boot takes what cloud_init
    gives it. Needs dist/Ragnatramp.
.PARAMETER Path
    The page.
.PARAMETER Update
    Writes the page anew, in place of printing it.
.EXAMPLE
    ./tools/docs/Invoke-Page.ps1 -Path docs/first-lab.md -Update
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path,

    [switch] $Update
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
$root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
$page = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
Import-Module -Name "$root\dist\Ragnatramp"
Import-Module -Name "$root\tests\HyperVSimulator\HyperVSimulator.psd1"

function Invoke-PageCommand {
    # What a command prints, as lines: its objects, errors and warnings in their order.
    param([Parameter(Mandatory)] [string] $Command)
    $ErrorActionPreference = 'Continue'
    $told = & ([scriptblock]::Create($Command.Replace('C:\', "$top\"))) 2>&1 3>&1 | ForEach-Object {
        if ($_ -is [Management.Automation.WarningRecord]) { "WARNING: $($_.Message)" } else { $_ }
    } | Out-String -Width 130
    @($told.Replace("$top\", 'C:\') -split '\r?\n' | ForEach-Object { $_.TrimEnd() })
}

function Get-PageGuestFile {
    # A file of a guest, as lines.
    param([Parameter(Mandatory)] [string] $Machine, [Parameter(Mandatory)] [string] $File)
    $name = "lab-$Machine-*"
    $guest = @(Get-SimulatedVM | Where-Object { $_.Name -like $name })[0].GuestPath
    @([IO.File]::ReadAllText([IO.Path]::Combine($guest, $File.TrimStart('/'))).TrimEnd("`n") -split '\n')
}

function Step-Page {
    # One block of the page, given and returned without its fences.
    param([Parameter(Mandatory)] [AllowEmptyString()] [string[]] $Line, [AllowEmptyString()] [string] $Language)
    if ($Language -ceq 'yaml') {
        [IO.File]::WriteAllText("$top\lab\ragnatramp.yaml", (($Line -join "`n") + "`n").Replace('C:\', "$top\"))
        return $Line
    }
    if ($Language -or $Line[0] -notmatch '^(PS C:\\lab> |\w+\$ cat )') { return $Line }
    $told = foreach ($one in $Line) {
        $lines = if ($one -match '^PS C:\\lab> (.*)$') { Invoke-PageCommand -Command $Matches[1] }
        elseif ($one -match '^(\w+)\$ cat (\S+)$') { Get-PageGuestFile -Machine $Matches[1] -File $Matches[2] }
        else { continue }
        $one
        # A table stands between blank lines; two commands have one between them.
        ((@($lines) -join "`n") -replace '\n{3,}', "`n`n").TrimEnd() -split '\n'
        ''
    }
    ((@($told) -join "`n") -replace '\n{3,}', "`n`n").TrimEnd() -split '\n'
}

$top = [IO.Path]::Combine([IO.Path]::GetTempPath(), "page-$([guid]::NewGuid().ToString('N').Substring(0, 8))")
$null = New-Item -ItemType Directory -Path "$top\lab", "$top\images"
$here = Get-Location
try {
    $null = New-SimulatedLab -Path "$top\hyper-v"
    Import-SimulatedHyperV
    $null = New-SimulatedImage -Path "$top\images\debian-12.vhdx"
    Set-SimulatedHost -AddressPrefix '172.20.131' -NewGuest @{ Os = 'linux'; Agent = ''; Daemon = $false; AddressQueries = 1 }
    Set-Location -LiteralPath "$top\lab"
    $block = $null
    $made = foreach ($line in [IO.File]::ReadAllLines($page)) {
        if ($null -eq $block -and $line -match '^```(\w*)$') {
            $language = $Matches[1]
            $block = [Collections.Generic.List[string]]::new()
            $line
        } elseif ($null -ne $block -and $line -ceq '```') {
            Step-Page -Line $block.ToArray() -Language $language
            $block = $null
            $line
        } elseif ($null -ne $block) {
            $block.Add($line)
        } else {
            if ($line -ceq '<!-- restart -->') {
                $number = 10
                foreach ($vm in Get-SimulatedVM | Sort-Object -Property Name) { Set-SimulatedVM -Name $vm.Name -Address "172.28.64.$number"; $number++ }
            }
            $line
        }
    }
} finally {
    Set-Location -LiteralPath $here
    for ($attempt = 1; [IO.Directory]::Exists($top) -and $attempt -le 20; $attempt++) {
        try { [IO.Directory]::Delete($top, $true) } catch [IO.IOException], [UnauthorizedAccessException] { Start-Sleep -Milliseconds 250 }
    }
}
if ($Update) { [IO.File]::WriteAllText($page, (@($made) -join "`n") + "`n", [Text.UTF8Encoding]::new($false)) } else { $made }
