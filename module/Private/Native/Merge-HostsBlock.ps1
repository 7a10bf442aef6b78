function Merge-HostsBlock {
    <#
    .SYNOPSIS
        Has the library merge a hosts block into the bytes of a hosts file.
    .PARAMETER Content
        The file's bytes.
    .PARAMETER Block
        The block.
    .OUTPUTS
        Ragnatramp.RawAnswer: Bytes (the new content; empty where the file is as it should be) and Failure (a refusal).
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.RawAnswer')]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [byte[]] $Content,

        [Parameter(Mandatory)]
        [string] $Block
    )
    $native = Get-RagnaLibrary
    if ($null -ne $native.Failure) {
        return [pscustomobject]@{ PSTypeName = 'Ragnatramp.RawAnswer'; Bytes = $null; Failure = $native.Failure }
    }
    $text = [System.Text.Encoding]::UTF8.GetBytes($Block)
    $data = [IntPtr]::Zero
    $length = [UIntPtr]::Zero
    $status = $native.NativeMethods::ragna_hosts_merge(
        $Content, [UIntPtr]::new([uint64] $Content.Length), $text, [UIntPtr]::new([uint64] $text.Length),
        [ref] $data, [ref] $length)
    Receive-RagnaAnswer -NativeMethods $native.NativeMethods -Status $status -Data $data -Length $length
}
