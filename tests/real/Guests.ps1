# The guests: addresses and names. Without guests what needs none is tried all the same.

$script:Account = @{}
if ($Credential -ne [pscredential]::Empty) { $script:Account.Credential = $Credential }

Invoke-Step 'Invoke-RagnaReconcile -WhatIf records nothing' {
    $before = [IO.File]::ReadAllText($lab.StatePath)
    $null = Invoke-RagnaReconcile -Path $lab.Config -AllowPartial -TimeoutSeconds 1 -GuestTransport None -WhatIf
    Assert-That ([IO.File]::ReadAllText($lab.StatePath) -ceq $before) 'the state is as it was' 'changed'
}

Invoke-Step 'Invoke-RagnaReconcile goes on without machines that have no address' {
    $result = Invoke-RagnaReconcile -Path $lab.Config -AllowPartial -TimeoutSeconds 1 -GuestTransport None
    Assert-That ([bool] $result.Success) 'it succeeds' $result.Success
}

Invoke-Step 'Every guest gets an address from the Default Switch' -Needs Guest {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $result = Invoke-RagnaReconcile -Path $lab.Config -TimeoutSeconds $GuestSeconds @script:Account
    Assert-That ([bool] $result.Success) 'it succeeds' (@($result.Discovery | ForEach-Object { "$($_.MachineName): $($_.State)" }) -join '; ')
    "after $([int] $watch.Elapsed.TotalSeconds) s: " + (@($result.Discovery | ForEach-Object { "$($_.MachineName) by $($_.Network.Source)" }) -join '; ')
}

Invoke-Step 'What Data Exchange shows of the guests' -Needs Guest -Seen {
    @(Get-RagnaStatus -Path $lab.Config | ForEach-Object { "$($_.Machine): $($_.GuestTransport)" }) -join '; '
}

Invoke-Step 'The names are in the guests' -Needs Guest -Seen {
    $result = Invoke-RagnaReconcile -Path $lab.Config -TimeoutSeconds 60 @script:Account
    @($result.HostSync | ForEach-Object { "$($_.MachineName): $($_.Status) $($_.Reason)" }) -join '; '
}

Invoke-Step 'A second reconcile changes nothing' -Needs Guest {
    $result = Invoke-RagnaReconcile -Path $lab.Config -TimeoutSeconds 60 @script:Account
    $changed = @($result.Diffs | Where-Object { $_.Changed })
    Assert-That ($changed.Count -eq 0) 'no address changed' (@($changed | ForEach-Object { $_.MachineName }) -join ', ')
}

Invoke-Step 'Watch-RagnaReconcile reconciles at once and can be stopped' {
    $shell = [powershell]::Create()
    try {
        $modules = @(Get-Module -Name 'Hyper-V', 'Ragnatramp' | ForEach-Object { $_.Path.Replace('.psm1', '.psd1') })
        $null = $shell.AddScript("param(`$Modules, `$Config) Import-Module -Name `$Modules -DisableNameChecking; Watch-RagnaReconcile -Path `$Config -PollSeconds 1 -TimeoutSeconds 1 -AllowPartial -GuestTransport None"
        ).AddArgument($modules).AddArgument($lab.Config)
        $told = [Management.Automation.PSDataCollection[psobject]]::new()
        $null = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $told)
        $watch = [Diagnostics.Stopwatch]::StartNew()
        while ($told.Count -eq 0 -and $watch.Elapsed.TotalSeconds -lt 90) { Start-Sleep -Milliseconds 200 }
        $shell.Stop()
        Assert-That ($told.Count -gt 0) 'it told something within 90 s' ($shell.Streams.Error -join '; ')
    } finally {
        $shell.Dispose()
    }
}

Invoke-Step 'Hyper-V''s events are told without elevation' -Needs RealHyperV -Seen {
    $query = "SELECT * FROM __InstanceModificationEvent WITHIN 2 WHERE TargetInstance ISA 'Msvm_ComputerSystem'"
    $name = "ragnatramp-$([guid]::NewGuid())"
    try {
        $null = CimCmdlets\Register-CimIndicationEvent -Namespace root\virtualization\v2 -Query $query -SourceIdentifier $name
        'registered'
    } finally {
        Unregister-Event -SourceIdentifier $name -ErrorAction Ignore
    }
}

Invoke-Step 'A task at log-on: Register-RagnaWatch and Unregister-RagnaWatch' -Needs RealHyperV {
    try { $made = Register-RagnaWatch -Path $lab.Config -NoStart } finally { $gone = Unregister-RagnaWatch -Path $lab.Config }
    "$($made.Action), $($made.State); then $($gone.Action), $($gone.State)"
}

Invoke-Step 'A watch''s task runs, and is ended and told apart' -Needs RealHyperV -Seen {
    try {
        $made = Register-RagnaWatch -Path $lab.Config
        # Until it writes its log, by which it has a console and has looked.
        for ($second = 0; -not [IO.File]::Exists($made.LogPath) -and $second -lt 90; $second++) { Start-Sleep -Seconds 1 }
        $again = Register-RagnaWatch -Path $lab.Config
    } finally {
        $gone = Unregister-RagnaWatch -Path $lab.Config
    }
    # While the watch goes on, it holds its log.
    for ($wait = 0; (Get-OpenText -Path $made.LogPath) -ne 'readable' -and $wait -lt 30; $wait++) { Start-Sleep -Seconds 1 }
    "$($made.Action); its log after $second s; once more: $($again.Action), $($again.State); then $($gone.Action), its log $(Get-OpenText -Path $made.LogPath)"
}
