@{
    RootModule        = 'StandIn.psm1'
    ModuleVersion     = '1.0.0'
    GUID              = 'b3a9d1c0-6f0e-4c58-9d51-5d2c4a0b7e11'
    Description       = 'Runs plain Pester files where Pester cannot be had. It knows the words that the test files use, and no others.'
    PowerShellVersion = '5.1'
    FunctionsToExport = @(
        'Describe', 'Context', 'It', 'BeforeDiscovery', 'BeforeAll', 'AfterAll', 'AfterEach',
        'Should', 'Set-ItResult', 'Invoke-StandInFile'
    )
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
