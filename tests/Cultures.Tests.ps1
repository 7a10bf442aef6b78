# Whatever culture the session has, the cmdlets find and say the same: names are compared by their characters, and numbers and
# times are written for programs.

BeforeDiscovery {
    $cultures = 'en-US', 'tr-TR', 'de-DE', 'ja-JP', 'ar-SA', 'th-TH' | ForEach-Object { @{ Culture = $_ } }
}

BeforeAll {
    . "$PSScriptRoot/session/Start-TestSession.ps1"
    # Turkish and Azeri have an i of their own: in lower case these names are others there.
    $lab = New-Lab -Machine @(
        @{ name = 'FILE-I' }, @{ name = 'iis'; network = Get-KnownNetwork -Ipv4 '172.20.9.9' -Mac '00:15:5D:00:00:0B' }
        @{ name = 'LINUX-I'; Os = 'linux' }, @{ name = 'PAUSED-I'; State = 'Paused' }
    )
    $faulty = New-TestFolder -Name 'faulty'
    $faultyConfig = [IO.Path]::Combine($faulty, 'ragnatramp.yaml')
    [IO.File]::WriteAllText($faultyConfig, "project: {name: lab}`nmachines:`n  - {name: IIS, base_image: b.vhdx, cpu: 0.5}`n  - {name: iis, base_image: b.vhdx}`n")

    function Get-Outcome {
        # What each cmdlet gives and says, as JSON without what differs from run to run.
        param([string] $Culture)
        $thread = [System.Threading.Thread]::CurrentThread
        $before = $thread.CurrentCulture, $thread.CurrentUICulture
        try {
            $thread.CurrentCulture = $thread.CurrentUICulture = [cultureinfo] $Culture
            $credential = Get-LabCredential
            $seen = @(
                Watch-Run { Invoke-RagnaReconcile -Path $lab.Config -TimeoutSeconds 0 -Credential $credential -WhatIf }
                Watch-Run { Get-RagnaStatus -Path $lab.Config -Machine 'file-i', 'IIS', 'l?nux-i' }
                Watch-Run { Test-RagnaConfig -Path $faultyConfig }
                Watch-Run { Repair-RagnaState -Path $lab.Config -WhatIf }
            )
        } finally {
            $thread.CurrentCulture, $thread.CurrentUICulture = $before
        }
        $outcome = foreach ($one in $seen) {
            @{
                Output   = $one.Output
                Warnings = @($one.Warnings | ForEach-Object { "$_" })
                Errors   = @($one.Errors | ForEach-Object { "$($_.FullyQualifiedErrorId) $($_.ErrorDetails)" })
            }
        }
        [regex]::Replace((ConvertTo-Json -InputObject @($outcome) -Depth 8), '"(DiscoveredAt|SavedAt)": "[^"]+"', '"$1": "a time"')
    }
    $expected = Get-Outcome -Culture ''
}

Describe 'In the culture <Culture>' -ForEach $cultures {
    It 'the cmdlets give the same as in none' {
        Get-Outcome -Culture $Culture | Should -BeExactly $expected
    }
}

Describe 'What is compared' {
    It 'is a reconcile that plans, rows of the machines that were asked for, and a config with faults' {
        $parts = $expected | ConvertFrom-Json
        $parts[0].Output[0].Summary.Discovered | Should -Be 3
        @($parts[1].Output | ForEach-Object { $_.Machine }) | Should -Be @('FILE-I', 'iis', 'LINUX-I')
        @($parts[2].Output[0].Faults).Count | Should -Be 2
        $parts[2].Errors[0] | Should -BeLike 'CONFIG_VALIDATION_FAILED,Test-RagnaConfig*'
    }
}
