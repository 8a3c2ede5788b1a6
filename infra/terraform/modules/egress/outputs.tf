output "ip" {
  description = "The fixed address, or null."
  value       = try(google_compute_address.this["this"].address, null)
}

output "access" {
  description = "How a function gets in; null when it goes the usual way."
  value = !var.enabled ? null : {
    connector  = local.connector ? google_vpc_access_connector.this["this"].id : null
    network    = local.direct ? google_compute_network.this["this"].id : null
    subnetwork = local.direct ? google_compute_subnetwork.this["this"].id : null
  }

  # A call before the NAT stands would leave nowhere.
  depends_on = [google_compute_router_nat.this]
}
