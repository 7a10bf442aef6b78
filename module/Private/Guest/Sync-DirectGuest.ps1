function Sync-DirectGuest {
    <#
    .SYNOPSIS
        Brings the hosts files of Windows guests up to date through PowerShell Direct.
    .DESCRIPTION
        Reads each file, has the library merge the block into its bytes, and writes the result if the file still is
        the one that was read; a file that somebody else changed in between is read once more. A file that is as it
        should be is not written.
    .PARAMETER Visit
        What the run brings along, of New-GuestVisit, with a credential.
    .PARAMETER Guest
        The guests: machineName, vmId.
    .OUTPUTS
        Ragnatramp.GuestAnswer, one per guest.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestAnswer')]
    param(
        [Parameter(Mandatory)]
        [object] $Visit,

        [Parameter(Mandatory)]
        [object[]] $Guest
    )
    $door = @{ Door = 'PowerShellDirect' }
    $enter = @{ Cmdlet = $Visit.Cmdlet; Credential = $Visit.Credential; TimeoutSeconds = $Visit.TimeoutSeconds }
    $toRead = $Guest
    foreach ($isLast in $false, $true) {
        $calls = [System.Collections.Generic.List[object]]::new()
        foreach ($file in Read-DirectGuest -Visit $Visit -Guest $toRead) {
            $merged = if ($null -eq $file.Failure) { Merge-HostsBlock -Content $file.Bytes -Block $Visit.Block } else { $file }
            if ($null -ne $merged.Failure) {
                New-GuestAnswer @door -Machine $file.Guest.machineName -Status 'failed' -Failure $merged.Failure
            } elseif ($merged.Bytes.Length -eq 0) {
                New-GuestAnswer @door -Machine $file.Guest.machineName -Status 'unchanged'
            } else {
                $both = [Convert]::ToBase64String($file.Bytes), [Convert]::ToBase64String($merged.Bytes)
                $calls.Add(@{ Guest = $file.Guest; ArgumentList = $both })
            }
        }
        $changed = [System.Collections.Generic.List[object]]::new()
        foreach ($write in Invoke-DirectGuest @enter -Call $calls -Script $script:DirectWriteScript) {
            $machine = $write.Guest.machineName
            $failure = ConvertFrom-DirectError -Answer $write -TimeoutSeconds $Visit.TimeoutSeconds
            if ($null -eq $failure -and $write.Output -eq 'changed' -and $isLast) {
                $failure = New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $machine `
                    -Message 'another program in the guest keeps changing its hosts file.' `
                    -Remedy 'Nothing was written. Run Invoke-RagnaReconcile again when that program has finished.'
            }
            if ($null -ne $failure) {
                New-GuestAnswer @door -Machine $machine -Status 'failed' -Failure $failure
            } elseif ($write.Output -eq 'written') {
                New-GuestAnswer @door -Machine $machine -Status 'synced'
            } else {
                $changed.Add($write.Guest)
            }
        }
        if ($changed.Count -eq 0) { break }
        $toRead = $changed
    }
}
