# Deployment from GitHub without any key, off unless `forge` is set: the token of a job of that one repository is traded for an account
# here. Which account depends on what GitHub says of the job: its environment, which may ask for approval, or that it is a pull request.

locals {
  forge = var.forge == null ? {} : { github = var.forge }

  # As «Who may deploy» of infra/README.md has them; a test holds the two together.
  deployer_roles = var.forge == null ? [] : [
    "artifactregistry.admin", "cloudfunctions.admin", "cloudscheduler.admin", "cloudtasks.admin", "datastore.owner", "iam.serviceAccountAdmin",
    "iam.serviceAccountUser", "logging.configWriter", "monitoring.editor", "resourcemanager.projectIamAdmin", "run.admin", "secretmanager.admin",
    "serviceusage.serviceUsageAdmin", "storage.admin",
  ]
  # Reads what there is, and no payload of a secret.
  planner_roles = var.forge == null ? [] : ["viewer", "iam.securityReviewer"]

  forge_accounts = var.forge == null ? {} : {
    deployer = { does = "applies", when = "attribute.environment/${var.environment}" }
    planner  = { does = "plans", when = "attribute.event/pull_request" }
  }
}

resource "google_iam_workload_identity_pool" "forge" {
  for_each = local.forge

  project                   = var.project_id
  workload_identity_pool_id = "${var.name}-forge"
  display_name              = "${var.name}: jobs of the forge"

  depends_on = [google_project_service.this]
}

# The repository's number: a name may be somebody else's once it is given up.
resource "google_iam_workload_identity_pool_provider" "forge" {
  #checkov:skip=CKV_GCP_125: it looks for one subject; here the repository's number is asked, and accounts are bound to what the job is
  for_each = local.forge

  project                            = var.project_id
  workload_identity_pool_id          = google_iam_workload_identity_pool.forge[each.key].workload_identity_pool_id
  workload_identity_pool_provider_id = each.key
  attribute_condition                = "assertion.repository_id == \"${each.value.repository_id}\""

  attribute_mapping = {
    "google.subject"        = "assertion.sub"
    "attribute.environment" = "has(assertion.environment) ? assertion.environment : \"\""
    "attribute.event"       = "assertion.event_name"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "forge" {
  for_each = local.forge_accounts

  project      = var.project_id
  account_id   = "${var.name}-${each.key}"
  display_name = "${var.name}: a job of the forge ${each.value.does} as this"

  depends_on = [google_project_service.this]
}

resource "google_service_account_iam_member" "forge" {
  for_each = local.forge_accounts

  service_account_id = google_service_account.forge[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.name}-forge/${each.value.when}"

  depends_on = [google_iam_workload_identity_pool.forge]
}

resource "google_project_iam_member" "deployer" {
  #checkov:skip=CKV_GCP_49: who deploys gives the functions' accounts their roles
  #checkov:skip=CKV_GCP_41: who deploys lets functions run as their accounts
  for_each = toset(local.deployer_roles)

  project = var.project_id
  role    = "roles/${each.value}"
  member  = google_service_account.forge["deployer"].member
}

resource "google_project_iam_member" "planner" {
  for_each = toset(local.planner_roles)

  project = var.project_id
  role    = "roles/${each.value}"
  member  = google_service_account.forge["planner"].member
}

# The state, to read: a plan of a pull request takes no lock.
resource "google_storage_bucket_iam_member" "planner" {
  for_each = local.forge

  bucket = each.value.state_bucket
  role   = "roles/storage.objectViewer"
  member = google_service_account.forge["planner"].member
}
