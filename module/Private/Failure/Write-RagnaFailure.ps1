function Write-RagnaFailure {
    <#
    .SYNOPSIS
        Writes a failure as a non-terminating error of the calling cmdlet.
    .DESCRIPTION
        ErrorId is the failure's code, the target is the machine or the file, the recommended action is its remedy.
        The cmdlet's ErrorAction decides what becomes of it.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Failure
        The failure, of the native library or of New-RagnaFailure.
    .PARAMETER Target
        What it is about, where that is not the failure's own machine or path.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Failure,

        [object] $Target
    )
    $Cmdlet.WriteError((ConvertTo-RagnaErrorRecord -Failure $Failure -Target $Target))
}
