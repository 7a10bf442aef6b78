# What Export-RagnaGuest writes: the files of module/guest as a folder, a cloud-config document or a disc image.

function Get-GuestFile {
    # The files of module/guest with their paths relative to it, with forward slashes; documents are left out.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [string] $Source
    )
    $files = [System.IO.Directory]::GetFiles($Source, '*', 'AllDirectories')
    [Array]::Sort($files, [System.StringComparer]::Ordinal)
    foreach ($file in $files) {
        if (-not $file.EndsWith('.md')) {
            [pscustomobject]@{ Path = $file; Name = $file.Substring($Source.Length + 1).Replace('\', '/') }
        }
    }
}

function Copy-GuestFile {
    # Copies the guest files into a folder.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [string] $Source,

        [Parameter(Mandatory)]
        [string] $Target
    )
    foreach ($file in Get-GuestFile -Source $Source) {
        $copy = [System.IO.Path]::Combine($Target, $file.Name.Replace('/', '\'))
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($copy))
        [System.IO.File]::WriteAllBytes($copy, [System.IO.File]::ReadAllBytes($file.Path))
    }
}

function ConvertTo-CloudConfig {
    # A cloud-config document that writes the guest files and installs them at the first boot.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [string] $Source
    )
    $lines = @(
        '#cloud-config'
        '# Installs what takes the names of a Ragnatramp lab from Hyper-V. Needs the distribution''s Hyper-V daemons.'
        'write_files:'
    )
    foreach ($file in Get-GuestFile -Source $Source) {
        $lines += "  - path: /usr/local/src/ragnatramp-guest/$($file.Name)"
        $lines += '    permissions: ''0755'''
        $lines += '    encoding: b64'
        $lines += "    content: $([Convert]::ToBase64String([System.IO.File]::ReadAllBytes($file.Path)))"
    }
    $lines += 'runcmd:'
    $lines += '  - [sh, /usr/local/src/ragnatramp-guest/install.sh]'
    ($lines -join "`n") + "`n"
}

function ConvertTo-GuestImage {
    # A disc image with the guest files, which is a seed for cloud-init at the same time: user-data is the cloud-config
    # document, and the instance's id follows from it, so that newer files are installed at the boot after.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Response')]
    param(
        [Parameter(Mandatory)]
        [string] $Source
    )
    $files = @(foreach ($file in Get-GuestFile -Source $Source) {
            [pscustomobject]@{ Name = $file.Name; Bytes = [System.IO.File]::ReadAllBytes($file.Path) }
        })
    $document = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-CloudConfig -Source $Source))
    $sha = [System.Security.Cryptography.SHA256]::Create()
    $digest = -join ($sha.ComputeHash($document)[0..7] | ForEach-Object { $_.ToString('x2') })
    $sha.Dispose()
    $files += [pscustomobject]@{ Name = 'user-data'; Bytes = $document }
    $files += [pscustomobject]@{ Name = 'meta-data'; Bytes = [System.Text.Encoding]::UTF8.GetBytes("instance-id: ragnatramp-guest-$digest`n") }
    $parts = @(foreach ($one in $files) { @{ name = $one.Name; size = $one.Bytes.Length } })
    $contents = [System.IO.MemoryStream]::new()
    foreach ($one in $files) { $contents.Write($one.Bytes, 0, $one.Bytes.Length) }
    Invoke-RagnaExport guest_media @{ label = 'cidata'; files = $parts } -Content $contents.ToArray() -Raw
}
