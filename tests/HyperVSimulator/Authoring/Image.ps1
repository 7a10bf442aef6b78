# Base images: real disk files with a real partition table, and nothing else in them.

$script:PartitionType = @{
    Efi = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B'; Bios = '21686148-6449-6E6F-744E-656564454649'; Linux = '0FC63DAF-8483-4772-8E79-3D69D8477DE4'
    Reserved = 'E3C9E316-0B5C-4DB8-817D-F92DF00215AE'; Data = 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7'; Recovery = 'DE94BBA4-06D1-4D40-A16A-BFD50179D6AC'
}
# The tables of GPT images: type, first and last sector, name of each partition; and the CRC-32 of the whole array, computed once.
$script:PartitionTable = @{
    'Linux 2'    = @{ Crc = 0x5f28ddbbL; Entry = @(, @('Efi', 2048, 206847, 'ESP')) + @(, @('Linux', 206848, 2097151, 'root')) }
    'Linux Both' = @{
        Crc = 0xbb08b0c9L
        Entry = @(, @('Bios', 2048, 4095, 'bios')) + @(, @('Efi', 4096, 206847, 'ESP')) + @(, @('Linux', 206848, 2097151, 'root'))
    }
    'Windows 2'  = @{
        Crc = 0x9b08a17fL
        Entry = @(, @('Efi', 2048, 206847, 'EFI')) + @(, @('Reserved', 206848, 239615, 'MSR')) +
        @(, @('Data', 239616, 1980415, 'Windows')) + @(, @('Recovery', 1980416, 2097151, 'Recovery'))
    }
}
# The tables of MBR images: whether it is the active one, and the type of each partition.
$script:BootRecord = @{
    'Linux 1' = @(, @(0x80, 0x83)); 'Windows 1' = @(, @(0x80, 0x07)); 'Windows Both' = @(, @(0x80, 0x07)) + @(, @(0, 0xEF))
    # What stands before a GPT.
    Protective = @(, @(0, 0xEE))
}

function Set-BootRecord {
    <# .SYNOPSIS Writes partitions into the first sector, one after the other. #>
    param([byte[]] $Bytes, [object[]] $Entry, [long] $Sectors)
    $at = 446
    $first = if ($Entry[0][1] -eq 0xEE) { 1 } else { 2048 }
    foreach ($one in $Entry) {
        $Bytes[$at] = $one[0]
        $Bytes[$at + 4] = $one[1]
        $count = [uint32] [Math]::Min(0xFFFFFFFFL, [Math]::Floor(($Sectors - $first) / $Entry.Count))
        [BitConverter]::GetBytes([uint32] $first).CopyTo($Bytes, $at + 8)
        [BitConverter]::GetBytes($count).CopyTo($Bytes, $at + 12)
        $first += $count
        $at += 16
    }
    $Bytes[510] = 0x55
    $Bytes[511] = 0xAA
}

function Set-PartitionTable {
    <# .SYNOPSIS Writes the GPT header and its partitions into sectors 1 and 2. #>
    param([byte[]] $Bytes, [hashtable] $Table, [long] $Sectors)
    $header = New-Object -TypeName byte[] -ArgumentList 92
    [Text.Encoding]::ASCII.GetBytes('EFI PART').CopyTo($header, 0)
    $header[10] = 1
    $header[12] = 92
    foreach ($pair in @(24, 1), @(32, ($Sectors - 1)), @(40, 34), @(48, ($Sectors - 34)), @(72, 2)) { [BitConverter]::GetBytes([long] $pair[1]).CopyTo($header, $pair[0]) }
    [guid]::NewGuid().ToByteArray().CopyTo($header, 56)
    foreach ($pair in @(80, 128), @(84, 128), @(88, $Table.Crc)) { [BitConverter]::GetBytes([uint32] $pair[1]).CopyTo($header, $pair[0]) }
    $crc = (Get-Crc32 -Bytes $header -Polynomial 0xEDB88320L) -bxor 0xFFFFFFFFL
    [BitConverter]::GetBytes([uint32] $crc).CopyTo($header, 16)
    $header.CopyTo($Bytes, 512)
    $at = 1024
    $number = 0
    foreach ($entry in $Table.Entry) {
        ([guid] $script:PartitionType[$entry[0]]).ToByteArray().CopyTo($Bytes, $at)
        ([guid] ('5a1d0000-0000-4000-8000-{0:d12}' -f $number)).ToByteArray().CopyTo($Bytes, $at + 16)
        [BitConverter]::GetBytes([long] $entry[1]).CopyTo($Bytes, $at + 32)
        [BitConverter]::GetBytes([long] $entry[2]).CopyTo($Bytes, $at + 40)
        [Text.Encoding]::Unicode.GetBytes($entry[3]).CopyTo($Bytes, $at + 56)
        $at += 128
        $number++
    }
}

function New-SimulatedImage {
    <#
    .SYNOPSIS
    Writes a base image that a reader of the format accepts: a dynamic disk of 4 GB with a partition table in it.
    .PARAMETER Path
    The file; it must not be there. Without an ending it gets that of the format.
    .PARAMETER Kind
    Whose partitions it has.
    .PARAMETER Generation
    The generation that boots it: 1 an active partition, 2 an EFI system partition, Both both of them.
    .PARAMETER Format
    vhdx or vhd; without it by the file's ending.
    .PARAMETER Size
    The size of the disk in bytes, 1 GB at least.
    .OUTPUTS
    The full path.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true, Position = 0)] [string] $Path,
        [ValidateSet('Linux', 'Windows')] [string] $Kind = 'Linux',
        [ValidateSet('1', '2', 'Both')] [string] $Generation = '2',
        [ValidateSet('vhdx', 'vhd')] [string] $Format,
        [uint64] $Size = 4GB
    )
    $full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
    if ($Format -and -not [IO.Path]::HasExtension($full)) { $full = "$full.$Format" }
    if ($Format -and [IO.Path]::GetExtension($full) -ne ".$Format") { throw "An image of the format $Format does not end so: '$full'." }
    if (-not $PSCmdlet.ShouldProcess($full, 'Write a base image')) { return }
    $sectors = [long] ($Size / 512)
    $bytes = New-Object -TypeName byte[] -ArgumentList 2048
    $name = "$Kind $Generation"
    if ($script:PartitionTable.ContainsKey($name)) {
        Set-BootRecord -Bytes $bytes -Entry $script:BootRecord['Protective'] -Sectors $sectors
        Set-PartitionTable -Bytes $bytes -Table $script:PartitionTable[$name] -Sectors $sectors
    }
    else { Set-BootRecord -Bytes $bytes -Entry $script:BootRecord[$name] -Sectors $sectors }
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($full))
    Write-NewDisk -Path $full -Size $Size -FirstBlock $bytes
    $full
}
