function Sync-DirectGuest {
    <#
    .SYNOPSIS
        Brings the hosts files of Windows guests up to date through PowerShell Direct.
    .DESCRIPTION
        Reads each file, has the library merge the block into its bytes, and writes the result if the file still is
        the one that was read; a file that somebody else changed in between is read once more. A file that is as it
        should be is not written.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Guest
        The guests: machineName, vmId, vmName, door.
    .PARAMETER Block
        The hosts block.
    .PARAMETER Credential
        An account of the guests.
    .PARAMETER TimeoutSeconds
        How long each guest has for each step.
    .OUTPUTS
        One object per guest, of New-GuestAnswer.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object[]] $Guest,

        [Parameter(Mandatory)]
        [string] $Block,

        [Parameter(Mandatory)]
        [pscredential] $Credential,

        [int] $TimeoutSeconds = 5
    )
    $byName = @{}
    foreach ($one in $Guest) { $byName[$one.machineName] = $one }
    $enter = @{ Cmdlet = $Cmdlet; Credential = $Credential; TimeoutSeconds = $TimeoutSeconds }

    $toRead = $Guest
    foreach ($attempt in 'first', 'second') {
        $calls = @(foreach ($one in $toRead) { New-DirectCall -Guest $one })
        $writes = @(foreach ($read in @(Invoke-DirectGuest @enter -Call $calls -Script $script:DirectReadScript)) {
                $one = $byName[$read.MachineName]
                $failure = ConvertFrom-DirectError -Answer $read -Guest $one -TimeoutSeconds $TimeoutSeconds
                if ($null -eq $failure) {
                    $merged = Merge-HostsBlock -Content ([Convert]::FromBase64String($read.Output)) -Block $Block
                    $failure = $merged.Failure
                }
                if ($null -ne $failure) {
                    New-GuestAnswer -Guest $one -Status 'failed' -Failure $failure
                } elseif ($merged.Bytes.Length -eq 0) {
                    New-GuestAnswer -Guest $one -Status 'unchanged'
                } else {
                    New-DirectCall -Guest $one -ArgumentList $read.Output, ([Convert]::ToBase64String($merged.Bytes))
                }
            })
        $writes | Where-Object { $_.PSObject.Properties['status'] }
        $calls = @($writes | Where-Object { -not $_.PSObject.Properties['status'] })

        $toRead = @(foreach ($write in @(Invoke-DirectGuest @enter -Call $calls -Script $script:DirectWriteScript)) {
                $one = $byName[$write.MachineName]
                $failure = ConvertFrom-DirectError -Answer $write -Guest $one -TimeoutSeconds $TimeoutSeconds
                if ($null -eq $failure -and $write.Output -eq 'changed' -and $attempt -eq 'second') {
                    $failure = New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $one.machineName `
                        -Message "another program in the guest keeps changing its hosts file." `
                        -Remedy 'Nothing was written. Run Invoke-RagnaReconcile again when that program has finished.'
                }
                if ($null -ne $failure) {
                    New-GuestAnswer -Guest $one -Status 'failed' -Failure $failure
                } elseif ($write.Output -eq 'written') {
                    New-GuestAnswer -Guest $one -Status 'synced'
                } else {
                    $one
                }
            })
        $toRead | Where-Object { $_.PSObject.Properties['status'] }
        $toRead = @($toRead | Where-Object { -not $_.PSObject.Properties['status'] })
        if ($toRead.Count -eq 0) { break }
    }
}

function New-DirectCall {
    # One guest's call, as Invoke-DirectGuest takes it.
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [object] $Guest,

        [object[]] $ArgumentList = @()
    )
    [pscustomobject]@{ MachineName = $Guest.machineName; VMId = $Guest.vmId; ArgumentList = $ArgumentList }
}
