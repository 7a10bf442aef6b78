# What a guest does with a disc that it finds in one of its drives at its first boot: cloud-init with a NoCloud seed, once for each id
# of an instance, and Windows Setup with an answer file, once.

function Read-Disc {
    <# .SYNOPSIS The Label of a disc (ISO 9660 with Joliet), and the Files of its root by name; nothing where it is none. #>
    param([string] $Path)
    $bytes = [IO.File]::ReadAllBytes($Path)
    $sector = 2048
    if ($bytes.Length -lt 19 * $sector -or $script:Latin1.GetString($bytes, 17 * $sector + 1, 5) -cne 'CD001') { return }
    $unicode = [Text.Encoding]::BigEndianUnicode
    $disc = @{ Label = $script:Latin1.GetString($bytes, 16 * $sector + 40, 32).TrimEnd(); Files = @{} }
    $at = [BitConverter]::ToInt32($bytes, 17 * $sector + 158) * $sector
    $end = $at + [BitConverter]::ToInt32($bytes, 17 * $sector + 166)
    while ($at -lt $end) {
        $size = $bytes[$at]
        # No record crosses the end of a sector.
        if ($size -eq 0) { $at = ([Math]::Floor($at / $sector) + 1) * $sector; continue }
        if (($bytes[$at + 25] -band 2) -eq 0) {
            $name = $unicode.GetString($bytes, $at + 33, $bytes[$at + 32]) -replace ';1$', ''
            $content = New-Object -TypeName byte[] -ArgumentList ([BitConverter]::ToInt32($bytes, $at + 10))
            [Array]::Copy($bytes, [BitConverter]::ToInt32($bytes, $at + 2) * $sector, $content, 0, $content.Length)
            $disc.Files[$name] = $content
        }
        $at += $size
    }
    $disc
}

function Get-SeedDisc {
    <# .SYNOPSIS The seed that a machine's cloud-init finds: a disc of that label with both files that it must have. #>
    param([object] $Machine)
    foreach ($drive in @($Machine.Raw.drives)) {
        if ($drive.kind -ne 'dvd' -or -not $drive.path) { continue }
        $disc = Read-Disc -Path $drive.path
        if ($null -ne $disc -and $disc.Label -eq 'cidata' -and $disc.Files.ContainsKey('meta-data') -and $disc.Files.ContainsKey('user-data')) { return $disc }
    }
}

function Write-GuestText {
    <# .SYNOPSIS Writes a file of a guest. #>
    param([guid] $MachineId, [string[]] $Part, [string] $Text, [switch] $Append)
    $path = Get-LabPath -Part (@('guests', "$MachineId") + $Part)
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path))
    if ($Append) { [IO.File]::AppendAllText($path, $Text, $script:Latin1) } else { [IO.File]::WriteAllText($path, $Text, $script:Latin1) }
}

function Invoke-WindowsSetup {
    <#
    .SYNOPSIS
    A start of a machine's guest, as far as Windows Setup sees it: at the first one of a sysprepped image it takes its name from the first
    answer file in the root of a drive. Returns the guest's settings where they are others now.
    #>
    param([object] $Machine)
    if ($Machine.Os -ne 'windows' -or -not $Machine.Boots -or -not [bool] (Get-Field -Source $Machine.Raw.guest -Name 'sysprepped' -Default $false)) { return }
    $guest = $Machine.Raw.guest
    $guest.sysprepped = $false
    foreach ($drive in @($Machine.Raw.drives)) {
        if ($drive.kind -ne 'dvd' -or -not $drive.path) { continue }
        $disc = Read-Disc -Path $drive.path
        if ($null -eq $disc -or -not $disc.Files.ContainsKey('Unattend.xml')) { continue }
        $answers = New-Object -TypeName System.Xml.XmlDocument
        $answers.Load((New-Object -TypeName System.IO.MemoryStream -ArgumentList @(, $disc.Files['Unattend.xml'])))
        $space = New-Object -TypeName System.Xml.XmlNamespaceManager -ArgumentList $answers.NameTable
        $space.AddNamespace('u', 'urn:schemas-microsoft-com:unattend')
        $name = $answers.SelectSingleNode("//u:settings[@pass='specialize']/u:component[@name='Microsoft-Windows-Shell-Setup'][@processorArchitecture='amd64']/u:ComputerName", $space)
        if ($null -ne $name -and $name.InnerText -ne '*') { Add-Member -InputObject $guest -NotePropertyName 'hostName' -NotePropertyValue $name.InnerText -Force }
        break
    }
    $guest
}

function Invoke-FirstBoot {
    <#
    .SYNOPSIS
    A start of a machine's guest, as far as cloud-init sees it. Where the disc has an id that is new to the guest, this is its first
    boot: it takes its name, its user-data and what the vendor-data installs. Returns the guest's settings where they are others now.
    #>
    param([object] $Machine)
    if ($Machine.Os -ne 'linux' -or -not $Machine.Boots -or -not [bool] (Get-Field -Source $Machine.Raw.guest -Name 'cloudInit' -Default $true)) { return }
    $disc = Get-SeedDisc -Machine $Machine
    if ($null -eq $disc) { return }
    $text = @{}
    foreach ($name in $disc.Files.Keys) { $text[$name] = $script:Latin1.GetString($disc.Files[$name]) }
    $id = if ($text['meta-data'] -match '(?m)^instance-id: "?([^"\r\n]+)') { $Matches[1] } else { '' }
    $known = Get-LabPath -Part 'guests', $Machine.Key, 'var', 'lib', 'cloud', 'data', 'instance-id'
    if ([IO.File]::Exists($known) -and [IO.File]::ReadAllText($known) -ceq $id) { return }
    Write-GuestText -MachineId $Machine.Id -Part 'var', 'lib', 'cloud', 'data', 'instance-id' -Text $id
    Write-GuestText -MachineId $Machine.Id -Part 'var', 'log', 'cloud-init.log' -Text "first boot $id`n" -Append
    Write-GuestText -MachineId $Machine.Id -Part 'var', 'lib', 'cloud', 'instance', 'user-data.txt' -Text $text['user-data']
    if ($text['meta-data'] -match '(?m)^local-hostname: "?([^"\r\n]+)') { Write-GuestText -MachineId $Machine.Id -Part 'etc', 'hostname' -Text "$($Matches[1])`n" }
    if (-not $text.ContainsKey('vendor-data') -or $text['vendor-data'] -cnotmatch '(?s)^#!.*\nput ragnatramp-guest <<.*install\.sh') { return }
    $guest = $Machine.Raw.guest
    Add-Member -InputObject $guest -NotePropertyName 'agent' -NotePropertyValue 'ragnatramp' -Force
    Add-Member -InputObject $guest -NotePropertyName 'daemon' -NotePropertyValue $true -Force
    Edit-GuestPool -MachineId $Machine.Id -Pool 1 -Set @{ 'ragnatramp.guest' = 'v2 2.0.0 debian 12' }
    $guest
}
