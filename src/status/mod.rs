//! What there is: every machine as state, config and Hyper-V know it, and where the three disagree.
