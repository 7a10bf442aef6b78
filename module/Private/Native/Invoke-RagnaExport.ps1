function Invoke-RagnaExport {
    <#
    .SYNOPSIS
        Calls one export of the native library with one or two buffers, and takes its answer.
    .PARAMETER Operation
        The export's name without `ragna_`.
    .PARAMETER Request
        The first buffer.
    .PARAMETER Payload
        The second, of the exports that take a file beside the request.
    .OUTPUTS
        Ragnatramp.RawAnswer: Bytes (byte[]) and Failure (of the library, or why it is not there); one of the two is null.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.RawAnswer')]
    param(
        [Parameter(Mandatory)]
        [string] $Operation,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [byte[]] $Request,

        [AllowEmptyCollection()]
        [byte[]] $Payload
    )
    $native = Get-RagnaLibrary
    if ($null -ne $native.Failure) {
        return [pscustomobject]@{ PSTypeName = 'Ragnatramp.RawAnswer'; Bytes = $null; Failure = $native.Failure }
    }
    $export = "ragna_$Operation"
    $size = [UIntPtr]::new([uint64] $Request.Length)
    $data = [IntPtr]::Zero
    $length = [UIntPtr]::Zero
    $status = if ($PSBoundParameters.ContainsKey('Payload')) {
        $native.NativeMethods::$export($Request, $size, $Payload, [UIntPtr]::new([uint64] $Payload.Length), [ref] $data, [ref] $length)
    } else {
        $native.NativeMethods::$export($Request, $size, [ref] $data, [ref] $length)
    }
    Receive-RagnaAnswer -NativeMethods $native.NativeMethods -Status $status -Data $data -Length $length
}
