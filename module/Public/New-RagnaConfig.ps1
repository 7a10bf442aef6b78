function New-RagnaConfig {
    <#
    .SYNOPSIS
        Writes a commented ragnatramp.yaml to begin with.
    .DESCRIPTION
        Writes the file into a folder that has none, asks nothing, and never writes over one that is there. Its first
        line tells editors where the JSON Schema of this module is, so that they complete and check it.
    .PARAMETER Path
        The folder. Default: the current one.
    .INPUTS
        None.
    .OUTPUTS
        System.IO.FileInfo: the new file.
    .EXAMPLE
        New-RagnaConfig

        Writes ragnatramp.yaml into the current folder.
    .EXAMPLE
        New-RagnaConfig -Path (New-Item -ItemType Directory -Path ./web)

        Makes a folder for a lab, and writes the file into it.
    .EXAMPLE
        New-RagnaConfig -WhatIf

        Says which file would be written.
    .LINK
        Test-RagnaConfig
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([System.IO.FileInfo])]
    param(
        [Parameter(Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string] $Path = '.'
    )
    Import-RagnaPrivate -Through Base
    Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
    $folder = Resolve-TargetPath -Cmdlet $PSCmdlet -Path $Path -Code 'CONFIG_NOT_WRITTEN'
    if ($null -eq $folder) { return }
    $file = [System.IO.Path]::Combine($folder, 'ragnatramp.yaml')
    if (-not [System.IO.Directory]::Exists($folder)) {
        Write-RagnaFailure -Cmdlet $PSCmdlet -Failure (New-RagnaFailure -Code 'CONFIG_NOT_WRITTEN' -Path $folder `
                -Message "There is no folder $folder." -Remedy 'Make it first: New-Item -ItemType Directory')
        return
    }
    $schema = [Uri]::new([System.IO.Path]::Combine($script:RagnaModuleRoot, 'schema\ragnatramp.schema.json')).AbsoluteUri
    $template = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($script:RagnaModuleRoot, 'template\ragnatramp.yaml'))
    try {
        if (-not $PSCmdlet.ShouldProcess($file, 'Write a starter config')) { return }
    } catch {
        Stop-RagnaCmdlet -Cmdlet $PSCmdlet -Record $_
    }
    try {
        # CreateNew: a file that is there, or comes up in between, is never written over.
        $stream = [System.IO.FileStream]::new($file, 'CreateNew', 'Write', 'None')
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        Remove-HandledError -Record $_
        $there = [System.IO.File]::Exists($file)
        $why = if ($there) { 'There is one already' } else { $_.Exception.GetBaseException().Message }
        $remedy = if ($there) { 'Edit that one, or give another folder.' } else { 'Give a folder that you may write to.' }
        Write-RagnaFailure -Cmdlet $PSCmdlet -Failure (New-RagnaFailure -Code 'CONFIG_NOT_WRITTEN' -Path $file `
                -Message "The config was not written: $file. $why." -Remedy $remedy)
        return
    }
    try {
        $bytes = [System.Text.UTF8Encoding]::new($false).GetBytes($template.Replace('{schema}', $schema))
        $stream.Write($bytes, 0, $bytes.Length)
    } finally {
        $stream.Dispose()
    }
    [System.IO.FileInfo]::new($file)
}
