resource "google_secret_manager_secret" "this" {
  project             = var.project_id
  secret_id           = var.name
  version_destroy_ttl = var.destroy_ttl
  deletion_protection = var.protected

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = var.readers

  project   = var.project_id
  secret_id = google_secret_manager_secret.this.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = each.value
}

# To add versions and to destroy superseded ones; this role cannot read them.
resource "google_secret_manager_secret_iam_member" "writer" {
  for_each = var.writers

  project   = var.project_id
  secret_id = google_secret_manager_secret.this.secret_id
  role      = "roles/secretmanager.secretVersionManager"
  member    = each.value
}
