function Get-RagnaLibrary {
    <#
    .SYNOPSIS
        Returns the bound native library, or the failure that keeps it from being used.
    .DESCRIPTION
        Binds it at the first call and checks that it speaks this module's ABI. A failure is not remembered: once the
        file is there, the next call works.
    .OUTPUTS
        Ragnatramp.Native: NativeMethods (the type with the exports, or null) and Failure (as errors of the library, or null).
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.Native')]
    param()

    if ($null -ne $script:RagnaLibrary) {
        return $script:RagnaLibrary
    }
    $path = [System.IO.Path]::Combine($script:RagnaModuleRoot, 'bin\runtimes\win-x64\native\ragnatramp.dll')
    $native = [pscustomobject]@{ PSTypeName = 'Ragnatramp.Native'; NativeMethods = $null; Failure = $null }
    if (-not [System.IO.File]::Exists($path)) {
        $native.Failure = New-RagnaFailure -Code 'LIBRARY_NOT_FOUND' -Path $path `
            -Message "The native library is not there: $path" `
            -Remedy 'Install the module again; in a checkout, build it with ./build.ps1 package.'
        return $native
    }
    try {
        $methods = Connect-RagnaLibrary -Path $path
        $version = $methods::ragna_abi_version()
        $problem = if ($version -ne $script:RagnaAbiVersion) {
            "it speaks ABI $version, this module speaks ABI $script:RagnaAbiVersion"
        }
    } catch {
        $problem = $_.Exception.GetBaseException().Message
        Remove-ToldError -Record $_
    }
    if ($null -ne $problem) {
        $bits = if ([IntPtr]::Size -eq 8) { '64-bit' } else { '32-bit' }
        $native.Failure = New-RagnaFailure -Code 'LIBRARY_UNUSABLE' -Path $path `
            -Message "The native library cannot be used: $path ($problem)" `
            -Remedy "Install the module again, whole. It needs 64-bit (x64) PowerShell; this one is $bits."
        return $native
    }
    $native.NativeMethods = $methods
    $script:RagnaLibrary = $native
    $native
}
