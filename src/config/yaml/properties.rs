//! What may stand before a value, or for it: tags, anchors, aliases.

use std::borrow::Cow;

use super::reader::{Reader, is_flow_indicator, is_space_or_end};
use super::tags::{decode_uri, is_tag_handle, is_tag_uri};
use super::tree::Span;
use super::{Result, Trouble};
use crate::config::describe::quote;

impl<'a> Reader<'a> {
    pub(super) fn read_tag(&mut self) -> Result<bool> {
        if self.byte() != b'!' {
            return Ok(false);
        }
        if self.tag.is_some() {
            return self.trouble("a value has one tag, and this is the second");
        }
        let tag = match self.advance() {
            b'<' => self.read_verbatim_tag()?,
            _ => self.read_short_tag()?,
        };
        self.tag = Some(tag);
        Ok(true)
    }

    fn read_verbatim_tag(&mut self) -> Result<Cow<'static, str>> {
        let start = self.position + 1;
        self.position = start;
        while !matches!(self.advance(), 0 | b'>') {}
        if self.byte() == 0 {
            return self.trouble("the tag that begins with !< has no >");
        }
        let name = self.slice(start, self.position);
        self.position += 1;
        Ok(Cow::Owned(self.tag_name(name)?))
    }

    fn read_short_tag(&mut self) -> Result<Cow<'static, str>> {
        let mut handle = "!";
        let mut named = false;
        let mut start = self.position;
        if self.byte() == b'!' {
            (handle, named) = ("!!", true);
            start = self.position + 1;
            self.position += 1;
        }
        while !is_space_or_end(self.byte()) {
            if self.byte() == b'!' {
                if named {
                    return self.trouble("a tag has no ! after its handle");
                }
                handle = self.slice(start - 1, self.position + 1);
                if !is_tag_handle(handle) {
                    return self.trouble(format!("{} is no handle for tags", quote(handle)));
                }
                named = true;
                start = self.position + 1;
            }
            self.position += 1;
        }
        let name = self.slice(start, self.position);
        if name.bytes().any(is_flow_indicator) {
            return self.trouble("a tag cannot hold any of , [ ] { }; put a blank after it");
        }
        let name = self.tag_name(name)?;
        match (self.tag_prefixes.get(handle), handle) {
            (Some(prefix), _) => Ok(Cow::Owned(format!("{prefix}{name}"))),
            (None, "!") => Ok(Cow::Owned(format!("!{name}"))),
            (None, "!!") => Ok(Cow::Owned(format!("tag:yaml.org,2002:{name}"))),
            _ => self.trouble(format!("no %TAG line declares the handle {}", quote(handle))),
        }
    }

    fn tag_name(&self, name: &str) -> Result<String> {
        if !name.is_empty() && !is_tag_uri(name) {
            return self.trouble(format!("{} cannot be the name of a tag", quote(name)));
        }
        match decode_uri(name) {
            Some(decoded) => Ok(decoded),
            None => self.trouble(format!("{} is malformed as the name of a tag", quote(name))),
        }
    }

    pub(super) fn read_anchor(&mut self) -> Result<bool> {
        if self.byte() != b'&' {
            return Ok(false);
        }
        if self.anchor.is_some() {
            return self.trouble("a value has one anchor, and this is the second");
        }
        let name = self.read_anchor_name();
        if name.is_empty() {
            return self.trouble("an anchor needs a name after &; a text that starts with & needs quotes");
        }
        self.anchor = Some(name);
        Ok(true)
    }

    pub(super) fn read_alias(&mut self) -> Result<bool> {
        if self.byte() != b'*' {
            return Ok(false);
        }
        let start = self.position;
        let name = self.read_anchor_name();
        if name.is_empty() {
            return self.trouble("an alias needs a name after *; a text that starts with * needs quotes");
        }
        let Some(node) = self.anchors.get(name).copied() else {
            let mut trouble =
                Trouble::new(start, format!("no anchor {} stands before this alias", quote(name)));
            trouble.length = self.position - start;
            return Err(trouble);
        };
        self.result = node;
        self.span = Some(Span { start, end: self.position });
        self.skip_space(true)?;
        Ok(true)
    }

    fn read_anchor_name(&mut self) -> &'a str {
        self.position += 1;
        let start = self.position;
        while !is_space_or_end(self.byte()) && !is_flow_indicator(self.byte()) {
            self.position += 1;
        }
        self.slice(start, self.position)
    }
}
