terraform {
  required_version = ">= 1.9"

  required_providers {
    archive = {
      source  = "hashicorp/archive"
      version = ">= 2.7, < 3"
    }
    google = {
      source  = "hashicorp/google"
      version = ">= 8.0, < 9"
    }
    time = {
      source  = "hashicorp/time"
      version = ">= 0.12, < 1"
    }
  }

  # The bucket and the prefix come from environments/<environment>.gcs.tfbackend, a copy of the example there.
  backend "gcs" {}
}

provider "google" {
  project = var.project_id
  region  = var.region

  default_labels = merge(var.labels, {
    app         = var.name
    environment = var.environment
  })
}
