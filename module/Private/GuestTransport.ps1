# The transports into a guest. Which of them reaches a guest is the library's to say (`guest_transports`); one more is one
# more entry here. Each takes the run (Ragnatramp.Run, of Invoke-ConfigReconcile) and the guests, all at once:
#
#   Read   The hosts files as they are: one Ragnatramp.GuestFile per guest. Null where a transport cannot read.
#   Apply  Brings the hosts files up to date, all guests side by side: one result per guest, of New-GuestResult, except for
#          those whose result the library keeps.
$script:GuestTransport = @{
    KeyValuePair     = @{
        Read  = $null
        Apply = { param($Run, $Guest) Sync-KvpGuest -Run $Run -Guest $Guest }
    }
    PowerShellDirect = @{
        Read  = { param($Run, $Guest) Read-DirectGuest -Run $Run -Guest $Guest }
        Apply = { param($Run, $Guest) Sync-DirectGuest -Run $Run -Guest $Guest }
    }
}

function Sync-Guest {
    # Brings the hosts file of every guest of a plan up to date, each through the transport that reaches it. The user is
    # asked (or told, under -WhatIf) per guest. One guest's failure is its own; the others go on.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSShouldProcess', '',
        Justification = 'It asks through the cmdlet that calls it.')]
    param(
        [Parameter(Mandatory)]
        [object] $Run,

        # The library's `diff`.
        [Parameter(Mandatory)]
        [object] $Plan,

        # Why Data Exchange did not say what the guests are, of Wait-GuestAddress.
        [AllowNull()]
        [object] $ExchangeFailure
    )
    if ($Plan.targets.Count -eq 0) { return }
    $request = @{ transport = $Run.GuestTransport; hasCredential = $null -ne $Run.Credential }
    # The library tells it once for the run, where guests are skipped for it.
    if ($null -ne $ExchangeFailure) {
        $request.exchangeFailure = @{ message = [string] $ExchangeFailure.message; remedy = [string] $ExchangeFailure.remedy }
    }
    $chosen = Invoke-RagnaExport guest_transports -Lab $Run.Lab $request
    if ($null -ne $chosen.Failure) {
        Write-RagnaFailure -Cmdlet $Run.Cmdlet -Failure $chosen.Failure
        return
    }
    $accepted = @{}
    foreach ($guest in $chosen.Response.items) {
        $transport = $guest.transport
        if ($null -eq $transport) { continue }
        if ($transport -eq 'PowerShellDirect' -and $null -eq (Select-GuestCredential -Credential $Run.Credential -Machine $guest.machineName)) {
            New-GuestResult -Machine $guest.machineName -Transport $transport -Status 'skipped' -Reason 'no-credential' `
                -Failure (New-RagnaFailure -Code 'RECONCILE_HOSTS_FAILED' -Machine $guest.machineName `
                    -Message 'no name in -Credential fits the machine, and PowerShell Direct needs a credential' `
                    -Remedy 'Add its name with an administrator account of the guest to -Credential.')
            continue
        }
        if (Test-CallerConsent -Run $Run -Target $guest.target -Operation $Plan.writeOperation) {
            if (-not $accepted.ContainsKey($transport)) { $accepted[$transport] = [System.Collections.Generic.List[object]]::new() }
            $accepted[$transport].Add($guest)
        } else {
            $status = if ($Run.DryRun) { 'planned' } else { 'skipped' }
            New-GuestResult -Machine $guest.machineName -Transport $transport -Status $status -Reason 'declined'
        }
    }
    foreach ($transport in $accepted.Keys) { & $script:GuestTransport[$transport].Apply $Run $accepted[$transport] }
}

function New-GuestResult {
    # What became of one guest, as the library's `report` takes it.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestResult')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [string] $Machine,

        [Parameter(Mandatory)]
        [string] $Transport,

        [Parameter(Mandatory)]
        [ValidateSet('synced', 'unchanged', 'planned', 'skipped', 'failed')]
        [string] $Status,

        [string] $Reason,

        [object] $Failure,

        # What the library noticed in its hosts file, of `hosts_warnings`.
        [object[]] $Warning = @(),

        # What it calls itself, in its own words.
        [AllowNull()]
        [object] $HostName
    )
    [pscustomobject]@{
        PSTypeName  = 'Ragnatramp.GuestResult'
        machineName = $Machine
        status      = $Status
        transport   = $Transport
        reason      = if ($Reason) { $Reason }
        message     = if ($null -ne $Failure) { $Failure.message }
        remedy      = if ($null -ne $Failure) { $Failure.remedy }
        warnings    = @($Warning)
        hostName    = $HostName
    }
}

function Resolve-GuestCredential {
    # The -Credential of a cmdlet as a list of Pattern and Credential, in the order in which they are tried: one entry for all
    # machines, or those of a map. For a user name the user is asked for the password, as a parameter of type PSCredential
    # does; an account that is empty stands for none. Throws where something else was given.
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestCredential')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUsePSCredentialType', '', Justification = 'It takes a map too.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'A map of credentials.')]
    param(
        [AllowNull()]
        [object] $Credential
    )
    $isMap = $Credential -is [System.Collections.IDictionary]
    $names = if ($isMap) { @($Credential.Keys) } else { @('*') }
    if ($Credential -is [hashtable]) {
        # It keeps no order, so the names that are exact are tried first.
        $names = @($names | Microsoft.PowerShell.Utility\Sort-Object -Property { [WildcardPattern]::ContainsWildcardCharacters([string] $_) }, { [string] $_ })
    }
    foreach ($name in $names) {
        $account = if ($isMap) { $Credential[[object] $name] } else { $Credential }
        if ($account -is [psobject]) { $account = $account.PSObject.BaseObject }
        if ($isMap -and $null -eq $account) {
            $account = [pscredential]::Empty
        } elseif ($null -eq $account) {
            $account = Microsoft.PowerShell.Security\Get-Credential
        } elseif ($account -is [string]) {
            $account = Microsoft.PowerShell.Security\Get-Credential -Credential $account
        }
        if ($name -isnot [string] -or $account -isnot [pscredential]) {
            throw [System.ArgumentException]::new(
                'Credential takes a credential, a user name, or a hashtable of machine names with one of these each.', 'Credential')
        }
        [pscustomobject]@{
            PSTypeName = 'Ragnatramp.GuestCredential'
            Pattern    = Get-NamePattern -Text $name
            Credential = if ($account -ne [pscredential]::Empty) { $account }
        }
    }
}

function Select-GuestCredential {
    # The account for a machine: of the first entry whose pattern fits its name; nothing where none does.
    [CmdletBinding()]
    [OutputType([pscredential])]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUsePSCredentialType', '', Justification = 'It takes a map too.')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingPlainTextForPassword', '', Justification = 'A map of credentials.')]
    param(
        # A credential, or what Resolve-GuestCredential gave.
        [AllowNull()]
        [object] $Credential,

        [Parameter(Mandatory)]
        [string] $Machine
    )
    if ($Credential -is [pscredential]) { return $Credential }
    foreach ($entry in $Credential) {
        if ($entry.Pattern.IsMatch($Machine)) { return $entry.Credential }
    }
}
