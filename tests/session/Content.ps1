# Texts and bytes that tests compare, and the text of a KVP item.

function Get-TextDigest {
    <# .SYNOPSIS The SHA-256 of a text in UTF-8, as hexadecimal digits. #>
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text)
    $sha = [Security.Cryptography.SHA256]::Create()
    -join ($sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($Text)) | ForEach-Object { $_.ToString('x2') })
    $sha.Dispose()
}

function Get-ConfigHash {
    <# .SYNOPSIS The eight digits that a config's path puts into the names of its VMs. #>
    param([Parameter(Mandatory)] [string] $Path)
    (Get-TextDigest -Text $Path.Replace('\', '/').ToLowerInvariant()).Substring(0, 8)
}

function Get-FileBase64 {
    <# .SYNOPSIS The bytes of a file as text, so that two files compare byte for byte. #>
    param([Parameter(Mandatory)] [string] $Path)
    [Convert]::ToBase64String([IO.File]::ReadAllBytes($Path))
}

function Get-FolderDigest {
    <#
    .SYNOPSIS
    One line per file below a folder, with the digest of its bytes; what the simulation notes of calls is left out, and the locks of a watch and of a run, which
    stay as files.
    #>
    param([Parameter(Mandatory)] [string] $Path)
    $sha = [Security.Cryptography.SHA256]::Create()
    foreach ($file in [IO.Directory]::GetFiles($Path, '*', [IO.SearchOption]::AllDirectories) | Sort-Object) {
        if ('calls.jsonl', 'looks.txt', 'watch.lock', 'watch.lock.json', 'run.lock', 'run.lock.json' -contains [IO.Path]::GetFileName($file)) { continue }
        "$file $([BitConverter]::ToString($sha.ComputeHash([IO.File]::ReadAllBytes($file))))"
    }
    $sha.Dispose()
}

function Get-KvpItemText {
    <#
    .SYNOPSIS
        A KVP item as a host sends it: the CIM-XML of one instance.
    .DESCRIPTION
        Source is 0 for an item of the host; any other is one that a host must not send.
    #>
    param([Parameter(Mandatory)] [string] $Name, [string] $Data = '1', [int] $Source = 0)
    '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem"><PROPERTY NAME="Name" TYPE="string"><VALUE>' + $Name +
    '</VALUE></PROPERTY><PROPERTY NAME="Data" TYPE="string"><VALUE>' + [Security.SecurityElement]::Escape($Data) +
    '</VALUE></PROPERTY><PROPERTY NAME="Source" TYPE="uint16"><VALUE>' + $Source + '</VALUE></PROPERTY></INSTANCE>'
}
