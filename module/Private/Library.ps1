# The native library: how it is bound and called. Nothing else in the module builds requests or reads responses.
$script:RagnaLibrary = $null
# Whether a cmdlet was ever to tell debug messages; Write-Debug decides whether this one is. To find $DebugPreference takes as long as a tenth of a call.
$script:RagnaMayDebug = $false
# The folder of the library for a processor, by the name that Windows gives it.
$script:RagnaRuntime = @{ AMD64 = 'win-x64'; ARM64 = 'win-arm64' }
# PowerShell 7 makes a date of a text that looks like one, which the name of a checkpoint may do; since 7.5 it can be told not to.
$script:RagnaJson = if ($PSVersionTable.PSVersion -ge '7.5') { @{ DateKind = 'String' } } else { @{} }

function Invoke-RagnaExport {
    # Calls `ragna_<Name>`. -Request is an object, which is sent as JSON, or bytes, which are sent as they are; -Lab is that of
    # Open-RagnaLab, for the functions that take one, and -Content the second buffer of ragna_guest_media and ragna_seed_write. Returns
    # Response (an object, or with -Raw the bytes) and Failure (code, message, place, remedy?, faults?, text?), of which one
    # is null. Never throws for what the library refuses. Says under -Debug how much crossed.
    # What PowerShell does for a call takes longer than the native call. So this is no advanced function and answers with a hashtable, what is done
    # for every call is written out here, and nothing of it is the output of a statement.
    [OutputType([hashtable])]
    param([string] $Name, [object] $Request = [byte[]] @(), [object] $Lab, [byte[]] $Content, [switch] $Raw)
    $result = @{ Response = $null; Failure = $null }
    $native = $script:RagnaLibrary
    if ($null -eq $native) { $native = Get-RagnaLibrary }
    if ($null -ne $native.Failure) {
        $result.Failure = $native.Failure
        return $result
    }
    if ($Request -is [byte[]]) {
        $bytes = $Request
    } else {
        $bytes = [System.Text.Encoding]::UTF8.GetBytes((Microsoft.PowerShell.Utility\ConvertTo-Json -Compress -Depth 8 -InputObject $Request))
    }
    $methods = $native.NativeMethods
    $export = "ragna_$Name"
    $size = $bytes.Length
    $data = [long[]]::new(1)
    $length = [long[]]::new(1)
    if ($null -ne $Content -or $Name -eq 'lab_open' -or $Name -eq 'lab_close') {
        $handle = [uint64[]]::new(1)
        if ($null -ne $Lab) { $handle[0] = $Lab.Handle }
        $status = Invoke-SpecialExport -Methods $methods -Export $export -Handle $handle -Request $bytes -Content $Content -Data $data -Length $length
    } elseif ($null -ne $Lab) {
        $status = $methods::$export($Lab.Handle, $bytes, $size, $data, $length)
    } else {
        $status = $methods::$export($bytes, $size, $data, $length)
    }
    $at = $data[0]
    $count = $length[0]
    $received = [byte[]]::new($count)
    if ($at -ne 0) {
        $methods::RtlMoveMemory($received, $at, $count)
        $methods::ragna_free($at, $count)
    }
    if ($script:RagnaMayDebug) {
        $sent = $bytes.Length
        if ($null -ne $Content) { $sent += $Content.Length }
        Microsoft.PowerShell.Utility\Write-Debug "${export}: $sent bytes in, $($received.Length) bytes out, status $status"
    }
    if ($status -eq 0) {
        if ($Raw) {
            $result.Response = $received
        } elseif ($received.Length -gt 0) {
            $json = $script:RagnaJson
            $result.Response = Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject ([System.Text.Encoding]::UTF8.GetString($received)) @json
        }
        if ($Name -eq 'lab_open') {
            $result.Response.PSObject.Properties.Add([System.Management.Automation.PSNoteProperty]::new('handle', $handle[0]))
        }
    } else {
        $result.Failure = Get-ExportFailure -Export $export -Status $status -Response $received
    }
    $result
}

function Invoke-SpecialExport {
    # Calls a function whose parameters are not those of all others: ragna_lab_open, ragna_lab_close, and those with a second buffer, which take a
    # lab where the handle is not 0. Returns its status. They stand here since PowerShell prepares all of a function at its first call.
    [OutputType([int])]
    param([type] $Methods, [string] $Export, [uint64[]] $Handle, [byte[]] $Request, [byte[]] $Content, [long[]] $Data, [long[]] $Length)
    if ($Export -eq 'ragna_lab_open') { return $Methods::ragna_lab_open($Handle, $Request, $Request.Length, $Data, $Length) }
    if ($Export -eq 'ragna_lab_close') { return $Methods::ragna_lab_close($Handle[0], $Data, $Length) }
    if ($Handle[0] -ne 0) { return $Methods::$Export($Handle[0], $Request, $Request.Length, $Content, $Content.Length, $Data, $Length) }
    $Methods::$Export($Request, $Request.Length, $Content, $Content.Length, $Data, $Length)
}

function Get-ExportFailure {
    # What a function refused, as it told it.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [string] $Export,

        [Parameter(Mandatory)]
        [int] $Status,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [byte[]] $Response
    )
    if ($Response.Length -gt 0) {
        Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject ([System.Text.Encoding]::UTF8.GetString($Response))
    } else {
        New-RagnaFailure -Code 'INTERNAL' -Message "The native library refused the call $Export (status $Status)." `
            -Remedy 'This is a defect of the module; please report it.'
    }
}

function Get-RagnaLibrary {
    # The bound library: NativeMethods (the type with its functions) or Failure. Binds it at the first call and checks that
    # every function is the one that this module was written for. A failure is not remembered: once the file is there, the
    # next call works.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Native')]
    param()

    if ($null -ne $script:RagnaLibrary) { return $script:RagnaLibrary }
    # As Windows tells it each process: PowerShell for x64 on an ARM64 computer is told x64.
    $runtime = $script:RagnaRuntime["$env:PROCESSOR_ARCHITECTURE"]
    $path = Get-LibraryPath -Runtime $runtime
    $native = [pscustomobject]@{ PSTypeName = 'Ragnatramp.Native'; NativeMethods = $null; Failure = $null }
    if ($null -eq $runtime -or -not [System.IO.File]::Exists($path)) {
        $native.Failure = Get-AbsenceFailure -Processor (Get-RagnaProcessor)
        return $native
    }
    try {
        $methods = Connect-RagnaLibrary -Path $path
        $ascii = [System.Text.Encoding]::ASCII
        foreach ($name in $script:RagnaContract.Keys) {
            $letters = $ascii.GetBytes($name)
            if ($methods::ragna_contract_checksum($letters, $letters.Length) -ne $script:RagnaContract[$name]) {
                $native.Failure = New-RagnaFailure -Code 'LIBRARY_UNUSABLE' -Path $path `
                    -Message "The native library cannot be used: $path (it is of another version than the module: $name is not the function that the module calls)" `
                    -Remedy 'Close every PowerShell that has loaded the module, and install it again, whole.'
                return $native
            }
        }
    } catch {
        $native.Failure = Get-LibraryFailure -Path $path -Exception $_.Exception.GetBaseException()
        Remove-HandledError -Record $_
        return $native
    }
    $native.NativeMethods = $methods
    $script:RagnaLibrary = $native
    $native
}

function Get-RagnaProcessor {
    # What is told of the processor that this process runs on: Name, Runtime (null where there is no library for it) and Remedy (what to start
    # where its library cannot be used).
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param()
    $known = "$env:PROCESSOR_ARCHITECTURE"
    $name, $remedy = switch ($known) {
        'AMD64' { 'x64', $null }
        'ARM64' { 'ARM64', 'Start PowerShell for x64, which Windows 11 runs on ARM64, too; or install a package with a library for ARM64.' }
        'x86' { '32-bit x86', 'Start 64-bit PowerShell: the one whose name does not end in (x86).' }
        default { $known, 'Start PowerShell for x64 or for ARM64.' }
    }
    [pscustomobject]@{ Name = $name; Runtime = $script:RagnaRuntime[$known]; Remedy = $remedy }
}

function Get-LibraryPath {
    # Where the library of a runtime lies in the module; that for x64 where none is named.
    [OutputType([string])]
    param([string] $Runtime)
    if (-not $Runtime) { $Runtime = 'win-x64' }
    "$script:RagnaModuleRoot\bin\runtimes\$Runtime\native\ragnatramp.dll"
}

function Get-AbsenceFailure {
    # Why there is no library to bind: none is made for this processor, the module has none for it but one for x64, or it has none at all.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [object] $Processor
    )
    $path = Get-LibraryPath -Runtime $Processor.Runtime
    if ($null -eq $Processor.Runtime) {
        New-RagnaFailure -Code 'LIBRARY_UNUSABLE' -Path $path -Remedy $Processor.Remedy `
            -Message "There is no native library for $($Processor.Name), which this PowerShell is"
    } elseif ($null -ne $Processor.Remedy -and [System.IO.File]::Exists((Get-LibraryPath))) {
        New-RagnaFailure -Code 'LIBRARY_NOT_FOUND' -Path $path -Remedy $Processor.Remedy `
            -Message "This module has a native library for x64 only, and this PowerShell is $($Processor.Name): $path is not there"
    } else {
        New-RagnaFailure -Code 'LIBRARY_NOT_FOUND' -Path $path -Message "The native library is not there: $path" `
            -Remedy 'Install the module again; in a checkout, build it with ./build.ps1 package.'
    }
}

function Get-LibraryFailure {
    # Why a library that is there could not be bound, and what to do: it is damaged, of another processor than this PowerShell, in want
    # of another DLL, or something else.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [string] $Path,

        [Parameter(Mandatory)]
        [System.Exception] $Exception
    )
    $library = Get-LibraryHeader -Path $Path
    $loader = 'System.Runtime.InteropServices.NativeLibrary' -as [type]
    if ($Exception -is [System.ArgumentException] -and $null -ne $loader -and $null -eq $library.Problem) {
        # In PowerShell 7 a library that cannot be loaded by a type without a file of its own ends in an error about "path1".
        try { $loader::Free($loader::Load($Path)) } catch {
            $Exception = $_.Exception.GetBaseException()
            Remove-HandledError -Record $_
        }
    }
    $here = (Get-RagnaProcessor).Name
    $again = 'Install the module again, whole'
    $problem, $remedy = if ($null -eq $library.Problem -and $library.Processor -ne $here) {
        "it is for $($library.Processor), and this PowerShell is $here"
        "$again`: its library is another one's."
    } elseif ($null -ne $library.Problem) {
        $library.Problem
        "$again`: the file was not copied to its end, or is none of it."
    } elseif ($Exception -is [System.EntryPointNotFoundException]) {
        "it is none of this module: $($Exception.Message)"
        "$again`: its library is another one's."
    } elseif ($Exception -is [System.DllNotFoundException] -and $Exception.Message.Contains('8007007E')) {
        'a DLL that it needs is not on this computer'
        'It needs only what is part of Windows 10 and later: bring Windows up to date, or repair it (sfc /scannow), and install the module again.'
    } else {
        $Exception.Message
        "$again. If that does not help, look whether a virus scanner or application control (AppLocker, App Control) blocks the file."
    }
    New-RagnaFailure -Code 'LIBRARY_UNUSABLE' -Path $Path -Message "The native library cannot be used: $Path ($problem)" -Remedy $remedy
}

function Get-LibraryHeader {
    # What the headers of a file say of it: Processor (x64, ARM64, 32-bit x86 or another), or Problem where it is no library or not whole.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [string] $Path
    )
    $header = [pscustomobject]@{ Processor = $null; Problem = $null }
    try {
        $bytes = [System.IO.File]::ReadAllBytes($Path)
        $at = [System.BitConverter]::ToInt32($bytes, 60)
        $isLibrary = [System.BitConverter]::ToUInt16($bytes, 0) -eq 0x5A4D -and [System.BitConverter]::ToUInt32($bytes, $at) -eq 0x4550
        if (-not $isLibrary) {
            $header.Problem = 'it is no library'
            return $header
        }
        $machine = [System.BitConverter]::ToUInt16($bytes, $at + 4)
        $header.Processor = switch ($machine) { 0x8664 { 'x64' } 0xAA64 { 'ARM64' } 0x14C { '32-bit x86' } default { "processor 0x$($machine.ToString('X'))" } }
        $end = 0
        # Each section: its length and its place in the file.
        $sections = $at + 24 + [System.BitConverter]::ToUInt16($bytes, $at + 20)
        for ($one = 0; $one -lt [System.BitConverter]::ToUInt16($bytes, $at + 6); $one++) {
            $section = $sections + 40 * $one
            $end = [Math]::Max($end, [System.BitConverter]::ToUInt32($bytes, $section + 16) + [long] [System.BitConverter]::ToUInt32($bytes, $section + 20))
        }
        if ($bytes.Length -lt $end) { $header.Problem = "it is cut off: $($bytes.Length) bytes of at least $end" }
    } catch [System.ArgumentException] {
        # A place in it is behind its end.
        Remove-HandledError -Record $_
        $header.Problem = 'it is no library, or not whole'
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        Remove-HandledError -Record $_
        $header.Problem = "it cannot be read: $($_.Exception.GetBaseException().Message)"
    }
    $header
}

function Connect-RagnaLibrary {
    # Binds the functions of the library at an absolute path, and returns the type that carries them, a static method for
    # each. The type is made by Reflection.Emit: no C# compiler runs, and it works alike in .NET Framework (Windows
    # PowerShell 5.1) and .NET. Nothing is loaded before the first call of a method. Throws where the path is of no library.
    [CmdletBinding()]
    [OutputType([type])]
    param(
        [Parameter(Mandatory)]
        [string] $Path
    )
    $assembly = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly(
        [System.Reflection.AssemblyName]::new('Ragnatramp.Native'), 'Run')
    $builder = $assembly.DefineDynamicModule('Ragnatramp.Native').DefineType(
        'Ragnatramp.NativeMethods', 'Public, Abstract, Sealed, Class')

    # A pointer and a size are numbers of 64 bits: there is a library for such processors alone. What a function writes to is an array of one
    # number, which .NET pins for the call: for [ref], and to make the type of it, PowerShell takes longer.
    $buffer = @([byte[]], [long])
    $response = @([long[]], [long[]])
    $onlyRequest = $buffer + $response
    $onLab = @([uint64]) + $onlyRequest
    $signatures = @{
        ragna_contract_checksum = @([uint32], $buffer)
        ragna_free              = @([void], @([long], [long]))
        ragna_config_parse      = @([int], $onlyRequest)
        ragna_state_repair      = @([int], $onlyRequest)
        ragna_hosts_render      = @([int], $onlyRequest)
        ragna_watch_task        = @([int], $onlyRequest)
        ragna_disk_copy         = @([int], $onlyRequest)
        ragna_disk_delete       = @([int], $onlyRequest)
        ragna_guest_media       = @([int], ($buffer + $buffer + $response))
        ragna_seed_write        = @([int], (@([uint64]) + $buffer + $buffer + $response))
        ragna_lab_open          = @([int], (@([uint64[]]) + $onlyRequest))
        ragna_lab_close         = @([int], (@([uint64]) + $response))
    }
    foreach ($name in $script:RagnaContract.Keys) {
        $result, $parameters = if ($signatures.ContainsKey($name)) { $signatures[$name] } else { [int], $onLab }
        $method = $builder.DefinePInvokeMethod(
            $name, $Path, 'Public, Static, PinvokeImpl', 'Standard', $result, [type[]] $parameters, 'Cdecl', 'None')
        $method.SetImplementationFlags('PreserveSig')
    }
    # Windows' own: to copy a response by .NET's Marshal, PowerShell looks through all of that class first, for 25 ms.
    $copy = $builder.DefinePInvokeMethod(
        'RtlMoveMemory', 'kernel32.dll', 'Public, Static, PinvokeImpl', 'Standard', [void], [type[]] @([byte[]], [long], [long]), 'Winapi', 'None')
    $copy.SetImplementationFlags('PreserveSig')
    $builder.CreateType()
}

function Open-RagnaLab {
    # Reads a config and its state into the library: Ragnatramp.Lab (Handle, ConfigPath, RecordedPath (the config as the names of
    # its VMs and its task hold it), StatePath, Project, MachineName, VMId, VMName). A failure is told as an error of the calling
    # cmdlet, and nothing is returned. Close-RagnaLab ends it, in a finally block.
    [CmdletBinding()]
    [OutputType('Ragnatramp.Lab')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $ConfigPath,

        # Also a lab of which nothing was made yet.
        [switch] $MayBegin
    )
    $opened = Invoke-RagnaExport lab_open @{ path = $ConfigPath; mayBegin = [bool] $MayBegin }
    if ($null -ne $opened.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $opened.Failure -Target $ConfigPath
        return
    }
    [pscustomobject]@{
        PSTypeName   = 'Ragnatramp.Lab'
        Handle       = $opened.Response.handle
        ConfigPath   = $ConfigPath
        RecordedPath = $opened.Response.configPath
        StatePath    = $opened.Response.statePath
        Project      = $opened.Response.project
        MachineName  = [string[]] @($opened.Response.machineNames)
        VMId         = [string[]] @($opened.Response.vmIds)
        VMName       = [string[]] @($opened.Response.vmNames)
    }
}

function Close-RagnaLab {
    # Gives the handle of a lab back; null is allowed.
    [CmdletBinding()]
    param(
        [AllowNull()]
        [object] $Lab
    )
    if ($null -ne $Lab) { $null = Invoke-RagnaExport lab_close -Lab $Lab }
}
