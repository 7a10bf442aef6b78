# The script blocks in which test code runs. They are made outside of the module, so that test code sees the session it
# was written in and not the module's insides. Each holds one scope open while the module goes on inside of it: what
# BeforeAll sets is seen by the block's tests and gone after them. Their own few names are odd so as to stay out of the way.
# The loops that run once catch a stray break or continue.
[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidAssignmentToAutomaticVariable', '',
    Justification = 'Tests find their -ForEach element in $_.')]
param()

@{
    File  = {
        param($______step)
        do { . $______step.Path } until ($true)
    }

    Body  = {
        param($______step)
        foreach ($______pair in $______step.Variables.GetEnumerator()) { Set-Variable -Name $______pair.Key -Value $______pair.Value }
        if ($______step.HasItem) { $_ = $______step.Item }
        do { $null = . $______step.Body } until ($true)
    }

    Block = {
        param($______step)
        foreach ($______pair in $______step.Variables.GetEnumerator()) { Set-Variable -Name $______pair.Key -Value $______pair.Value }
        if ($______step.HasItem) { $_ = $______step.Item }
        $______step.Name = $ExecutionContext.InvokeCommand.ExpandString($______step.Template)
        try { do { foreach ($______part in $______step.BeforeAll) { $null = . $______part } } until ($true) }
        catch { $______step.SetupError = $_ }
        & $______step.Inside $______step
        try { do { foreach ($______part in $______step.AfterAll) { $null = . $______part } } until ($true) }
        catch { $______step.TeardownError = $_ }
    }

    Test  = {
        param($______step)
        foreach ($______pair in $______step.Variables.GetEnumerator()) { Set-Variable -Name $______pair.Key -Value $______pair.Value }
        if ($______step.HasItem) { $_ = $______step.Item }
        try {
            $______step.Name = $ExecutionContext.InvokeCommand.ExpandString($______step.Template)
            do { $null = . $______step.Body } until ($true)
        }
        catch { $______step.Error = $_ }
        foreach ($______part in $______step.AfterEach) {
            try { do { $null = . $______part } until ($true) }
            catch { if ($null -eq $______step.Error) { $______step.Error = $_ } }
        }
    }
}
