//! The disc that brings the guest's files into a guest: an image that every system mounts, and a seed for cloud-init.

mod tree;
mod record;
mod image;
mod cloud_init;

pub use cloud_init::{CloudInit, cloud_init};
pub use image::{image, image_of};
pub use tree::File;
