# The guest's side of Data Exchange: runs the script that is shipped for Linux guests (module/guest/ragnatramp-guest) on
# the simulated guest's folder. Under Wine the machine's own sh runs it, on Windows that of Git; without one it is as if
# the guest had no script.
param([string] $GuestFolder)

$folder = $GuestFolder
$top = [IO.Path]::GetFullPath([IO.Path]::Combine($PSScriptRoot, '..', '..', '..'))
$script = [IO.Path]::Combine($top, 'module', 'guest', 'ragnatramp-guest')
$runner = [IO.Path]::Combine($PSScriptRoot, 'run-script.sh')
$null = [IO.Directory]::CreateDirectory([IO.Path]::Combine($folder, 'run'))
# As the guest's daemon does at its start.
$pools = [IO.Directory]::CreateDirectory([IO.Path]::Combine($folder, 'var', 'lib', 'hyperv')).FullName
foreach ($number in 0..3) { [IO.File]::Open([IO.Path]::Combine($pools, ".kvp_pool_$number"), 'OpenOrCreate').Dispose() }
if (Get-Command -Name 'winepath.exe' -ErrorAction Ignore) {
    $unix = @(& winepath.exe -u $runner $script $folder)
    & cmd.exe /c start /wait /unix /bin/sh $unix[0] $unix[1] $unix[2]
} else {
    $sh = Get-Command -Name 'sh.exe' -ErrorAction Ignore | Select-Object -First 1
    if ($sh) { & $sh.Path $runner.Replace('\', '/') $script.Replace('\', '/') $folder.Replace('\', '/') }
}
