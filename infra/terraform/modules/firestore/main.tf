resource "google_firestore_database" "this" {
  project                           = var.project_id
  name                              = var.database
  location_id                       = var.location
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  app_engine_integration_mode       = "DISABLED"
  point_in_time_recovery_enablement = var.point_in_time_recovery ? "POINT_IN_TIME_RECOVERY_ENABLED" : "POINT_IN_TIME_RECOVERY_DISABLED"
  delete_protection_state           = var.delete_protection ? "DELETE_PROTECTION_ENABLED" : "DELETE_PROTECTION_DISABLED"
}

# For losses that are noticed late, and of the database itself: deleting it leaves its backups.
resource "google_firestore_backup_schedule" "daily" {
  project   = var.project_id
  database  = google_firestore_database.this.name
  retention = "${var.backup_days * 86400}s"

  daily_recurrence {}
}

# Nothing is asked for by its content, so nothing is indexed: writes are cheaper, and no record is too large for its index.
resource "google_firestore_field" "no_index" {
  for_each = var.collections

  project    = var.project_id
  database   = google_firestore_database.this.name
  collection = each.key
  field      = "*"

  index_config {}
}

# The one question there is: what is due? Ascending only.
resource "google_firestore_field" "due" {
  for_each = { for name, collection in var.collections : name => collection if collection.due }

  project    = var.project_id
  database   = google_firestore_database.this.name
  collection = each.key
  field      = "due_at"

  index_config {
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION"
    }
  }

  depends_on = [google_firestore_field.no_index]
}

# An index of moments that only grow would be a hot spot, so the exemption is repeated here.
resource "google_firestore_field" "expiry" {
  for_each = { for name, collection in var.collections : name => collection if collection.ttl }

  project    = var.project_id
  database   = google_firestore_database.this.name
  collection = each.key
  field      = "expires_at"

  ttl_config {}
  index_config {}

  depends_on = [google_firestore_field.no_index]
}

# This database only, though the role is the project's.
resource "google_project_iam_member" "user" {
  for_each = var.users

  project = var.project_id
  role    = "roles/datastore.user"
  member  = each.value

  condition {
    title      = "${google_firestore_database.this.name} only"
    expression = "resource.name == \"projects/${var.project_id}/databases/${google_firestore_database.this.name}\""
  }
}
