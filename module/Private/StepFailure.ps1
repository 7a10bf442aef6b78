# What a step that Hyper-V refused is told as: chosen by the number of the error. It stands in the exception, or as in
# (0x80070020) in its text, which is localized but for that.

# Situations by HRESULT: what was seen, as a clause about the machine, and what to do. {0} is the file that
# Hyper-V or the step names, {1} its folder.
$script:StepSituation = @{
    0x8007000E = @{
        Code = 'HOST_LIMIT'; Seen = 'the host has not enough free memory for it'
        Remedy = 'Stop other machines or close programs, or give it less memory in the config.'
    }
    0x80070005 = @{
        Code = 'PERMISSION_DENIED'; Seen = 'Hyper-V was refused access to one of its files'
        Remedy = 'Give SYSTEM and the VMs their rights on the folder of its disk and on its base image: icacls "{1}" /grant *S-1-5-18:(OI)(CI)F *S-1-5-83-0:(OI)(CI)F'
    }
    0xC03A001A = @{
        Code = 'IMAGE_SPARSE'; Seen = 'its disk or base image is sparse, compressed or encrypted, and Hyper-V takes no such file'
        Remedy = 'Where it is sparse: fsutil sparse setflag "{0}" 0; compressed: compact /u "{0}"; encrypted: cipher /d "{0}"'
    }
    0x80070020 = @{
        Code = 'DISK_IN_USE'; Seen = 'its disk is in use by another program, or by Hyper-V itself while it merges a checkpoint'
        Remedy = 'Wait a moment and run the command again; if it stays so, look which VM or program has the file open.'
    }
    0xC03A000D = @{
        Code = 'DISK_CHAIN_BROKEN'; Seen = 'the base image of its disk is not where the disk looks for it'
        Remedy = 'Put the image back where it was. If it is gone, remove the machine and create it anew.'
    }
    0xC03A000E = @{
        Code = 'DISK_CHAIN_BROKEN'; Seen = 'its base image was changed after its disk was made'
        Remedy = 'Put back the image as it was (from a backup), or remove the machine and create it anew.'
    }
    0xC03A000F = @{
        Code = 'DISK_CHAIN_BROKEN'; Seen = 'its base image has another date than when its disk was made'
        Remedy = 'Put back the image as it was (from a backup), or remove the machine and create it anew.'
    }
    0x80070050 = @{
        Code = 'DISK_IN_PLACE'; Seen = 'where its disk belongs, there is a file already'
        Remedy = 'Run the command again: it says what that file is. It is never overwritten.'
    }
    0x80070070 = @{
        Code = 'DISK_SPACE'; Seen = 'there is no room on the disk'
        Remedy = 'Make room, or put the machines elsewhere with settings.artifact_path; then run the command again.'
    }
}

function ConvertFrom-StepError {
    # Why a step failed, as a failure of its machine.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.ErrorRecord] $Record,

        [Parameter(Mandatory)]
        [object] $Task,

        [Parameter(Mandatory)]
        [object] $Step
    )
    $name = $Task.Action.machineName
    $text = Get-ErrorText -Exception $Record.Exception.GetBaseException()
    $codes = @(for ($exception = $Record.Exception; $null -ne $exception; $exception = $exception.InnerException) { $exception.HResult })
    $codes += @(foreach ($match in [regex]::Matches($text, '0x([0-9A-Fa-f]{8})')) { [Convert]::ToInt32($match.Groups[1].Value, 16) })
    foreach ($code in $codes) {
        $situation = $script:StepSituation[$code]
        if ($null -ne $situation) {
            $file = Get-StepFile -Text $text -Step $Step
            $folder = if ($file -match '^(.+)[\\/][^\\/]+$') { $Matches[1] } else { $file }
            return New-RagnaFailure -Code $situation.Code -Machine $name -Remedy $situation.Remedy.Replace('{0}', $file).Replace('{1}', $folder) `
                -Message "${name}: $($situation.Seen) ($($Step.kind): $text)"
        }
    }
    if ((Get-HyperVSituation -Record $Record).Name -eq 'Denied' -or $Record.Exception -is [System.Management.Automation.CommandNotFoundException]) {
        $failure = ConvertFrom-HyperVError -Record $Record -Query $Step.kind
        return New-RagnaFailure -Code $failure.code -Machine $name -Message "${name}: $($failure.message)" -Remedy $failure.remedy
    }
    # ERROR_TIMEOUT.
    if ($Step.kind -eq 'ShutDownVM' -and $codes -contains 0x800705B4) { return New-TimeoutFailure -Task $Task -Step $Step }
    if ($Step.kind -eq 'ShutDownVM') {
        return New-RagnaFailure -Code 'SHUTDOWN_UNAVAILABLE' -Machine $name -Message "${name}: its guest refused to shut down: $text" `
            -Remedy 'Shut it down from inside, or stop it with Stop-RagnaMachine -Save (keeps its memory) or -TurnOff (cuts its power).'
    }
    New-RagnaFailure -Code 'OPERATION_FAILED' -Machine $name -Message "${name}: Hyper-V could not do the step $($Step.kind): $text" `
        -Remedy 'Do what the message says, then run the command again; it goes on where this run ended.'
}

function Get-StepFile {
    # The file that a step failed for: the one in the text of its error, or else that of the step.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string] $Text,

        [Parameter(Mandatory)]
        [object] $Step
    )
    # Texts are localized; a path in quotes is not.
    $named = [regex]::Match($Text, '[''"\u201c\u201e\u00ab]\s?([A-Za-z]:\\[^''"\u201d\u00bb<>|?*]+\.a?vhdx?)')
    if ($named.Success) { return $named.Groups[1].Value }
    foreach ($field in 'parentPath', 'path') {
        $property = $Step.PSObject.Properties[$field]
        if ($null -ne $property -and $property.Value) { return [string] $property.Value }
    }
    'FILE'
}
