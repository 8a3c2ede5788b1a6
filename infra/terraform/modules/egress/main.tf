# One fixed address for what leaves: a network of its own, NAT with a reserved address, and the way in from a function.

locals {
  direct    = var.enabled && var.through == "direct"
  connector = var.enabled && var.through == "connector"
  one       = toset(var.enabled ? ["this"] : [])
}

resource "google_compute_network" "this" {
  #checkov:skip=CKV2_GCP_18: no machine listens here; what is not allowed in is refused by the network's implied rule
  for_each = local.one

  project                 = var.project_id
  name                    = var.name
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "this" {
  #checkov:skip=CKV_GCP_26: nothing but the functions' own calls passes here, and each of them is logged by the code
  #checkov:skip=CKV_GCP_76: there is no IPv6 here
  for_each = local.one

  project = var.project_id
  region  = var.region
  name    = var.name
  network = google_compute_network.this["this"].id
  # A connector takes exactly sixteen addresses.
  ip_cidr_range = local.connector ? cidrsubnet(var.cidr, 2, 0) : var.cidr
  # Firestore, Cloud Tasks and Secret Manager do not pass the NAT.
  private_ip_google_access = true
}

resource "google_compute_address" "this" {
  for_each = local.one

  project = var.project_id
  region  = var.region
  name    = "${var.name}-egress"

  # The portal knows this address.
  deletion_policy = var.protected ? "PREVENT" : "DELETE"
}

resource "google_compute_router" "this" {
  for_each = local.one

  project = var.project_id
  region  = var.region
  name    = var.name
  network = google_compute_network.this["this"].id
}

resource "google_compute_router_nat" "this" {
  for_each = local.one

  project                            = var.project_id
  region                             = var.region
  name                               = var.name
  router                             = google_compute_router.this["this"].name
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = [google_compute_address.this["this"].self_link]
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.this["this"].id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}

resource "google_vpc_access_connector" "this" {
  for_each = toset(local.connector ? ["this"] : [])

  project       = var.project_id
  region        = var.region
  name          = var.name
  machine_type  = "e2-micro"
  min_instances = 2
  max_instances = 3

  subnet {
    name       = google_compute_subnetwork.this["this"].name
    project_id = var.project_id
  }
}
