# Who is who. One account per function, one per caller, one that builds; roles are bound where the resource is.

locals {
  services = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "cloudbuild.googleapis.com",
      "cloudfunctions.googleapis.com",
      "cloudscheduler.googleapis.com",
      "cloudtasks.googleapis.com",
      "firestore.googleapis.com",
      "iam.googleapis.com",
      "logging.googleapis.com",
      "monitoring.googleapis.com",
      "run.googleapis.com",
      "secretmanager.googleapis.com",
      "storage.googleapis.com",
    ],
    var.budget == null ? [] : ["billingbudgets.googleapis.com"],
    var.forge == null ? [] : ["iamcredentials.googleapis.com", "sts.googleapis.com"],
    local.traced ? ["cloudtrace.googleapis.com", "telemetry.googleapis.com"] : [],
    var.static_egress.enabled ? ["compute.googleapis.com", "vpcaccess.googleapis.com"] : [],
  ))

  traced = coalesce(var.settings.trace_export, false)

  callers = {
    tasks     = google_service_account.tasks_invoker.email
    scheduler = google_service_account.scheduler_invoker.email
  }

  enqueuers = toset([for name, function in local.functions : name if length(function.queues) > 0])
}

resource "google_project_service" "this" {
  for_each = local.services

  project            = var.project_id
  service            = each.value
  disable_on_destroy = false
}

resource "google_service_account" "function" {
  for_each = local.functions

  project      = var.project_id
  account_id   = local.function_names[each.key]
  display_name = "${var.name}: ${each.key} runs as this"

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "traces" {
  for_each = local.traced ? local.functions : {}

  project = var.project_id
  role    = "roles/telemetry.tracesWriter"
  member  = google_service_account.function[each.key].member
}

resource "google_service_account" "tasks_invoker" {
  project      = var.project_id
  account_id   = "${var.name}-tasks"
  display_name = "${var.name}: Cloud Tasks calls functions as this"

  depends_on = [google_project_service.this]
}

resource "google_service_account" "scheduler_invoker" {
  project      = var.project_id
  account_id   = "${var.name}-scheduler"
  display_name = "${var.name}: Cloud Scheduler calls functions as this"

  depends_on = [google_project_service.this]
}

resource "google_service_account" "build" {
  project      = var.project_id
  account_id   = "${var.name}-build"
  display_name = "${var.name}: builds the functions"

  depends_on = [google_project_service.this]
}

# Whoever creates a task that carries an account's token must be allowed to act as that account.
resource "google_service_account_iam_member" "acts_as_tasks_invoker" {
  for_each = local.enqueuers

  service_account_id = google_service_account.tasks_invoker.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.function[each.key].member
}

locals {
  # Where the zips lie, and where Cloud Functions copies them before it builds. Not the bucket of Terraform's state.
  build_reads = [google_storage_bucket.sources.name, "gcf-v2-sources-${data.google_project.this.number}-${var.region}"]
}

# What a build needs: its log, the zip and, below, where the image goes. Not the editor's role of the default account.
resource "google_project_iam_member" "build" {
  for_each = toset(["roles/logging.logWriter", "roles/storage.objectViewer"])

  project = var.project_id
  role    = each.value
  member  = google_service_account.build.member

  dynamic "condition" {
    for_each = each.value == "roles/storage.objectViewer" ? [local.build_reads] : []

    content {
      title = "the functions' zips only"
      expression = join(" || ", flatten([for bucket in condition.value : [
        "resource.name == \"projects/_/buckets/${bucket}\"", "resource.name.startsWith(\"projects/_/buckets/${bucket}/\")",
      ]]))
    }
  }
}

resource "google_artifact_registry_repository_iam_member" "build" {
  project    = var.project_id
  location   = var.region
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

# Who read which payload. Off by default: an organisation that wants it switches it on for all projects (infra/README.md).
resource "google_project_iam_audit_config" "secrets" {
  for_each = toset(var.audit_secrets ? ["secretmanager.googleapis.com"] : [])

  project = var.project_id
  service = each.value

  audit_log_config {
    log_type = "DATA_READ"
  }
}

# Roles are not in force at once, and a build that starts too early fails.
resource "time_sleep" "roles" {
  create_duration = "60s"
  # Read from here, the account is one whose roles are in force, in this repository too.
  triggers = { account = google_service_account.build.id, repository = google_artifact_registry_repository.images.id }

  depends_on = [
    google_artifact_registry_repository_iam_member.build, google_project_iam_member.build, google_project_service.this,
  ]
}
