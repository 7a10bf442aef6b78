# VHD files: big-endian; a footer at the end, and for dynamic ones a copy of it at the beginning, a header and a table.

function ConvertTo-BigEndian {
    <# .SYNOPSIS The bytes of a number, the highest first. #>
    param([uint64] $Value, [int] $Size)
    $bytes = [BitConverter]::GetBytes($Value)
    [Array]::Reverse($bytes)
    , [byte[]] $bytes[(8 - $Size)..7]
}

function Set-Checksum {
    <# .SYNOPSIS Writes the one's complement of the sum of all bytes. #>
    param([byte[]] $Bytes, [int] $At)
    $sum = [long] 0
    foreach ($byte in $Bytes) { $sum += $byte }
    (ConvertTo-BigEndian -Value ([uint64] (0xFFFFFFFFL - ($sum -band 0xFFFFFFFFL))) -Size 4).CopyTo($Bytes, $At)
}

function Get-VhdFooter {
    <# .SYNOPSIS The 512 bytes of a footer. Type: 2 fixed, 3 dynamic, 4 differencing. #>
    param([uint64] $Size, [int] $Type)
    $bytes = New-Object -TypeName byte[] -ArgumentList 512
    [Text.Encoding]::ASCII.GetBytes('conectix').CopyTo($bytes, 0)
    $bytes[11] = 2
    $bytes[13] = 1
    $offset = if ($Type -eq 2) { [uint64]::MaxValue } else { [uint64] 512 }
    (ConvertTo-BigEndian -Value $offset -Size 8).CopyTo($bytes, 16)
    [Text.Encoding]::ASCII.GetBytes('win ').CopyTo($bytes, 28)
    [Text.Encoding]::ASCII.GetBytes('Wi2k').CopyTo($bytes, 36)
    (ConvertTo-BigEndian -Value $Size -Size 8).CopyTo($bytes, 40)
    (ConvertTo-BigEndian -Value $Size -Size 8).CopyTo($bytes, 48)
    # Cylinders, heads, sectors: the largest geometry.
    [byte[]] @(0xFF, 0xFF, 16, 255) | ForEach-Object -Begin { $at = 56 } -Process { $bytes[$at++] = $_ }
    $bytes[63] = $Type
    [guid]::NewGuid().ToByteArray().CopyTo($bytes, 68)
    Set-Checksum -Bytes $bytes -At 64
    , $bytes
}

function Write-VhdFile {
    <# .SYNOPSIS Writes a new VHD; one that is there is an IOException. Its other parameters are those of Write-VhdxFile. #>
    param([string] $Path, [uint64] $Size, [switch] $Fixed, [object] $Parent, [byte[]] $FirstBlock)
    $type = if ($null -ne $Parent) { 4 } elseif ($Fixed) { 2 } else { 3 }
    $footer = Get-VhdFooter -Size $Size -Type $type
    if ($type -eq 2) {
        $parts = [ordered] @{}
        if ($FirstBlock) { $parts.Add(0, $FirstBlock) }
        $parts[[object] ([long] $Size)] = $footer
        return Write-DiskPart -Path $Path -Part $parts -Length ([long] $Size + 512)
    }
    $count = [int] [Math]::Ceiling($Size / 2MB)
    $header = New-Object -TypeName byte[] -ArgumentList 1024
    [Text.Encoding]::ASCII.GetBytes('cxsparse').CopyTo($header, 0)
    (ConvertTo-BigEndian -Value ([uint64]::MaxValue) -Size 8).CopyTo($header, 8)
    (ConvertTo-BigEndian -Value 2048 -Size 8).CopyTo($header, 16)
    $header[25] = 1
    (ConvertTo-BigEndian -Value $count -Size 4).CopyTo($header, 28)
    (ConvertTo-BigEndian -Value 2MB -Size 4).CopyTo($header, 32)
    $table = New-Object -TypeName byte[] -ArgumentList (512 * [Math]::Ceiling($count * 4 / 512))
    for ($at = 0; $at -lt $table.Length; $at++) { $table[$at] = 0xFF }
    $next = 2048 + $table.Length
    $parts = [ordered] @{ 0 = $footer; 512 = $header; 2048 = $table }
    if ($null -ne $Parent) { $next = Set-VhdParent -Header $header -Part $parts -At $next -Path $Path -Parent $Parent }
    Set-Checksum -Bytes $header -At 36
    if ($FirstBlock) {
        (ConvertTo-BigEndian -Value ($next / 512) -Size 4).CopyTo($table, 0)
        # Its bitmap says that every sector is here.
        $bitmap = New-Object -TypeName byte[] -ArgumentList 512
        for ($at = 0; $at -lt 512; $at++) { $bitmap[$at] = 0xFF }
        $parts.Add($next, $bitmap)
        $parts.Add(($next + 512), $FirstBlock)
        $next += 512 + 2MB
    }
    $parts.Add($next, $footer)
    Write-DiskPart -Path $Path -Part $parts -Length ($next + 512)
}

function Set-VhdParent {
    <# .SYNOPSIS Puts the parent into a header and its paths into the parts; returns where the next part begins. #>
    param([byte[]] $Header, [System.Collections.Specialized.OrderedDictionary] $Part, [int] $At, [string] $Path, [object] $Parent)
    $Parent.Identifier.ToByteArray().CopyTo($Header, 40)
    $name = [Text.Encoding]::BigEndianUnicode.GetBytes([IO.Path]::GetFileName($Parent.Path))
    [Array]::Copy($name, 0, $Header, 64, [Math]::Min($name.Length, 512))
    $locators = [ordered] @{ W2ku = $Parent.Path }
    $relative = Get-RelativePath -From $Path -To $Parent.Path
    if ($relative) { $locators['W2ru'] = $relative }
    $slot = 576
    foreach ($code in $locators.Keys) {
        $text = [Text.Encoding]::Unicode.GetBytes($locators[$code])
        $space = 512 * [int] [Math]::Ceiling($text.Length / 512)
        [Text.Encoding]::ASCII.GetBytes($code).CopyTo($Header, $slot)
        (ConvertTo-BigEndian -Value $space -Size 4).CopyTo($Header, $slot + 4)
        (ConvertTo-BigEndian -Value $text.Length -Size 4).CopyTo($Header, $slot + 8)
        (ConvertTo-BigEndian -Value $At -Size 8).CopyTo($Header, $slot + 16)
        $Part.Add($At, $text)
        $At += $space
        $slot += 24
    }
    $At
}
