# What went wrong, as errors of the calling cmdlet. A failure is an object with code, message, remedy and place (path,
# machine), of New-RagnaFailure or of the native library, whose failures may carry faults and a text as well.

# Of each error code: PowerShell's category, and the exit code that `ragnatramp` gives for it, as `Code::exit_code` does in src/error.rs:
# 1 where the user can correct it, 2 where the system is in the way.
$script:RagnaErrorCode = @{
    CONFIG_NOT_FOUND              = 'ObjectNotFound', 1
    CONFIG_INVALID_YAML           = 'SyntaxError', 1
    CONFIG_VALIDATION_FAILED      = 'InvalidData', 1
    STATE_NOT_FOUND               = 'ObjectNotFound', 1
    STATE_CORRUPTED               = 'InvalidData', 2
    STATE_CONFLICT                = 'ResourceExists', 1
    STATE_LOCKED                  = 'ResourceBusy', 2
    STATE_IO_FAILED               = 'WriteError', 2
    WATCH_RUNNING                 = 'ResourceBusy', 2
    TASK_SCHEDULER_ERROR          = 'ResourceUnavailable', 2
    OWNERSHIP_VERIFICATION_FAILED = 'SecurityError', 1
    RECONCILE_IP_FAILED           = 'OperationTimeout', 1
    RECONCILE_HOSTS_FAILED        = 'WriteError', 2
    VM_STATE                      = 'InvalidOperation', 1
    DISK_IN_PLACE                 = 'ResourceExists', 1
    DISK_IN_USE                   = 'ResourceBusy', 1
    DISK_IO_FAILED                = 'WriteError', 2
    DISK_SPACE                    = 'LimitsExceeded', 1
    DISK_CHAIN_BROKEN             = 'InvalidData', 1
    BASE_IMAGE_NOT_FOUND          = 'ObjectNotFound', 1
    IMAGE_UNUSABLE                = 'InvalidData', 1
    USER_DATA_UNREADABLE          = 'ObjectNotFound', 1
    ANSWER_FILE_UNREADABLE        = 'ObjectNotFound', 1
    SSH_CONFIG_FAILED             = 'WriteError', 2
    ARTIFACT_PATH_UNUSABLE        = 'InvalidData', 1
    PATH_TOO_LONG                 = 'InvalidData', 1
    GENERATION_MISMATCH           = 'InvalidArgument', 1
    DEFAULT_SWITCH_NOT_FOUND      = 'ObjectNotFound', 2
    IMAGE_SPARSE                  = 'InvalidData', 1
    GENERATION_UNKNOWN            = 'InvalidData', 1
    HOST_LIMIT                    = 'LimitsExceeded', 1
    SHUTDOWN_UNAVAILABLE          = 'ResourceUnavailable', 1
    STOP_TIMEOUT                  = 'OperationTimeout', 2
    MERGE_TIMEOUT                 = 'OperationTimeout', 2
    DEPENDENCY_NOT_READY          = 'ResourceUnavailable', 1
    CHECKPOINT_NOT_FOUND          = 'ObjectNotFound', 1
    CHECKPOINT_EXISTS             = 'ResourceExists', 1
    CHECKPOINT_AMBIGUOUS          = 'InvalidData', 1
    CHECKPOINT_NAME_INVALID       = 'InvalidArgument', 1
    MACHINE_NOT_FOUND             = 'ObjectNotFound', 1
    INVALID_USAGE                 = 'InvalidArgument', 1
    HYPERV_NOT_AVAILABLE          = 'NotInstalled', 2
    HYPERV_ERROR                  = 'ResourceUnavailable', 2
    PERMISSION_DENIED             = 'PermissionDenied', 2
    OPERATION_FAILED              = 'OperationStopped', 2
    LIBRARY_NOT_FOUND             = 'ObjectNotFound', 2
    LIBRARY_UNUSABLE              = 'InvalidOperation', 2
    INVALID_REQUEST               = 'InvalidOperation', 2
    INTERNAL                      = 'InvalidResult', 2
    CONFIG_NOT_WRITTEN            = 'WriteError', 1
    GUEST_NOT_EXPORTED            = 'WriteError', 1
}

function New-RagnaFailure {
    # A failure of the module's own, in the shape of the native library's. What its texts repeat of others is shown visibly.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $Code,

        [Parameter(Mandatory)]
        [string] $Message,

        [string] $Remedy,

        [string] $Path,

        [string] $Machine
    )
    [pscustomobject]@{
        code    = $Code
        message = ConvertTo-VisibleText $Message
        remedy  = ConvertTo-VisibleText $Remedy
        place   = [pscustomobject]@{ path = $Path; machine = $Machine }
    }
}

function ConvertTo-RagnaErrorRecord {
    # The ErrorRecord of a failure: ErrorId is its code, the recommended action its remedy, the target -Target or else its
    # machine or path.
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [object] $Failure,

        [object] $Target
    )
    $values = @{ remedy = $null; path = $null; machine = $null; text = $null }
    foreach ($property in @($Failure.PSObject.Properties) + @($Failure.place.PSObject.Properties)) {
        $values[$property.Name] = $property.Value
    }
    if ($null -eq $Target) {
        $Target = if ($values['machine']) { $values['machine'] } else { $values['path'] }
    }
    $category, $null = $script:RagnaErrorCode[$Failure.code]
    if (-not $category) { $category = 'NotSpecified' }

    $exception = [System.InvalidOperationException]::new($Failure.message)
    $record = [System.Management.Automation.ErrorRecord]::new($exception, $Failure.code, $category, $Target)
    # A config's faults come as text of several lines; the code stands behind the first.
    $first, $rest = if ($values['text']) { ([string] $values['text']).TrimEnd() -split '\r?\n', 2 } else { $Failure.message }
    $shown = "$first ($($Failure.code))"
    if ($rest) { $shown += [Environment]::NewLine + $rest }
    # PowerShell 7 shows the recommended action of an error by itself, Windows PowerShell does not.
    if ($PSVersionTable.PSVersion.Major -lt 7 -and $values['remedy']) { $shown += " $($values['remedy'])" }
    $details = [System.Management.Automation.ErrorDetails]::new($shown)
    $details.RecommendedAction = $values['remedy']
    $record.ErrorDetails = $details
    $record
}

function Write-RagnaFailure {
    # Writes a failure as a non-terminating error of the cmdlet; its ErrorAction decides what becomes of it.
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

function Remove-HandledError {
    # Takes an error that was caught, and is told in the module's own words, out of $Error again, so that the list holds
    # one record per cause: the one that the user was shown.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Keeps the session''s error list honest; there is nothing to ask.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record
    )
    for ($index = $global:Error.Count - 1; $index -ge 0; $index--) {
        $entry = $global:Error[$index]
        # The list holds the record, a copy of it with the same exception, or the exception itself; and what came out of
        # a method may be wrapped there and bare in the catch block that names its type.
        $exception = if ($entry -is [System.Management.Automation.ErrorRecord]) { $entry.Exception } else { $entry }
        if ([object]::ReferenceEquals($exception.GetBaseException(), $Record.Exception.GetBaseException())) {
            $global:Error.RemoveAt($index)
        }
    }
}

function Stop-RagnaCmdlet {
    # Ends the calling cmdlet with an error that nothing in the module foresaw. Outside of a try block PowerShell goes on
    # with the next statement after an error like this: after a question that could not be asked (-Confirm where nobody can
    # answer) it would go on to do what was asked about. So every cmdlet has its work in a try block, and ends here.
    [CmdletBinding()]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Ends what is under way; there is nothing to ask.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record
    )
    Remove-HandledError -Record $Record
    # An error out of a method is wrapped; the user gets what is inside.
    $inner = $Record.Exception.InnerException
    $isOfMethod = $Record.Exception -is [System.Management.Automation.MethodInvocationException]
    if ($isOfMethod -and $inner -is [System.Management.Automation.IContainsErrorRecord]) {
        $Record = [System.Management.Automation.ErrorRecord]::new(
            $inner, $inner.ErrorRecord.FullyQualifiedErrorId, $inner.ErrorRecord.CategoryInfo.Category, $null)
    }
    $Cmdlet.ThrowTerminatingError($Record)
}
