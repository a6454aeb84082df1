//! One ask and its answer.

use crate::engine::Engine;
use crate::fault::{Fault, broken, wrong};
use crate::{rows, shown, sql};
use atelier_query::{Ask, Problem};
use bytes::Bytes;
use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::{Request, Response, StatusCode};
use serde::Serialize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Of an ask, in bytes.
const LARGEST: usize = 16 << 20;

type Body = UnsyncBoxBody<Bytes, DataFusionError>;

/// An answer that is dropped ends what computes it.
pub async fn answer(engine: Arc<Engine>, request: Request<Incoming>) -> Response<Body> {
    // Files that were made for it make readers panic; what else is under way goes on.
    match AssertUnwindSafe(respond(&engine, request.into_body())).catch_unwind().await {
        Ok(Ok(response)) => response,
        Ok(Err(Fault(problem))) => refused(&problem),
        Err(_) => refused(&broken("The file cannot be read: it is damaged.").0),
    }
}

async fn respond(engine: &Engine, body: Incoming) -> Result<Response<Body>, Fault> {
    let body = Limited::new(body, LARGEST).collect().await.map_err(|error| wrong(error.to_string()))?;
    let ask: Ask = serde_json::from_slice(&body.to_bytes()).map_err(|error| wrong(error.to_string()))?;
    match ask {
        Ask::Names { sql } => json(StatusCode::OK, &sql::names(engine, &sql)?),
        Ask::Rows { table, part } => json(StatusCode::OK, &rows::rows(engine, &table, &part).await?),
        Ask::Query { sql, tables, limit } => {
            let limit = limit as usize;
            let frame = sql::plan(engine, &sql, &tables).await?.limit(0, Some(limit + 1))?;
            json(StatusCode::OK, &shown::rows(frame.execute_stream().await?, limit).await?)
        }
        Ask::Stream { sql, tables } => {
            arrow(sql::plan(engine, &sql, &tables).await?.execute_stream().await?).await
        }
    }
}

/// Begins with the first rows, so that what is wrong from the beginning is said.
async fn arrow(mut batches: SendableRecordBatchStream) -> Result<Response<Body>, Fault> {
    let schema = batches.schema();
    let first = batches.try_next().await?;
    let mut writer = StreamWriter::try_new(Vec::new(), &schema)?;
    let rest = stream::iter(first.map(Ok)).chain(batches).map(Some).chain(stream::iter([None]));
    let pieces = rest.map(move |batch| {
        match batch {
            Some(batch) => writer.write(&batch?)?,
            None => writer.finish()?,
        }
        Ok(Frame::data(Bytes::from(std::mem::take(writer.get_mut()))))
    });
    Ok(Response::new(StreamBody::new(pieces).boxed_unsync()))
}

fn json(status: StatusCode, body: &impl Serialize) -> Result<Response<Body>, Fault> {
    let body =
        serde_json::to_vec(body).map_err(|error| Fault(Problem::new("worker-fault", error.to_string())))?;
    let mut response = Response::new(Full::from(body).map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    Ok(response)
}

fn refused(problem: &Problem) -> Response<Body> {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    json(status, problem).unwrap_or_else(|_| {
        let mut response = Response::new(Full::default().map_err(|never| match never {}).boxed_unsync());
        *response.status_mut() = status;
        response
    })
}
