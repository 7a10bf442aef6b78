function Resolve-ConfigPath {
    <#
    .SYNOPSIS
        Returns the absolute path of a config file.
    .DESCRIPTION
        A path that is given counts as it stands, without wildcards; a folder stands for the ragnatramp.yaml in it.
        Without one it is the ragnatramp.yaml in the current folder or in the nearest folder above. Whether the file
        is there is the library's to say, except that a search that finds nothing answers the path it began with.
    .PARAMETER Cmdlet
        The calling function's $PSCmdlet: paths are relative to its session's location.
    .PARAMETER Path
        What the person gave; null or empty to search.
    .OUTPUTS
        System.String
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet] $Cmdlet,

        [AllowEmptyString()]
        [AllowNull()]
        [string] $Path
    )
    $file = 'ragnatramp.yaml'
    $location = $Cmdlet.SessionState.Path
    if ($Path) {
        $given = $location.GetUnresolvedProviderPathFromPSPath($Path)
        if ([System.IO.Directory]::Exists($given)) { return [System.IO.Path]::Combine($given, $file) }
        return $given
    }
    $start = $location.CurrentFileSystemLocation.ProviderPath
    for ($folder = [System.IO.DirectoryInfo]::new($start); $null -ne $folder; $folder = $folder.Parent) {
        $candidate = [System.IO.Path]::Combine($folder.FullName, $file)
        if ([System.IO.File]::Exists($candidate)) { return $candidate }
    }
    [System.IO.Path]::Combine($start, $file)
}
