//! The pasted template as a filing: checked like any other, faults name the
//! line.

use desk::Desk;
use ticketing::{Draft, read_form};

use super::{file::component, request::FileTicket};
use crate::http::{body::from_value, fault::Fault, problem::ApiError};

/// A mail's text as a filing, if it is the template filled in.
pub(crate) fn pasted_draft(desk: &Desk, text: &str) -> Option<Draft> {
    draft(desk, text.as_bytes()).ok()
}

pub(crate) fn draft(desk: &Desk, bytes: &[u8]) -> Result<Draft, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        ApiError::Malformed(format!(
            "the body is not UTF-8 from byte {}",
            error.valid_up_to()
        ))
    })?;
    let rules = desk.rules();
    let form = read_form(text, &rules.runbook.templates).map_err(|faults| {
        let fault = |fault: ticketing::FormFault| Fault {
            line: Some(fault.line),
            ..Fault::new(format!("/{}", fault.field), "template", fault.message)
        };
        ApiError::Invalid(faults.into_iter().map(fault).collect())
    })?;
    let component = component(Some(form.kind.as_str())).unwrap_or("FileTicket");
    let request = from_value::<FileTicket>(form.to_request(), component);
    request.map(Draft::from).map_err(|error| match error {
        ApiError::Invalid(faults) => {
            let with_line = |fault: Fault| {
                let name = fault.pointer.trim_start_matches('/').split('/').next();
                Fault {
                    line: Some(form.line_of(name.unwrap_or_default())),
                    ..fault
                }
            };
            ApiError::Invalid(faults.into_iter().map(with_line).collect())
        }
        other => other,
    })
}
