//! Rows of tables and questions in SQL, computed by the real worker.

use anyhow::Context;
use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::ipc::reader::StreamReader;
use atelier_api::calls;
use atelier_api::dataset::CreateDataset;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_api::table::{ColumnKind, Condition, Rows, RowsOf, RunQuery, Test};
use atelier_tests::Depot;
use atelier_tests::{Answer, Client, Database, eventually, on_both_databases};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

on_both_databases!(
    a_csv_file_has_columns_with_types_and_rows_in_its_order,
    a_question_joins_datasets_at_the_versions_that_it_names,
    what_one_may_not_read_is_not_there_for_questions_either,
);

const CSV: &str =
    "id;name;paid;since\n1;Ada;2.5;2024-01-02\n2;\"Hopper; Grace\";;2024-02-03\n3;Bob;40;2024-03-04\n";

async fn rows(depot: &Depot, client: &Client, version: &str, of: &RowsOf) -> Answer<Rows> {
    let (o, p, d) = depot.place();
    client.send(calls::dataset_rows(o, p, d, version, of)).await
}

fn of(path: &str) -> RowsOf {
    RowsOf { path: path.to_owned(), ..RowsOf::default() }
}

async fn ask(depot: &Depot, client: &Client, sql: &str) -> Answer<Rows> {
    let (o, p, _) = depot.place();
    client.send(calls::query_run(o, p, &RunQuery { sql: sql.to_owned(), limit: None })).await
}

fn texts(rows: &Rows) -> Vec<Vec<&str>> {
    rows.rows.iter().map(|row| row.iter().map(|cell| cell.as_deref().unwrap_or("–")).collect()).collect()
}

/// Ten thousand rows in groups of a thousand: a number, its square, a word.
fn parquet() -> anyhow::Result<Vec<u8>> {
    let numbers = 0..10_000_i64;
    let columns: [(&str, ArrayRef); 3] = [
        ("n", Arc::new(numbers.clone().collect::<Int64Array>())),
        ("square", Arc::new(numbers.clone().map(|n| (n * n) as f64).collect::<Float64Array>())),
        (
            "word",
            Arc::new(numbers.map(|n| (n % 7 > 0).then(|| format!("w{}", n % 7))).collect::<StringArray>()),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns)?;
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(1000)).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?)
}

async fn a_csv_file_has_columns_with_types_and_rows_in_its_order(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("people.csv", CSV.as_bytes())]).await;

    let all = rows(&depot, client, "1", &of("people.csv")).await.good();
    let columns: Vec<_> = all.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
    let (number, text, time) = (ColumnKind::Number, ColumnKind::Text, ColumnKind::Time);
    assert_eq!(columns, [("id", number), ("name", text), ("paid", number), ("since", time)]);
    let expected = [
        ["1", "Ada", "2.5", "2024-01-02"],
        ["2", "Hopper; Grace", "–", "2024-02-03"],
        ["3", "Bob", "40.0", "2024-03-04"],
    ];
    assert_eq!(texts(&all), expected);
    assert!(!all.more);

    let one = RowsOf { offset: 1, limit: Some(1), ..of("people.csv") };
    let one = rows(&depot, client, "latest", &one).await.good();
    assert_eq!((texts(&one).concat(), one.more), (expected[1].to_vec(), true));

    let sorted = RowsOf { order: Some("paid".to_owned()), descending: true, ..of("people.csv") };
    let sorted = rows(&depot, client, "1", &sorted).await.good();
    assert_eq!(texts(&sorted), [expected[2], expected[0], expected[1]], "what is missing comes last");

    for (column, test, value, found) in [
        ("paid", Test::AtLeast, "2.5", vec!["1", "3"]),
        ("paid", Test::Missing, "", vec!["2"]),
        ("name", Test::Contains, "GRACE", vec!["2"]),
        ("name", Test::Differs, "Ada", vec!["2", "3"]),
        ("since", Test::Less, "2024-02-03", vec!["1"]),
        ("name", Test::Equals, "' OR 1=1 --", vec![]),
    ] {
        let conditions = [Condition { column: column.to_owned(), test, value: value.to_owned() }];
        let conditions = Some(serde_json::to_string(&conditions)?);
        let met = rows(&depot, client, "1", &RowsOf { conditions, ..of("people.csv") }).await.good();
        let ids: Vec<_> = texts(&met).into_iter().map(|row| row[0]).collect();
        assert_eq!(ids, found, "{column} {test:?} {value}");
    }
    let wrong = [Condition { column: "paid".to_owned(), test: Test::More, value: "much".to_owned() }];
    let wrong = RowsOf { conditions: Some(serde_json::to_string(&wrong)?), ..of("people.csv") };
    rows(&depot, client, "1", &wrong).await.refused(422, "wrong-query");
    let wrong = RowsOf { order: Some("absent".to_owned()), ..of("people.csv") };
    rows(&depot, client, "1", &wrong).await.refused(422, "wrong-query");
    rows(&depot, client, "1", &of("absent.csv")).await.refused(404, "not-found");
    let far = RowsOf { offset: 1 << 40, ..of("people.csv") };
    assert!(rows(&depot, client, "1", &far).await.good().rows.is_empty());
    let beyond = RowsOf { offset: u64::MAX, ..of("people.csv") };
    rows(&depot, client, "1", &beyond).await.refused(422, "invalid");
    Ok(())
}

async fn a_question_joins_datasets_at_the_versions_that_it_names(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let owner = depot.owner.clone();
    let client = &owner.client;
    depot.version(client, &[("people.csv", CSV.as_bytes())]).await;
    depot.version(client, &[("people.csv", b"id,name\n7,Late\n")]).await;
    let p = depot.project.slug.clone();
    let new = CreateDataset { name: "Numbers".to_owned(), description: String::new(), labels: Vec::new() };
    let numbers = client.send(calls::dataset_create("acme", &p, &new)).await.good_with(201);
    let other = Depot { dataset: numbers, ..depot };
    other.version(client, &[("n.parquet", &parquet()?), ("more.jsonl", b"{\"n\":5,\"x\":\"five\"}\n")]).await;

    let sql = "SELECT name, square FROM events@v1 JOIN \"numbers/n.parquet\" ON n = id ORDER BY id DESC";
    let found = ask(&other, client, sql).await.good();
    assert_eq!(texts(&found), [["Bob", "9.0"], ["Hopper; Grace", "4.0"], ["Ada", "1.0"]]);
    assert_eq!(texts(&ask(&other, client, "SELECT name FROM events").await.good()), [["Late"]]);
    let word =
        "SELECT word, count(*) AS n FROM \"numbers/n.parquet\" GROUP BY word ORDER BY n DESC, word LIMIT 2";
    assert_eq!(texts(&ask(&other, client, word).await.good()), [["w1", "1429"], ["w2", "1429"]]);
    assert_eq!(
        texts(&ask(&other, client, "SELECT x FROM \"numbers@latest/more.jsonl\"").await.good()),
        [["five"]]
    );

    let several = ask(&other, client, "SELECT * FROM numbers").await.refused(422, "no-table");
    assert!(several.detail.contains("numbers/more.jsonl"), "{}", several.detail);
    let wrong = ask(&other, client, "SELECT title FROM events@v1").await.refused(422, "wrong-query");
    assert!(wrong.detail.contains("name"), "it tells what there is: {}", wrong.detail);
    ask(&other, client, "GET 1").await.refused(422, "wrong-query");
    Ok(())
}

async fn what_one_may_not_read_is_not_there_for_questions_either(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    depot.version(&depot.owner.client, &[("people.csv", CSV.as_bytes())]).await;
    let stranger = depot.world.acme.person(OrganizationRole::Member).await;
    let elsewhere = depot.world.acme.project(&stranger, "Elsewhere").await;
    let client = &depot.scientist.client;
    let there = |sql: &'static str| ask(&depot, client, sql);
    assert_eq!(texts(&there("SELECT count(*) FROM events").await.good()), [["3"]]);
    let absent = |name: &str| format!("There is no table “{name}”, or you may not read it.");
    for name in ["nothing", "events@v2", "events@production", "events/absent.csv"] {
        let told = ask(&depot, client, &format!("SELECT * FROM \"{name}\"")).await.refused(422, "no-table");
        assert_eq!(told.detail, absent(name));
    }
    // From another project, to whose people it is as if it was not there.
    let body = RunQuery { sql: "SELECT * FROM events".to_owned(), limit: None };
    let told = stranger.client.send(calls::query_run("acme", &elsewhere.slug, &body)).await;
    assert_eq!(told.refused(422, "no-table").detail, absent("events"));
    stranger
        .client
        .send(calls::query_run("acme", &depot.project.slug, &body))
        .await
        .refused(404, "not-found");
    for role in [ProjectRole::Client, ProjectRole::Consumer] {
        let other = depot.world.acme.member(&depot.project, role).await;
        ask(&depot, &other.client, "SELECT * FROM events").await.refused(403, "forbidden");
    }
    let (o, p, d) = depot.place();
    depot.owner.client.send(calls::dataset_delete(o, p, d)).await.good();
    let told = there("SELECT * FROM events").await.refused(422, "no-table");
    assert_eq!(told.detail, absent("events"));
    Ok(())
}

#[tokio::test]
async fn pages_of_a_parquet_file_are_where_they_should_be() -> anyhow::Result<()> {
    let depot = Depot::new(Database::Sqlite).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("all/1.parquet", &parquet()?), ("all/2.parquet", &parquet()?)]).await;
    for (offset, limit, first, count) in [
        (0, 3, 0, 3),
        (999, 2, 999, 2),
        (9_998, 4, 9_998, 4),
        (15_000, 1000, 5_000, 1000),
        (19_999, 5, 9_999, 1),
        (20_000, 5, 0, 0),
    ] {
        let page =
            rows(&depot, client, "1", &RowsOf { offset, limit: Some(limit), ..of("all") }).await.good();
        assert_eq!(page.total, Some(20_000));
        assert_eq!(page.rows.len(), count, "from {offset}");
        assert_eq!(page.more, offset + (count as u64) < 20_000, "from {offset}");
        for (index, row) in texts(&page).into_iter().enumerate() {
            assert_eq!(row[0], ((first + index) % 10_000).to_string());
        }
    }
    Ok(())
}

#[tokio::test]
async fn all_rows_come_as_a_stream_of_arrow() -> anyhow::Result<()> {
    let depot = Depot::new(Database::Sqlite).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("n.parquet", &parquet()?)]).await;
    let (o, p, _) = depot.place();
    let body = serde_json::to_string(&RunQuery {
        sql: "SELECT n, word FROM events WHERE n >= 10".to_owned(),
        limit: None,
    })?;
    let request = client.request("POST", &calls::query_stream_path(o, p));
    let answer: Answer = client.run(request.header("content-type", "application/json").body(body)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let batches = StreamReader::try_new(Cursor::new(&answer.body), None)?.collect::<Result<Vec<_>, _>>()?;
    assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 9_990);
    Ok(())
}

#[tokio::test]
async fn a_broken_file_says_what_is_wrong_in_which_line() -> anyhow::Result<()> {
    let depot = Depot::new(Database::Sqlite).await?;
    let client = &depot.owner.client;
    let ragged = "a,b\n1,2\n3,4,5\n";
    let files: [(&str, &[u8]); 6] = [
        ("ragged.csv", ragged.as_bytes()),
        ("latin.csv", b"a,b\n1,x\n2,\xe9t\xe9\n"),
        ("no.parquet", b"PAR1 this is not one PAR1"),
        ("empty.csv", b""),
        ("broken.jsonl", b"{\"a\":1}\n{\"a\":\n"),
        ("picture.png", b"\x89PNG"),
    ];
    depot.version(client, &files).await;
    for (path, code, words) in [
        ("ragged.csv", "broken-file", "line 3"),
        ("latin.csv", "broken-file", "Line 3"),
        ("no.parquet", "broken-file", ""),
        ("empty.csv", "broken-file", "empty"),
        ("broken.jsonl", "broken-file", ""),
        ("picture.png", "no-table", "picture.png"),
    ] {
        let told = rows(&depot, client, "1", &of(path)).await.refused(422, code);
        assert!(told.detail.contains(words), "{path}: {}", told.detail);
    }
    Ok(())
}

#[tokio::test]
async fn t11_a_question_reaches_nothing_but_the_tables_that_it_names() -> anyhow::Result<()> {
    let depot = Depot::new(Database::Sqlite).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("people.csv", CSV.as_bytes())]).await;
    for (sql, code) in [
        ("SELECT * FROM '/etc/passwd'", "no-table"),
        ("SELECT * FROM \"/etc/passwd\"", "no-table"),
        ("SELECT * FROM \"file:///etc/passwd\"", "no-table"),
        ("SELECT * FROM \"https://example.org/x.csv\"", "no-table"),
        ("SELECT * FROM \"../../etc/passwd\"", "no-table"),
        ("SELECT * FROM read_csv('/etc/passwd')", "no-table"),
        ("SELECT * FROM read_parquet('s3://bucket/x')", "no-table"),
        ("SELECT * FROM information_schema.tables", "wrong-query"),
        ("SELECT pg_read_file('/etc/passwd')", "wrong-query"),
        ("SELECT version()", "wrong-query"),
        ("SELECT input_file_name() FROM events", "wrong-query"),
        ("COPY events TO '/tmp/x.csv'", "wrong-query"),
        ("COPY events TO PROGRAM 'id'", "wrong-query"),
        ("CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'", "wrong-query"),
        ("CREATE TABLE t AS SELECT 1", "wrong-query"),
        ("INSERT INTO events VALUES (1)", "wrong-query"),
        ("DROP TABLE events", "wrong-query"),
        ("ATTACH 'x.db' AS y", "wrong-query"),
        ("LOAD httpfs", "wrong-query"),
        ("SET datafusion.execution.batch_size = 1", "wrong-query"),
        ("EXPLAIN SELECT * FROM events", "wrong-query"),
        ("DESCRIBE events", "wrong-query"),
        ("SHOW TABLES", "wrong-query"),
        ("SELECT 1; SELECT 2", "wrong-query"),
        ("PREPARE p AS SELECT 1", "wrong-query"),
    ] {
        ask(&depot, client, sql).await.refused(422, code);
    }
    assert_eq!(texts(&ask(&depot, client, "SELECT count(*) FROM events").await.good()), [["3"]]);
    Ok(())
}

/// The workers of a server: its children of that name.
fn workers(server: u32) -> anyhow::Result<Vec<u32>> {
    let children = std::fs::read_dir(format!("/proc/{server}/task"))?.flatten().flat_map(|task| {
        std::fs::read_to_string(task.path().join("children"))
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    let is_worker = |pid: &String| {
        std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "atelier-query")
    };
    Ok(children.filter(is_worker).filter_map(|pid| pid.parse().ok()).collect())
}

#[tokio::test]
async fn a_worker_that_is_killed_is_missed_by_nobody() -> anyhow::Result<()> {
    let depot = Depot::new(Database::Sqlite).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("people.csv", CSV.as_bytes())]).await;
    let count = "SELECT count(*) FROM events";
    assert_eq!(texts(&ask(&depot, client, count).await.good()), [["3"]]);
    let server = depot.world.server.id();
    for _ in 0..3 {
        let running = workers(server)?;
        assert_eq!(running.len(), 1);
        let killed = rustix::process::Pid::from_raw(running[0].cast_signed()).context("no process")?;
        rustix::process::kill_process(killed, rustix::process::Signal::KILL)?;
        assert_eq!(texts(&ask(&depot, client, count).await.good()), [["3"]]);
    }
    let spill = depot.world.server.data_dir().join("run/query");
    eventually("the killed workers' folders are gone", Duration::from_secs(10), || async {
        std::fs::read_dir(&spill).is_ok_and(|folders| folders.count() == 1)
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn t11_a_question_that_wants_all_memory_ends_alone() -> anyhow::Result<()> {
    let depot = Depot::new(Database::Sqlite).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("n.parquet", &parquet()?)]).await;
    // The pool of memory does not hear of a text that is made at once.
    let all = "SELECT sum(length(repeat(word, 500000000))) FROM events WHERE word IS NOT NULL";
    let neighbour = async {
        for _ in 0..20 {
            let answer = ask(&depot, client, "SELECT count(*) FROM events").await.good();
            assert_eq!(texts(&answer), [["10000"]]);
        }
    };
    let (greedy, ()) = tokio::join!(ask(&depot, client, all), neighbour);
    greedy.refused(422, "query-too-large");
    Ok(())
}
