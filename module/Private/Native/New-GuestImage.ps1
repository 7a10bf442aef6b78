function New-GuestImage {
    <#
    .SYNOPSIS
        Has the library make an ISO image of files.
    .PARAMETER Label
        The label of the volume.
    .PARAMETER File
        The files: Name (with forward slashes) and Bytes.
    .OUTPUTS
        Ragnatramp.RawAnswer: Bytes (the image) and Failure (a refusal).
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.RawAnswer')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes bytes and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $Label,

        [Parameter(Mandatory)]
        [object[]] $File
    )
    $parts = @(foreach ($one in $File) { @{ name = $one.Name; size = $one.Bytes.Length } })
    $request = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress -Depth 3 -InputObject @{ label = $Label; files = $parts }))
    $contents = [System.IO.MemoryStream]::new()
    foreach ($one in $File) { $contents.Write($one.Bytes, 0, $one.Bytes.Length) }
    Invoke-RagnaExport -Operation guest_iso -Request $request -Payload $contents.ToArray()
}
