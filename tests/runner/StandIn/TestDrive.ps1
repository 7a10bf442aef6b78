# The folder that a test file may fill: $TestDrive. What a block made is gone after it.

function Enter-TestDrive {
    <# .SYNOPSIS Makes the folder. #>
    param([object] $Run)
    $Run.Drive = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'test-drive-' + [guid]::NewGuid().ToString('N'))
    $null = [IO.Directory]::CreateDirectory($Run.Drive)
    # The real path: Windows may name the temporary folder in its short form.
    $Run.Drive = (Get-Item -LiteralPath $Run.Drive).FullName
    Set-Variable -Name 'TestDrive' -Value $Run.Drive -Scope Global
}

function Get-TestDriveContent {
    <# .SYNOPSIS All paths in it now, as a table. #>
    param([object] $Run)
    $paths = @{}
    foreach ($path in [IO.Directory]::GetFileSystemEntries($Run.Drive, '*', [IO.SearchOption]::AllDirectories)) {
        $paths[$path] = $true
    }
    $paths
}

function Clear-DriveEntry {
    <# .SYNOPSIS Deletes a file or a whole folder. What cannot be deleted, since it is still open, stays. #>
    param([string] $Path)
    try {
        if ([IO.Directory]::Exists($Path)) { [IO.Directory]::Delete($Path, $true) } else { [IO.File]::Delete($Path) }
    }
    catch {
        # Read-only entries need more force.
        try { Remove-Item -LiteralPath $Path -Recurse -Force -ErrorAction Stop }
        catch { Write-Verbose -Message "Left behind: $Path ($($_.Exception.Message))" }
    }
}

function Clear-TestDrive {
    <# .SYNOPSIS Removes what is not in the table: new folders whole, new files of the old folders. #>
    param([object] $Run, [hashtable] $Keep, [string] $Folder = $Run.Drive)
    foreach ($path in [IO.Directory]::GetFileSystemEntries($Folder)) {
        if (-not $Keep.ContainsKey($path)) { Clear-DriveEntry -Path $path }
        elseif ([IO.Directory]::Exists($path)) { Clear-TestDrive -Run $Run -Keep $Keep -Folder $path }
    }
}

function Exit-TestDrive {
    <# .SYNOPSIS Removes the folder. #>
    param([object] $Run)
    Remove-Variable -Name 'TestDrive' -Scope Global
    Clear-DriveEntry -Path $Run.Drive
}
