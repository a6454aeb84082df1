use super::*;

fn wrong(text: &str) -> String {
    Recipe::parse(text).unwrap_err().to_string()
}

fn steps(text: &str) -> Vec<Action> {
    let recipe = Recipe::parse(text).unwrap();
    recipe.stages.into_iter().flat_map(|stage| stage.steps).map(|step| step.action).collect()
}

fn shell(script: &str) -> Action {
    Action::Run(["/bin/sh", "-c", script].map(str::to_owned).to_vec())
}

#[test]
fn every_instruction_that_is_supported() {
    let text = "# a comment\nFROM a:1 AS build\nCOPY a b/ /c/\nCOPY --from=build /x /y\nRUN echo one && \\\n  \
                # between\n  echo two\nRUN [\"echo\", \"a b\"]\nENV A=1 B=\"two words\" \\\n  C=$A\nUSER 1000:1000\n\
                WORKDIR /work\n";
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        steps(text),
        [
            Action::Copy { from: None, sources: words(&["a", "b/"]), target: "/c/".into() },
            Action::Copy { from: Some("build".into()), sources: words(&["/x"]), target: "/y".into() },
            shell("echo one &&   echo two"),
            Action::Run(words(&["echo", "a b"])),
            Action::Env(vec![pair("A", "1"), pair("B", "two words"), pair("C", "$A")]),
            Action::User("1000:1000".into()),
            Action::Workdir("/work".into()),
        ]
    );
}

#[test]
fn what_is_not_supported_is_named_with_its_line() {
    let begin = "FROM a\n";
    for (rest, line, words) in [
        ("ARG X=1\n", 2, "line 2, ARG X=1: ARG is not supported"),
        ("\nADD a b\n", 3, "ADD is not supported"),
        ("CMD [\"x\"]\n", 2, "environment.toml"),
        ("ENTRYPOINT x\n", 2, "environment.toml"),
        ("EXPOSE 80\n", 2, "not supported"),
        ("RUN --mount=type=cache,target=/x true\n", 2, "--mount is not supported"),
        ("RUN <<EOF\ntrue\nEOF\n", 2, "here-documents"),
        ("COPY --chown=1 a b\n", 2, "--chown is not supported"),
        ("COPY *.txt /\n", 2, "patterns are not supported"),
        ("ENV A 1\n", 2, "NAME=value"),
        ("ENV 1A=1\n", 2, "no name of a variable"),
        ("ENV A='1\n", 2, "quote"),
        ("HELLO\n", 2, "line 2"),
    ] {
        let said = wrong(&format!("{begin}{rest}"));
        assert!(said.contains(words) && said.starts_with(&format!("line {line}, ")), "{rest:?}: {said}");
    }
    assert!(wrong("FROM $X\n").contains("variables"));
    assert!(wrong("FROM --platform=linux/arm64 a\n").contains("--platform"));
    assert!(wrong("RUN true\n").starts_with("line 1, RUN true"), "{}", wrong("RUN true\n"));
    assert!(wrong("").starts_with("line "));
}

#[test]
fn bases_are_what_no_stage_makes() {
    let text = "FROM a:1 AS build\nfrom build as more\nFROM scratch\nCOPY --from=build / /\nCOPY --from=c /x /\n\
                COPY --from=1 /x /\nFROM b\nFROM a:1\n";
    assert_eq!(Recipe::parse(text).unwrap().bases(), ["a:1", "c", "b"]);
}

#[test]
fn long_instructions_are_shown_in_short() {
    let text = format!("FROM a\nRUN echo {}\nRUN true \\\n  && false\n", "x".repeat(500));
    let recipe = Recipe::parse(&text).unwrap();
    let shown: Vec<_> = recipe.stages[0].steps.iter().map(|step| step.place.text.as_str()).collect();
    assert!(shown[0].ends_with('…') && shown[0].len() < 120);
    assert_eq!(shown[1], "RUN true && false");
}
