# The folder that a test file may fill: TestDrive: as a drive, $TestDrive as a path. What a block made is gone after it.

function Enter-TestDrive {
    <# .SYNOPSIS Makes the folder and the drive. #>
    param([object] $Run)
    $Run.Drive = [IO.Path]::Combine([IO.Path]::GetTempPath(), 'test-drive-' + [guid]::NewGuid().ToString('N'))
    $null = [IO.Directory]::CreateDirectory($Run.Drive)
    # The real path: Windows may name the temporary folder in its short form.
    $Run.Drive = (Get-Item -LiteralPath $Run.Drive).FullName
    $null = New-PSDrive -Name 'TestDrive' -PSProvider FileSystem -Root $Run.Drive -Scope Global
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

function Clear-TestDrive {
    <# .SYNOPSIS Removes what is not in the table. #>
    param([object] $Run, [hashtable] $Keep)
    foreach ($path in [IO.Directory]::GetFileSystemEntries($Run.Drive, '*', [IO.SearchOption]::AllDirectories)) {
        if (-not $Keep.ContainsKey($path) -and (Test-Path -LiteralPath $path)) {
            Remove-Item -LiteralPath $path -Recurse -Force -ErrorAction SilentlyContinue
        }
    }
}

function Exit-TestDrive {
    <# .SYNOPSIS Removes folder and drive. A file that is still open stays in the temporary folder. #>
    param([object] $Run)
    if ((Get-Location).Drive.Name -eq 'TestDrive') { Set-Location -LiteralPath ([IO.Path]::GetTempPath()) }
    Remove-PSDrive -Name 'TestDrive' -Scope Global -Force
    Remove-Variable -Name 'TestDrive' -Scope Global
    Remove-Item -LiteralPath $Run.Drive -Recurse -Force -ErrorAction SilentlyContinue
}
