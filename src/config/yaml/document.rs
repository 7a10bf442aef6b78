//! Documents: the byte order mark, directives, markers between documents.

use std::borrow::Cow;

use super::reader::{Reader, is_blank, is_break, is_break_or_end, is_space_or_end};
use super::tags::{decode_uri, is_tag_handle, is_tag_uri};
use super::tree::{Mention, Tree};
use super::{Context, Result, Trouble};
use crate::config::describe::quote;

/// What aliases, merge keys and tags may copy beyond the size of the text, in bytes and entries.
const COPY_ALLOWANCE: usize = 1_000_000;

/// Reads the one document of `text`.
pub(super) fn read(text: &str) -> Result<(Tree, Mention)> {
    if let Some(at) = text.find('\0') {
        return Err(Trouble::new(at, "a NUL character is not allowed"));
    }
    let mut text = Cow::Borrowed(text);
    if !text.is_empty() && !text.ends_with(['\n', '\r']) {
        text.to_mut().push('\n');
    }
    let mut reader = Reader::new(&text, COPY_ALLOWANCE + 2 * text.len());
    if text.starts_with('\u{feff}') {
        reader.position = '\u{feff}'.len_utf8();
        reader.line_start = reader.position;
    }
    while reader.byte() == b' ' {
        reader.line_indent += 1;
        reader.position += 1;
    }
    let mut root = None;
    let mut second = None;
    while reader.position + 1 < text.len() {
        let start = reader.position;
        let read = reader.read_document()?;
        match root {
            None => root = Some(read),
            Some(_) => second = second.or(Some(start)),
        }
    }
    match second {
        Some(at) => Err(Trouble::new(at, "a second document begins here, and a config is one document")),
        None => Ok((reader.tree, root.unwrap_or(Mention { node: Tree::NULL, span: None }))),
    }
}

impl<'a> Reader<'a> {
    fn read_document(&mut self) -> Result<Mention> {
        self.anchors.clear();
        self.tag_prefixes.clear();
        self.yaml_directive_seen = false;
        let directives = self.read_directives()?;
        self.skip_space(true)?;

        let marker = (self.byte(), self.at(self.position + 1), self.at(self.position + 2));
        if self.line_indent == 0 && marker == (b'-', b'-', b'-') {
            self.position += 3;
            self.skip_space(true)?;
        } else if directives {
            return self.trouble("directives must be followed by a line of ---");
        }

        self.deeper(self.line_indent - 1, Context::BlockOut, false, true)?;
        let root = Mention { node: self.result, span: self.span };
        self.skip_space(true)?;

        if self.position == self.line_start && self.at_document_separator() {
            if self.byte() == b'.' {
                self.position += 3;
                self.skip_space(true)?;
            }
        } else if self.position + 1 < self.text.len() {
            return self.misplaced("the document ends before this; it stands outside of what was begun");
        }
        Ok(root)
    }

    fn read_directives(&mut self) -> Result<bool> {
        let mut any = false;
        while self.byte() != 0 {
            self.skip_space(true)?;
            if self.line_indent > 0 || self.byte() != b'%' {
                break;
            }
            any = true;
            let start = self.position;
            self.read_directive().map_err(|trouble| Trouble { at: start, ..trouble })?;
        }
        Ok(any)
    }

    fn read_directive(&mut self) -> Result<()> {
        self.position += 1;
        let name = self.read_word();
        if name.is_empty() {
            return self.trouble("a directive needs a name after %; a value that starts with % needs quotes");
        }
        let mut arguments = Vec::new();
        while self.byte() != 0 {
            while is_blank(self.byte()) {
                self.position += 1;
            }
            if self.byte() == b'#' {
                while !is_break_or_end(self.byte()) {
                    self.position += 1;
                }
                break;
            }
            if is_break(self.byte()) {
                break;
            }
            arguments.push(self.read_word());
        }
        if self.byte() != 0 {
            self.read_line_break()?;
        }
        match name {
            "YAML" => self.yaml_directive(&arguments),
            "TAG" => self.tag_directive(&arguments),
            _ => Ok(()),
        }
    }

    fn read_word(&mut self) -> &'a str {
        let start = self.position;
        while !is_space_or_end(self.byte()) {
            self.position += 1;
        }
        self.slice(start, self.position)
    }

    fn yaml_directive(&mut self, arguments: &[&str]) -> Result<()> {
        if self.yaml_directive_seen {
            return self.trouble("%YAML stands here twice");
        }
        let [version] = arguments else {
            return self.trouble("%YAML takes one version, as in %YAML 1.2");
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match version.split_once('.') {
            Some((major, minor)) if digits(major) && digits(minor) => {
                if major.trim_start_matches('0') != "1" {
                    return self.trouble(format!(
                        "YAML {} is not known; use %YAML 1.2 or no such line",
                        quote(version)
                    ));
                }
            }
            _ => return self.trouble("%YAML takes a version such as 1.2"),
        }
        self.yaml_directive_seen = true;
        Ok(())
    }

    fn tag_directive(&mut self, arguments: &[&'a str]) -> Result<()> {
        let [handle, prefix] = *arguments else {
            return self.trouble("%TAG takes a handle and a prefix");
        };
        if !is_tag_handle(handle) {
            return self.trouble(format!("{} is no handle for tags; use one such as !e!", quote(handle)));
        }
        if self.tag_prefixes.contains_key(handle) {
            return self.trouble(format!("the handle {} has been declared before", quote(handle)));
        }
        let Some(prefix) = Some(prefix).filter(|prefix| is_tag_uri(prefix)).and_then(decode_uri) else {
            return self.trouble(format!("{} is no prefix for tags", quote(prefix)));
        };
        self.tag_prefixes.insert(handle, prefix);
        Ok(())
    }
}
