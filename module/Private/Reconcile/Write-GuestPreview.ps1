function Write-GuestPreview {
    <#
    .SYNOPSIS
        Shows under -Verbose what each guest's hosts file would become.
    .DESCRIPTION
        No guest is entered for it: the library compares with what stands in the VM's own key-value pairs, or with what
        the state knows. Where nobody watches the verbose stream, nothing is asked.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet.
    .PARAMETER Lab
        The lab, of Read-RagnaLab.
    .PARAMETER Plan
        The plan, as an object.
    .PARAMETER Answer
        What Sync-Guest said of the guests; those that are planned are shown.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [object] $Lab,

        [Parameter(Mandatory)]
        [object] $Plan,

        [Parameter(Mandatory)]
        [AllowEmptyCollection()]
        [object[]] $Answer
    )
    $doors = @{}
    foreach ($one in $Answer) { if ($one.status -eq 'planned') { $doors[$one.machineName] = $one.door } }
    if ($doors.Count -eq 0 -or $VerbosePreference -eq 'SilentlyContinue') { return }
    $guests = @(foreach ($target in $Plan.targets) {
            if ($doors.ContainsKey($target.machineName)) {
                $target | Select-Object -Property *, @{ Name = 'door'; Expression = { $doors[$_.machineName] } }
            }
        })
    $settings = @()
    if ($doors.ContainsValue('KeyValuePair')) { $settings = @((Get-GuestExchange -Cmdlet $Cmdlet -About Host).Output) }
    $previews = Invoke-RagnaNative guest_previews (
        '{{"guests":{0},"block":{1},"settings":{2},"state":{3}}}' -f (ConvertTo-Json -Compress -InputObject $guests),
        (ConvertTo-Json -InputObject $Plan.hostsBlock), (ConvertTo-Json -Compress -Depth 3 -InputObject $settings), $Lab.State)
    if ($null -ne $previews.Failure) {
        Write-RagnaFailure -Cmdlet $Cmdlet -Failure $previews.Failure -Target $Lab.ConfigPath
        return
    }
    foreach ($preview in ($previews.Json | ConvertFrom-Json).items) { $Cmdlet.WriteVerbose($preview.text) }
}
