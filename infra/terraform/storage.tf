# Where the functions' zips lie.

resource "google_storage_bucket" "sources" {
  #checkov:skip=CKV_GCP_62: an access log of a bucket that only builds read tells less than the builds' own log
  project                     = var.project_id
  name                        = "${var.project_id}-${var.name}-sources"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 30
    }
  }

  depends_on = [google_project_service.this]
}
