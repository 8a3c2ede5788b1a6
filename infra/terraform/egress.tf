module "egress" {
  source = "./modules/egress"

  project_id = var.project_id
  region     = var.region
  name       = var.name
  enabled    = var.static_egress.enabled
  through    = var.static_egress.through
  cidr       = var.static_egress.cidr
  protected  = var.protected

  depends_on = [google_project_service.this]
}

check "direct_egress_is_slow_to_start" {
  assert {
    condition     = !(var.static_egress.enabled && var.static_egress.through == "direct")
    error_message = "With direct VPC egress and NAT a new instance of bitrix_call may wait 30 s and more for its network. Keep functions.bitrix_call.min_instances at 1 or more, or go through the connector."
  }
}
