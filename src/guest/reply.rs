//! What the script in a guest answers: read strictly, since anybody in the guest can write there.

use serde::Serialize;

use crate::config::names::hash8;

/// The item in which the script says that it is there.
pub(super) const GUEST: &str = "ragnatramp.guest";
/// The item in which it answers.
pub(super) const ANSWER: &str = "ragnatramp.answer";

/// Whether the script that greets so is started by cron, and looks once a minute.
pub(super) fn looks_once_a_minute(greeting: &str) -> bool {
    greeting.split(' ').nth(4) == Some("cron")
}

/// What became of a block in its guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// What the guest did.
    pub status: ReplyStatus,
    /// The digest of the block that this is about, or `-`.
    pub digest: String,
    /// An outcome code, then warning codes.
    pub codes: Vec<String>,
    /// The same in words.
    pub text: String,
}

/// What a guest did with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplyStatus {
    /// The hosts file was written for this block.
    Synced,
    /// It held the block already.
    Unchanged,
    /// The guest will not, and another try will not help.
    Refused,
    /// The guest could not.
    Failed,
}

/// Reads `ragnatramp.answer`. `None` where it is of another version, was read while it was written, or is no answer.
pub fn reply(value: &str) -> Option<Reply> {
    let (body, check) = value.rsplit_once(" check=")?;
    if check != hash8(body.as_bytes()) {
        return None;
    }
    let mut fields = body.splitn(6, ' ');
    if fields.next()? != "v1" {
        return None;
    }
    let status = match fields.next()? {
        "synced" => ReplyStatus::Synced,
        "unchanged" => ReplyStatus::Unchanged,
        "refused" => ReplyStatus::Refused,
        "failed" => ReplyStatus::Failed,
        _ => return None,
    };
    let digest = fields.next()?.to_owned();
    let _script_version = fields.next()?;
    let codes = fields.next()?.split(',').map(str::to_owned).collect();
    let text = fields.next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    Some(Reply { status, digest, codes, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(body: &str) -> String {
        format!("{body} check={}", hash8(body.as_bytes()))
    }

    #[test]
    fn an_answer_is_read_with_all_its_fields() {
        let read = reply(&sealed("v1 refused abc 1.0.0 markers,own-name two blocks, lines 3,7")).unwrap();
        assert_eq!((read.status, read.digest.as_str()), (ReplyStatus::Refused, "abc"));
        assert_eq!(read.codes, ["markers", "own-name"]);
        assert_eq!(read.text, "two blocks, lines 3,7");
        assert_eq!(reply(&sealed("v1 synced abc 1.0.0 ok")).unwrap().text, "");
    }

    #[test]
    fn a_greeting_says_whether_cron_starts_the_script() {
        assert!(looks_once_a_minute("v1 1.0.0 debian 12 cron"));
        assert!(!looks_once_a_minute("v1 1.0.0 debian 12"));
        assert!(!looks_once_a_minute("v1 1.0.0 cron cron"));
    }

    #[test]
    fn what_is_torn_newer_or_no_answer_is_none() {
        let whole = sealed("v1 synced abc 1.0.0 ok all well");
        assert!(reply(&whole).is_some());
        for cut in 0..whole.len() {
            assert_eq!(reply(&whole[..cut]), None, "cut at {cut}");
        }
        assert_eq!(reply(&sealed("v2 synced abc 1.0.0 ok")), None);
        assert_eq!(reply(&sealed("v1 done abc 1.0.0 ok")), None);
        assert_eq!(reply(""), None);
    }
}
