# What runs inside a Windows guest through PowerShell Direct. It reads and writes bytes and decides nothing: the merge
# is the native library's, on the host. It must run in any Windows PowerShell from 5.1 on, and needs no module there.
$script:DirectReadScript = {
    # The folder of the hosts file stands in the registry (it can be moved); reading it expands %SystemRoot%.
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
    $folder = (Get-ItemProperty -LiteralPath $key -Name DataBasePath -ErrorAction Stop).DataBasePath
    $file = [IO.Path]::Combine($folder, 'hosts')
    # Not as the value of an if statement: that makes null of an empty file.
    $bytes = [byte[]] @()
    if ([IO.File]::Exists($file)) { $bytes = [IO.File]::ReadAllBytes($file) }
    [Convert]::ToBase64String($bytes)
}

$script:DirectWriteScript = {
    param([string] $Before, [string] $After)
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters'
    $folder = (Get-ItemProperty -LiteralPath $key -Name DataBasePath -ErrorAction Stop).DataBasePath
    $file = [IO.Path]::Combine($folder, 'hosts')
    $there = [IO.File]::Exists($file)
    $bytes = [byte[]] @()
    if ($there) { $bytes = [IO.File]::ReadAllBytes($file) }
    if ([Convert]::ToBase64String($bytes) -cne $Before) { return 'changed' }

    $new = [IO.Path]::Combine($folder, 'hosts.ragnatramp.' + [Guid]::NewGuid().ToString('N') + '.tmp')
    try {
        $stream = [IO.FileStream]::new($new, 'CreateNew', 'Write', 'None')
        try {
            $content = [Convert]::FromBase64String($After)
            $stream.Write($content, 0, $content.Length)
            $stream.Flush($true)
        } finally {
            $stream.Dispose()
        }
        # Replace keeps the file's own access rights and attributes.
        if ($there) { [IO.File]::Replace($new, $file, [NullString]::Value) } else { [IO.File]::Move($new, $file) }
    } finally {
        if ([IO.File]::Exists($new)) { [IO.File]::Delete($new) }
    }
    'written'
}
