locals {
  public = var.invoker == "allUsers"

  # Of the sources and not of the zip: other machines compress differently, and what did not change is not deployed again.
  fingerprint = substr(sha256(jsonencode({ for path, file in var.files : path => filesha256(file) })), 0, 16)
}

data "archive_file" "bundle" {
  type             = "zip"
  output_path      = "${path.root}/build/${var.name}-${local.fingerprint}.zip"
  output_file_mode = "0644"

  dynamic "source" {
    for_each = var.files

    content {
      filename = source.key
      content  = file(source.value)
    }
  }
}

resource "google_storage_bucket_object" "bundle" {
  bucket = var.bucket
  name   = "${var.name}/${local.fingerprint}.zip"
  source = data.archive_file.bundle.output_path

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_cloudfunctions2_function" "this" {
  #checkov:skip=CKV_GCP_124: two functions are public on purpose and ask for a secret of their own; the others are internal
  project     = var.project_id
  location    = var.region
  name        = var.name
  description = var.description

  build_config {
    runtime           = var.runtime
    entry_point       = var.entry_point
    service_account   = var.build_service_account
    docker_repository = var.repository

    source {
      storage_source {
        bucket = var.bucket
        object = google_storage_bucket_object.bundle.name
      }
    }
  }

  service_config {
    available_cpu                    = tostring(var.size.cpu)
    available_memory                 = "${var.size.memory_mb}Mi"
    max_instance_request_concurrency = var.size.concurrency
    min_instance_count               = var.size.min_instances
    max_instance_count               = var.size.max_instances
    timeout_seconds                  = var.timeout_seconds
    service_account_email            = var.service_account
    ingress_settings                 = local.public ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision   = true
    environment_variables            = var.environment
    vpc_connector                    = try(var.egress.connector, null)
    vpc_connector_egress_settings    = try(var.egress.connector, null) == null ? null : "ALL_TRAFFIC"
    direct_vpc_egress                = try(var.egress.subnetwork, null) == null ? null : "VPC_EGRESS_ALL_TRAFFIC"

    dynamic "direct_vpc_network_interface" {
      for_each = try(var.egress.subnetwork, null) == null ? [] : [var.egress]

      content {
        network    = direct_vpc_network_interface.value.network
        subnetwork = direct_vpc_network_interface.value.subnetwork
      }
    }

    dynamic "secret_environment_variables" {
      for_each = var.secrets

      content {
        key        = secret_environment_variables.key
        project_id = var.project_id
        secret     = secret_environment_variables.value.secret
        version    = secret_environment_variables.value.version
      }
    }
  }
}

# Binding, not member: whoever else was let in by hand is out again.
resource "google_cloud_run_v2_service_iam_binding" "invoker" {
  #checkov:skip=CKV_GCP_102: allUsers only for the two webhooks, which ask for a secret of their own
  project  = var.project_id
  location = var.region
  name     = google_cloudfunctions2_function.this.name
  role     = "roles/run.invoker"
  members  = [var.invoker]
}
