# The ABI this module speaks, and the operations of the library that take one JSON request: `ragna_<operation>`.
$script:RagnaAbiVersion = 2
$script:RagnaOperation = @(
    'config_parse'
    'config_test'
    'state_read'
    'discover'
    'diff'
    'state_record'
    'state_repair'
    'hosts_render'
    'guest_doors'
    'guest_previews'
    'guest_deliveries'
    'guest_delivered'
    'report'
    'machine_status'
)
$script:RagnaLibrary = $null

function Invoke-RagnaNative {
    <#
    .SYNOPSIS
        Calls one operation of the native library.
    .DESCRIPTION
        The request is JSON in UTF-8. What comes back is the answer as JSON text, or the library's error as an
        object; exactly one of the two is not null. Never throws for what the library refuses.
    .PARAMETER Operation
        The operation: the export's name without `ragna_`.
    .PARAMETER Request
        The request as JSON text.
    .OUTPUTS
        Ragnatramp.Answer: Json (string) and Failure (code, message, place, remedy, faults).
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.Answer')]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string] $Operation,

        [Parameter(Mandatory, Position = 1)]
        [string] $Request
    )
    $answer = Invoke-RagnaExport -Operation $Operation -Request ([System.Text.Encoding]::UTF8.GetBytes($Request))
    $json = if ($null -eq $answer.Failure) { [System.Text.Encoding]::UTF8.GetString($answer.Bytes) }
    [pscustomobject]@{ PSTypeName = 'Ragnatramp.Answer'; Json = $json; Failure = $answer.Failure }
}
