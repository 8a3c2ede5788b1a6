module "monitoring" {
  source = "./modules/monitoring"

  project_id = var.project_id
  name       = var.name
  limits     = var.monitoring
  oauth      = local.oauth
  queues     = local.queue_names
  services   = local.function_names

  depends_on = [google_project_service.this]
}
