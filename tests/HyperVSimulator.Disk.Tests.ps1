# Disk files of the simulated Hyper-V: byte for byte what the specifications say, for any reader.

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    $folder = "$TestDrive/lab-$([guid]::NewGuid())"
    Enter-Lab -Lab @{ HyperV = $folder }

    # CRC-32C as its table says, over all bytes: slow and independent of how the files are written.
    $table = New-Object -TypeName long[] -ArgumentList 256
    for ($i = 0; $i -lt 256; $i++) {
        $value = [long] $i
        for ($bit = 0; $bit -lt 8; $bit++) { $value = if ($value -band 1) { ($value -shr 1) -bxor 0x82F63B78L } else { $value -shr 1 } }
        $table[$i] = $value
    }
    function Get-Checksum {
        param([byte[]] $Bytes)
        $crc = 0xFFFFFFFFL
        foreach ($byte in $Bytes) { $crc = ($crc -shr 8) -bxor $table[($crc -bxor $byte) -band 0xFF] }
        $crc -bxor 0xFFFFFFFFL
    }
    function Get-Part {
        param([string] $Path, [long] $At, [int] $Count)
        $stream = [IO.File]::OpenRead($Path)
        $bytes = New-Object -TypeName byte[] -ArgumentList $Count
        $stream.Position = $At
        $null = $stream.Read($bytes, 0, $Count)
        $stream.Dispose()
        , $bytes
    }
    function Test-Checksum {
        param([string] $Path, [long] $At, [int] $Count)
        $bytes = Get-Part -Path $Path -At $At -Count $Count
        $stands = [long] [BitConverter]::ToUInt32($bytes, 4)
        [BitConverter]::GetBytes([uint32] 0).CopyTo($bytes, 4)
        (Get-Checksum -Bytes $bytes) -eq $stands
    }
}

Describe 'A VHDX' {
    It 'has headers and region tables with right checksums, also after it has been written to' {
        $path = (New-VHD -Path "$folder/a.vhdx" -SizeBytes 8GB -Dynamic).Path
        foreach ($at in 64KB, 128KB) { Test-Checksum -Path $path -At $at -Count 4096 | Should -BeTrue }
        foreach ($at in 192KB, 256KB) { Test-Checksum -Path $path -At $at -Count 65536 | Should -BeTrue }
        $vm = New-VM -Name 'a' -Path "$folder/made" -Generation 2 -VHDPath $path
        Set-VM -VM $vm -AutomaticCheckpointsEnabled $false
        $before = [Convert]::ToBase64String((Get-Part -Path $path -At (128KB + 32) -Count 16))
        Start-VM -VM $vm
        foreach ($at in 64KB, 128KB) { Test-Checksum -Path $path -At $at -Count 4096 | Should -BeTrue }
        [Convert]::ToBase64String((Get-Part -Path $path -At (128KB + 32) -Count 16)) | Should -Not -Be $before
    }

    It 'of a child names its parent by GUID, relative and full path' {
        $null = [IO.Directory]::CreateDirectory("$folder/images")
        $null = [IO.Directory]::CreateDirectory("$folder/vms/web")
        $base = New-SimulatedImage -Path "$folder/images/base.vhdx"
        $child = New-VHD -Path "$folder/vms/web/web.vhdx" -ParentPath $base -Differencing
        "$($child.VhdType) $($child.VhdFormat) $($child.Size / 1GB)" | Should -Be 'Differencing VHDX 4'
        $child.ParentPath | Should -Be $base
        $written = [guid] (Get-Part -Path $base -At (128KB + 32) -Count 16)
        $text = [Text.Encoding]::Unicode.GetString((Get-Part -Path $child.Path -At (2MB + 64KB + 40) -Count 1024))
        foreach ($part in "{$written}", '..\..\images\base.vhdx', $base) { $text.Contains($part) | Should -BeTrue -Because $part }
    }

    It 'of an image begins with the partitions of its kind: <Kind> <Generation>' -ForEach @(
        @{ Kind = 'Linux'; Generation = '2'; Mbr = '00 EE'; Types = 'c12a7328 0fc63daf' }
        @{ Kind = 'Linux'; Generation = 'Both'; Mbr = '00 EE'; Types = '21686148 c12a7328 0fc63daf' }
        @{ Kind = 'Linux'; Generation = '1'; Mbr = '80 83'; Types = '' }
        @{ Kind = 'Windows'; Generation = '2'; Mbr = '00 EE'; Types = 'c12a7328 e3c9e316 ebd0a0a2 de94bba4' }
        @{ Kind = 'Windows'; Generation = '1'; Mbr = '80 07'; Types = '' }
    ) {
        foreach ($format in 'vhdx', 'vhd') {
            $path = New-SimulatedImage -Path "$folder/$Kind-$Generation" -Kind $Kind -Generation $Generation -Format $format
            # Block 0: in a VHDX at 4 MiB, in a VHD of 4 GB behind header, table and bitmap.
            $at = if ($format -eq 'vhdx') { 4MB } else { 512 * 20 + 512 }
            $start = Get-Part -Path $path -At $at -Count 2048
            '{0:X2} {1:X2}' -f $start[446], $start[450] | Should -Be $Mbr
            '{0:X2}{1:X2}' -f $start[510], $start[511] | Should -Be '55AA'
            $found = @(for ($i = 0; $i -lt 4; $i++) {
                    $type = [guid] [byte[]] $start[(1024 + 128 * $i)..(1039 + 128 * $i)]
                    if ($type -ne [guid]::Empty) { "$type".Substring(0, 8) }
                })
            $found -join ' ' | Should -Be $Types
        }
    }
}

Describe 'New-VHD' {
    It 'refuses what is there, a folder that is not, an ending it does not know, a parent of the other format or of a checkpoint' {
        $path = (New-VHD -Path "$folder/b.vhdx" -SizeBytes 1GB).Path
        $all = @{ ErrorAction = 'Stop' }
        { New-VHD @all -Path $path -SizeBytes 1GB } | Should -Throw '*(0x80070050)*'
        { New-VHD @all -Path "$folder/none/b.vhdx" -SizeBytes 1GB } | Should -Throw '*(0x80070003)*'
        { New-VHD @all -Path "$folder/b.img" -SizeBytes 1GB } | Should -Throw -ErrorId 'InvalidParameter,Microsoft.Vhd.PowerShell.Cmdlets.NewVhd*'
        { New-VHD @all -Path "$folder/c.vhd" -ParentPath $path -Differencing } | Should -Throw -ErrorId 'InvalidParameter,*'
        { New-VHD @all -Path "$folder/c.vhdx" -ParentPath "$folder/none.vhdx" -Differencing } | Should -Throw '*(0x80070002)*'
        Set-SimulatedHost -FileFailure @{ 'b.vhdx' = '0xC03A001A' }
        { New-VHD @all -Path "$folder/c.vhdx" -ParentPath $path -Differencing } | Should -Throw '*(0xC03A001A)*'
        Set-SimulatedHost -FileFailure @{}
        "$folder/c.vhdx" | Should -Not -Exist
    }

    It 'makes children of read-only images' {
        $base = New-SimulatedImage -Path "$folder/fixed.vhdx"
        Set-ItemProperty -LiteralPath $base -Name IsReadOnly -Value $true
        (New-VHD -Path "$folder/of-fixed.vhdx" -ParentPath $base -Differencing).ParentPath | Should -Be $base
        Set-ItemProperty -LiteralPath $base -Name IsReadOnly -Value $false
    }

    It 'makes a VHD and a child of it' {
        $base = New-SimulatedImage -Path "$folder/old.vhd" -Generation 1
        $child = New-VHD -Path "$folder/old-child.vhd" -ParentPath $base -Differencing
        "$($child.VhdFormat) $($child.VhdType) $($child.ParentPath)" | Should -Be "VHD Differencing $base"
        Test-VHD -Path $child.Path | Should -BeTrue
    }
}
