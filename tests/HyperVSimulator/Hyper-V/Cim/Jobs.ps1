# Jobs of methods that return 4096: begun. Kept in jobs/, one file each. How long one goes on running is counted in queries.

function Add-CimJob {
    <# .SYNOPSIS Notes a job with the error in which it will end, 0 for none, and returns its instance. #>
    param([string] $Method, [int] $ErrorCode)
    $id = [guid]::NewGuid().ToString().ToUpperInvariant()
    $null = [IO.Directory]::CreateDirectory((Get-LabPath -Part 'jobs'))
    $text = ConvertTo-Json -InputObject @{ id = $id; method = $Method; errorCode = $ErrorCode; queries = (Get-LabHost).JobQueries }
    [IO.File]::WriteAllText((Get-LabPath -Part 'jobs', "$id.json"), $text)
    ConvertTo-CimJob -Json (ConvertFrom-Json -InputObject $text) -Running
}

function ConvertTo-CimJob {
    <# .SYNOPSIS A job as it stands. #>
    param([object] $Json, [switch] $Running)
    $failed = $Json.errorCode -ne 0
    $state = if ($Running) { 4 } elseif ($failed) { 10 } else { 7 }
    ConvertTo-CimObject -Class 'Msvm_ConcreteJob' -Property ([ordered] @{
            InstanceID       = [string] $Json.id
            Name             = [string] $Json.method
            Caption          = [string] $Json.method
            JobState         = [uint16] $state
            PercentComplete  = [uint16] $(if ($Running) { 50 } else { 100 })
            ErrorCode        = [uint16] $(if ($Running) { 0 } else { $Json.errorCode })
            ErrorDescription = if ($failed -and -not $Running) { "'$($Json.method)' failed (error code $($Json.errorCode))." } else { '' }
        })
}

function Get-CimJob {
    <# .SYNOPSIS All jobs; each query brings those that still run nearer to their end. #>
    $folder = Get-LabPath -Part 'jobs'
    if (-not [IO.Directory]::Exists($folder)) { return }
    foreach ($path in [IO.Directory]::GetFiles($folder, '*.json')) {
        $json = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($path))
        if ($json.queries -le 0) { ConvertTo-CimJob -Json $json; continue }
        $json.queries--
        [IO.File]::WriteAllText($path, (ConvertTo-Json -InputObject $json))
        ConvertTo-CimJob -Json $json -Running
    }
}
