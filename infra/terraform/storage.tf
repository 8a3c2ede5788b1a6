# Where the functions' zips lie, and the images that Google builds of them.

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

# Without one of ours Cloud Functions makes one (`gcf-artifacts`) in which every image stays for ever.
resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84: keys of one's own are left out (infra/README.md, «What is left out»)
  project       = var.project_id
  location      = var.region
  repository_id = "${var.name}-functions"
  description   = "Images of the functions, built of their zips"
  format        = "DOCKER"

  # What is kept wins over what is deleted; both are counted by function.
  cleanup_policies {
    id     = "newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = var.images_kept
    }
  }

  cleanup_policies {
    id     = "older"
    action = "DELETE"

    condition {
      tag_state  = "ANY"
      older_than = "86400s"
    }
  }

  depends_on = [google_project_service.this]
}
