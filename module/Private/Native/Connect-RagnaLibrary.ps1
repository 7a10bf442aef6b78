function Connect-RagnaLibrary {
    <#
    .SYNOPSIS
        Binds the native library's exports and returns the type that carries them.
    .DESCRIPTION
        The type is made by Reflection.Emit: no C# compiler runs, and the library is found by absolute path only.
        Works alike in .NET Framework (Windows PowerShell 5.1) and .NET. Nothing is loaded before the first call of
        an export. Throws where the library cannot be used; the message names the path.
    .PARAMETER Path
        The absolute path of the library.
    .OUTPUTS
        System.Type, with one public static method per export.
    #>
    [CmdletBinding()]
    [OutputType([type])]
    param(
        [Parameter(Mandatory)]
        [string] $Path
    )
    $name = [System.Reflection.AssemblyName]::new('Ragnatramp.Native')
    $assembly = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($name, 'Run')
    $builder = $assembly.DefineDynamicModule('Ragnatramp.Native').DefineType(
        'Ragnatramp.NativeMethods', 'Public, Abstract, Sealed, Class')

    $bytes = [byte[]]
    $size = [UIntPtr]
    $answer = @([IntPtr].MakeByRefType(), [UIntPtr].MakeByRefType())
    $exports = @{
        ragna_abi_version = @([uint32], @())
        ragna_free        = @([void], @([IntPtr], $size))
        ragna_hosts_merge = @([int], (@($bytes, $size, $bytes, $size) + $answer))
        ragna_guest_iso   = @([int], (@($bytes, $size, $bytes, $size) + $answer))
    }
    foreach ($operation in $script:RagnaOperation) {
        $exports["ragna_$operation"] = @([int], (@($bytes, $size) + $answer))
    }
    foreach ($export in $exports.GetEnumerator()) {
        $method = $builder.DefinePInvokeMethod(
            $export.Key, $Path, 'Public, Static, PinvokeImpl', 'Standard',
            $export.Value[0], [type[]] $export.Value[1], 'Cdecl', 'None')
        $method.SetImplementationFlags('PreserveSig')
    }
    $builder.CreateType()
}
