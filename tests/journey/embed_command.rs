//! `gangway embed`: a typed copy of the script, which npm packs and TypeScript compiles.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;

const FILES: [&str; 5] = ["v1.js", "v1.d.ts", "frame-v1.js", "frame-v1.d.ts", "package.json"];

fn gangway(place: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gangway"));
    command.env_clear().current_dir(place).args(arguments).output().unwrap()
}

/// What a program printed, if it went well.
fn printed(output: &Output) -> String {
    let (printed, complaints) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{printed}\n{complaints}");
    printed.into_owned()
}

fn judges() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges")
}

#[test]
fn copy_is_packed_and_compiled() {
    let place = tempfile::tempdir().unwrap();
    let said = printed(&gangway(place.path(), &["embed", "web/node_modules/gangway-embed"]));
    let folder = place.path().join("web/node_modules/gangway-embed");
    for file in FILES {
        assert!(said.contains(&format!("web/node_modules/gangway-embed/{file}\n")), "{said}");
    }
    assert!(said.contains("import { connect } from \"gangway-embed\";"), "{said}");
    assert!(fs::read_to_string(folder.join("v1.js")).unwrap().contains("// "), "a copy is for readers");

    let mut npm = Command::new("npm");
    npm.args(["pack", "--json", "--dry-run", "--offline"]).current_dir(&folder).env("npm_config_cache", place.path());
    let packed: Value = serde_json::from_str(&printed(&npm.output().unwrap())).unwrap();
    assert_eq!(packed[0]["version"], env!("CARGO_PKG_VERSION"));
    let mut names: Vec<&str> =
        packed[0]["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["frame-v1.d.ts", "frame-v1.js", "package.json", "v1.d.ts", "v1.js"]);

    let code = place.path().join("web/host.ts");
    fs::copy(judges().join("embed.ts"), &code).unwrap();
    for (module, resolution) in [("esnext", "bundler"), ("nodenext", "nodenext")] {
        let mut compiler = Command::new("node");
        compiler.arg(judges().join("node_modules/typescript/bin/tsc")).arg(&code).args(["--strict", "--noEmit"]);
        compiler.args(["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"]);
        compiler.args(["--target", "es2022", "--lib", "es2022,dom,dom.iterable"]);
        compiler.args(["--module", module, "--moduleResolution", resolution]);
        fs::write(place.path().join("web/package.json"), r#"{ "type": "module" }"#).unwrap();
        printed(&compiler.output().unwrap());
    }
}

#[test]
fn earlier_copy_is_replaced() {
    let place = tempfile::tempdir().unwrap();
    printed(&gangway(place.path(), &["embed", "copy"]));
    let file = place.path().join("copy/v1.js");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, "// of an older version").unwrap();
    printed(&gangway(place.path(), &["embed", "copy"]));
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn files_of_others_stay() {
    for (name, text) in [("package.json", r#"{ "name": "acme" }"#), ("package.json", "no JSON"), ("v1.js", "acme()")] {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join(name), text).unwrap();
        let output = gangway(place.path(), &["embed", "."]);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        let expected = format!("./{name} is there already and stays as it is; name another folder\n");
        assert_eq!(complaint, expected);
        assert_eq!(fs::read_to_string(place.path().join(name)).unwrap(), text);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is written");
    }
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("file"), "").unwrap();
    let output = gangway(place.path(), &["embed", "file/below"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("file/below cannot be made"), "{output:?}");
}
