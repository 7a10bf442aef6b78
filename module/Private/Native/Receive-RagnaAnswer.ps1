function Receive-RagnaAnswer {
    <#
    .SYNOPSIS
        Copies an answer of the native library and gives its buffer back.
    .PARAMETER NativeMethods
        The bound library.
    .PARAMETER Status
        What the export returned: 0 is an answer, all else a failure.
    .PARAMETER Data
        Where the answer lies.
    .PARAMETER Length
        Its length in bytes.
    .OUTPUTS
        Ragnatramp.RawAnswer: Bytes (byte[]) and Failure; exactly one of the two is not null.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.RawAnswer')]
    param(
        [Parameter(Mandatory)]
        [type] $NativeMethods,

        [Parameter(Mandatory)]
        [int] $Status,

        [Parameter(Mandatory)]
        [IntPtr] $Data,

        [Parameter(Mandatory)]
        [UIntPtr] $Length
    )
    $bytes = [byte[]]::new($Length.ToUInt64())
    if ($Data -ne [IntPtr]::Zero) {
        [System.Runtime.InteropServices.Marshal]::Copy($Data, $bytes, 0, $bytes.Length)
        $null = $NativeMethods::ragna_free($Data, $Length)
    }
    $failure = if ($Status -ne 0) {
        if ($bytes.Length -gt 0) {
            [System.Text.Encoding]::UTF8.GetString($bytes) | ConvertFrom-Json
        } else {
            New-RagnaFailure -Code 'INTERNAL' -Message "The native library refused the call (status $Status)." `
                -Remedy 'This is a defect of the module; please report it.'
        }
    }
    if ($null -ne $failure) { $bytes = $null }
    [pscustomobject]@{ PSTypeName = 'Ragnatramp.RawAnswer'; Bytes = $bytes; Failure = $failure }
}
