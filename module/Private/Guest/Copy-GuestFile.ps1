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
