//! The examples in TypeScript, checked and compiled once for all tests of a run: the compiler takes seconds.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use sha2::{Digest as _, Sha256};

/// The example as JavaScript: its types are checked and taken away, and nothing else is (`erasableSyntaxOnly`), as a newer
/// Node.js does. `module` is the compiler's option. The file lies in a folder that has the packages of the judges.
pub(crate) fn compiled(name: &str, module: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let judges = root.join("tests/judges");
    let source = fs::read(root.join("docs/examples").join(name)).unwrap();
    let lock = fs::read(judges.join("package-lock.json")).unwrap();
    let inputs = [source.as_slice(), module.as_bytes(), &lock, include_bytes!("typescript.rs")];
    let digest = inputs.iter().fold(Sha256::new(), |digest, input| digest.chain_update(input)).finalize();
    let key: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let compiled = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("example-{key}"));
    let script = compiled.join(name).with_extension("js");
    if script.exists() {
        return script;
    }
    let kind = if module == "commonjs" { module } else { "module" };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    fs::write(folder.path().join(name), source).unwrap();
    fs::write(folder.path().join("package.json"), format!(r#"{{"type":"{kind}"}}"#)).unwrap();
    symlink(judges.join("node_modules"), folder.path().join("node_modules")).unwrap();
    let mut compiler = Command::new("node");
    compiler.arg(judges.join("node_modules/typescript/bin/tsc")).arg(name).current_dir(folder.path());
    compiler.args(["--strict", "--noUnusedLocals", "--erasableSyntaxOnly", "--target", "es2022", "--types", "node"]);
    let output =
        compiler.args(["--skipLibCheck", "--module", module]).output().expect("node runs: tests/run installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    // Another test that was faster has stored the same.
    if fs::rename(folder.path(), &compiled).is_err() {
        assert!(script.exists(), "the compiled example cannot be stored");
    }
    script
}
