# VHDX files, as MS-VHDX says they are: small, with the same layout in each, so that little has to be computed.
#   0      "vhdxfile"                 1 MiB  log (empty)        3 MiB  BAT
#   64, 128 KiB   the two headers     2 MiB  metadata           4 MiB  payload block 0, where there is one
#   192, 256 KiB  the region tables

# Both region tables are always these bytes and zeros up to 64 KiB; the checksum is in them.
$script:RegionTable = '72656769ae8c6bc602000000000000006677c22d23f600429d64115e9bfd4a08000030000000000000001000010000000' +
'6a27c8b90479a4bb8fe575f050f886e00002000000000000000100001000000'
# What the 4016 zeros at the end of a header do to each bit of a CRC-32C.
$script:ZeroTail = [long[]] @(
    0xc7b63e65L, 0x8a800a3bL, 0x10ec6287L, 0x21d8c50eL, 0x43b18a1cL, 0x87631438L, 0x0b2a5e81L, 0x1654bd02L
    0x2ca97a04L, 0x5952f408L, 0xb2a5e810L, 0x60a7a6d1L, 0xc14f4da2L, 0x8772edb5L, 0x0b09ad9bL, 0x16135b36L
    0x2c26b66cL, 0x584d6cd8L, 0xb09ad9b0L, 0x64d9c591L, 0xc9b38b22L, 0x968b60b5L, 0x28fab79bL, 0x51f56f36L
    0xa3eade6cL, 0x4239ca29L, 0x84739452L, 0x0d0b5e55L, 0x1a16bcaaL, 0x342d7954L, 0x685af2a8L, 0xd0b5e550L)
$script:MetadataItem = @{
    File = 'CAA16737-FA36-4D43-B3B6-33F0AA44E76B'; Size = '2FA54224-CD1B-4876-B211-5DBED83BF4B8'
    Disk = 'BECA12AB-B2E6-4523-93EF-C309E000C746'; Logical = '8141BF1D-A96F-4709-BA47-F233A8FAAB5F'
    Physical = 'CDA348C7-445D-4471-9CC9-E9885251C556'; Parent = 'A8D35F2D-B30B-454D-ABF7-D3D84834AB0C'
}

function Get-Crc32 {
    <# .SYNOPSIS CRC-32 with one of the two polynomials (reversed), before its last inversion. #>
    param([byte[]] $Bytes, [long] $Polynomial)
    $crc = [long] 0xFFFFFFFFL
    foreach ($byte in $Bytes) {
        $crc = $crc -bxor $byte
        for ($bit = 0; $bit -lt 8; $bit++) {
            if ($crc -band 1) { $crc = ($crc -shr 1) -bxor $Polynomial } else { $crc = $crc -shr 1 }
        }
    }
    $crc
}

function Get-HeaderBytes {
    <# .SYNOPSIS The bytes of a header that are not zero, with the checksum of all 4 KiB. #>
    param([long] $Sequence, [guid] $FileWrite, [guid] $DataWrite)
    $bytes = New-Object -TypeName byte[] -ArgumentList 80
    [Text.Encoding]::ASCII.GetBytes('head').CopyTo($bytes, 0)
    [BitConverter]::GetBytes($Sequence).CopyTo($bytes, 8)
    $FileWrite.ToByteArray().CopyTo($bytes, 16)
    $DataWrite.ToByteArray().CopyTo($bytes, 32)
    $bytes[66] = 1
    [BitConverter]::GetBytes([int] 1MB).CopyTo($bytes, 68)
    [BitConverter]::GetBytes([long] 1MB).CopyTo($bytes, 72)
    $crc = Get-Crc32 -Bytes $bytes -Polynomial 0x82F63B78L
    $sum = [long] 0
    for ($bit = 0; $bit -lt 32; $bit++) { if (($crc -shr $bit) -band 1) { $sum = $sum -bxor $script:ZeroTail[$bit] } }
    [BitConverter]::GetBytes([uint32] ($sum -bxor 0xFFFFFFFFL)).CopyTo($bytes, 4)
    , $bytes
}

function ConvertFrom-HexText {
    <# .SYNOPSIS Bytes from their hexadecimal digits. #>
    param([string] $Text)
    $bytes = New-Object -TypeName byte[] -ArgumentList ($Text.Length / 2)
    for ($at = 0; $at -lt $bytes.Length; $at++) { $bytes[$at] = [Convert]::ToByte($Text.Substring(2 * $at, 2), 16) }
    , $bytes
}

function Get-ParentLocator {
    <# .SYNOPSIS The item that says where a differencing disk's parent is and which state of it is meant. #>
    param([System.Collections.Specialized.OrderedDictionary] $Entry)
    $utf16 = [Text.Encoding]::Unicode
    $stream = New-Object -TypeName System.IO.MemoryStream
    $writer = New-Object -TypeName System.IO.BinaryWriter -ArgumentList $stream
    $writer.Write(([guid] 'B04AEFB7-D19E-4A81-B789-25B8E9445913').ToByteArray())
    $writer.Write([uint16] 0)
    $writer.Write([uint16] $Entry.Count)
    $at = 20 + 12 * $Entry.Count
    foreach ($key in $Entry.Keys) {
        $keyLength = $utf16.GetByteCount($key)
        $valueLength = $utf16.GetByteCount($Entry[$key])
        $writer.Write([uint32] $at)
        $writer.Write([uint32] ($at + $keyLength))
        $writer.Write([uint16] $keyLength)
        $writer.Write([uint16] $valueLength)
        $at += $keyLength + $valueLength
    }
    foreach ($key in $Entry.Keys) {
        $writer.Write($utf16.GetBytes($key))
        $writer.Write($utf16.GetBytes($Entry[$key]))
    }
    $writer.Flush()
    , $stream.ToArray()
}

function Get-RelativePath {
    <# .SYNOPSIS The path from a file to another on the same drive, as Hyper-V writes it; nothing on another drive. #>
    param([string] $From, [string] $To)
    $start = [IO.Path]::GetDirectoryName($From).TrimEnd('\').Split('\')
    $end = $To.Split('\')
    $same = 0
    while ($same -lt $start.Length -and $same -lt $end.Length - 1 -and $start[$same] -eq $end[$same]) { $same++ }
    if ($same -eq 0) { return }
    $up = '..\' * ($start.Length - $same)
    $(if ($up) { $up } else { '.\' }) + ($end[$same..($end.Length - 1)] -join '\')
}

function Write-VhdxFile {
    <#
    .SYNOPSIS
    Writes a new VHDX; one that is there is an IOException.
    .PARAMETER Parent
    What Read-VhdFile says of the parent; its path is ParentPath.
    .PARAMETER FirstBlock
    What stands at the beginning of the disk.
    #>
    param(
        [string] $Path, [uint64] $Size, [uint32] $BlockSize = 2MB, [uint32] $Sector = 512, [uint32] $PhysicalSector = 4096,
        [switch] $Fixed, [object] $Parent, [byte[]] $FirstBlock
    )
    # The BAT has 1 MiB, and each block an entry of 8 bytes.
    while ($Size / $BlockSize -gt 120000 -and $BlockSize -lt 256MB) { $BlockSize *= 2 }
    $flags = if ($null -ne $Parent) { 2 } elseif ($Fixed) { 1 } else { 0 }
    $items = [ordered] @{
        File     = [byte[]] ([BitConverter]::GetBytes($BlockSize) + [BitConverter]::GetBytes([uint32] $flags))
        Size     = [BitConverter]::GetBytes($Size); Disk = [guid]::NewGuid().ToByteArray()
        Logical  = [BitConverter]::GetBytes($Sector); Physical = [BitConverter]::GetBytes($PhysicalSector)
    }
    if ($null -ne $Parent) {
        $entries = [ordered] @{ parent_linkage = "{$($Parent.DataWriteGuid)}"; absolute_win32_path = $Parent.Path }
        $relative = Get-RelativePath -From $Path -To $Parent.Path
        if ($relative) { $entries['relative_path'] = $relative }
        $items['Parent'] = Get-ParentLocator -Entry $entries
    }
    $table = New-Object -TypeName byte[] -ArgumentList (32 + 32 * $items.Count)
    [Text.Encoding]::ASCII.GetBytes('metadata').CopyTo($table, 0)
    $table[10] = $items.Count
    $data = New-Object -TypeName System.IO.MemoryStream
    $entry = 32
    foreach ($key in $items.Keys) {
        ([guid] $script:MetadataItem[$key]).ToByteArray().CopyTo($table, $entry)
        [BitConverter]::GetBytes([uint32] (64KB + $data.Length)).CopyTo($table, $entry + 16)
        [BitConverter]::GetBytes([uint32] $items[$key].Length).CopyTo($table, $entry + 20)
        $table[$entry + 24] = if ($key -eq 'File' -or $key -eq 'Parent') { 4 } else { 6 }
        $data.Write($items[$key], 0, $items[$key].Length)
        $entry += 32
    }
    $write = [guid]::NewGuid()
    $parts = [ordered] @{
        0           = [Text.Encoding]::ASCII.GetBytes('vhdxfile') + [Text.Encoding]::Unicode.GetBytes('Simulated Hyper-V')
        (64KB)      = Get-HeaderBytes -Sequence 1 -FileWrite $write -DataWrite $write
        (128KB)     = Get-HeaderBytes -Sequence 2 -FileWrite $write -DataWrite $write
        (192KB)     = ConvertFrom-HexText -Text $script:RegionTable
        (256KB)     = ConvertFrom-HexText -Text $script:RegionTable
        (2MB)       = $table
        (2MB + 64KB) = $data.ToArray()
    }
    $length = [long] 4MB
    if ($FirstBlock) {
        # State 6, fully present, at 4 MiB.
        $parts.Add((3MB), [BitConverter]::GetBytes([uint64] (4MB -bor 6)))
        $parts.Add((4MB), $FirstBlock)
        $length += $BlockSize
    }
    Write-DiskPart -Path $Path -Part $parts -Length $length
}

function Write-DiskPart {
    <# .SYNOPSIS Makes a file of a length with some bytes in it; all others are zero. #>
    param([string] $Path, [System.Collections.Specialized.OrderedDictionary] $Part, [long] $Length)
    $stream = [IO.File]::Open($Path, [IO.FileMode]::CreateNew)
    try {
        $stream.SetLength($Length)
        foreach ($one in $Part.GetEnumerator()) {
            $stream.Position = [long] $one.Key
            $bytes = [byte[]] $one.Value
            $stream.Write($bytes, 0, $bytes.Length)
        }
    }
    finally { $stream.Dispose() }
}

function Update-DataWrite {
    <# .SYNOPSIS Marks a VHDX as changed: what was made as a child of it before does not fit it any more. #>
    param([string] $Path)
    $disk = Read-VhdFile -Path $Path
    if ($disk.Format -ne 'VHDX') { return }
    $write = [guid]::NewGuid()
    Write-VhdxHeader -Path $Path -Sequence ($disk.Sequence + 1) -DataWrite $write
}

function Write-VhdxHeader {
    <# .SYNOPSIS Writes both headers, as an update of them ends. #>
    param([string] $Path, [long] $Sequence, [guid] $DataWrite)
    $stream = [IO.File]::Open($Path, [IO.FileMode]::Open, [IO.FileAccess]::Write, [IO.FileShare]::Read)
    try {
        foreach ($at in 0, 1) {
            $bytes = Get-HeaderBytes -Sequence ($Sequence + $at) -FileWrite ([guid]::NewGuid()) -DataWrite $DataWrite
            $stream.Position = 64KB * ($at + 1)
            $stream.Write($bytes, 0, $bytes.Length)
        }
    }
    finally { $stream.Dispose() }
}
