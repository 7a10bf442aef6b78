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
    $native = Get-RagnaLibrary
    if ($null -ne $native.Failure) {
        return [pscustomobject]@{ PSTypeName = 'Ragnatramp.RawAnswer'; Bytes = $null; Failure = $native.Failure }
    }
    $parts = @(foreach ($one in $File) { @{ name = $one.Name; size = $one.Bytes.Length } })
    $request = [System.Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress -Depth 3 -InputObject @{ label = $Label; files = $parts }))
    $contents = [System.IO.MemoryStream]::new()
    foreach ($one in $File) { $contents.Write($one.Bytes, 0, $one.Bytes.Length) }
    $contents = $contents.ToArray()
    $data = [IntPtr]::Zero
    $length = [UIntPtr]::Zero
    $status = $native.NativeMethods::ragna_guest_iso(
        $request, [UIntPtr]::new([uint64] $request.Length), $contents, [UIntPtr]::new([uint64] $contents.Length),
        [ref] $data, [ref] $length)
    Receive-RagnaAnswer -NativeMethods $native.NativeMethods -Status $status -Data $data -Length $length
}
