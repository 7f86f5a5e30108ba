//! What the answers of receivers say, by HTTP and by gRPC.
//!
//! Sources: the OTLP specification, "OTLP/HTTP Response" and "OTLP/gRPC Response"; "gRPC over HTTP2", "Responses"; `google.rpc.RetryInfo`.

use http::StatusCode;
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceResponse,
};
use prost::Message as _;
use serde_json::Value;
use tonic::Code;
use tonic_types::StatusExt as _;

use super::frame;
use crate::push::client::Answer;
use crate::push::judge::{self, media_type};
use crate::push::outcome::{Acknowledgement, Again, Failure, FailureReason, Outcome, Taken, remark};

const PROTOBUF: &str = "application/x-protobuf";
const JSON: &str = "application/json";

/// Judges an answer by HTTP.
pub(super) fn http(answer: &Answer) -> Outcome {
    if answer.status.is_success() { Ok(acknowledged(partial_success(answer))) } else { Err(refused(answer)) }
}

/// Judges an answer by gRPC: that of its trailers, or of its headers if it has nothing else.
pub(super) fn grpc(answer: &Answer) -> Outcome {
    let status = [&answer.trailers, &answer.headers].into_iter().find_map(tonic::Status::from_header_map);
    let Some(status) = status else {
        return Err(if answer.status == StatusCode::OK {
            Failure {
                reason: FailureReason::Connection,
                taken: Taken::Unknown,
                again: Again::Later,
                text: match answer.body {
                    Some(_) => "the answer ends without a gRPC status".to_owned(),
                    None => "the answer is longer than is read, and its status comes last".to_owned(),
                },
            }
        } else {
            // "HTTP to gRPC Status Code Mapping": what may be sent again is the same.
            refused(answer)
        });
    };
    if status.code() != Code::Ok {
        return Err(refused_by_grpc(&status));
    }
    let message = answer.body.as_deref().and_then(frame::message);
    let response = message.map(ExportMetricsServiceResponse::decode);
    Ok(acknowledged(match response {
        Some(Ok(response)) => Ok(response.partial_success),
        None if answer.body.as_ref().is_some_and(bytes::Bytes::is_empty) => Ok(None),
        _ => Err("an answer that is no ExportMetricsServiceResponse"),
    }))
}

/// The receiver has the request. An answer that cannot be read says so no less; it is remarked upon.
fn acknowledged(said: Result<Option<ExportMetricsPartialSuccess>, &'static str>) -> Acknowledgement {
    let partial = match said {
        Ok(partial) => partial.unwrap_or_default(),
        Err(problem) => {
            return Acknowledgement {
                rejected_points: 0,
                remark: Some(format!("acknowledged, by {problem}: is this an OTLP receiver?")),
            };
        }
    };
    let rejected_points = u64::try_from(partial.rejected_data_points).unwrap_or(0);
    let said = remark(&partial.error_message);
    let remark = (rejected_points > 0 || !said.is_empty())
        .then(|| format!("the receiver rejected {rejected_points} data points: {said}"));
    Acknowledgement { rejected_points, remark }
}

/// The partial success in the body of a success. Many receivers have nothing to say and send no body.
fn partial_success(answer: &Answer) -> Result<Option<ExportMetricsPartialSuccess>, &'static str> {
    let Some(body) = &answer.body else { return Err("an answer that is too long") };
    if body.is_empty() {
        return Ok(None);
    }
    match media_type(&answer.headers) {
        PROTOBUF => match ExportMetricsServiceResponse::decode(&**body) {
            Ok(response) => Ok(response.partial_success),
            Err(_) => Err("an answer that is no ExportMetricsServiceResponse"),
        },
        JSON => match serde_json::from_slice::<Value>(body) {
            Ok(response) => Ok(response.get("partialSuccess").map(from_json)),
            Err(_) => Err("an answer that is no JSON"),
        },
        _ => Err("an answer of another content type"),
    }
}

/// In OTLP/JSON a 64-bit integer is a text; a number is accepted.
fn from_json(partial: &Value) -> ExportMetricsPartialSuccess {
    let rejected = partial.get("rejectedDataPoints");
    let number = rejected.and_then(|count| count.as_i64().or_else(|| count.as_str()?.parse().ok()));
    let message = partial.get("errorMessage").and_then(Value::as_str).unwrap_or_default();
    ExportMetricsPartialSuccess {
        rejected_data_points: number.unwrap_or(0),
        error_message: message.to_owned(),
    }
}

/// An answer by HTTP that is no success.
fn refused(answer: &Answer) -> Failure {
    judge::refused(answer, said(answer))
}

/// What a refusal says for people. Pages for browsers are not quoted.
fn said(answer: &Answer) -> Option<String> {
    let body = answer.body.as_deref()?;
    let said = match media_type(&answer.headers) {
        PROTOBUF => tonic_types::Status::decode(body).ok()?.message,
        JSON => serde_json::from_slice::<Value>(body).ok()?.get("message")?.as_str()?.to_owned(),
        _ => return judge::plain_text(answer),
    };
    Some(remark(&said)).filter(|said| !said.is_empty())
}

fn refused_by_grpc(status: &tonic::Status) -> Failure {
    use FailureReason::{Refused, Throttled, Unavailable};
    let code = status.code();
    let imposed = status.get_details_retry_info().and_then(|info| info.retry_delay);
    let again = imposed.map_or(Again::Later, Again::After);
    let (reason, taken, again) = match code {
        Code::ResourceExhausted if imposed.is_some() => (Throttled, Taken::NotThisTime, again),
        // What servers say to a message that is too long for them: grpc-go and tonic, in this order.
        Code::ResourceExhausted => (Refused, Taken::Never, Again::No),
        Code::OutOfRange => (Refused, Taken::Never, again),
        Code::Cancelled | Code::DeadlineExceeded | Code::Aborted | Code::Unavailable | Code::DataLoss => {
            (Unavailable, Taken::Unknown, again)
        }
        Code::Unknown | Code::Internal => (Refused, Taken::Unknown, Again::No),
        Code::InvalidArgument => (Refused, Taken::Never, Again::No),
        _ => (Refused, Taken::NotThisTime, Again::No),
    };
    let said = remark(status.message());
    let separator = if said.is_empty() { "" } else { ": " };
    Failure { reason, taken, again, text: format!("gRPC {code:?}{separator}{said}") }
}
