# A Data Exchange item as CIM-XML text: what WMI gives for guest items, and what it takes as DataItems.

# What a guest keeps in 512 and 2048 bytes is UTF-16 on the way: so many characters with the NUL at the end.
$script:NameLimit = 256
$script:DataLimit = 1024

function ConvertTo-DataItemText {
    <# .SYNOPSIS The INSTANCE element, its properties in the order in which WMI writes them. Source: 0 host, 1 guest, 2 system. #>
    param([string] $Name, [string] $Data, [int] $Source)
    $text = New-Object -TypeName System.Text.StringBuilder -ArgumentList '<INSTANCE CLASSNAME="Msvm_KvpExchangeDataItem">'
    $fields = [ordered] @{ Caption = ''; Data = $Data; Description = ''; ElementName = ''; Name = $Name }
    foreach ($field in $fields.Keys) {
        $null = $text.Append("<PROPERTY NAME=`"$field`" TYPE=`"string`">")
        if ($fields[$field]) { $null = $text.Append("<VALUE>$([Security.SecurityElement]::Escape($fields[$field]))</VALUE>") }
        $null = $text.Append('</PROPERTY>')
    }
    $null = $text.Append("<PROPERTY NAME=`"Source`" TYPE=`"uint16`"><VALUE>$Source</VALUE></PROPERTY></INSTANCE>")
    $text.ToString()
}

function ConvertFrom-DataItemText {
    <# .SYNOPSIS Name, Data and Source of an INSTANCE element; nothing where the text is none. #>
    param([string] $Text)
    $document = New-Object -TypeName System.Xml.XmlDocument
    try { $document.LoadXml($Text) }
    catch [Xml.XmlException] { return }
    $root = $document.DocumentElement
    if ($root.LocalName -cne 'INSTANCE' -or $root.GetAttribute('CLASSNAME') -ne 'Msvm_KvpExchangeDataItem') { return }
    $item = @{ Name = ''; Data = ''; Source = '' }
    foreach ($property in $root.SelectNodes('PROPERTY')) {
        $name = $property.GetAttribute('NAME')
        $value = $property.SelectSingleNode('VALUE')
        if ($item.ContainsKey($name) -and $null -ne $value) { $item[$name] = $value.InnerText }
    }
    [pscustomobject] $item
}

function Test-DataItem {
    <# .SYNOPSIS Whether an item keeps to the limits of names and values. #>
    param([object] $Item)
    $null -ne $Item -and $Item.Source -eq '0' -and $Item.Name.Length -gt 0 -and
    $Item.Name.Length -lt $script:NameLimit -and $Item.Data.Length -lt $script:DataLimit
}
