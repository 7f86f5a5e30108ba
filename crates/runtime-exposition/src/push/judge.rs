//! What an answer by HTTP says that is no success.
//!
//! Sources: the OTLP specification, "OTLP/HTTP Response", "Retryable Response Codes", for what may be sent again; RFC 9110, section 10.2.3, for `Retry-After`.
//!
//! Which answers prove that a request was not taken is our reading. 4xx do: whoever gives them has looked at the request and does not
//! want it. 5xx do not: they come as well from a proxy that had passed the request on and saw the connection break.

use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};

use super::client::Answer;
use super::outcome::{Again, Failure, FailureReason, Taken, remark};

/// An answer that is no success; `said` is what it says for people.
pub(crate) fn refused(answer: &Answer, said: Option<String>) -> Failure {
    use StatusCode as S;
    let wait = retry_after(&answer.headers, SystemTime::now());
    let again = wait.map_or(Again::Later, Again::After);
    let (reason, taken, again) = match answer.status {
        S::TOO_MANY_REQUESTS => (FailureReason::Throttled, Taken::NotThisTime, again),
        S::BAD_GATEWAY | S::SERVICE_UNAVAILABLE | S::GATEWAY_TIMEOUT => {
            (FailureReason::Unavailable, Taken::Unknown, again)
        }
        S::BAD_REQUEST | S::PAYLOAD_TOO_LARGE | S::UNSUPPORTED_MEDIA_TYPE | S::UNPROCESSABLE_ENTITY => {
            (FailureReason::Refused, Taken::Never, Again::No)
        }
        status if status.is_server_error() => (FailureReason::Refused, Taken::Unknown, Again::No),
        _ => (FailureReason::Refused, Taken::NotThisTime, Again::No),
    };
    let mut text = format!("HTTP {}", answer.status);
    if answer.status.is_redirection() {
        text.push_str(" (redirects are not followed");
        if let Some(place) = answer.headers.get(LOCATION).and_then(|place| place.to_str().ok()) {
            text.push_str(&format!("; this one leads to {}", remark(&without_secrets(place))));
        }
        text.push(')');
    } else if let Some(said) = said {
        text.push_str(&format!(": {said}"));
    }
    Failure { reason, taken, again, text }
}

/// An address without what may be secret: who is named before its host, and what comes behind its path.
fn without_secrets(address: &str) -> String {
    let address = address.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = address.split_once("//") else { return address.to_owned() };
    let (authority, path) = rest.split_once('/').map_or((rest, ""), |(authority, path)| (authority, path));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}//{host}/{path}")
}

/// A body that is plain text.
pub(crate) fn plain_text(answer: &Answer) -> Option<String> {
    let body = answer.body.as_deref().filter(|_| media_type(&answer.headers) == "text/plain")?;
    Some(remark(&String::from_utf8_lossy(body))).filter(|said| !said.is_empty())
}

/// The media type of a body, without parameters.
pub(crate) fn media_type(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

/// The wait that `Retry-After` asks for, in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        // More seconds than there is a number for: for ever.
        Err(_) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Duration::MAX),
        Err(_) => Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.collect(),
            body: Some("not <b>now</b>\n".into()),
            trailers: HeaderMap::new(),
        }
    }

    #[test]
    fn only_429_502_503_and_504_may_be_sent_again() {
        for status in 300..600 {
            let failure = refused(&answer(status, &[]), None);
            let again = if [429, 502, 503, 504].contains(&status) { Again::Later } else { Again::No };
            assert_eq!(failure.again, again, "{status}");
        }
    }

    #[test]
    fn a_refusal_of_what_is_in_a_request_holds_for_all_its_sendings_and_a_proxys_for_none() {
        for (status, taken) in [
            (302, Taken::NotThisTime),
            (400, Taken::Never),
            (401, Taken::NotThisTime),
            (404, Taken::NotThisTime),
            (413, Taken::Never),
            (429, Taken::NotThisTime),
            (500, Taken::Unknown),
            (502, Taken::Unknown),
            (503, Taken::Unknown),
            (504, Taken::Unknown),
        ] {
            assert_eq!(refused(&answer(status, &[]), None).taken, taken, "{status}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        for (text, wait) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:50:00 GMT", Some(23)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
        ] {
            let headers = answer(503, &[("retry-after", text)]).headers;
            assert_eq!(retry_after(&headers, now), wait.map(Duration::from_secs), "{text}");
        }
        let headers = answer(503, &[("retry-after", &"9".repeat(30))]).headers;
        assert_eq!(retry_after(&headers, now), Some(Duration::MAX));
        let failure = refused(&answer(429, &[("retry-after", "7")]), None);
        assert_eq!(failure.again, Again::After(Duration::from_secs(7)));
    }

    #[test]
    fn a_refusal_is_told_with_what_it_says() {
        let text = |answer: &Answer| refused(answer, plain_text(answer)).text;
        assert_eq!(text(&answer(400, &[])), "HTTP 400 Bad Request");
        assert_eq!(
            text(&answer(400, &[("content-type", "text/plain; charset=utf-8")])),
            "HTTP 400 Bad Request: not <b>now</b>"
        );
        assert_eq!(
            text(&answer(307, &[("location", "http://elsewhere/")])),
            "HTTP 307 Temporary Redirect (redirects are not followed; this one leads to http://elsewhere/)"
        );
        for (location, shown) in [
            ("https://me:s3cret@h:1/log/in?token=s3cret#s3cret", "https://h:1/log/in"),
            ("//me:s3cret@h?s3cret", "//h/"),
            ("/login?s3cret", "/login"),
        ] {
            let text = text(&answer(302, &[("location", location)]));
            assert!(text.ends_with(&format!("; this one leads to {shown})")), "{text}");
        }
    }
}
