# Texts that others wrote (Hyper-V, Windows, a guest), as a terminal may have them.

# What a terminal does not show as itself: controls, marks of writing direction, characters without a width, and breaks of lines. The
# library has the same list (src/terminal.rs); tests/vectors/visible-cases.json holds both to it.
$script:HiddenCharacter = [regex]::new(
    '[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060\u2066-\u2069\uFEFF]', 'CultureInvariant')

function ConvertTo-VisibleText {
    # A text on one line, with each character that a terminal does not show as itself as its escape: \u{1b}.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory, Position = 0)]
        [AllowNull()]
        [AllowEmptyString()]
        [string] $Text
    )
    # Nearly every text is one, and PowerShell compiles the script of a replacement each time it is handed over.
    if (-not $script:HiddenCharacter.IsMatch($Text)) { return $Text }
    $script:HiddenCharacter.Replace($Text, { param($found) '\u{{{0:x}}}' -f [int] $found.Value[0] })
}

function Get-ErrorText {
    # What an exception says, as a part of a sentence of the module's: on one line (Windows breaks its messages into several),
    # visible, and of at most 1,000 characters before they are escaped.
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)]
        [System.Exception] $Exception
    )
    $bound = 1000
    $text = [regex]::Replace(([string] $Exception.Message).Trim(), '[ \t\r\n]+', ' ')
    if ($text.Length -gt $bound) {
        # Not through the middle of a character that takes two.
        if ([char]::IsHighSurrogate($text[$bound - 1])) { $bound-- }
        $text = $text.Substring(0, $bound) + '...'
    }
    ConvertTo-VisibleText $text
}
