//! Prints who this process is; the same from every thread, and another in a child.
//!
//! `cargo run -p runtime-identity --example identity`

use std::env;
use std::io;
use std::process::Command;
use std::thread;

use runtime_identity::ProcessIdentity;

const CHILD: &str = "child";

fn main() -> io::Result<()> {
    let identity = ProcessIdentity::current();
    println!(
        "process {} on {:?}, instance {}",
        identity.process_id(),
        identity.hostname(),
        identity.instance_id()
    );
    if env::args().nth(1).as_deref() == Some(CHILD) {
        return Ok(());
    }

    let elsewhere = thread::spawn(ProcessIdentity::current)
        .join()
        .map_err(|_| io::Error::other("the thread panicked"))?;
    assert_eq!(identity, elsewhere);

    let child = Command::new(env::current_exe()?).arg(CHILD).output()?;
    let said = String::from_utf8_lossy(&child.stdout);
    print!("a child: {said}");
    assert!(said.starts_with("process ") && !said.contains(&identity.instance_id().to_string()));
    Ok(())
}
