# The files in which a guest's daemon keeps Data Exchange items: records of a 512-byte key and a 2048-byte value, each a C
# string in UTF-8. As the daemon does it: what stands behind the first NUL of an overwritten string stays there.

$script:KeySize = 512
$script:ValueSize = 2048

function Get-GuestPoolPath {
    <# .SYNOPSIS The file of pool 0 (from the host), 1 (from the guest) or 3 (what the guest is). #>
    param([guid] $MachineId, [int] $Pool)
    Get-LabPath -Part 'guests', "$MachineId", 'var', 'lib', 'hyperv', ".kvp_pool_$Pool"
}

function Read-PoolString {
    <# .SYNOPSIS The C string at an offset. #>
    param([byte[]] $Bytes, [int] $Offset, [int] $Size)
    $end = [Array]::IndexOf($Bytes, [byte] 0, $Offset, $Size)
    $length = if ($end -lt 0) { $Size } else { $end - $Offset }
    [Text.Encoding]::UTF8.GetString($Bytes, $Offset, $length)
}

function Read-GuestPool {
    <# .SYNOPSIS The whole records of a pool, in order. A part of a record at the end is none. #>
    param([guid] $MachineId, [int] $Pool)
    $path = Get-GuestPoolPath -MachineId $MachineId -Pool $Pool
    if (-not [IO.File]::Exists($path)) { return }
    # The guest may be writing at this moment.
    $stream = [IO.File]::Open($path, [IO.FileMode]::Open, [IO.FileAccess]::Read, [IO.FileShare]::ReadWrite -bor [IO.FileShare]::Delete)
    try {
        $bytes = New-Object -TypeName byte[] -ArgumentList ([int] $stream.Length)
        $have = 0
        while ($have -lt $bytes.Length) {
            $got = $stream.Read($bytes, $have, $bytes.Length - $have)
            if ($got -eq 0) { break }
            $have += $got
        }
    }
    finally { $stream.Dispose() }
    $record = $script:KeySize + $script:ValueSize
    for ($at = 0; $at + $record -le $have; $at += $record) {
        [pscustomobject] @{
            Name  = Read-PoolString -Bytes $bytes -Offset $at -Size $script:KeySize
            Value = Read-PoolString -Bytes $bytes -Offset ($at + $script:KeySize) -Size $script:ValueSize
        }
    }
}

function Write-PoolString {
    <# .SYNOPSIS Writes a C string over what is there. #>
    param([byte[]] $Bytes, [int] $Offset, [int] $Size, [string] $Text)
    $new = [Text.Encoding]::UTF8.GetBytes($Text)
    # The kernel hands on what fits.
    $length = [Math]::Min($new.Length, $Size - 1)
    [Array]::Copy($new, 0, $Bytes, $Offset, $length)
    $Bytes[$Offset + $length] = 0
}

function Edit-GuestPool {
    <# .SYNOPSIS Adds or changes items, takes others out, and writes the file whole, as the daemon does. #>
    param([guid] $MachineId, [int] $Pool, [Collections.IDictionary] $Set = @{}, [string[]] $Remove = @())
    $path = Get-GuestPoolPath -MachineId $MachineId -Pool $Pool
    $size = $script:KeySize + $script:ValueSize
    $records = New-Object -TypeName System.Collections.ArrayList
    if ([IO.File]::Exists($path)) {
        $bytes = [IO.File]::ReadAllBytes($path)
        for ($at = 0; $at + $size -le $bytes.Length; $at += $size) {
            $one = New-Object -TypeName byte[] -ArgumentList $size
            [Array]::Copy($bytes, $at, $one, 0, $size)
            if ($Remove -cnotcontains (Read-PoolString -Bytes $one -Offset 0 -Size $script:KeySize)) { $null = $records.Add($one) }
        }
    }
    foreach ($name in $Set.Keys) {
        $record = $null
        foreach ($one in $records) {
            if ((Read-PoolString -Bytes $one -Offset 0 -Size $script:KeySize) -ceq $name) { $record = $one; break }
        }
        if ($null -eq $record) {
            $record = New-Object -TypeName byte[] -ArgumentList $size
            Write-PoolString -Bytes $record -Offset 0 -Size $script:KeySize -Text $name
            $null = $records.Add($record)
        }
        Write-PoolString -Bytes $record -Offset $script:KeySize -Size $script:ValueSize -Text $Set[$name]
    }
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($path))
    # Emptied and written anew under a lock that a shell script cannot take, so readers are let in here too.
    $stream = [IO.File]::Open($path, [IO.FileMode]::Create, [IO.FileAccess]::Write, [IO.FileShare]::ReadWrite)
    try { foreach ($one in $records) { $stream.Write($one, 0, $one.Length) } }
    finally { $stream.Dispose() }
}
