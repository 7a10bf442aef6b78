//! What a save costs.

fn main() {}
