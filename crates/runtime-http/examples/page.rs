//! Writes the live page and its policy to a folder, for whoever serves it by other means than the routes.
//!
//! ```sh
//! cargo run -p runtime-http --example page -- FOLDER
//! ```

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use runtime_exposition::Exposition;
use runtime_http::Page;

fn main() -> Result<(), Box<dyn Error>> {
    let folder =
        env::args_os().nth(1).map(PathBuf::from).ok_or("no folder; remedy: name one as the argument")?;
    let page = Page::of(&Exposition::builder().namespace("exp").build()?);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("page.html"), page.html())?;
    fs::write(folder.join("content-security-policy"), page.content_security_policy())?;
    Ok(())
}
