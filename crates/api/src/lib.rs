//! The REST API: handlers, request and response types, and the OpenAPI
//! document that is made from them.
//!
//! A handler extracts, parses, calls the desk once and answers. Errors become
//! `application/problem+json` in one place, `http::problem`.

mod access_keys;
mod activate_runbook;
mod events;
mod feedback;
mod health;
mod http;
mod inbound;
mod incidents;
mod notifications;
mod on_call;
mod reports;
mod runbook_gaps;
mod runbook_routes;
mod sla_preview;
mod sla_replay;
mod templates;
mod tickets;
mod triage;
mod triage_examples;
mod webhooks;

use actix_web::{App, HttpResponse, Responder, get, middleware::from_fn, web};
use utoipa::{
    OpenApi,
    openapi::{
        ContentBuilder, OpenApi as Document, Ref, ResponseBuilder,
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};
use utoipa_swagger_ui::SwaggerUi;

pub use http::{
    body::BodyDeadline,
    head::head,
    limit::{Limits, RateLimit, Refused},
    problem::{ApiError, Problem, Problems},
    trace::trace,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Runbook Desk",
        description = "Tickets, triage, escalation and SLAs, driven by a support team's runbook.",
        license(name = "MIT OR Apache-2.0", url = "https://spdx.org/licenses/MIT.html"),
        contact(name = "Runbook Desk", url = "https://runbook-desk.example"),
    ),
    servers((url = "/", description = "This desk")),
    security(("access_key" = [])),
    components(schemas(
        http::problem::Problem,
        tickets::FileTicketSchema,
        events::TicketChangeView,
        runbook_routes::StepView,
    )),
    tags(
        (name = "tickets", description = "File tickets and work on them"),
        (name = "escalation", description = "Levels: who is asked to act"),
        (name = "incidents", description = "Many tickets of one cause"),
        (name = "triage", description = "Which runbook entry answers a ticket, and at which level"),
        (name = "notifications", description = "What was told to whom, and what could not be"),
        (name = "webhooks", description = "Where tools are told of their tickets"),
        (name = "feedback", description = "How satisfied reporters are"),
        (name = "on call", description = "Who takes which turns, and who has them now"),
        (name = "sla", description = "Clocks, targets and calendars"),
        (name = "reports", description = "Figures that reconcile: whole, by group, down to the very tickets"),
        (name = "runbook", description = "The active runbook"),
        (name = "templates", description = "The runbook's ticket templates"),
        (name = "access keys", description = "Who may talk to the desk"),
        (name = "health", description = "For load balancers and operators"),
    )
)]
struct Base;

/// Registers every route of the API.
fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(health::healthz)
        .service(health::readyz)
        // Before the others: it is the one without a key.
        .service(
            scope::scope("/v1/feedback")
                .service(feedback::show_feedback)
                .service(feedback::give_feedback)
                .default_service(web::to(no_such_route)),
        )
        .service(
            scope::scope("/v1")
                .configure(|cfg| {
                    tickets::routes(cfg);
                    cfg.service(inbound::receive_mail)
                        .service(events::stream_events)
                        .service(templates::template)
                        .service(runbook_routes::active_runbook)
                        .service(activate_runbook::activate_runbook)
                        .service(activate_runbook::list_revisions)
                        .service(runbook_routes::list_entries)
                        .service(runbook_routes::find_entry)
                        .service(runbook_routes::runbook_source)
                        .service(runbook_gaps::runbook_gaps)
                        .service(triage_examples::import_examples)
                        .service(triage_examples::list_examples)
                        .service(triage_examples::undo_example)
                        .service(triage_examples::triage_quality)
                        .service(triage::triage)
                        .service(sla_preview::preview_sla)
                        .service(sla_replay::replay_sla)
                        // Before the reports: it is none of theirs.
                        .service(reports::digest::preview_digest)
                        .service(reports::report)
                        .service(notifications::list_notifications)
                        .service(notifications::find_notification)
                        .service(notifications::retry_notification)
                        .service(incidents::list_incidents)
                        .service(incidents::find_incident)
                        .service(incidents::acknowledge_incident)
                        .service(incidents::close_incident)
                        .service(on_call::on_call)
                        .service(on_call::replace_on_call)
                        .service(on_call::who_is_on_call)
                        .service(on_call::shifts)
                        .service(webhooks::create_webhook)
                        .service(webhooks::list_webhooks)
                        .service(webhooks::find_webhook)
                        .service(webhooks::delete_webhook)
                        .service(webhooks::test_webhook)
                        .service(access_keys::create_access_key)
                        .service(access_keys::list_access_keys)
                        .service(access_keys::revoke_access_key)
                        .default_service(web::to(no_such_route));
                })
                .wrap(from_fn(http::auth::authenticate)),
        );
}

/// Mounts the API: routes, `/openapi.json`, `/docs`, and problems for
/// everything else. `Data<Desk>` and `Data<Limits>` must be in the app.
pub fn mount(cfg: &mut web::ServiceConfig) {
    cfg.app_data(web::QueryConfig::default().error_handler(|error, request| {
        let message = error.to_string();
        let message = message.trim_start_matches("Query deserialize error: ");
        let quoted = message.split('`').nth(1).unwrap_or_default();
        let names_it = ["unknown field", "missing field", "duplicate field"];
        let name = match names_it.iter().any(|what| message.starts_with(what)) {
            true => quoted,
            // A wrong value is told without its parameter's name.
            false => only_parameter(request.query_string()),
        };
        ApiError::Invalid(vec![http::fault::Fault::query(name, message)]).into()
    }))
    .app_data(web::PathConfig::default().error_handler(|_, _| ApiError::NoSuchPath.into()));
    let mut documented = ServiceConfig::new(cfg);
    routes(&mut documented);
    cfg.service(openapi_json)
        .service(
            SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json")),
        )
        .service(docs)
        .default_service(web::to(no_such_route));
}

/// The name of a query's parameter, where there is but one.
fn only_parameter(query: &str) -> &str {
    let first = query.split('=').next().unwrap_or_default();
    if query.contains('&') {
        "the query"
    } else {
        first
    }
}

/// The OpenAPI document, as `openapi/openapi.json` has it.
#[must_use]
pub fn openapi() -> Document {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(routes)
        .split_for_parts();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("rd_…")
        .description(Some("An access key; see /v1/access-keys"))
        .build();
    declare_timeouts(&mut document);
    if let Some(components) = &mut document.components {
        components.add_security_scheme("access_key", SecurityScheme::Http(scheme));
    }
    document
}

/// Whatever takes a body can be told that it did not arrive in time.
fn declare_timeouts(document: &mut Document) {
    let problem = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let late = ResponseBuilder::new()
        .description("The body did not arrive in time")
        .content("application/problem+json", problem)
        .build();
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.post, &mut item.put, &mut item.patch];
        for operation in operations.into_iter().flatten() {
            if operation.request_body.is_some() {
                let responses = &mut operation.responses.responses;
                responses.insert("408".to_owned(), late.clone().into());
            }
        }
    }
}

#[get("/openapi.json")]
async fn openapi_json() -> impl Responder {
    HttpResponse::Ok().json(http::body::document())
}

#[get("/docs")]
async fn docs() -> impl Responder {
    HttpResponse::PermanentRedirect()
        .insert_header(("location", "/docs/"))
        .finish()
}

async fn no_such_route(request: actix_web::HttpRequest) -> Result<HttpResponse, ApiError> {
    let allowed = allowed_methods(request.path());
    if allowed.is_empty() {
        return Err(ApiError::NoSuchPath);
    }
    Err(ApiError::MethodNotAllowed(allowed.join(", ")))
}

/// The methods of a path, read off the document.
fn allowed_methods(path: &str) -> Vec<String> {
    let paths = http::body::document()
        .get("paths")
        .and_then(|paths| paths.as_object());
    let fits = |template: &str| {
        let (template, path) = (template.split('/'), path.split('/'));
        template.clone().count() == path.clone().count()
            && template
                .zip(path)
                .all(|(want, have)| want.starts_with('{') || want == have)
    };
    let found = paths
        .into_iter()
        .flatten()
        .filter(|(template, _)| fits(template));
    let mut methods: Vec<String> = found
        .filter_map(|(_, item)| item.as_object())
        .flat_map(|item| item.keys().map(|method| method.to_uppercase()))
        .filter(|method| ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&method.as_str()))
        .collect();
    if methods.iter().any(|method| method == "GET") {
        methods.push("HEAD".to_owned());
    }
    methods.sort();
    methods.dedup();
    methods
}
