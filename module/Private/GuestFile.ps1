# The files of module/guest: what Export-RagnaGuest writes, and what the discs for a first boot hold.

function Get-GuestFile {
    # The guest's files with their paths relative to module/guest, with forward slashes, in ordinal order; documents are left
    # out.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param()

    $source = [System.IO.Path]::Combine($script:RagnaModuleRoot, 'guest')
    $files = [System.IO.Directory]::GetFiles($source, '*', 'AllDirectories')
    [Array]::Sort($files, [System.StringComparer]::Ordinal)
    foreach ($file in $files) {
        if (-not $file.EndsWith('.md')) {
            [pscustomobject]@{
                Name  = $file.Substring($source.Length + 1).Replace('\', '/')
                Bytes = [System.IO.File]::ReadAllBytes($file)
            }
        }
    }
}

function Copy-GuestFile {
    # Copies the guest's files into a folder.
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [string] $Target
    )
    foreach ($file in Get-GuestFile) {
        $copy = [System.IO.Path]::Combine($Target, $file.Name.Replace('/', '\'))
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($copy))
        [System.IO.File]::WriteAllBytes($copy, $file.Bytes)
    }
}

function ConvertTo-GuestMedia {
    # The guest's files as a disc image or as a cloud-init document: Response (bytes) and Failure, of the library.
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)]
        [ValidateSet('Iso', 'Seed', 'CloudInit')]
        [string] $Format
    )
    $guest = Get-GuestFileContent
    Invoke-RagnaExport guest_media @{ format = $Format; files = $guest.Files } -Content $guest.Content -Raw
}

function Get-GuestFileContent {
    # The guest's files as the library takes them: Files (name, size) and Content, their bytes one behind the other.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param()

    $content = [System.IO.MemoryStream]::new()
    $files = @(foreach ($file in Get-GuestFile) {
            $content.Write($file.Bytes, 0, $file.Bytes.Length)
            @{ name = $file.Name; size = $file.Bytes.Length }
        })
    [pscustomobject]@{ Files = $files; Content = $content.ToArray() }
}
