# What a VHDX or VHD file says of itself.

function Read-DiskBytes {
    <# .SYNOPSIS Some bytes of an open file. #>
    param([IO.Stream] $Stream, [long] $At, [int] $Count)
    $bytes = New-Object -TypeName byte[] -ArgumentList $Count
    $Stream.Position = $At
    $have = 0
    while ($have -lt $Count) {
        $got = $Stream.Read($bytes, $have, $Count - $have)
        if ($got -eq 0) { break }
        $have += $got
    }
    , $bytes
}

function Get-GuidAt {
    <# .SYNOPSIS The GUID at a place in some bytes. #>
    param([byte[]] $Bytes, [int] $At)
    [guid] [byte[]] $Bytes[$At..($At + 15)]
}

function Get-BigEndian {
    <# .SYNOPSIS The number at a place in some bytes, the highest byte first. #>
    param([byte[]] $Bytes, [int] $At, [int] $Size)
    $value = [uint64] 0
    for ($i = 0; $i -lt $Size; $i++) { $value = $value * 256 + $Bytes[$At + $i] }
    $value
}

# What stands for a disk that cannot be opened.
$script:BusyDisk = [pscustomobject] @{ Path = ''; Format = 'Busy'; Type = ''; ParentPath = ''; ParentLinkage = [guid]::Empty }

function Read-VhdFile {
    <#
    .SYNOPSIS
    Path, Format, Type, Size, BlockSize, Sector, PhysicalSector, Identifier, DataWriteGuid, Sequence, ParentPath, ParentLinkage of a
    disk; nothing where the file is none; BusyDisk where somebody holds it.
    #>
    param([string] $Path)
    $share = [IO.FileShare]::ReadWrite -bor [IO.FileShare]::Delete
    try { $stream = [IO.File]::Open($Path, [IO.FileMode]::Open, [IO.FileAccess]::Read, $share) }
    catch [IO.IOException] { return $script:BusyDisk }
    try {
        $start = Read-DiskBytes -Stream $stream -At 0 -Count 8
        if ([Text.Encoding]::ASCII.GetString($start) -ceq 'vhdxfile') { return Read-VhdxStream -Stream $stream -Path $Path }
        if ($stream.Length -lt 512) { return }
        $footer = Read-DiskBytes -Stream $stream -At ($stream.Length - 512) -Count 512
        if ([Text.Encoding]::ASCII.GetString($footer, 0, 8) -ceq 'conectix') { Read-VhdStream -Stream $stream -Footer $footer -Path $Path }
    }
    finally { $stream.Dispose() }
}

function Read-VhdxStream {
    <# .SYNOPSIS The same of an open VHDX. #>
    param([IO.Stream] $Stream, [string] $Path)
    $header = $null
    foreach ($at in 64KB, 128KB) {
        $bytes = Read-DiskBytes -Stream $Stream -At $at -Count 80
        if ($null -eq $header -or [BitConverter]::ToUInt64($bytes, 8) -gt [BitConverter]::ToUInt64($header, 8)) { $header = $bytes }
    }
    $regions = Read-DiskBytes -Stream $Stream -At 192KB -Count 80
    $metadata = [long] 0
    foreach ($at in 16, 48) {
        if ((Get-GuidAt -Bytes $regions -At $at) -eq '8B7CA206-4790-4B9A-B8FE-575F050F886E') { $metadata = [BitConverter]::ToInt64($regions, $at + 16) }
    }
    $table = Read-DiskBytes -Stream $Stream -At $metadata -Count 1024
    $items = @{}
    for ($i = 0; $i -lt [BitConverter]::ToUInt16($table, 10); $i++) {
        $entry = 32 + 32 * $i
        $id = Get-GuidAt -Bytes $table -At $entry
        foreach ($name in $script:MetadataItem.Keys) {
            if ($id -ne $script:MetadataItem[$name]) { continue }
            $from = $metadata + [BitConverter]::ToUInt32($table, $entry + 16)
            $items[$name] = Read-DiskBytes -Stream $Stream -At $from -Count ([BitConverter]::ToInt32($table, $entry + 20))
        }
    }
    $flags = [BitConverter]::ToUInt32($items.File, 4)
    $parent = @{}
    if ($items.ContainsKey('Parent')) {
        for ($i = 0; $i -lt [BitConverter]::ToUInt16($items.Parent, 18); $i++) {
            $at = 20 + 12 * $i
            $text = foreach ($field in 0, 1) {
                [Text.Encoding]::Unicode.GetString($items.Parent, [BitConverter]::ToInt32($items.Parent, $at + 4 * $field),
                    [BitConverter]::ToUInt16($items.Parent, $at + 8 + 2 * $field))
            }
            $parent[$text[0]] = $text[1]
        }
    }
    [pscustomobject] @{
        Path           = $Path; Format = 'VHDX'
        Type           = if ($flags -band 2) { 'Differencing' } elseif ($flags -band 1) { 'Fixed' } else { 'Dynamic' }
        Size           = [BitConverter]::ToUInt64($items.Size, 0); BlockSize = [BitConverter]::ToUInt32($items.File, 0)
        Sector         = [BitConverter]::ToUInt32($items.Logical, 0); PhysicalSector = [BitConverter]::ToUInt32($items.Physical, 0)
        Identifier     = Get-GuidAt -Bytes $items.Disk -At 0
        DataWriteGuid  = Get-GuidAt -Bytes $header -At 32
        Sequence       = [BitConverter]::ToInt64($header, 8)
        ParentPath     = Find-ParentPath -Path $Path -Relative $parent['relative_path'] -Absolute $parent['absolute_win32_path']
        ParentLinkage  = if ($parent.ContainsKey('parent_linkage')) { [guid] $parent['parent_linkage'] } else { [guid]::Empty }
    }
}

function Read-VhdStream {
    <# .SYNOPSIS The same of an open VHD. #>
    param([IO.Stream] $Stream, [byte[]] $Footer, [string] $Path)
    $type = @{ 2 = 'Fixed'; 3 = 'Dynamic'; 4 = 'Differencing' }[[int] $Footer[63]]
    $parent = @{}
    $linkage = [guid]::Empty
    if ($type -eq 'Differencing') {
        $header = Read-DiskBytes -Stream $Stream -At ([long] (Get-BigEndian -Bytes $Footer -At 16 -Size 8)) -Count 1024
        $linkage = Get-GuidAt -Bytes $header -At 40
        foreach ($slot in 576, 600) {
            $code = [Text.Encoding]::ASCII.GetString($header, $slot, 4)
            $count = [int] (Get-BigEndian -Bytes $header -At ($slot + 8) -Size 4)
            $from = [long] (Get-BigEndian -Bytes $header -At ($slot + 16) -Size 8)
            $parent[$code] = [Text.Encoding]::Unicode.GetString((Read-DiskBytes -Stream $Stream -At $from -Count $count))
        }
    }
    [pscustomobject] @{
        Path = $Path; Format = 'VHD'; Type = $type; Size = Get-BigEndian -Bytes $Footer -At 48 -Size 8
        BlockSize = [uint32] 2MB; Sector = [uint32] 512; PhysicalSector = [uint32] 512
        Identifier = Get-GuidAt -Bytes $Footer -At 68; DataWriteGuid = Get-GuidAt -Bytes $Footer -At 68; Sequence = 0
        ParentPath = Find-ParentPath -Path $Path -Relative $parent['W2ru'] -Absolute $parent['W2ku']; ParentLinkage = $linkage
    }
}

function Find-ParentPath {
    <# .SYNOPSIS Where the parent is: by the relative path, else by the absolute one, which is also the answer where it is nowhere. #>
    param([string] $Path, [string] $Relative, [string] $Absolute)
    if ($Relative) {
        $full = [IO.Path]::GetFullPath([IO.Path]::Combine([IO.Path]::GetDirectoryName($Path), $Relative))
        if ([IO.File]::Exists($full)) { return $full }
    }
    $Absolute
}
