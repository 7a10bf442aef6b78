function New-GuestVisit {
    <#
    .SYNOPSIS
        What a run brings along to every guest, whichever door it takes.
    .PARAMETER Cmdlet
        The cmdlet on whose behalf guests are entered.
    .PARAMETER Exchange
        What the guests say of themselves, as JSON.
    .PARAMETER Block
        The hosts block.
    .PARAMETER Credential
        An account of the guests, or null.
    .PARAMETER TimeoutSeconds
        How long each guest has for each step.
    .OUTPUTS
        Ragnatramp.GuestVisit: Cmdlet, Exchange, Block, Credential, HasCredential, TimeoutSeconds.
    #>
    [CmdletBinding()]
    [OutputType('Ragnatramp.GuestVisit')]
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '',
        Justification = 'Makes an object and changes nothing.')]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [Parameter(Mandatory)]
        [string] $Exchange,

        [string] $Block,

        [AllowNull()]
        [pscredential] $Credential,

        [int] $TimeoutSeconds = 5
    )
    [pscustomobject]@{
        PSTypeName     = 'Ragnatramp.GuestVisit'
        Cmdlet         = $Cmdlet
        Exchange       = $Exchange
        Block          = $Block
        Credential     = $Credential
        HasCredential  = $null -ne $Credential
        TimeoutSeconds = $TimeoutSeconds
    }
}
