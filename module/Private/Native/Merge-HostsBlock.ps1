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
    Invoke-RagnaExport -Operation hosts_merge -Request $Content -Payload ([System.Text.Encoding]::UTF8.GetBytes($Block))
}
