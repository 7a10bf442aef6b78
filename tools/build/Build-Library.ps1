#requires -Version 5.1

<#
.SYNOPSIS
Builds the native library on Windows as it is delivered, and prints its path.
.DESCRIPTION
The same source gives the same bytes in every folder: the paths of this machine and the time stay out of it. It needs no runtime of
Visual C++ on the computer. Prints nothing where this machine's Rust lacks the target and -IfThere says that this may be.
.PARAMETER Target
Rust's name of the target.
.PARAMETER IfThere
Where the target's standard library is not installed (rustup target add), that is no failure.
#>
[CmdletBinding()]
[OutputType([string])]
param(
    [Parameter(Mandatory)]
    [ValidateSet('x86_64-pc-windows-msvc', 'aarch64-pc-windows-msvc')]
    [string] $Target,

    [switch] $IfThere
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = [IO.Path]::GetDirectoryName([IO.Path]::GetDirectoryName($PSScriptRoot))
$folder = [string] (rustc --print target-libdir --target $Target)
if (-not $folder -or -not [IO.Directory]::Exists($folder)) {
    if ($IfThere) { return }
    throw "This machine's Rust cannot build for $Target. Run: rustup target add $Target"
}
$cargoHome = if ($env:CARGO_HOME) { $env:CARGO_HOME } else { [IO.Path]::Combine($HOME, '.cargo') }
# With a target named these words are for it alone; and they stand in place of any in a configuration of cargo.
$words = "--remap-path-prefix=$root=ragnatramp", "--remap-path-prefix=$cargoHome=cargo", '-Ctarget-feature=+crt-static', '-Clink-arg=/Brepro'
$before = $env:CARGO_ENCODED_RUSTFLAGS
$env:CARGO_ENCODED_RUSTFLAGS = $words -join [char] 0x1F
try {
    # Its progress stands on standard error, which is no failure.
    cargo build --locked --release --lib --target $Target --manifest-path ([IO.Path]::Combine($root, 'Cargo.toml'))
    if ($LASTEXITCODE -ne 0) { throw "cargo build for $Target ended with exit code $LASTEXITCODE." }
} finally {
    $env:CARGO_ENCODED_RUSTFLAGS = $before
}
$build = if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { [IO.Path]::Combine($root, 'target') }
[IO.Path]::Combine($build, $Target, 'release', 'ragnatramp.dll')
