# Should -Throw: runs a script block and looks at the error that ended it.

$script:Operators['Throw'] = {
    param($Actual, $Asked)
    if ($Actual -isnot [scriptblock]) { throw 'Should -Throw takes a script block.' }
    $thrown = $null
    try { do { $null = & $Actual } until ($true) }
    catch { $thrown = $_ }
    $wishes = New-Object -TypeName System.Collections.ArrayList
    $null = $wishes.Add('an error')
    $ok = $null -ne $thrown
    # -Not -Throw: no error at all, whatever else is asked.
    if ($Asked.Not) { $Asked.Expected = $Asked.ErrorId = $Asked.ExceptionType = $null }
    if ($null -ne $Asked.Expected) {
        $null = $wishes.Add("whose message is like '$($Asked.Expected)'")
        $ok = $ok -and $thrown.Exception.Message -like $Asked.Expected
    }
    if ($Asked.ErrorId) {
        $null = $wishes.Add("with the id '$($Asked.ErrorId)'")
        $ok = $ok -and $thrown.FullyQualifiedErrorId -like $Asked.ErrorId
    }
    if ($Asked.ExceptionType) {
        $null = $wishes.Add("of the type [$($Asked.ExceptionType.FullName)]")
        $ok = $ok -and $thrown.Exception -is $Asked.ExceptionType
    }
    $got = if ($null -eq $thrown) { 'none' }
    else { "$($thrown.Exception.GetType().Name) '$($thrown.Exception.Message)' ($($thrown.FullyQualifiedErrorId))" }
    $verdict = Get-Verdict -Ok $ok -Wish ($wishes -join ' ')
    Add-Member -InputObject $verdict -NotePropertyName 'Got' -NotePropertyValue $got
    Add-Member -InputObject $verdict -NotePropertyName 'Thrown' -NotePropertyValue $thrown
    $verdict
}
